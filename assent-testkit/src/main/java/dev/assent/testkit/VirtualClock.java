package dev.assent.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * A clock for a store that stands until it is told to go on. Thread-safe.
 *
 * <p>Deadlines, leases and time limits are judged by the store's clock. After {@link #advance} call
 * {@code assent.poll()}: what has become due happens then, on no other thread.
 */
public final class VirtualClock implements InstantSource {
  private static final Instant START = Instant.parse("2026-01-05T09:00:00Z");

  private Instant now;

  private VirtualClock(Instant start) {
    this.now = start.truncatedTo(ChronoUnit.MILLIS);
  }

  /** Stands at nine in the morning (UTC) of 5 January 2026, a Monday. */
  public static VirtualClock standing() {
    return at(START);
  }

  /** Stands at this instant, in whole milliseconds. */
  public static VirtualClock at(Instant start) {
    return new VirtualClock(start);
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  /**
   * Goes on by so much.
   *
   * @throws IllegalArgumentException when that is backwards
   */
  public synchronized void advance(Duration by) {
    advanceTo(now.plus(by));
  }

  /**
   * Goes on to this instant.
   *
   * @throws IllegalArgumentException when that is backwards
   */
  public synchronized void advanceTo(Instant then) {
    if (then.isBefore(now)) {
      throw new IllegalArgumentException(
          "this clock stands at " + now + " and does not go back to " + then);
    }
    now = then.truncatedTo(ChronoUnit.MILLIS);
  }
}
