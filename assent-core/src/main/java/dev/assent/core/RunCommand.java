package dev.assent.core;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the interpreter tells a run. Immutable; every body is stored in the same transaction. */
public sealed interface RunCommand {

  /** A call as the model wrote it. */
  record Proposed(String providerId, String tool) {}

  /**
   * The model replied with calls, or with its final answer if there are none; what people said
   * meanwhile keeps it from being final.
   */
  record ModelReplied(
      BodyRef message, TokenUse use, List<Proposed> calls, boolean review, List<BodyRef> said)
      implements RunCommand {
    /** A reply whose answer nobody reviews, and during which nobody spoke. */
    public ModelReplied(BodyRef message, TokenUse use, List<Proposed> calls) {
      this(message, use, calls, false, List.of());
    }
  }

  /** A gate's one call was handed in. */
  record GateOpened(Proposed call) implements RunCommand {}

  /** The rules were asked about a proposed call. */
  record Judged(ToolCallId call, Judgement judgement) implements RunCommand {}

  /** What became of a proposed call. */
  sealed interface Judgement {
    record Refuse(BodyRef result, String code) implements Judgement {}

    record Deny(BodyRef result, String rule, @Nullable Digest repeat) implements Judgement {
      /** Denied without a mark to know it again by. */
      public Deny(BodyRef result, String rule) {
        this(result, rule, null);
      }
    }

    record Allow(ToolCall.Bound bound, String rule, boolean audited) implements Judgement {}

    record Gate(ToolCall.Bound bound, String rule) implements Judgement {}
  }

  /** The requirement of a gated call was closed with a yes. */
  record Approved(ToolCallId call, int version, @Nullable BodyRef note) implements RunCommand {
    /** A yes without a note to the model. */
    public Approved(ToolCallId call, int version) {
      this(call, version, null);
    }
  }

  /** A person changed the arguments of a gated call. */
  record Edited(ToolCallId call, ToolCall.Bound bound, int version, String by)
      implements RunCommand {}

  /** A person who decides a gated call asked the agent back. */
  record AskBack(ToolCallId call, BodyRef question, String by, Instant at, int version)
      implements RunCommand {}

  /**
   * The agent answered what it was asked back, or could not.
   *
   * @param rounds how many rounds it had been told of
   */
  record AnswerBack(ToolCallId call, int rounds, TokenUse use, ToolCall.RoundAnswer answer)
      implements RunCommand {}

  /** A person answered the model instead of letting the call run. */
  record Responded(ToolCallId call, int version, BodyRef result) implements RunCommand {}

  /** The requirement of a gated call was closed otherwise. */
  record NotApproved(ToolCallId call, int version, RequirementStatus how, BodyRef result)
      implements RunCommand {}

  /** The executor's check found that people must be asked (again). */
  record AskAgain(ToolCallId call, ToolCall.Bound bound, String rule) implements RunCommand {}

  /** The executor's check found a rule that forbids the call now. */
  record DenyNow(ToolCallId call, BodyRef result, String rule) implements RunCommand {}

  /** The executor's check found the approval too old. */
  record TooOld(ToolCallId call, BodyRef result) implements RunCommand {}

  /** The approval was taken back. */
  record Revoke(ToolCallId call, BodyRef result) implements RunCommand {}

  /** The check passed on a standing permission. */
  record UseGrant(ToolCallId call, GrantId grant) implements RunCommand {}

  /** The check passed: execute. */
  record StartAttempt(ToolCallId call, Instant until) implements RunCommand {}

  /** The body came back with a result. */
  record Succeeded(ToolCallId call, int attempt, BodyRef result) implements RunCommand {}

  /** The body surely did not do anything, or says itself what failed. */
  record FailedFor(ToolCallId call, int attempt, BodyRef result, String code)
      implements RunCommand {}

  /** Nobody can tell what the attempt did. {@code result} tells the model, if it must go on. */
  record OutcomeUnknown(ToolCallId call, int attempt, BodyRef result, BodyRef why)
      implements RunCommand {}

  /**
   * The call waits: its body asked and was unwound, or it takes fields, or is carried out outside.
   */
  record Suspended(
      ToolCallId call,
      int attempt,
      RequirementId requirement,
      RequirementKind kind,
      @Nullable Digest question,
      @Nullable BodyRef held)
      implements RunCommand {
    /** The body asked a question. */
    public Suspended(ToolCallId call, int attempt, RequirementId requirement) {
      this(call, attempt, requirement, RequirementKind.USER_INPUT, null, null);
    }
  }

  /** What a suspended call asked was closed. */
  record Answered(
      ToolCallId call, RequirementId requirement, Verdict verdict, @Nullable BodyRef value)
      implements RunCommand {}

  /** Another agent carries a cleared call out. */
  record StartChild(ToolCallId call, RunId child) implements RunCommand {}

  /** A body begins with a step that changes something outside. */
  record StartStep(ToolCallId call, int attempt, String name) implements RunCommand {}

  /** A body has done a step. */
  record EndStep(ToolCallId call, int attempt, String name, BodyRef result) implements RunCommand {}

  /** A person said something. */
  record Say(BodyRef message) implements RunCommand {}

  /** Tools changed what they share. */
  record SetVariables(BodyRef variables) implements RunCommand {}

  /** A person let the answer count, as it is or in their own words. */
  record AcceptAnswer(RequirementId requirement, BodyRef output) implements RunCommand {}

  /** A person wants the answer made anew. */
  record AskChanges(RequirementId requirement, BodyRef message) implements RunCommand {}

  /** A person found out what became of an attempt in doubt. */
  record Reconciled(ToolCallId call, int attempt, Verdict verdict, BodyRef result)
      implements RunCommand {}

  /** Somebody wants the run to end. */
  record Cancel(String by) implements RunCommand {}

  /** Close what a cancelled run left open; a result message for each of its unsettled calls. */
  record Close(Map<ToolCallId, BodyRef> results) implements RunCommand {}

  /** A gate's call is settled. */
  record CompleteGate() implements RunCommand {}

  /** The run cannot go on; a result message for each of its unsettled calls. */
  record Fail(String code, BodyRef message, Map<ToolCallId, BodyRef> results)
      implements RunCommand {}

  /** The call that a command is about, if it is about one. */
  default @Nullable ToolCallId about() {
    return switch (this) {
      case ModelReplied c -> null;
      case GateOpened c -> null;
      case Judged c -> c.call();
      case Approved c -> c.call();
      case NotApproved c -> c.call();
      case AskAgain c -> c.call();
      case DenyNow c -> c.call();
      case TooOld c -> c.call();
      case Revoke c -> c.call();
      case UseGrant c -> c.call();
      case StartAttempt c -> c.call();
      case Succeeded c -> c.call();
      case FailedFor c -> c.call();
      case OutcomeUnknown c -> c.call();
      case Suspended c -> c.call();
      case Edited c -> c.call();
      case AskBack c -> c.call();
      case AnswerBack c -> c.call();
      case Responded c -> c.call();
      case Answered c -> c.call();
      case StartChild c -> c.call();
      case StartStep c -> c.call();
      case EndStep c -> c.call();
      case Say c -> null;
      case SetVariables c -> null;
      case AcceptAnswer c -> null;
      case AskChanges c -> null;
      case Reconciled c -> c.call();
      case Cancel c -> null;
      case Close c -> null;
      case CompleteGate c -> null;
      case Fail c -> null;
    };
  }
}
