package dev.assent.runtime;

/**
 * A question that a tool asked was not answered: declined, or its time passed. A tool may catch it
 * and go on without; uncaught, the call has failed and is known not to have done more.
 */
public final class UnansweredException extends NotExecutedException {
  private static final long serialVersionUID = 1;

  private final boolean timedOut;

  UnansweredException(String message, boolean timedOut) {
    super(message);
    this.timedOut = timedOut;
  }

  /** True when nobody answered in time; false when somebody declined to answer. */
  public boolean timedOut() {
    return timedOut;
  }
}
