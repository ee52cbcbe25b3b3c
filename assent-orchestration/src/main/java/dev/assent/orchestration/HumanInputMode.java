package dev.assent.orchestration;

/** When a person is asked before a participant replies. */
public enum HumanInputMode {
  /** At every turn. */
  ALWAYS,
  /** At a termination message, and when the limit of automatic replies is reached. */
  TERMINATE,
  /** Never. */
  NEVER
}
