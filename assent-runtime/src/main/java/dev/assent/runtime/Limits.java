package dev.assent.runtime;

import java.time.Duration;

/**
 * How far one run of an agent may go; a run that reaches a limit fails, and says which. Immutable.
 *
 * @param turns model replies; from 1
 * @param calls tool calls, counted as they are proposed; from 0
 * @param tokens of input and output together
 * @param time since the run began, what it waited for people included; looked at before each turn
 */
public record Limits(int turns, int calls, long tokens, Duration time) {
  /** No limit at all. */
  public static final Limits NONE =
      new Limits(Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE, Duration.ofDays(36_500));

  /**
   * @throws IllegalArgumentException when a limit lets nothing happen
   */
  public Limits {
    if (turns < 1 || calls < 0 || tokens < 1 || time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException(
          "limits must let something happen: turns, tokens and time at least one, calls none or"
              + " more");
    }
  }

  /** The same limits with so many turns. */
  public Limits turns(int most) {
    return new Limits(most, calls, tokens, time);
  }

  /** The same limits with so many calls. */
  public Limits calls(int most) {
    return new Limits(turns, most, tokens, time);
  }

  /** The same limits with so many tokens. */
  public Limits tokens(long most) {
    return new Limits(turns, calls, most, time);
  }

  /** The same limits with so much time. */
  public Limits time(Duration most) {
    return new Limits(turns, calls, tokens, most);
  }
}
