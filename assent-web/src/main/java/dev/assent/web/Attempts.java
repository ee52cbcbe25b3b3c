package dev.assent.web;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Slows down who guesses passwords: after some free failures each next one costs twice the wait.
 * Thread-safe; forgets when the process ends, and the oldest when there are too many.
 */
final class Attempts {
  private static final int REMEMBERED = 10_000;
  private static final Duration LONGEST = Duration.ofMinutes(15);

  private final int free;
  private final Map<String, Failures> byKey =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
          return size() > REMEMBERED;
        }
      };

  private record Failures(int count, Instant last) {}

  /**
   * @param free failures that cost nothing
   */
  Attempts(int free) {
    this.free = free;
  }

  /**
   * Counts an attempt as failed, before it is known, so that many at once do not pass; how long to
   * wait instead when it may not be made now.
   */
  synchronized Optional<Duration> begin(String key, Instant now) {
    Failures before = byKey.getOrDefault(key, new Failures(0, Instant.EPOCH));
    Instant open = before.last().plus(cost(before.count()));
    if (now.isBefore(open)) {
      return Optional.of(Duration.between(now, open));
    }
    boolean forgotten = before.last().plus(LONGEST).isBefore(now);
    byKey.put(key, new Failures(forgotten ? 1 : before.count() + 1, now));
    return Optional.empty();
  }

  /** The attempt was good: what was counted is forgotten. */
  synchronized void succeeded(String key) {
    byKey.remove(key);
  }

  private Duration cost(int failures) {
    int over = failures - free;
    if (over < 0) {
      return Duration.ZERO;
    }
    Duration wait = Duration.ofSeconds(1L << Math.min(over, 20));
    return wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
  }
}
