package dev.assent.examples.finance;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.JsonObject;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Risk;
import dev.assent.core.SafeText;
import dev.assent.core.Threshold;
import dev.assent.core.spi.Policy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which payments pass and which a person looks at. Immutable.
 *
 * @param familiarVendors written exactly so
 * @param vagueMemos in lower case
 */
record CompliancePolicy(Set<String> familiarVendors, Set<String> vagueMemos) implements Policy {
  /** More than this many cents need approval; this many do not. */
  static final long ASK_OVER = 1_000_000;

  /** More than this many cents are approved by typing the tool's name. */
  static final long HIGH_RISK_OVER = 10_000_000;

  CompliancePolicy {
    familiarVendors = Set.copyOf(familiarVendors);
    vagueMemos = Set.copyOf(vagueMemos);
  }

  /** The example's own lists, {@code familiar-vendors.txt} and {@code vague-memos.txt}. */
  static CompliancePolicy standard() {
    return new CompliancePolicy(
        lines("familiar-vendors.txt"),
        lines("vague-memos.txt").stream()
            .map(memo -> memo.toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet()));
  }

  @Override
  public PolicyOutcome judge(Question question) {
    if (!question.tool().name().equals(PaymentTools.PAY)
        || !(question.arguments() instanceof JsonObject arguments)) {
      return new PolicyOutcome.Allow("no payment");
    }
    BigDecimal cents = arguments.number(PaymentTools.AMOUNT).decimal();
    if (cents.signum() <= 0) {
      return new PolicyOutcome.Deny("amount", "An amount must be more than 0 cents.");
    }
    List<String> why =
        reasons(cents, arguments.string(PaymentTools.VENDOR), arguments.string(PaymentTools.MEMO));
    return why.isEmpty()
        ? new PolicyOutcome.Audit("small, familiar and clear")
        : new PolicyOutcome.Require(terms(String.join(", ", why), cents));
  }

  private List<String> reasons(BigDecimal cents, String vendor, String memo) {
    List<String> reasons = new ArrayList<>();
    if (over(ASK_OVER, cents)) {
      reasons.add("amount over 10,000 dollars");
    }
    if (!familiarVendors.contains(vendor)) {
      reasons.add("unusual vendor");
    }
    if (vague(memo)) {
      reasons.add("vague memo");
    }
    if (hidden(memo)) {
      reasons.add("hidden characters in the memo");
    }
    return reasons;
  }

  /** Hidden characters do not make a vague memo clear. */
  private boolean vague(String memo) {
    String plain =
        SafeText.of(memo).segments().stream()
            .map(segment -> segment instanceof SafeText.Plain text ? text.text() : "")
            .collect(Collectors.joining())
            .strip()
            .toLowerCase(Locale.ROOT);
    return plain.isEmpty() || vagueMemos.contains(plain);
  }

  private static boolean hidden(String memo) {
    return SafeText.of(memo).hasHidden();
  }

  private static boolean over(long limit, BigDecimal cents) {
    return cents.compareTo(BigDecimal.valueOf(limit)) > 0;
  }

  private static ApprovalTerms terms(String rule, BigDecimal cents) {
    return new ApprovalTerms(
        rule,
        List.of(Threshold.anyone()),
        over(HIGH_RISK_OVER, cents) ? Risk.HIGH : Risk.MEDIUM,
        "Compare it with the invoice before you agree.",
        "Pay {" + PaymentTools.AMOUNT + "} cents to {" + PaymentTools.VENDOR + "}",
        null,
        null,
        ApprovalTerms.OnExpiry.REJECT);
  }

  private static Set<String> lines(String resource) {
    try (InputStream in = CompliancePolicy.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is missing from the program; build it again");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
