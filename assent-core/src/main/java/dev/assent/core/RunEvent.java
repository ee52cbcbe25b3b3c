package dev.assent.core;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What happened to a run, as the journal keeps it. Immutable; holds no bodies, only pointers.
 *
 * <p>The tags are a stored format: they are never renamed.
 */
public sealed interface RunEvent {

  /** What happened to one tool call. */
  sealed interface OfCall extends RunEvent {
    /** The call it happened to. */
    ToolCallId call();
  }

  /** What settles a call, and the one tool result that says so. */
  sealed interface Settling extends OfCall {
    /** The tool result message. */
    BodyRef result();
  }

  /** The run exists. {@code input} is absent for a gate, which has no conversation. */
  @Tag("run.started")
  record Started(
      RunId run,
      RunId root,
      String session,
      String agent,
      RunMode mode,
      @Nullable BodyRef input,
      RunState.@Nullable Parent parent,
      @Nullable BodyRef variables)
      implements RunEvent {
    /** The start of a root. */
    public Started(
        RunId run,
        RunId root,
        String session,
        String agent,
        RunMode mode,
        @Nullable BodyRef input) {
      this(run, root, session, agent, mode, input, null, null);
    }
  }

  /** The model replied; its calls follow as events of their own. */
  @Tag("turn.ended")
  record TurnEnded(BodyRef message, TokenUse use) implements RunEvent {}

  /** The model asked for a call. */
  @Tag("call.proposed")
  record CallProposed(ToolCallId call, String providerId, String tool) implements OfCall {}

  /** Unparseable, unknown tool or against the schema: back to the model, nobody is asked. */
  @Tag("call.refused")
  record CallRefused(ToolCallId call, BodyRef result, String code) implements Settling {}

  /** A rule forbids the call. */
  @Tag("call.denied")
  record CallDenied(ToolCallId call, BodyRef result, String rule, @Nullable Digest repeat)
      implements Settling {
    /** Denied without a mark to know it again by. */
    public CallDenied(ToolCallId call, BodyRef result, String rule) {
      this(call, result, rule, null);
    }
  }

  /** A rule lets the call pass. */
  @Tag("call.allowed")
  record CallAllowed(ToolCallId call, ToolCall.Bound bound, String rule, boolean audited)
      implements OfCall {}

  /** The call runs on a standing permission and took a use of it. */
  @Tag("grant.used")
  record GrantUsed(ToolCallId call, GrantId grant) implements OfCall {}

  /** People must agree; a higher version means: asked again. */
  @Tag("call.gated")
  record CallGated(
      ToolCallId call, ToolCall.Bound bound, int version, RequirementId requirement, String rule)
      implements OfCall {}

  /** The people who had to agree did. */
  @Tag("call.approved")
  record CallApproved(ToolCallId call, RequirementId requirement, @Nullable BodyRef note)
      implements OfCall {
    /** Approved without a note to the model. */
    public CallApproved(ToolCallId call, RequirementId requirement) {
      this(call, requirement, null);
    }
  }

  /** Somebody entitled changed the arguments: another version is to be decided. */
  @Tag("call.edited")
  record CallEdited(ToolCallId call, ToolCall.Bound bound, int version, String by)
      implements OfCall {}

  /** Somebody who decides the call asked the agent back; the call stays open. */
  @Tag("call.asked_back")
  record CallAskedBack(ToolCallId call, BodyRef question, String by, Instant at, int version)
      implements OfCall {}

  /** The agent answered the first of its rounds that were open, or could not. */
  @Tag("call.answered_back")
  record CallAnsweredBack(ToolCallId call, int rounds, TokenUse use, ToolCall.RoundAnswer answer)
      implements OfCall {}

  /** Somebody entitled answered the model instead of letting the call run. */
  @Tag("call.responded")
  record CallResponded(ToolCallId call, BodyRef result) implements Settling {}

  /** Somebody entitled said no. */
  @Tag("call.rejected")
  record CallRejected(ToolCallId call, BodyRef result) implements Settling {}

