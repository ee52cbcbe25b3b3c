package dev.assent.runtime;

/** The kinds of timers that a requirement has. */
final class Timers {
  /** Nobody has answered in time. */
  static final String DEADLINE = "deadline";

  /** Nobody has answered yet: people are told again. */
  static final String REMINDER = "reminder";

  /** Nobody has decided yet: the next rung of the escalation begins. */
  static final String ESCALATION = "escalation";

  private Timers() {}
}
