package dev.assent.core;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How old what is known of a person may be when their word counts. Immutable. It is the age of now,
 * also where it is asked what somebody could do at an earlier time: what a directory says, it says
 * today.
 *
 * @param knownAt since when the directory knows what it says of an account; empty means that it
 *     looks each time
 * @param most so old at most; absent means that any age will do
 * @param now when it is judged; absent means at the time that is asked about
 */
public record Evidence(
    Function<String, Optional<Instant>> knownAt, @Nullable Duration most, @Nullable Instant now) {
  /** Of any age. */
  public static final Evidence ANY = new Evidence(account -> Optional.empty(), null, null);

  /**
   * @throws IllegalArgumentException when the age is not more than nothing
   */
  public Evidence {
    if (most != null && !most.isPositive()) {
      throw new IllegalArgumentException(
          "evidence may be older than nothing, not " + most + "; say how old, such as PT8H");
    }
  }

  /** Judged at the time that is asked about. */
  public Evidence(Function<String, Optional<Instant>> knownAt, @Nullable Duration most) {
    this(knownAt, most, null);
  }

  /** Judged then, whatever time is asked about; once this was said it stays. */
  Evidence judgedAt(Instant then) {
    return most == null || now != null ? this : new Evidence(knownAt, most, then);
  }

  /** Why what is known of this account is too old to count; absent when it is not. */
  @Nullable WhyNot whyNot(String account, Instant asked) {
    Duration age = most;
    Instant judged = now == null ? asked : now;
    return age == null
        ? null
        : knownAt
            .apply(account)
            .filter(since -> judged.isAfter(since.plus(age)))
            .map(since -> new WhyNot.StaleEvidence(since, age))
            .orElse(null);
  }
}
