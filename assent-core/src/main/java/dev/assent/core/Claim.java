package dev.assent.core;

import java.time.Instant;

/**
 * Somebody sees to a requirement: nobody else decides it until then. Immutable.
 *
 * @param by the principal who does
 * @param person the human behind the account
 * @param until when it lapses by itself
 * @param setBy who said so: they themselves, or who gave it to them
 */
public record Claim(String by, String person, Instant until, String setBy) {
  /** True when it holds at this time. */
  public boolean holds(Instant at) {
    return at.isBefore(until);
  }
}
