package dev.assent.core;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How far a {@link Grant} goes. Immutable.
 *
 * @param reach in which runs it serves
 * @param alsoFor other agents that it serves, such as sub-agents, by name; usually none
 * @param until when it ends
 * @param arguments which calls of its tool it serves
 * @param uses how many; absent means any number
 * @param budget how much in a window of time; absent means that no argument is summed
 */
public record GrantScope(
    Reach reach,
    List<String> alsoFor,
    Instant until,
    Arguments arguments,
    @Nullable Integer uses,
    @Nullable Budget budget) {

  /** The most uses that can be asked for. */
  public static final int MOST_USES = 10_000;

  /** In which runs a grant serves. */
  public enum Reach {
    /** The run of the approval it was made from, with the runs that carry out its calls. */
    RUN,
    /** All runs of that session. */
    SESSION,
    /** All runs of that agent. */
    AGENT
  }

  /** Which calls. The tags are a stored format. */
  public sealed interface Arguments {
    /** Only with the very arguments that were approved. */
    @Tag("exact")
    record Exact() implements Arguments {}

    /** With arguments that fit, each its rule; one without a rule is not served. */
    @Tag("matching")
    record Matching(Map<String, ArgumentRule> rules) implements Arguments {
      public Matching {
        rules = Collections.unmodifiableMap(new LinkedHashMap<>(rules));
      }
    }

    /** With any arguments. */
    @Tag("any")
    record Anything() implements Arguments {}
  }

  /**
   * The sum of a numeric argument over the calls of the last time. Immutable.
   *
   * @param argument its name
   * @param most the largest sum
   * @param window how long a use counts
   */
  public record Budget(String argument, JsonNumber most, Duration window) {
    /** A longer window would keep more uses than a row should hold. */
    public static final Duration LONGEST = Duration.ofDays(31);

    /**
     * @throws IllegalArgumentException when the sum is not positive or the window not between a
     *     second and {@link #LONGEST}
     */
    public Budget {
      if (most.decimal().signum() <= 0) {
        throw new IllegalArgumentException("a budget is more than 0, not " + most);
      }
      if (window.compareTo(Duration.ofSeconds(1)) < 0 || window.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException(
            "the window of a budget lasts from a second to 31 days, not " + window);
      }
    }

    /** What a call takes of it; absent when it cannot be told, or is less than nothing. */
    @Nullable BigDecimal amount(JsonObject arguments) {
      return arguments.find(argument).orElse(null) instanceof JsonNumber number
              && number.decimal().signum() >= 0
          ? number.decimal()
          : null;
    }
  }

  /**
   * @throws IllegalArgumentException when the number of uses is not between 1 and {@link
   *     #MOST_USES}
   */
  public GrantScope {
    alsoFor = List.copyOf(new TreeSet<>(alsoFor));
    if (uses != null && (uses < 1 || uses > MOST_USES)) {
      throw new IllegalArgumentException(
          "a grant has 1 to " + MOST_USES + " uses, not " + uses + "; leave it out for any number");
    }
  }

  /** The same scope with rules for all arguments of the approved call: unnamed ones are equal. */
  public GrantScope completed(JsonObject approved) {
    if (!(arguments instanceof Arguments.Matching matching)) {
      return this;
    }
    Map<String, ArgumentRule> all = new LinkedHashMap<>(matching.rules());
    approved
        .members()
        .forEach((name, value) -> all.putIfAbsent(name, new ArgumentRule.Equal(value)));
    return new GrantScope(reach, alsoFor, until, new Arguments.Matching(all), uses, budget);
  }
}
