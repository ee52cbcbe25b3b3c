package dev.assent.testkit;

/**
 * Where a process dies. Immutable.
 *
 * @param commit which commit of the process, counted from 1
 * @param when whether that commit is still written
 */
public record CrashPoint(int commit, When when) {
  /** On which side of a commit. */
  public enum When {
    /** What was to be written is lost. */
    BEFORE,
    /** It was written, but the process does not get to know. */
    AFTER
  }

  /**
   * @throws IllegalArgumentException when the commit is less than 1
   */
  public CrashPoint {
    if (commit < 1) {
      throw new IllegalArgumentException("commits are counted from 1, not from " + commit);
    }
  }

  /** Dies instead of this commit. */
  public static CrashPoint before(int commit) {
    return new CrashPoint(commit, When.BEFORE);
  }

  /** Dies with this commit written. */
  public static CrashPoint after(int commit) {
    return new CrashPoint(commit, When.AFTER);
  }

  @Override
  public String toString() {
    return "crash " + when + " commit " + commit;
  }
}
