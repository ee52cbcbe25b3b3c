package dev.assent.core;

/** What executing a tool does outside, and so what may be tried again. Declared, never guessed. */
public enum Effect {
  /** Nothing changes outside: no intent is written, retried freely. */
  READ_ONLY,
  /** Repeating it with the same key changes nothing more: retried within its time limit. */
  IDEMPOTENT,
  /** Writes through the store's own connection, so it commits with the result: truly once. */
  TRANSACTIONAL,
  /** The default: never tried again unless somebody knows that it did not happen. */
  AT_MOST_ONCE
}
