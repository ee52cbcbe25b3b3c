package dev.assent.policy;

/**
 * How much the conditions of one call may still look at; one for each call that is judged, used by
 * one thread.
 */
final class Work {
  /** The longest arguments that conditions look at, in characters of names and texts together. */
  static final int MOST_TEXT = 100_000;

  private static final long MOST = 2_000_000;

  private static final ThreadLocal<Work> CURRENT = ThreadLocal.withInitial(Work::new);

  private long left = MOST;
  private boolean givenUp;

  /** Begins anew for a call on this thread. */
  static void begin() {
    Work work = CURRENT.get();
    work.left = MOST;
    work.givenUp = false;
  }

  /**
   * @throws TooMuchException when the conditions have looked at more than is reasonable
   */
  static void spend(long characters) {
    Work work = CURRENT.get();
    work.left -= characters + 1;
    if (work.left < 0) {
      throw giveUp();
    }
  }

  /** CEL forgives an error when the rest decides; this one it must not. */
  static TooMuchException giveUp() {
    CURRENT.get().givenUp = true;
    return new TooMuchException();
  }

  /** Whether the condition that was just evaluated was given up; asks once. */
  static boolean givenUp() {
    Work work = CURRENT.get();
    boolean was = work.givenUp;
    work.givenUp = false;
    return was;
  }

  /** The rules were given up on this call. */
  static final class TooMuchException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    TooMuchException() {
      super("too much to look at");
    }
  }
}
