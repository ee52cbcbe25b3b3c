package dev.assent.core;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the interpreter tells a run. Immutable; every body is stored in the same transaction. */
public sealed interface RunCommand {

  /** A call as the model wrote it. */
  record Proposed(String providerId, String tool) {}

  /** The model replied with calls, or with its final answer if there are none. */
  record ModelReplied(BodyRef message, TokenUse use, List<Proposed> calls) implements RunCommand {}

  /** A gate's one call was handed in. */
  record GateOpened(Proposed call) implements RunCommand {}

  /** The rules were asked about a proposed call. */
  record Judged(ToolCallId call, Judgement judgement) implements RunCommand {}

  /** What became of a proposed call. */
  sealed interface Judgement {
    record Refuse(BodyRef result, String code) implements Judgement {}

    record Deny(BodyRef result, String rule) implements Judgement {}

    record Allow(ToolCall.Bound bound, String rule, boolean audited) implements Judgement {}

    record Gate(ToolCall.Bound bound, String rule) implements Judgement {}
  }

  /** The requirement of a gated call was closed with a yes. */
  record Approved(ToolCallId call, int version) implements RunCommand {}

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

  /** The body asked a person and was unwound. */
  record Suspended(ToolCallId call, int attempt, RequirementId requirement) implements RunCommand {}

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
      case StartAttempt c -> c.call();
      case Succeeded c -> c.call();
      case FailedFor c -> c.call();
      case OutcomeUnknown c -> c.call();
      case Suspended c -> c.call();
      case Reconciled c -> c.call();
      case Cancel c -> null;
      case Close c -> null;
      case CompleteGate c -> null;
      case Fail c -> null;
    };
  }
}