  /** The deadline passed unanswered, or the approval grew too old. */
  @Tag("call.expired")
  record CallExpired(ToolCallId call, BodyRef result) implements Settling {}

  /** The approval was taken back before the call ran. */
  @Tag("call.revoked")
  record CallRevoked(ToolCallId call, BodyRef result) implements Settling {}

  /** The run was cancelled before the call ran. */
  @Tag("call.cancelled")
  record CallCancelled(ToolCallId call, BodyRef result) implements Settling {}

  /** The intent: from here on the call may have happened. */
  @Tag("attempt.started")
  record AttemptStarted(ToolCallId call, ToolCall.Attempt attempt) implements OfCall {}

  /** The call was executed and this is its result. */
  @Tag("call.succeeded")
  record CallSucceeded(ToolCallId call, int attempt, BodyRef result) implements Settling {}

  /** The call failed; {@code unknown} means nobody knows whether it happened. */
  @Tag("call.failed")
  record CallFailed(ToolCallId call, int attempt, BodyRef result, String code, boolean unknown)
      implements Settling {}

  /** The call waits for a person or a process outside; {@code held} is a result under review. */
  @Tag("call.suspended")
  record CallSuspended(
      ToolCallId call,
      int attempt,
      RequirementId requirement,
      @Nullable RequirementKind kind,
      @Nullable Digest question,
      @Nullable BodyRef held)
      implements OfCall {
    /** The body asked a question. */
    public CallSuspended(ToolCallId call, int attempt, RequirementId requirement) {
      this(call, attempt, requirement, RequirementKind.USER_INPUT, null, null);
    }
  }

  /** What a suspended call asked was closed; without a value nobody answered. */
  @Tag("call.answered")
  record CallAnswered(
      ToolCallId call, RequirementId requirement, Verdict verdict, @Nullable BodyRef value)
      implements OfCall {}

  /** Another agent carries the call out, in a run of its own. */
  @Tag("child.started")
  record ChildStarted(ToolCallId call, RunId child) implements OfCall {}

  /** A body begins with something that it must not do twice. */
  @Tag("step.started")
  record StepStarted(ToolCallId call, int attempt, String name) implements OfCall {}

  /** A body has done something that it must not do twice. */
  @Tag("step.ended")
  record StepEnded(ToolCallId call, int attempt, String name, BodyRef result) implements OfCall {}

  /** A person said something while the run was under way. */
  @Tag("person.spoke")
  record PersonSpoke(BodyRef message) implements RunEvent {}

  /** Tools changed what they share. */
  @Tag("variables.set")
  record VariablesSet(BodyRef variables) implements RunEvent {}

  /** The answer waits for a person's look. */
  @Tag("answer.held")
  record AnswerHeld(BodyRef output, RequirementId requirement, int round) implements RunEvent {}

  /** The answer has to be made anew; {@code message} holds the feedback. */
  @Tag("changes.asked")
  record ChangesAsked(RequirementId requirement, BodyRef message) implements RunEvent {}

  /** Nobody knows whether the attempt happened; a person finds out. */
  @Tag("call.in_doubt")
  record CallInDoubt(ToolCallId call, int attempt, RequirementId requirement, BodyRef why)
      implements OfCall {}

  /**
   * It is known that the attempt in doubt did not happen: what let it start lets it start again.
   */
  @Tag("doubt.cleared")
  record DoubtCleared(ToolCallId call, int attempt, CallStatus back) implements OfCall {}

  /** Somebody wants the run to end. */
  @Tag("cancel.asked")
  record CancelAsked(String by) implements RunEvent {}

  /** The run ended with an answer; absent for a gate, whose answer is its call's result. */
  @Tag("run.completed")
  record Completed(@Nullable BodyRef output) implements RunEvent {}

  /** The run ended with an error. */
  @Tag("run.failed")
  record Failed(String code, BodyRef message) implements RunEvent {}

  /** The run ended because somebody wanted it to. */
  @Tag("run.cancelled")
  record Cancelled() implements RunEvent {}
}
