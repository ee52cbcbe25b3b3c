package dev.assent.core;

import java.util.List;

/**
 * How far an approval has come: every clause must be met, by one of its groups. Immutable.
 *
 * @param clauses one for each threshold of the terms, in their order
 */
public record Progress(List<Clause> clauses) {
  public Progress {
    clauses = List.copyOf(clauses);
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

    /** True when none of the groups can agree any more. */
    public boolean failed() {
      return groups.stream().allMatch(Group::failed);
    }

    private int missing() {
      return groups.stream()
          .filter(group -> failed() || !group.failed())
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
   */
  public record Group(Threshold threshold, int approvals, int denials) {
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
    if (clauses.stream().anyMatch(Clause::failed)) {
      return Authority.Tally.REJECTED;
    }
    return clauses.stream().allMatch(Clause::met) ? Authority.Tally.APPROVED : Authority.Tally.OPEN;
  }

  /** At least so many more people would have to approve. */
  public int missing() {
    return clauses.stream().mapToInt(Clause::missing).max().orElse(0);
  }
}
