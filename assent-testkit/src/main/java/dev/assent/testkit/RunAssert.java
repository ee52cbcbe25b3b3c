package dev.assent.testkit;

import dev.assent.core.RunEvent;
import dev.assent.core.RunStatus;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ListAssert;

/** Assertions about a run at one moment; each that fails shows the whole run. Not thread-safe. */
public final class RunAssert extends AbstractAssert<RunAssert, SeenRun> {
  RunAssert(SeenRun run) {
    super(run, RunAssert.class);
  }

  /** It stands there. */
  public RunAssert is(RunStatus status) {
    return holds(actual.status() == status, "to be " + status);
  }

  /** It waits for somebody. */
  public RunAssert isPaused() {
    return is(RunStatus.PAUSED);
  }

  /** It waits for answers about calls of exactly these tools, in the order of the calls. */
  public RunAssert isPausedFor(String... tools) {
    List<String> waiting =
        actual.calls().stream().filter(call -> call.status().waits()).map(SeenCall::tool).toList();
    return isPaused().holds(waiting.equals(List.of(tools)), "to wait for " + Arrays.asList(tools));
  }

  /** It ended with an answer. */
  public RunAssert isCompleted() {
    return is(RunStatus.COMPLETED);
  }

  /** It ended with this answer. */
  public RunAssert completedWith(String output) {
    return isCompleted().holds(output.equals(actual.output()), "to answer: " + output);
  }

  /** It ended with this error. */
  public RunAssert failedWith(String code) {
    return is(RunStatus.FAILED).holds(code.equals(actual.code()), "to fail with " + code);
  }

  /** Somebody cancelled it. */
  public RunAssert isCancelled() {
    return is(RunStatus.CANCELLED);
  }

  /** The model called exactly these tools, in this order. */
  public RunAssert calls(String... tools) {
    return holds(
        actual.calls().stream().map(SeenCall::tool).toList().equals(List.of(tools)),
        "to call " + Arrays.asList(tools));
  }

  /**
   * One call of this tool succeeded, and no other of it may have happened. A repeat of an
   * idempotent call under its key is the same call.
   */
  public RunAssert executedOnce(String tool) {
    List<SeenCall> may = mayHaveHappened(tool);
    return holds(
        may.size() == 1 && may.getFirst().status() == dev.assent.core.CallStatus.SUCCEEDED,
        "to execute " + tool + " once");
  }

  /** No call of this tool may have happened; it may have been proposed. */
  public RunAssert neverExecuted(String tool) {
    return holds(mayHaveHappened(tool).isEmpty(), "never to execute " + tool);
  }

  private List<SeenCall> mayHaveHappened(String tool) {
    return actual.callsOf(tool).stream().filter(SeenCall::mayHaveHappened).toList();
  }

  /** The model was told this as the result of a call of this tool. */
  public RunAssert told(String tool, String result) {
    return holds(
        actual.callsOf(tool).stream().anyMatch(call -> result.equals(call.result())),
        "to tell the model about " + tool + ": " + result);
  }

  /** All of this is expected. */
  public RunAssert meets(Expectation... expectations) {
    for (Expectation each : expectations) {
      each.check(actual);
    }
    return this;
  }

  /** What happened, oldest first, for AssertJ's assertions on lists. */
  public ListAssert<RunEvent> events() {
    return Assertions.assertThat(actual.events()).as("events of %s", actual);
  }

  private RunAssert holds(boolean holds, String expected) {
    if (!holds) {
      failWithMessage("%nExpected this run %s:%n%s", expected, Objects.toString(actual));
    }
    return this;
  }
}
