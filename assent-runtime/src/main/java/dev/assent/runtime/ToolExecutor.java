package dev.assent.runtime;

import dev.assent.core.Body;
import dev.assent.core.CallStatus;
import dev.assent.core.ExecutionCheck;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RunMachine;
import dev.assent.core.RunState;
import dev.assent.core.SignedDecision;
import dev.assent.core.ToolCall;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place that lets a tool run. Thread-safe.
 *
 * <p>{@link #check} gathers what {@link ExecutionCheck} looks at; only what it returns can be
 * handed to {@link #execute}, and nothing else in the program calls a {@link ToolBody}.
 */
final class ToolExecutor {
  private static final Logger LOG = LoggerFactory.getLogger(ToolExecutor.class);

  private final Engine engine;
  private final Judge judge;

  ToolExecutor(Engine engine, Judge judge) {
    this.engine = engine;
    this.judge = judge;
  }

  /** A call that has just been checked; the key to {@link #execute}. */
  static final class Checked {
    private final ToolCall call;
    private final @Nullable ToolBinding tool;
    private final JsonObject arguments;
    private final @Nullable Requirement requirement;
    private final ExecutionCheck.Result result;
    private final ExecutionCheck asked;

    private Checked(
        ToolCall call,
        @Nullable ToolBinding tool,
        JsonObject arguments,
        @Nullable Requirement requirement,
        ExecutionCheck.Result result,
        ExecutionCheck asked) {
      this.call = call;
      this.tool = tool;
      this.arguments = arguments;
      this.requirement = requirement;
      this.result = result;
      this.asked = asked;
    }

    ExecutionCheck.Result result() {
      return result;
    }

    ToolCall call() {
      return call;
    }

    @Nullable Requirement requirement() {
      return requirement;
    }

    /** The call bound anew, to the tool as it is now. */
    ToolCall.Bound rebound(Judge judge, int version) {
      ToolCall.Bound bound = call.mustBeBound();
      ToolBinding now = Objects.requireNonNull(tool);
      return new ToolCall.Bound(
          now.spec().fingerprint(),
          bound.arguments(),
          asked.subject(now.spec().fingerprint()).digest(version),
          now.spec().effect(),
          now.spec().independent(),
          judge.effectKey(now.spec(), arguments));
    }
  }

  /** What came of an execution. */
  sealed interface Outcome {
    /** The body returned. */
    record Returned(String text) implements Outcome {}

    /** The body surely did nothing. */
    record DidNothing(String message) implements Outcome {}

    /** Nobody can tell what the body did. */
    record Unknown(String message) implements Outcome {}
  }

  /**
   * Checks a cleared call just before its effect.
   *
   * @param arguments as they are stored
   * @param read the call's approval if it has just been read; the intent expects it unchanged
   */
  Checked check(
      Agent agent,
      RunState run,
      String requester,
      ToolCall call,
      Body arguments,
      @Nullable Requirement read) {
    ToolBinding tool = agent.tool(call.tool()).orElse(null);
    JsonObject parsed =
        arguments.ref().equals(call.mustBeBound().arguments())
            ? (JsonObject) Json.parse(arguments.content())
            : JsonObject.empty();
    RequirementId approval = call.requirement();
    Requirement requirement = read;
    List<SignedDecision> decisions = List.of();
    if (approval != null) {
      if (requirement == null) {
        requirement = engine.store().requirement(engine.tenant(), approval).orElse(null);
      }
      decisions = engine.store().decisions(engine.tenant(), approval);
    }
    List<SignedDecision> doubts =
        call.attempts() == 0
            ? List.of()
            : engine
                .store()
                .decisions(
                    engine.tenant(), RunMachine.reconciliationOf(run, call.id(), call.attempts()));
    PolicyOutcome policy;
    RuntimeException failed = null;
    try {
      policy =
          tool == null
              ? new PolicyOutcome.Deny("tool", "the tool is gone")
              : judge.rulesNow(run, requester, agent, tool.spec(), parsed);
    } catch (RuntimeException e) {
      failed = e;
      policy = new PolicyOutcome.Deny("policy", "the rules cannot be asked");
    }
    ExecutionCheck check =
        new ExecutionCheck(
            engine.tenant(),
            run.id(),
            requester,
            call,
            tool == null ? null : tool.spec(),
            arguments,
            policy,
            requirement,
            decisions,
            doubts,
            engine.store().keys(),
            engine.authority(),
            engine.store().now());
    ExecutionCheck.Result result = check.check();
    if (failed != null && !(result instanceof ExecutionCheck.Result.Halt)) {
      LOG.warn("A policy failed on {} of run {}; the call waits", call.id(), run.id(), failed);
      result = new ExecutionCheck.Result.Later("the rules cannot be asked: " + message(failed));
    }
    return new Checked(call, tool, parsed, requirement, result, check);
  }

  /** Runs the body, on the caller's thread; the intent must be durable. */
  Outcome execute(Checked checked, ToolContext context) {
    if (!(checked.result instanceof ExecutionCheck.Result.Go)
        || checked.tool == null
        || !(checked.call.status() == CallStatus.APPROVED
            || checked.call.status() == CallStatus.ALLOWED
            || checked.call.status() == CallStatus.EXECUTING)) {
      throw new IllegalStateException("tool call " + checked.call.id() + " did not pass the check");
    }
    try {
      String told = checked.tool.body().run(context, checked.arguments);
      return new Outcome.Returned(Objects.requireNonNullElse(told, "done"));
    } catch (NotExecutedException e) {
      return new Outcome.DidNothing(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      return new Outcome.Unknown("the execution was interrupted");
    } catch (Exception | StackOverflowError | AssertionError | LinkageError e) {
      return new Outcome.Unknown(message(e));
    }
  }

  private static String message(Throwable e) {
    return e.getMessage() == null
        ? e.getClass().getSimpleName()
        : e.getClass().getSimpleName() + ": " + e.getMessage();
  }
}
