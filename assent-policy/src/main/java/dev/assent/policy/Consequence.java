package dev.assent.policy;

import dev.assent.core.ApprovalTerms;

/** What a rule makes of the calls that it fits. */
sealed interface Consequence {
  /** The call may run. */
  record Allow() implements Consequence {}

  /** The call may run and is marked in the audit log. */
  record Audit() implements Consequence {}

  /** The call must not run; the model reads the reason. */
  record Deny(String reason) implements Consequence {}

  /** People must agree; the rule in these terms is filled in when it fires. */
  record Require(ApprovalTerms terms) implements Consequence {}

  /** As in the file. */
  default String inWords() {
    return switch (this) {
      case Allow a -> "allow";
      case Audit a -> "audit";
      case Deny d -> "deny";
      case Require r -> "require";
    };
  }
}
