package dev.assent.runtime;

import java.time.Duration;

/**
 * How often a model that gave no reply is asked again. Immutable.
 *
 * @param tries how often it is asked in all, at least 1
 * @param first how long to wait before the second try; doubled each time, at most a minute; a
 *     provider that says how long to wait is believed
 */
public record ModelRetry(int tries, Duration first) {
  private static final Duration LONGEST = Duration.ofMinutes(1);

  /** Four tries, waiting half a second, one and two. */
  public static final ModelRetry STANDARD = new ModelRetry(4, Duration.ofMillis(500));

  /**
   * @throws IllegalArgumentException when it would never ask
   */
  public ModelRetry {
    if (tries < 1) {
      throw new IllegalArgumentException("a model is asked at least once, not " + tries + " times");
    }
  }

  Duration waitAfter(int failed, java.util.Optional<Duration> asked) {
    Duration own = first.multipliedBy(1L << Math.min(failed - 1, 20));
    Duration wait = asked.orElse(own);
    return wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
  }
}
