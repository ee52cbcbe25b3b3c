package dev.assent.testkit;

import static dev.assent.testkit.AssentAssertions.assertThatRun;
import static dev.assent.testkit.AssentAssertions.expectTool;
import static dev.assent.testkit.AssentAssertions.expectToolNotUsed;
import static dev.assent.testkit.ScriptedModel.call;
import static dev.assent.testkit.ScriptedPerson.argument;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.CallStatus;
import dev.assent.core.JsonNumber;
import dev.assent.core.JsonString;
import dev.assent.core.RunEvent;
import dev.assent.core.RunStatus;
import dev.assent.core.ToolCallId;
import dev.assent.core.spi.Store;
import dev.assent.runtime.Assent;
import dev.assent.runtime.InMemoryStore;
import dev.assent.runtime.NotExecutedException;
import dev.assent.runtime.RunResult;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each assertion is seen to hold and to fail. */
@Timeout(30)
class RunAssertTest {
  private Office office;
  private RunResult paused;

  @BeforeEach
  void aRunThatLooksAndPaysTwice() {
    office =
        new Office(
            ScriptedModel.byTurn()
                .calls(call("look", Map.of("what", "sky")))
                .calls(
                    call("pay", Map.of("invoice", "17", "amount", 12_000)),
                    call("pay", Map.of("invoice", "18", "amount", 5)),
                    call("nope", "{"))
                .says("Done."));
    office.ann.rejects("pay", argument("invoice", "18"), "not ours").approves("pay");
    paused = office.run();
  }

  @AfterEach
  void close() {
    office.close();
  }

  private RunResult ended() {
    office.ann.answerAll(office.assent, paused.run());
    return office.assent.resume(paused.run());
  }

