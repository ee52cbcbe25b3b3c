package dev.assent.scenarios;

import static dev.assent.testkit.ScriptedModel.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.CallStatus;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RunId;
import dev.assent.core.Verdict;
import dev.assent.runtime.RunResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What was approved can be taken back until it begins. */
@ParameterizedClass
@EnumSource(World.Kept.class)
@Timeout(120)
class RevokedTest {
  @Parameter World.Kept kept;
  @TempDir Path folder;
  private World world;

  @BeforeEach
  void begin() {
    world = new World(kept, folder);
  }

  @AfterEach
  void end() {
    world.close();
  }

  private DecisionOutcome revoke(RequirementId id) {
    return world.assent.revoke(World.ADA, id, "wrong address");
  }

  private static Requirement of(RunResult.Paused paused, int number) {
    return paused.requirements().get(number);
  }

  private Requirement stored(Requirement requirement) {
    return world.store.requirement(World.TENANT, requirement.id()).orElseThrow();
  }

  @Test
  @DisplayName("a call that waits behind another is not executed when its approval was taken back")
  void theApprovalOfACallThatWaitsBehindAnother() {
    world.model.calls(
        call("l1", "letter", "{\"to\":\"ada\"}"), call("l2", "letter", "{\"to\":\"bob\"}"));
    world.model.says("done");
    RunResult.Paused paused = world.pauses("Write both");
    world.says(of(paused, 1), Verdict.APPROVE, null);
    world.assent.resume(paused.run());
    assertThat(world.state(paused.run()).calls().get(1).status()).isEqualTo(CallStatus.APPROVED);

    DecisionOutcome outcome = revoke(of(paused, 1).id());
    world.restart();
    world.says(of(paused, 0), Verdict.APPROVE, null);
    RunResult result = world.assent.resume(paused.run());

    assertThat(outcome).isInstanceOf(DecisionOutcome.Recorded.class);
    assertThat(result).isInstanceOf(RunResult.Completed.class);
    assertThat(world.ledger).containsExactly("letter ada");
    assertThat(stored(of(paused, 1)).status()).isEqualTo(RequirementStatus.REVOKED);
    assertThat(world.model.requests().getLast().messages().toString())
        .contains("The approval was revoked before the call was executed: wrong address");
    assertThat(world.store.audit(World.TENANT, 0, 1_000))
        .extracting(line -> new String(line.recordBytes(), StandardCharsets.UTF_8))
        .anyMatch(line -> line.contains("\"verdict\":\"REVOKE\""))
        .anyMatch(line -> line.contains("call.revoked"));
    world.checkInvariants(paused.run());
  }

  @Test
  void anApprovalThatNobodyHasTakenOverYet() {
    world.model.calls(call("l1", "letter", "{\"to\":\"ada\"}"));
    world.model.says("done");
    RunResult.Paused paused = world.pauses("Write");
    world.stop();
    world.store = world.open();
    world.assent = world.startWithoutAgent(world.store);
    world.says(of(paused, 0), Verdict.APPROVE, null);

    assertThat(revoke(of(paused, 0).id())).isInstanceOf(DecisionOutcome.Recorded.class);
    assertThat(revoke(of(paused, 0).id())).isInstanceOf(DecisionOutcome.AlreadyClosed.class);
    world.restart();

    assertThat(world.assent.resume(paused.run())).isInstanceOf(RunResult.Completed.class);
    assertThat(world.ledger).isEmpty();
    world.checkInvariants(paused.run());
  }

  @Test
  void whatHasBegunIsNotTakenBackAndThatIsSaid() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    world.beforeEffect =
        context -> {
          inside.countDown();
          await(goOn);
        };
    world.model.calls(call("l1", "letter", "{\"to\":\"ada\"}"));
    world.model.says("done");
    RunResult.Paused paused = world.pauses("Write");
    world.says(of(paused, 0), Verdict.APPROVE, null);
    inside.await();

    DecisionOutcome during = revoke(of(paused, 0).id());
    goOn.countDown();
    world.assent.resume(paused.run());
    DecisionOutcome after = revoke(of(paused, 0).id());

    for (DecisionOutcome late : new DecisionOutcome[] {during, after}) {
      assertThat(late)
          .isInstanceOfSatisfying(
              DecisionOutcome.Invalid.class,
              not -> assertThat(not.code()).isEqualTo("already-begun"));
    }
    assertThat(stored(of(paused, 0)).status()).isEqualTo(RequirementStatus.APPROVED);
    assertThat(world.ledger).containsExactly("letter ada");
  }

  @Test
  void whatIsStillOpenIsRejectedInstead() {
    world.model.calls(call("l1", "letter", "{\"to\":\"ada\"}"));
    RunResult.Paused paused = world.pauses("Write");

    assertThat(revoke(of(paused, 0).id()))
        .isInstanceOfSatisfying(
            DecisionOutcome.Invalid.class, not -> assertThat(not.code()).isEqualTo("not-approved"));
  }

  @Test
  @DisplayName("revocation and execution at once: one of them wins, and both know which")
  void aRaceWithTheExecution() throws Exception {
    int revoked = 0;
    for (int round = 0; round < 60; round++) {
      int before = world.ledger.size();
      world.model.calls(call("l" + round, "letter", "{\"to\":\"" + round + "\"}"));
      world.model.says("done");
      RunResult.Paused paused = world.pauses("Write " + round);
      RunId run = paused.run();
      RequirementId asked = of(paused, 0).id();

      CompletableFuture<DecisionOutcome> taken =
          CompletableFuture.supplyAsync(() -> untilHeard(asked));
      world.says(of(paused, 0), Verdict.APPROVE, null);
      DecisionOutcome outcome = taken.get();
      world.assent.resume(run);

      boolean won = outcome instanceof DecisionOutcome.Recorded;
      revoked += won ? 1 : 0;
      assertThat(world.ledger).hasSize(before + (won ? 0 : 1));
      assertThat(stored(of(paused, 0)).status())
          .isEqualTo(won ? RequirementStatus.REVOKED : RequirementStatus.APPROVED);
      world.checkInvariants(run);
    }
    System.out.println("revoked in time: " + revoked + " of 60");
  }

  /** Asks again while nothing is approved; more is not needed. */
  private DecisionOutcome untilHeard(RequirementId id) {
    while (true) {
      DecisionOutcome outcome = revoke(id);
      if (!(outcome instanceof DecisionOutcome.Invalid not && not.code().equals("not-approved"))) {
        return outcome;
      }
      Thread.onSpinWait();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
