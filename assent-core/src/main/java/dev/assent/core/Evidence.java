package dev.assent.core;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How old what is known of a person may be when their word counts. Immutable.
 *
 * @param knownAt since when the directory knows what it says of an account; empty means that it
 *     looks each time
 * @param most so old at most; absent means that any age will do
 */
public record Evidence(Function<String, Optional<Instant>> knownAt, @Nullable Duration most) {
  /** Of any age. */
  public static final Evidence ANY = new Evidence(account -> Optional.empty(), null);

  /**
   * @throws IllegalArgumentException when the age is not more than nothing
   */
  public Evidence {
    if (most != null && !most.isPositive()) {
      throw new IllegalArgumentException(
          "evidence may be older than nothing, not " + most + "; say how old, such as PT8H");
    }
  }

  /** Why what is known of this account is too old to count now; absent when it is not. */
  @Nullable WhyNot whyNot(String account, Instant now) {
    Duration age = most;
    return age == null
        ? null
        : knownAt
            .apply(account)
            .filter(since -> now.isAfter(since.plus(age)))
            .map(since -> new WhyNot.StaleEvidence(since, age))
            .orElse(null);
  }
}
