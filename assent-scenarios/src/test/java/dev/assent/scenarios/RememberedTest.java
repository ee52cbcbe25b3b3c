package dev.assent.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Profile;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequiresApproval;
import dev.assent.core.RunId;
import dev.assent.core.Tool;
import dev.assent.core.Verdict;
import dev.assent.runtime.RunResult;
import dev.assent.scenarios.Desk.Habit;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is remembered of a request: enough to know it again, nothing to guess its words by. */
@Timeout(60)
class RememberedTest {
  @TempDir Path folder;
  private final List<String> done = new CopyOnWriteArrayList<>();
  private Desk desk;

  class Payments {
    @RequiresApproval
    @Tool("Pays")
    String pay(String to) {
      done.add("paid " + to);
      return "paid";
    }
  }

  @BeforeEach
  void open() {
    desk = new Desk(Habit.STAYS, folder, agent -> agent.tools(new Payments()));
    desk.model.calls(Desk.call("pay", "{\"to\":\"bob\"}")).says("Done.");
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private Requirement asked() {
    return desk.waitsFor(desk.run("Pay Bob"), RequirementKind.APPROVAL);
  }

  private DecisionOutcome sends(Requirement asked, String words) {
    return desk.assent.decide(
        asked.id(),
        new DecisionRequest(
            asked.version(), asked.digest(), Verdict.REJECT, words, null, "the-same-key"),
        Desk.ADA);
  }

  @Test
  void theHashOfARequestIsKeyed() {
    Requirement asked = asked();
    DecisionRequest request =
        new DecisionRequest(
            asked.version(), asked.digest(), Verdict.REJECT, "no", null, "the-same-key");

    sends(asked, "no");

    assertThat(desk.store.decisions(Desk.TENANT, asked.id()).getFirst().decision().request())
        .isNotEqualTo(request.content());
  }

  @Test
  void aRepeatIsKnownAndAnotherContentUnderTheSameKeyIsRefusedAlsoAfterARestart() {
    Requirement asked = asked();

    assertThat(sends(asked, "no")).isInstanceOf(DecisionOutcome.Recorded.class);
    assertThat(sends(asked, "no")).isInstanceOf(DecisionOutcome.Repeated.class);
    desk.restart();
    assertThat(sends(asked, "no")).isInstanceOf(DecisionOutcome.Repeated.class);
    assertThat(sends(asked, "yes")).isInstanceOf(DecisionOutcome.KeyReused.class);
  }

  @Test
  void whatWasShownIsApprovedAndNothingElse() {
    RunId run = desk.run("Pay Bob");
    Requirement shown = ((RunResult.Paused) desk.assent.resume(run)).requirements().getFirst();

    assertThat(desk.assent.approve(shown)).isInstanceOf(DecisionOutcome.Recorded.class);
    assertThat(desk.completes(run)).isEqualTo("Done.");
    assertThat(done).containsExactly("paid bob");
  }

  @Test
  void whatWasEditedSinceItWasShownIsNotApproved() {
    desk.close();
    desk =
        new Desk(
            Habit.STAYS,
            folder,
            agent -> agent.tools(new Payments()),
            builder -> builder.profile(Profile.SEPARATED).directory(ForgedTermsTest::person));
    desk.model.calls(Desk.call("pay", "{\"to\":\"bob\"}"));
    RunId run = ForgedTermsTest.asBea(desk);
    Requirement shown = ((RunResult.Paused) desk.assent.resume(run)).requirements().getFirst();
    desk.answers(shown, Verdict.EDIT, "{\"to\":\"mallory\"}");

    assertThat(desk.assent.approve(shown)).isInstanceOf(DecisionOutcome.StaleVersion.class);
    assertThat(desk.assent.reject(shown, "no")).isInstanceOf(DecisionOutcome.StaleVersion.class);
    assertThat(done).isEmpty();
  }
}
