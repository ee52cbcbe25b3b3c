package dev.assent.runtime;

import dev.assent.core.CallStatus;
import dev.assent.core.GrantId;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.RunId;
import dev.assent.core.TokenUse;
import dev.assent.core.ToolCallId;
import dev.assent.core.Verdict;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a reader of a run gets to know, in order. Immutable; its texts are hostile. Kinds and
 * members are only ever added.
 *
 * <p>{@link Durable} ones are computed from the journal: whoever reads them again gets the same,
 * under the same id. A {@link TextDelta} is gone when it was not read; the {@link Replied} after it
 * holds the whole text.
 */
public sealed interface RunUpdate {
  /** The run it is about. */
  RunId run();

  /** Whose run it is: the name of the agent. */
  String agent();

  /**
   * A piece of what the model is saying.
   *
   * @param offset where in the text it begins, in UTF-16 units; at 0 the text begins anew: what was
   *     said before in this turn does not count
   */
  record TextDelta(RunId run, String agent, int offset, String text) implements RunUpdate {}

  /** Where, when and whose. Immutable. */
  record Mark(UpdateId id, RunId run, String agent, Instant at) {}

  /** Something that is stored and stays. */
  sealed interface Durable extends RunUpdate {
    /** Where, when and whose. */
    Mark mark();

    /** Its place; reading goes on after it. */
    default UpdateId id() {
      return mark().id();
    }

    @Override
    default RunId run() {
      return mark().run();
    }

    @Override
    default String agent() {
      return mark().agent();
    }
  }

  /** Something about one tool call. {@code tool} is the name that the model wrote. */
  sealed interface OfCall extends Durable {
    /** The call. */
    ToolCallId call();

    /** The tool it is for. */
    String tool();
  }

  /** The run exists. {@code message} is absent for a gate, which has no conversation. */
  record Started(Mark mark, String session, @Nullable String message) implements Durable {}

  /** The model replied with this whole text; its calls follow. */
  record Replied(Mark mark, String text, TokenUse use) implements Durable {}

  /** The model asked for a call. {@code arguments} are as it wrote them, not yet looked at. */
  record ToolCallProposed(Mark mark, ToolCallId call, String tool, String arguments)
      implements OfCall {}

  /** Somebody was asked about the call; the requirement is stored. */
  record Asked(
      Mark mark, ToolCallId call, String tool, RequirementId requirement, RequirementKind kind)
      implements OfCall {}

  /** The call can go on: people said so, or without a requirement, a rule did. */
  record ToolCallCleared(
      Mark mark, ToolCallId call, String tool, @Nullable RequirementId requirement)
      implements OfCall {}

  /**
   * From here on the call may have happened. A {@code READ_ONLY} call writes no intent: only its
   * end is told.
   *
   * @param attempt counts from 1
   */
  record ToolCallStarted(Mark mark, ToolCallId call, String tool, int attempt) implements OfCall {}

  /**
   * The call has its one result, whether it was executed or not.
   *
   * @param status how it ended
   * @param result what the model is told
   * @param code stable name of the error; absent when it succeeded
   */
  record ToolCallCompleted(
      Mark mark,
      ToolCallId call,
      String tool,
      CallStatus status,
      String result,
      @Nullable String code)
      implements OfCall {}

  /** Somebody changed the arguments of a waiting call: another version is to be decided. */
  record Edited(Mark mark, ToolCallId call, String tool, int version, String by)
      implements OfCall {}

  /** Somebody who decides the call asked the agent back. */
  record AskedBack(Mark mark, ToolCallId call, String tool, String by) implements OfCall {}

  /** The agent answered that, or could not; {@code changed} when it changed the arguments. */
  record AnsweredBack(Mark mark, ToolCallId call, String tool, boolean changed) implements OfCall {}

  /** What a suspended call asked was closed. */
  record Answered(
      Mark mark, ToolCallId call, String tool, RequirementId requirement, Verdict verdict)
      implements OfCall {}

  /** Another agent carries the call out, in a run of its own. */
  record HandedOver(Mark mark, ToolCallId call, String tool, RunId child) implements OfCall {}

  /** The call runs on a standing permission that a person gave before. */
  record Granted(Mark mark, ToolCallId call, String tool, GrantId grant) implements OfCall {}

  /** A body began with a step, or has done it. */
  record Stepped(Mark mark, ToolCallId call, String tool, String name, boolean done)
      implements OfCall {}

  /** A person said something while the run was under way. */
  record Said(Mark mark, String text) implements Durable {}

  /** Tools changed what they share. */
  record VariablesSet(Mark mark) implements Durable {}

  /** The answer waits for a person's look; {@code round} counts from 1. */
  record AnswerHeld(Mark mark, RequirementId requirement, String text, int round)
      implements Durable {}

  /** The run can only wait, for all of these; told again when some of it was answered. */
  record Paused(Mark mark, List<Waiting> requirements) implements Durable {
    public Paused {
      requirements = List.copyOf(requirements);
    }
  }

  /** What a paused run waits for. Immutable. */
  record Waiting(RequirementId requirement, RequirementKind kind, ToolCallId call, String tool) {}

  /** The run that was paused goes on. */
  record Continued(Mark mark) implements Durable {}

  /** Somebody wants the run to end. */
  record CancelAsked(Mark mark, String by) implements Durable {}

  /** The run ended with this answer; of a gate: the result of its call. */
  record Completed(Mark mark, String output) implements Durable {}

  /** The run ended with an error. {@code code} is stable. */
  record Failed(Mark mark, String code, String message) implements Durable {}

  /** The run ended because somebody wanted it to. */
  record Cancelled(Mark mark) implements Durable {}
}
