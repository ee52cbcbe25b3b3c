package dev.assent.scenarios;

import static dev.assent.scenarios.World.pay;
import static dev.assent.testkit.ScriptedModel.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.CallStatus;
import dev.assent.core.Decision;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.Message;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.Risk;
import dev.assent.core.RunEvent;
import dev.assent.core.RunId;
import dev.assent.core.RunStatus;
import dev.assent.core.SignedDecision;
import dev.assent.core.Threshold;
import dev.assent.core.Verdict;
import dev.assent.core.spi.ModelException;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.StoreException;
import dev.assent.core.spi.Write;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.Change;
import dev.assent.runtime.NotExecutedException;
import dev.assent.runtime.RunRequest;
import dev.assent.runtime.RunResult;
import dev.assent.testkit.CrashPoint;
import dev.assent.testkit.CrashingStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** At most once: crashes, two processes, doubt, and errors at the wrong moment. */
@ParameterizedClass
@EnumSource(World.Kept.class)
@Timeout(60)
class RecoveryTest {
  @Parameter World.Kept kept;
  @TempDir Path folder;
  private World world;
  private Duration crashTime = World.LONG;

  @BeforeEach
  void begin() {
    world = new World(kept, folder);
  }

  @AfterEach
  void end() {
    world.close();
  }

