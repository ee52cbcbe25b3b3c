package dev.assent.core;

/** What kind of thing a paused run waits for. */
public enum RequirementKind {
  /** Somebody entitled says yes or no to one tool call. */
  APPROVAL("a"),
  /** Fields, choices or free text from a person. */
  USER_INPUT("u"),
  /** Somebody else executes the call and brings the result. */
  EXTERNAL_EXECUTION("x"),
  /** A person looks at an output before it counts. */
  REVIEW("v"),
  /** A person finds out what became of a call whose outcome is unknown. */
  RECONCILIATION("r");

  private final String mark;

  RequirementKind(String mark) {
    this.mark = mark;
  }

  String mark() {
    return mark;
  }
}
