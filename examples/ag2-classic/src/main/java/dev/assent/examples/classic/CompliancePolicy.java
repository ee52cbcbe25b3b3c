package dev.assent.examples.classic;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.JsonObject;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Risk;
import dev.assent.core.Threshold;
import dev.assent.core.spi.Policy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is suspicious: more than 10,000 dollars, an unusual vendor, a vague memo. The lists are data
 * beside this class. Immutable.
 */
record CompliancePolicy(Set<String> familiarVendors, Set<String> vagueMemos) implements Policy {
  private static final BigDecimal MOST = BigDecimal.valueOf(10_000);

  static CompliancePolicy standard() {
    return new CompliancePolicy(lines("familiar-vendors.txt"), lines("vague-memos.txt"));
  }

  @Override
  public PolicyOutcome judge(Question question) {
    List<String> why = suspicions((JsonObject) question.arguments());
    return why.isEmpty()
        ? new PolicyOutcome.Audit("approved automatically: small, familiar and clear")
        : new PolicyOutcome.Require(
            new ApprovalTerms(
                String.join(", ", why),
                List.of(Threshold.anyone()),
                Risk.MEDIUM,
                "",
                "Transaction: ${amount} to {vendor}. Memo: {memo}.",
                null,
                null,
                ApprovalTerms.OnExpiry.REJECT));
  }

  List<String> suspicions(JsonObject transaction) {
    List<String> why = new ArrayList<>();
    if (transaction.number("amount").decimal().compareTo(MOST) > 0) {
      why.add("more than 10,000 dollars");
    }
    if (!familiarVendors.contains(transaction.string("vendor"))) {
      why.add("unusual vendor");
    }
    if (vagueMemos.contains(transaction.string("memo"))) {
      why.add("vague memo");
    }
    return why;
  }

  private static Set<String> lines(String resource) {
    try (InputStream in = CompliancePolicy.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is missing from the program; build it again");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank())
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
