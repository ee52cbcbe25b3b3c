package dev.assent.core.spi;

/** What came of a transaction. */
public sealed interface Committed {
  /** All of it is durable. */
  record Done() implements Committed {}

  /** Nothing of it was written: this change's condition did not hold. */
  record Conflict(Write because) implements Committed {}
}
