package dev.assent.policy;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Risk;
import dev.assent.core.Threshold;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Joins what the fitting rules say about one call: the strictest wins. Used by one thread. */
final class Joined {
  private final RulePolicy policy;
  private final Risk risk;
  private final List<String> allowing = new ArrayList<>();
  private final List<String> auditing = new ArrayList<>();
  private final List<String> requiring = new ArrayList<>();
  private final List<String> denying = new ArrayList<>();
  private final List<String> reasons = new ArrayList<>();
  private final List<String> messages = new ArrayList<>();
  private @Nullable ApprovalTerms terms;

  Joined(RulePolicy policy, Risk risk) {
    this.policy = policy;
    this.risk = risk;
  }

  void add(String rule, Consequence then) {
    switch (then) {
      case Consequence.Allow allow -> allowing.add(rule);
      case Consequence.Audit audit -> auditing.add(rule);
      case Consequence.Deny deny -> {
        denying.add(rule);
        reasons.add(deny.reason());
      }
      case Consequence.Require require -> require(rule, require.terms());
    }
  }

  /** Nobody can tell whether this rule fits: these are asked. */
  void fail(String rule, String problem, List<Threshold> approvers) {
    require(
        rule + " cannot be told, " + problem,
        PolicyReader.terms(approvers, Risk.MEDIUM, "A rule could not be evaluated."));
  }

  private void require(String rule, ApprovalTerms more) {
    requiring.add(rule);
    if (!more.message().isEmpty()) {
      messages.add(more.message());
    }
    terms = terms == null ? more : terms.and(more);
  }

  PolicyOutcome outcome() {
    if (!denying.isEmpty()) {
      return new PolicyOutcome.Deny(label(denying), join(reasons, " "));
    }
    if (terms != null) {
      return new PolicyOutcome.Require(named(terms));
    }
    return auditing.isEmpty()
        ? new PolicyOutcome.Allow(label(allowing))
        : new PolicyOutcome.Audit(label(auditing));
  }

  private ApprovalTerms named(ApprovalTerms joined) {
    return joined.of(
        label(requiring),
        joined.risk().compareTo(risk) >= 0 ? joined.risk() : risk,
        join(messages, " "),
        joined.summary());
  }

  private String label(List<String> rules) {
    return policy.label(String.join(", ", rules));
  }

  private static String join(List<String> texts, String between) {
    return texts.stream().distinct().collect(Collectors.joining(between));
  }
}