  /** The error shows what was expected and the whole run. */
  private static void bites(SeenRun run, String says, Consumer<RunAssert> assertion) {
    assertThatThrownBy(() -> assertion.accept(assertThatRun(run)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(says)
        .hasMessageContaining("run " + run.id() + " is " + run.status());
  }

  @Test
  void statusOfAPausedRun() {
    assertThatRun(office.assent, paused).isPaused().isPausedFor("pay", "pay");

    SeenRun run = SeenRun.of(office.assent, paused.run());
    bites(run, "to wait for [pay]", it -> it.isPausedFor("pay"));
    bites(run, "to be COMPLETED", RunAssert::isCompleted);
    bites(run, "to be COMPLETED", it -> it.completedWith("Done."));
    bites(run, "to be FAILED", it -> it.failedWith("x"));
    bites(run, "to be CANCELLED", RunAssert::isCancelled);
    bites(run, "to be RUNNING", it -> it.is(RunStatus.RUNNING));
    assertThat(run.waitsFor()).hasSize(2);
  }

  @Test
  void answerAndCallsOfACompletedRun() {
    assertThatRun(office.assent, ended())
        .isCompleted()
        .completedWith("Done.")
        .calls("look", "pay", "pay", "nope")
        .executedOnce("pay")
        .executedOnce("look")
        .neverExecuted("nope")
        .told("look", "seen sky");

    SeenRun run = SeenRun.of(office.assent, paused.run());
    bites(run, "to be PAUSED", RunAssert::isPaused);
    bites(run, "to answer: Other.", it -> it.completedWith("Other."));
    bites(run, "to call [look]", it -> it.calls("look"));
    bites(run, "to call [pay, look, pay, nope]", it -> it.calls("pay", "look", "pay", "nope"));
    bites(run, "to execute nope once", it -> it.executedOnce("nope"));
    bites(run, "never to execute pay", it -> it.neverExecuted("pay"));
    bites(run, "to tell the model about look: x", it -> it.told("look", "x"));
  }

  @Test
  void whatWasExecutedTwiceOrIsInDoubtWasNotExecutedOnce() {
    office.breaks = true;
    ended();

    SeenRun doubt = SeenRun.of(office.assent, paused.run());
    bites(doubt, "to execute pay once", it -> it.executedOnce("pay"));
    bites(doubt, "never to execute pay", it -> it.neverExecuted("pay"));
    assertThatRun(doubt).isPausedFor("pay");
    SeenCall done = seen(CallStatus.SUCCEEDED, 1, null);
    SeenRun twice = run(done, done);
    bites(twice, "to execute pay once", it -> it.executedOnce("pay"));
  }

  @Test
  void aFailureCountsAsDoneUnlessItIsKnownThatItDidNothing() {
    String known = new NotExecutedException("no").code();

    assertThat(seen(CallStatus.FAILED, 1, null).mayHaveHappened()).isTrue();
    assertThat(seen(CallStatus.FAILED, 1, known).mayHaveHappened()).isFalse();
    assertThat(seen(CallStatus.FAILED, 0, null).mayHaveHappened()).isFalse();
    assertThat(seen(CallStatus.GATED, 0, null).mayHaveHappened()).isFalse();
    assertThat(seen(CallStatus.REJECTED, 0, null).mayHaveHappened()).isFalse();
  }

  private static SeenCall seen(CallStatus status, int attempts, String code) {
    return new SeenCall(new ToolCallId("c1"), "pay", status, attempts, "{}", "told", code);
  }

  private SeenRun run(SeenCall... calls) {
    return new SeenRun(
        paused.run(), RunStatus.COMPLETED, "", null, List.of(calls), List.of(), List.of());
  }

  @Test
  void failedAndCancelledRuns() {
    office.assent.cancel(paused.run(), "ann");
    assertThatRun(office.assent, office.assent.resume(paused.run())).isCancelled();
    try (Office silent = new Office(ScriptedModel.inOrder())) {
      RunResult end = silent.run();
      assertThatRun(silent.assent, end).failedWith("model-failed");
      bites(SeenRun.of(silent.assent, end.run()), "fail with x", it -> it.failedWith("x"));
    }
  }

  @Test
  void eventsAreSeenInOrder() {
    assertThatRun(office.assent, ended())
        .events()
        .hasAtLeastOneElementOfType(RunEvent.CallRejected.class)
        .endsWith(
            office
                .assent
                .store()
                .journal("main", paused.run(), 0, 100)
                .getLast()
                .events()
                .getLast());
    assertThatThrownBy(() -> assertThatRun(office.assent, paused).events().isEmpty())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("events of run");
  }

  @Test
  void expectedTools() {
    ended();
    SeenRun run = SeenRun.of(office.assent, paused.run());

    assertThatRun(run)
        .meets(
            expectTool("look"),
            expectTool("pay").times(2),
            expectTool("pay").with("amount", 12_000).succeeded().times(1),
            expectTool("pay").with("amount", 5L).rejected(),
            expectTool("pay").where("invoice", json -> json instanceof JsonString).times(2),
            expectTool("pay").without("memo"),
            expectTool("nope").that(CallStatus.REFUSED),
            expectToolNotUsed("wire_money"));
    bites(run, "a call of wire_money, found 0", it -> it.meets(expectTool("wire_money")));
    bites(run, "a call of pay, 1 times, found 2", it -> it.meets(expectTool("pay").times(1)));
    bites(run, "with amount=6", it -> it.meets(expectTool("pay").with("amount", 6)));
    bites(run, "with memo=null", it -> it.meets(expectTool("pay").with("memo", null)));
    bites(
        run,
        "with a certain invoice",
        it -> it.meets(expectTool("pay").where("invoice", json -> json instanceof JsonNumber)));
    bites(run, "without invoice", it -> it.meets(expectTool("pay").without("invoice")));
    bites(run, "that is SUCCEEDED", it -> it.meets(expectTool("nope").succeeded()));
    bites(run, "that is REJECTED", it -> it.meets(expectTool("look").rejected()));
    bites(run, "a call of nope, 0 times, found 1", it -> it.meets(expectToolNotUsed("nope")));
  }

  @Test
  void anIntactRunIsIntactAndAChangedOneIsNot() {
    ended();
    AssentAssertions.assertIntact(office.assent, paused.run());

    bitesIntact("is not its snapshot", "journal", all -> all.subList(0, all.size() - 1));
    bitesIntact("audit log is not intact", "audit", all -> all.subList(1, all.size()));
  }

  /** On a store that gives back less than was written. */
  private void bitesIntact(String says, String method, UnaryOperator<List<?>> less) {
    Store forgetful =
        (Store)
            Proxy.newProxyInstance(
                Store.class.getClassLoader(),
                new Class<?>[] {Store.class},
                (proxy, called, arguments) -> {
                  Object result =
                      InMemoryStore.class
                          .getMethod(called.getName(), called.getParameterTypes())
                          .invoke(office.store, arguments);
                  return called.getName().equals(method) ? less.apply((List<?>) result) : result;
                });
    try (Assent assent = Assent.on(forgetful).start()) {
      assertThatThrownBy(() -> AssentAssertions.assertIntact(assent, paused.run()))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining(says);
    }
  }
}
