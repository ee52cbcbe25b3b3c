package dev.assent.core;

/** What the rules say about one call. Never a decision of a person. */
public sealed interface PolicyOutcome {
  /** The rules that fired, in words. */
  String rule();

  /** The call may run. */
  record Allow(String rule) implements PolicyOutcome {}

  /** The call may run and is marked in the audit log. */
  record Audit(String rule) implements PolicyOutcome {}

  /** People must agree first. */
  record Require(ApprovalTerms terms) implements PolicyOutcome {
    @Override
    public String rule() {
      return terms.rule();
    }
  }

  /** The call must not run; the model is told why. */
  record Deny(String rule, String reason) implements PolicyOutcome {}

  /** Of two answers the stricter one; two requirements are joined, the first denial stays. */
  default PolicyOutcome strictest(PolicyOutcome other) {
    if (this instanceof Require mine && other instanceof Require theirs) {
      return new Require(mine.terms().and(theirs.terms()));
    }
    return other.strictness() > strictness() ? other : this;
  }

  /** How strict it is, from 0 for allow to 3 for deny. */
  default int strictness() {
    return switch (this) {
      case Allow a -> 0;
      case Audit a -> 1;
      case Require r -> 2;
      case Deny d -> 3;
    };
  }
}
