package dev.assent.runtime;

/** Something changed and is durable. Immutable; holds an id, never content. */
public record Change(Kind kind, String id) {
  /** What changed. */
  public enum Kind {
    RUN,
    REQUIREMENT,
    /** A standing permission was given or taken back. */
    GRANT,
    /** Somebody was given a mandate, or lost one; a broken glass, too. */
    MANDATE,
    /** A requirement still waits, and its people are told again. */
    REMINDER,
    /** A requirement still waits, and from now on others may decide it, too. */
    ESCALATION
  }
}
