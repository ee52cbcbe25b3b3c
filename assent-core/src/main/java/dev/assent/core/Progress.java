package dev.assent.core;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far an approval has come: every clause must be met, by one of its groups. Immutable.
 *
 * @param clauses one for each threshold of the terms, in their order
 * @param broken what somebody said by break-glass, which suffices; absent when nobody did
 */
public record Progress(List<Clause> clauses, @Nullable Verdict broken) {
  public Progress {
    clauses = List.copyOf(clauses);
  }

  /** Where nobody decided by break-glass. */
  public Progress(List<Clause> clauses) {
    this(clauses, null);
  }

  /** The groups of which one must agree. Immutable. */
  public record Clause(List<Group> groups) {
    public Clause {
      groups = List.copyOf(groups);
    }

    /** True when one of the groups agrees. */
    public boolean met() {
      return groups.stream().anyMatch(Group::met);
    }

    /**
     * True when none of those who were asked from the beginning can agree any more, or a rung of
     * the escalation, which decides in their place, said no.
     */
    public boolean failed() {
      return groups.stream().filter(group -> !group.rung()).allMatch(Group::failed)
          || groups.stream()
              .anyMatch(group -> group.rung() && group.denials() > 0 && group.failed());
    }

    private int missing() {
      return groups.stream()
          .filter(group -> group.from() == null && (failed() || !group.failed()))
          .mapToInt(Group::missing)
          .min()
          .orElse(0);
    }
  }

  /**
   * One group. Immutable.
   *
   * @param threshold who it is, without an {@code or}
   * @param approvals how many people of it have approved
   * @param denials how many people of it have denied
   * @param from when it may begin to decide; absent when it may
   */
  public record Group(Threshold threshold, int approvals, int denials, @Nullable Instant from) {
    /** A group that may decide. */
    public Group(Threshold threshold, int approvals, int denials) {
      this(threshold, approvals, denials, null);
    }

    private boolean rung() {
      return threshold.after() != null;
    }

    /** True when it agrees. */
    public boolean met() {
      return !failed() && approvals >= threshold.approvals();
    }

    /** True when it cannot agree any more, unless somebody changes their mind. */
    public boolean failed() {
      return threshold.fails(denials);
    }

    private int missing() {
      return Math.max(0, threshold.approvals() - approvals);
    }
  }

  /** What it adds up to: a clause that failed rejects, whatever the others say. */
  public Authority.Tally tally() {
    if (broken == Verdict.REJECT || clauses.stream().anyMatch(Clause::failed)) {
      return Authority.Tally.REJECTED;
    }
    return broken == Verdict.APPROVE || clauses.stream().allMatch(Clause::met)
        ? Authority.Tally.APPROVED
        : Authority.Tally.OPEN;
  }

  /** At least so many more people would have to approve. */
  public int missing() {
    return broken == Verdict.APPROVE
        ? 0
        : clauses.stream().mapToInt(Clause::missing).max().orElse(0);
  }
}