  /** The process dies as soon as the tool has had its effect; another one follows. */
  private RunId diesAfterTheEffect(String tool, String arguments, boolean approval) {
    world.assent.close();
    CrashingStore crashing = CrashingStore.around(world.store);
    world.assent = world.start(crashing.store());
    CountDownLatch hit = new CountDownLatch(1);
    world.afterEffect =
        context -> {
          crashing.die();
          hit.countDown();
        };
    world.model.calls(call("x", tool, arguments));
    RunId run = world.assent.submit(RunRequest.of("bot", "go"));
    if (approval) {
      world.assent.resume(run);
      world.approve(run, tool);
    }
    await(hit);
    world.afterEffect = context -> {};
    world.restartAfter(crashTime);
    return run;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Nested
  class Crashes {

    @Test
    @Tag("X9")
    @DisplayName("after a crash between effect and result an approved call is in doubt")
    void anApprovedCallIsInDoubt() {
      RunId run =
          diesAfterTheEffect("pay", "{\"invoice\":\"17\",\"amount\":1,\"vendor\":\"A\"}", true);

      world.assent.resume(run);
      assertThat(world.call(run, "pay").status()).isEqualTo(CallStatus.IN_DOUBT);
      assertThat(world.ledger).containsExactly("pay 17 1 A");
      world.model.says("done");
      world.reconcile(run, "pay", Verdict.HAPPENED, "receipt 5");
      RunResult end = world.assent.resume(run);

      assertThat(end.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(world.model.lastHeard().getLast().text()).isEqualTo("receipt 5");
      assertThat(world.ledger).hasSize(1);
      world.checkInvariants(run);
    }

    @Test
    @Tag("X9")
    @DisplayName("before its time limit nobody says that it is lost")
    void doubtOpensAfterTheTimeLimit() {
      world.assent.close();
      CrashingStore crashing = CrashingStore.around(world.store);
      world.assent = world.start(crashing.store());
      CountDownLatch hit = new CountDownLatch(1);
      world.afterEffect =
          context -> {
            crashing.die();
            hit.countDown();
          };
      world.model.calls(call("x", "letter", "{\"to\":\"bob\"}"));
      RunResult.Paused paused = world.pauses("write");
      world.approve(paused.run(), "letter");
      await(hit);
      world.afterEffect = context -> {};
      world.stop();
      world.clock.advance(Duration.ofSeconds(60).minusMillis(1));
      world.store = world.open();
      world.assent = world.start(world.store);

      world.assent.poll();
      world.assent.resume(paused.run(), Duration.ofMillis(1));
      assertThat(world.call(paused.run(), "letter").status()).isEqualTo(CallStatus.EXECUTING);
      world.clock.advance(World.LONG);
      world.assent.poll();
      world.assent.resume(paused.run());

      assertThat(world.call(paused.run(), "letter").status()).isEqualTo(CallStatus.IN_DOUBT);
    }

    @Test
    @Tag("X9")
    @DisplayName("a call that policy allowed fails with unknown outcome and is not repeated")
    void anAllowedCallFailsAndIsTold() {
      world.model.otherwise(
          request ->
              request.messages().getLast() instanceof Message.ToolResult result
                      && result.providerId().equals("again")
                  ? new Message.Assistant("done", List.of())
                  : new Message.Assistant("", List.of(call("again", "mail", "{\"to\":\"bob\"}"))));
      RunId run = diesAfterTheEffect("mail", "{\"to\":\"bob\"}", false);

      RunResult end = world.assent.resume(run);

      assertThat(end.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(world.ledger).containsExactly("mail bob");
      List<Message> heard = world.model.lastHeard();
      assertThat(heard.get(2).text()).contains("not known whether");
      assertThat(heard.getLast().text()).contains("unknown outcome");
    }

    @Test
    @Tag("X9")
    @DisplayName("an idempotent call is tried again under the same key")
    void anIdempotentCallIsTriedAgain() {
      world.model.otherwise(request -> new Message.Assistant("done", List.of()));
      RunId run = diesAfterTheEffect("book", "{\"room\":\"5\"}", true);

      world.assent.resume(run);

      assertThat(world.ledger).hasSize(2).containsOnly("book 5 " + run + "-c1");
      assertThat(world.state(run).status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    @Tag("X9")
    @DisplayName("after the window of its first attempt an idempotent call is in doubt too")
    void anIdempotentCallIsNotTriedForEver() {
      crashTime = Duration.ofMinutes(6);
      RunId run = diesAfterTheEffect("book", "{\"room\":\"5\"}", true);

      world.assent.resume(run);

      assertThat(world.call(run, "book").status()).isEqualTo(CallStatus.IN_DOUBT);
      assertThat(world.ledger).hasSize(1);
    }

    @Test
    @Tag("X9")
    @DisplayName("a call that only reads is simply read again")
    void aReadOnlyCallIsReadAgain() {
      // What only reads need not wait for the disk: its reply is lost too, and asked for again.
      world.model.otherwise(
          request ->
              request.messages().getLast() instanceof Message.User
                  ? new Message.Assistant("", List.of(call("x", "look", "{\"what\":\"sky\"}")))
                  : new Message.Assistant("done", List.of()));
      RunId run = diesAfterTheEffect("look", "{\"what\":\"sky\"}", false);

      assertThat(world.assent.resume(run).status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(world.ledger).containsExactly("look sky", "look sky");
    }

    @Test
    @Tag("X10")
    @DisplayName("a result is durable before the model is asked again")
    void theResultIsDurableBeforeTheModelIsAsked() {
      world.model.calls(call("m", "mail", "{\"to\":\"bob\"}"));
      for (int i = 0; i < 2; i++) {
        world.model.then(
            request -> {
              throw new ModelException("model-unavailable", "503", true, null, null);
            });
      }

      RunResult end = world.assent.run("bot", "Mail");

      assertThat(end)
          .isInstanceOfSatisfying(
              RunResult.Failed.class,
              failed -> assertThat(failed.code()).isEqualTo("model-unavailable"));
      assertThat(world.call(end.run(), "mail").status()).isEqualTo(CallStatus.SUCCEEDED);
      assertThat(world.model.requests().get(1).messages().getLast().text()).isEqualTo("mailed bob");
      assertThat(world.ledger).containsExactly("mail bob");
    }

    @Test
    @Tag("X10")
    @DisplayName("a crash while the model thinks loses no result and repeats no call")
    void aCrashWhileTheModelThinks() {
      world.assent.close();
      CrashingStore crashing = CrashingStore.around(world.store);
      world.assent = world.start(crashing.store());
      world.model.calls(call("m", "mail", "{\"to\":\"bob\"}"));
      world.model.then(
          request -> {
            crashing.die();
            return new Message.Assistant("lost", List.of());
          });
      RunId run = world.assent.submit(RunRequest.of("bot", "Mail"));
      assertThatThrownBy(() -> world.assent.resume(run)).isInstanceOf(StoreException.class);
      world.model.says("done");

      world.restart();
      RunResult end = world.assent.resume(run);

      assertThat(((RunResult.Completed) end).output()).isEqualTo("done");
      assertThat(world.model.lastHeard().getLast().text()).isEqualTo("mailed bob");
      assertThat(world.ledger).containsExactly("mail bob");
    }

    @Test
    @Tag("X21")
    @DisplayName("a pause that cannot be stored is an error, and nobody hears of it")
    void aPauseThatCannotBeStoredIsAnError() {
      List<Change> told = new CopyOnWriteArrayList<>();
      AtomicInteger asked = new AtomicInteger();
      world.assent.close();
      world.more =
          builder ->
              builder.responder(
                  (card, withdrawn) -> {
                    asked.incrementAndGet();
                    return Optional.empty();
                  });
      CrashingStore crashing = CrashingStore.around(world.store);
      world.assent = world.start(crashing.store());
      world.assent.onChange(
          change -> {
            if (change.kind() == Change.Kind.REQUIREMENT) {
              told.add(change);
            }
          });
      world.model.then(
          request -> {
            crashing.die();
            return new Message.Assistant("", List.of(pay("p1", "17", 10)));
          });

      assertThatThrownBy(() -> world.assent.run("bot", "Pay")).isInstanceOf(StoreException.class);

      assertThat(told).isEmpty();
      assertThat(asked).hasValue(0);
      assertThat(world.store.requirements(World.TENANT, Store.RequirementQuery.pending(9)).items())
          .isEmpty();
      assertThat(world.ledger).isEmpty();
    }

    @Test
    void aResultThatCouldNotBeWrittenAtOnceIsWrittenLater() {
      world.assent.close();
      CrashingStore crashing = CrashingStore.around(world.store);
      world.assent = world.start(crashing.store());
      world.afterEffect = context -> crashing.die();
      world.model.calls(call("x", "letter", "{\"to\":\"bob\"}"));
      world.model.says("done");
      RunResult.Paused paused = world.pauses("write");
      CountDownLatch failed = new CountDownLatch(1);
      crashing.onRefusal(failed::countDown);
      world.approve(paused.run(), "letter");
      await(failed);

      crashing.revive();
      while (world.state(paused.run()).end() == null) {
        world.clock.advance(Duration.ofSeconds(1));
        try {
          world.assent.resume(paused.run(), Duration.ofMillis(10));
        } catch (StoreException e) {
          continue; // of a try before the store came back
        }
      }

      assertThat(world.state(paused.run()).status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(world.model.lastHeard().getLast().text()).isEqualTo("sent to bob");
      assertThat(world.ledger).containsExactly("letter bob");
    }

    @Test
    @Tag("X33")
    @DisplayName("a decision outlives a process that could not go on with it")
    void aDecisionIsNotLost() {
      world.model.calls(pay("p1", "17", 10));
      world.model.says("done");
      RunResult.Paused paused = world.pauses("Pay");
      world.assent.close();
      CrashingStore crashing = CrashingStore.at(world.store, CrashPoint.after(1));
      world.assent = world.start(crashing.store());
      assertThatThrownBy(() -> world.approve(paused.run(), "pay"))
          .isInstanceOf(StoreException.class);

      world.restart();
      world.assent.poll();

      assertThat(world.assent.resume(paused.run()).status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(world.ledger).containsExactly("pay 17 10 Acme");
    }
  }

  @Nested
  class TwoProcesses {

    @Test
    @Tag("X8")
    @DisplayName("two processes that go on with one run execute its call once")
    void theCallRunsOnce() throws Exception {
      try (Assent other = world.start(world.store)) {
        for (int round = 0; round < 25; round++) {
          String invoice = "r" + round;
          world.model.calls(pay("p", invoice, 1));
          world.model.says("done");
          RunResult.Paused paused = world.pauses("Pay");
          Requirement open = paused.requirements().getFirst();
          CountDownLatch start = new CountDownLatch(1);
          List<Thread> threads = new ArrayList<>();
          for (Assent each : List.of(world.assent, other)) {
            threads.add(
                Thread.ofVirtual()
                    .start(
                        () -> {
                          await(start);
                          each.decide(
                              open.id(),
                              World.request(open, Verdict.APPROVE, null, "k" + each.hashCode()),
                              World.ADA);
                          each.poll();
                          each.resume(paused.run());
                        }));
          }
          start.countDown();
          for (Thread thread : threads) {
            thread.join();
          }

          assertThat(world.state(paused.run()).status()).isEqualTo(RunStatus.COMPLETED);
          assertThat(world.ledger).filteredOn(line -> line.contains(invoice + " ")).hasSize(1);
          world.checkInvariants(paused.run());
        }
      }
    }

    @Test
    @Tag("X8")
    @DisplayName("who lost the lease can report the attempt, and nothing else")
    void whoWakesUpLateReportsItsAttempt() {
      CountDownLatch inside = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      world.beforeEffect =
          context -> {
            inside.countDown();
            await(go);
          };
      world.model.calls(call("l", "letter", "{\"to\":\"bob\"}"));
      world.model.says("done");
      RunResult.Paused paused = world.pauses("Write");
      world.approve(paused.run(), "letter");
      await(inside);
      world.clock.advance(World.LONG);
      try (Assent other = world.start(world.store)) {
        other.poll();
        other.resume(paused.run());
        assertThat(world.call(paused.run(), "letter").status()).isEqualTo(CallStatus.IN_DOUBT);

        go.countDown();
        while (world.state(paused.run()).end() == null) {
          world.assent.resume(paused.run());
        }
      }

      assertThat(world.ledger).containsExactly("letter bob");
      assertThat(world.model.lastHeard().getLast().text()).isEqualTo("sent to bob");
      assertThat(world.store.requirements(World.TENANT, Store.RequirementQuery.pending(9)).items())
          .isEmpty();
      world.checkInvariants(paused.run());
    }
  }

  @Nested
  class Doubt {

    private RunId inDoubt() {
      world.afterEffect =
          context -> {
            throw new IllegalStateException("connection reset");
          };
      world.model.calls(pay("p1", "17", 10));
      RunResult.Paused paused = world.pauses("Pay");
      world.approve(paused.run(), "pay");
      world.assent.resume(paused.run());
      world.afterEffect = context -> {};
      return paused.run();
    }

    @Test
    @Tag("X66")
    @DisplayName("an exception after the effect is doubt, never tried again by itself")
    void anExceptionIsDoubt() {
      RunId run = inDoubt();

      world.restart();
      world.assent.poll();
      world.assent.resume(run);

      assertThat(world.call(run, "pay").status()).isEqualTo(CallStatus.IN_DOUBT);
      assertThat(world.ledger).hasSize(1);
    }

    @Test
    @Tag("X66")
    @DisplayName("only \"not executed\" is failure")
    void onlyNotExecutedIsFailure() {
      world.beforeEffect =
          context -> {
            throw new NotExecutedException("the bank is closed");
          };
      world.model.calls(pay("p1", "17", 10));
      world.model.calls(pay("p2", "17", 10));
      RunResult.Paused paused = world.pauses("Pay");
      world.approve(paused.run(), "pay");
      RunResult again = world.assent.resume(paused.run());

      assertThat(world.model.lastHeard().getLast().text()).contains("the bank is closed");
      assertThat(again.status()).isEqualTo(RunStatus.PAUSED);
      assertThat(world.ledger).isEmpty();
    }

    @Test
    @Tag("X65")
    @DisplayName("a call in doubt cannot be proposed again, by no run and no agent")
    void theEffectKeyBlocks() {
      RunId run = inDoubt();
      world.model.calls(pay("q1", "17", 10));
      world.model.says("ok");

      RunResult other = world.assent.run("bot", "Pay 17 in another conversation");

      assertThat(other.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(world.model.lastHeard().getLast().text())
          .contains("not known whether the same effect happened");
      assertThat(world.ledger).hasSize(1);
      assertThat(world.call(run, "pay").status()).isEqualTo(CallStatus.IN_DOUBT);
    }

    @Test
    @Tag("X65")
    @DisplayName("giving up keeps the effect refused, \"it did not happen\" frees it")
    void whatTheAnswerDoesToTheKey() {
      RunId run = inDoubt();
      world.model.calls(pay("p2", "17", 10));
      world.model.says("ok");

      world.reconcile(run, "pay", Verdict.GIVE_UP, null);
      RunResult end = world.assent.resume(run);

      assertThat(end.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(world.model.lastHeard().getLast().text()).contains("unknown outcome");
      assertThat(world.ledger).hasSize(1);
    }

    @Test
    void whatDidNotHappenRunsAgainOnTheSameApproval() {
      RunId run = inDoubt();
      world.ledger.clear();
      world.model.says("ok");

      world.reconcile(run, "pay", Verdict.DID_NOT_HAPPEN, null);

      assertThat(world.assent.resume(run).status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(world.ledger).containsExactly("pay 17 10 Acme");
      world.checkInvariants(run);
    }

    @Test
    void anAnswerAfterCancelSettlesTheCallAlsoInALaterProcess() {
      RunId run = inDoubt();
      world.assent.cancel(run, "ada");
      world.assent.resume(run);
      assertThat(world.state(run).status()).isEqualTo(RunStatus.CANCELLED);
      world.assent.close();
      world.assent = world.startWithoutAgent(world.store);
      assertThat(world.reconcile(run, "pay", Verdict.DID_NOT_HAPPEN, null))
          .isInstanceOf(DecisionOutcome.Recorded.class);

      world.restart();
      CountDownLatch seen = new CountDownLatch(1);
      world.assent.onChange(change -> seen.countDown());
      world.assent.poll();
      if (!world.call(run, "pay").status().settled()) {
        await(seen);
      }

      assertThat(world.call(run, "pay").status()).isEqualTo(CallStatus.FAILED);
      assertThat(world.ledger).hasSize(1);
      world.model.calls(pay("q", "17", 10));
      assertThat(world.assent.run("bot", "again").status()).isEqualTo(RunStatus.PAUSED);
    }

    @Test
    void aResultThatNobodyCanWriteDownIsStillAResult() {
      world.assent.close();
      world.assent =
          Assent.on(world.store)
              .answeredFromOutside()
              .operator(World.ADA)
              .register(
                  Agent.named("bot")
                      .model(world.model)
                      .tools(
                          OddTools.tool("nothing", null),
                          OddTools.tool("half", "half \ud800 of it"))
                      .build())
              .start();
      world.model.calls(call("1", "nothing", "{}"), call("2", "half", "{}"));
      world.model.says("done");

      RunResult end = world.assent.run("bot", "go");

      assertThat(end.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(world.model.lastHeard().subList(2, 4))
          .extracting(Message::text)
          .containsExactly("done", "half \uFFFD of it");
    }
  }

  @Nested
  class Order {

    @Test
    void aRunDoesNotFailWhileACallStillExecutes() throws Exception {
      CountDownLatch inside = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      world.model.calls(pay("p1", "17", 10), pay("p2", "18", 10), pay("p3", "19", 10));
      RunResult.Paused paused = world.pauses("Pay all");
      world.beforeEffect =
          context -> {
            inside.countDown();
            await(go);
          };
      world.says(paused.requirements().getFirst(), Verdict.APPROVE, null);
      await(inside);
      Requirement second =
          world.store.requirement(World.TENANT, paused.requirements().get(1).id()).orElseThrow();
      // Somebody who can write the database approves the other one.
      world.store.commit(
          World.TENANT,
          List.of(
              new Write.NewDecision(
                  new SignedDecision(
                      new Decision(
                          second.id(),
                          1,
                          second.digest(),
                          "ada",
                          "ada",
                          Verdict.APPROVE,
                          null,
                          world.store.now(),
                          "forged",
                          second.digest()),
                      new byte[32])),
              new Write.NextRequirement(
                  second.closed(RequirementStatus.APPROVED, "ada", world.store.now()),
                  false,
                  world.store.now()),
              new Write.Ring(paused.run(), world.store.now())));
      CountDownLatch looked = new CountDownLatch(1);
      try (AutoCloseable watching =
          world.assent.onChange(
              change -> {
                if (change.kind() == Change.Kind.RUN) {
                  looked.countDown();
                }
              })) {
        world.says(paused.requirements().get(2), Verdict.APPROVE, null);
        await(looked);
      }

      assertThat(world.state(paused.run()).end()).isNull();
      go.countDown();
      RunResult end = world.assent.resume(paused.run());

      assertThat(end)
          .isInstanceOfSatisfying(
              RunResult.Failed.class,
              failed -> assertThat(failed.code()).isEqualTo("forged-decision"));
      assertThat(world.ledger).containsExactly("pay 17 10 Acme");
      assertThat(world.state(paused.run()).calls())
          .extracting(c -> c.status())
          .containsExactly(CallStatus.SUCCEEDED, CallStatus.CANCELLED, CallStatus.CANCELLED);
    }

    @Test
    void anAttemptIsTimedFromItsOwnStart() {
      CountDownLatch inside = new CountDownLatch(1);
      CountDownLatch go = new CountDownLatch(1);
      world.beforeEffect =
          context -> {
            inside.countDown();
            await(go);
          };
      world.model.calls(
          call("m", "mail", "{\"to\":\"bob\"}"), call("n", "mail", "{\"to\":\"eve\"}"));
      world.model.says("done");
      RunId run = world.assent.submit(RunRequest.of("bot", "Mail both"));
      await(inside);
      world.clock.advance(Duration.ofSeconds(30));
      go.countDown();
      world.assent.resume(run);

      assertThat(
              world.store.journal(World.TENANT, run, 0, 100).stream()
                  .flatMap(entry -> entry.events().stream())
                  .filter(RunEvent.AttemptStarted.class::isInstance)
                  .map(event -> ((RunEvent.AttemptStarted) event).attempt().until()))
          .containsExactly(
              world.clock.instant().plusSeconds(30), world.clock.instant().plusSeconds(60));
    }
  }

  @Nested
  class Deadlines {

    private Assent with(ApprovalTerms.OnExpiry onExpiry) {
      world.assent.close();
      world.more =
          builder ->
              builder.policy(
                  question ->
                      new PolicyOutcome.Require(
                          new ApprovalTerms(
                              "rule",
                              List.of(Threshold.anyone()),
                              Risk.MEDIUM,
                              "",
                              null,
                              Duration.ofMinutes(10),
                              null,
                              onExpiry)));
      world.assent = world.start(world.store);
      return world.assent;
    }

    private void rests(RunId run) {
      while (world.store.requirementsOf(World.TENANT, run).stream().anyMatch(Requirement::open)
          || world.state(run).status() == RunStatus.RUNNING) {
        world.assent.resume(run);
      }
    }

    @Test
    @Tag("C18")
    @Tag("X24")
    @Tag("X25")
    @DisplayName("a deadline fires by itself, also after a restart, and never approves")
    void aDeadlineClosesTheCall() {
      with(ApprovalTerms.OnExpiry.REJECT);
      world.model.calls(call("m", "mail", "{\"to\":\"bob\"}"));
      world.model.says("done");
      RunResult.Paused paused = world.pauses("Mail");

      world.clock.advance(Duration.ofMinutes(11));
      world.restart();
      world.assent.poll();
      rests(paused.run());

      assertThat(world.assent.resume(paused.run()).status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(world.model.lastHeard().getLast().text()).contains("Nobody decided in time");
      assertThat(world.ledger).isEmpty();
    }

    @Test
    @Tag("C18")
    void aDeadlineCanEndTheRun() {
      with(ApprovalTerms.OnExpiry.CANCEL_RUN);
      world.model.calls(call("m", "mail", "{\"to\":\"bob\"}"));
      RunResult.Paused paused = world.pauses("Mail");

      world.clock.advance(Duration.ofMinutes(11));
      world.assent.poll();
      rests(paused.run());

      assertThat(world.assent.resume(paused.run()).status()).isEqualTo(RunStatus.CANCELLED);
      assertThat(world.ledger).isEmpty();
    }

    @Test
    @Tag("C18")
    void whatIsKeptOpenCanBeDecidedAfterItsDeadline() {
      with(ApprovalTerms.OnExpiry.KEEP);
      world.model.calls(call("m", "mail", "{\"to\":\"bob\"}"));
      world.model.says("done");
      RunResult.Paused paused = world.pauses("Mail");

      world.clock.advance(Duration.ofMinutes(11));
      world.assent.poll();
      assertThat(world.open(paused.run(), RequirementKind.APPROVAL, "mail").open()).isTrue();
      world.approve(paused.run(), "mail");

      assertThat(world.assent.resume(paused.run()).status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(world.ledger).containsExactly("mail bob");
    }
  }
}
