package dev.assent.core;

/** Who runs the loop around the tool calls. */
public enum RunMode {
  /** We do: model, calls, model, until the model has nothing more to call. */
  CONVERSATION,
  /** Somebody else does; the run is one tool call and ends with its result. */
  GATE
}
