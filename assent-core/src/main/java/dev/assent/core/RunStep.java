package dev.assent.core;

import java.util.List;

/** What is to be done next, computed from the state alone; recovery is computing it again. */
public sealed interface RunStep {
  /** Ask the rules about these calls. */
  record Judge(List<ToolCall> calls) implements RunStep {}

  /** Check and execute these calls; they do not wait for each other. */
  record Execute(List<ToolCall> calls) implements RunStep {}

  /** Attempts are under way: wait for their ends, or recover those that nobody works on. */
  record AwaitAttempts(List<ToolCall> calls) implements RunStep {}

  /** Somebody who decides this call asks what the agent says to it: ask the model. */
  record AnswerBack(ToolCall call) implements RunStep {}

  /** Nothing can go on before a person or a process outside has answered. */
  record Pause(List<ToolCall> waiting) implements RunStep {}

  /** All calls have their results: ask the model. */
  record CallModel() implements RunStep {}

  /** The one call of a gate is settled. */
  record CompleteGate() implements RunStep {}

  /** Somebody asked to cancel and nothing is under way any more: close everything. */
  record CloseCancelled() implements RunStep {}

  /** The run has ended. */
  record Ended() implements RunStep {}
}
