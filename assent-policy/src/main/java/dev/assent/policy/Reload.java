package dev.assent.policy;

import java.util.List;

/** What came of looking at the file again. Immutable. */
public sealed interface Reload {
  /** The file says what is in force, or is still being written. */
  record Unchanged() implements Reload {}

  /** Other rules are in force from now on. */
  record Replaced(RulePolicy before, RulePolicy now) implements Reload {}

  /** Other rules wait for people to agree; what was in force stays so. */
  record Proposed(RulePolicy inForce, RulePolicy proposed) implements Reload {}

  /** The file cannot be used; what was in force stays so. Said once for each content. */
  record Refused(RulePolicy inForce, List<Problem> problems) implements Reload {
    public Refused {
      problems = List.copyOf(problems);
    }
  }
}
