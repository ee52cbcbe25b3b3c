package dev.assent.core;

/** A machine was asked for a move that its table does not hold: a defect of the caller. */
public final class IllegalTransitionException extends AssentException {
  private static final long serialVersionUID = 1L;

  IllegalTransitionException(ToolCall call, String why) {
    super(
        "illegal-transition", "tool call " + call.id() + " is " + call.status() + ": " + why, null);
  }

  IllegalTransitionException(RunState run, String why) {
    super("illegal-transition", "run " + run.id() + " is " + run.status() + ": " + why, null);
  }
}
