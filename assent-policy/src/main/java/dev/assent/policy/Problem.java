package dev.assent.policy;

import org.jspecify.annotations.Nullable;

/**
 * Something wrong in a file, and what to do about it. Immutable.
 *
 * @param line from 1 on
 * @param rule id of the rule; absent when it is in none
 */
public record Problem(String file, int line, @Nullable String rule, String text) {
  /** On one line, as compilers write it. */
  @Override
  public String toString() {
    return file + ":" + line + ": " + (rule == null ? "" : "rule " + rule + ": ") + text;
  }
}
