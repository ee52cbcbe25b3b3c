package dev.assent.policy;

import dev.assent.core.Risk;

/** One rule of a file. Immutable. */
sealed interface Rule {
  /** Unique in its file. */
  String id();

  int line();

  Scope scope();

  Condition condition();

  /** Says what happens. */
  record Ruling(String id, int line, Scope scope, Condition condition, Consequence then)
      implements Rule {}

  /** Says how much harm the call may do, before the others are asked. */
  record Classing(String id, int line, Scope scope, Condition condition, Risk risk)
      implements Rule {}
}
