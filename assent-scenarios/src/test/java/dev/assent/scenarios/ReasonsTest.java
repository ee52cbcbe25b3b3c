package dev.assent.scenarios;

import static dev.assent.scenarios.Desk.ADA;
import static dev.assent.scenarios.Desk.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.AuditRecord;
import dev.assent.core.Decision;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RequiresApproval;
import dev.assent.core.RunId;
import dev.assent.core.SignedDecision;
import dev.assent.core.Tool;
import dev.assent.core.Verdict;
import dev.assent.runtime.Reply;
import dev.assent.runtime.Responder;
import dev.assent.runtime.RunResult;
import dev.assent.scenarios.Desk.Habit;
import dev.assent.testkit.Answer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who decides says why, where the rules ask for it. */
@Timeout(60)
class ReasonsTest {
  @TempDir Path folder;
  private final List<String> done = new CopyOnWriteArrayList<>();
  private Desk desk;

  class Bank {
    @RequiresApproval(
        approveReasons = RequiresApproval.REQUIRED,
        rejectReasons = {"fraud", "wrong-amount"})
    @Tool("Pays")
    String pay(long amount) {
      done.add("paid " + amount);
      return "paid " + amount;
    }
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private Requirement asked(Habit habit) {
    desk = new Desk(habit, folder, agent -> agent.tools(new Bank()));
    desk.model.calls(call("pay", "{\"amount\":5}")).says("Done.");
    return desk.waitsFor(desk.run("Pay"), RequirementKind.APPROVAL);
  }

  private DecisionOutcome says(Requirement to, Answer answer) {
    return desk.assent.decide(to.id(), answer.to(desk.assent.card(to)), ADA);
  }

  private static String refused(DecisionOutcome outcome) {
    assertThat(outcome).isInstanceOf(DecisionOutcome.Invalid.class);
    return ((DecisionOutcome.Invalid) outcome).code();
  }

  @ParameterizedTest
  @EnumSource(Habit.class)
  @Tag("C10")
  void aNoWithoutOneOfTheReasonsIsRefusedAndNothingIsLost(Habit habit) {
    Requirement asked = asked(habit);

    assertThat(refused(says(asked, Answer.reject("just no")))).isEqualTo("reason-required");
    assertThat(refused(says(asked, Answer.reject("just no").because("mood"))))
        .isEqualTo("unknown-reason");
    assertThat(desk.store.decisions(Desk.TENANT, asked.id())).isEmpty();
    assertThat(says(asked, Answer.reject("ten times too much").because("wrong-amount")))
        .isInstanceOf(DecisionOutcome.Recorded.class);

    desk.restart();
    assertThat(desk.completes(asked.run())).isEqualTo("Done.");
    assertThat(desk.told()).contains("ten times too much");
    assertThat(desk.store.decisions(Desk.TENANT, asked.id()))
        .extracting(SignedDecision::decision)
        .extracting(Decision::reasonCode)
        .containsExactly("wrong-amount");
    assertThat(
            desk.store.audit(Desk.TENANT, 0, 1_000).stream()
                .map(row -> AuditRecord.read(row.recordBytes()))
                .map(record -> record.details().get("reasonCode"))
                .filter(java.util.Objects::nonNull))
        .containsExactly("wrong-amount");
    assertThat(done).isEmpty();
  }

  @Test
  @Tag("X5")
  void aYesNeedsAReasonToo() {
    Requirement asked = asked(Habit.STAYS);

    assertThat(refused(says(asked, Answer.approve()))).isEqualTo("reason-required");
    assertThat(done).isEmpty();
    assertThat(says(asked, Answer.approve("The invoice is right.")))
        .isInstanceOf(DecisionOutcome.Recorded.class);

    assertThat(desk.completes(asked.run())).isEqualTo("Done.");
    assertThat(done).containsExactly("paid 5");
  }

  @Test
  void anEditThatApprovesInTheSameActNeedsIt() {
    Requirement asked = asked(Habit.STAYS);

    assertThat(refused(desk.says(asked, Verdict.EDIT, "{\"amount\":4}")))
        .isEqualTo("reason-required");
    assertThat(desk.store.decisions(Desk.TENANT, asked.id())).isEmpty();
    assertThat(desk.says(asked, Verdict.EDIT, "{\"amount\":4}", "One is paid already."))
        .isInstanceOf(DecisionOutcome.Recorded.class);

    assertThat(desk.completes(asked.run())).isEqualTo("Done.");
    assertThat(done).containsExactly("paid 4");
  }

  @Test
  void tellingTheAgentSomethingInsteadIsANoAndNeedsACode() {
    Requirement asked = asked(Habit.STAYS);

    assertThat(refused(says(asked, Answer.respond("Ask me tomorrow"))))
        .isEqualTo("reason-required");
    assertThat(says(asked, Answer.respond("Ask me tomorrow").because("wrong-amount")))
        .isInstanceOf(DecisionOutcome.Recorded.class);

    desk.completes(asked.run());
    assertThat(desk.told()).isEqualTo("Ask me tomorrow");
  }

  @Test
  @Tag("A2")
  void aResponderThatLeavesTheReasonOutIsAskedAgainAndCanGiveIt() {
    AtomicInteger times = new AtomicInteger();
    desk =
        new Desk(
            Habit.STAYS,
            folder,
            agent -> agent.tools(new Bank()),
            builder ->
                builder.responder(
                    Responder.of(
                        asked ->
                            times.incrementAndGet() == 1
                                ? Reply.reject("no")
                                : Reply.reject("no").because("fraud"))));
    desk.model.calls(call("pay", "{\"amount\":5}")).says("Done.");

    RunId run = desk.run("Pay");

    assertThat(desk.assent.resume(run)).isInstanceOf(RunResult.Completed.class);
    assertThat(times).hasValue(2);
    Requirement asked = desk.store.requirementsOf(Desk.TENANT, run).getFirst();
    assertThat(asked.status()).isEqualTo(RequirementStatus.REJECTED);
    assertThat(desk.store.decisions(Desk.TENANT, asked.id()))
        .extracting(each -> each.decision().reasonCode())
        .containsExactly("fraud");
  }

  @ParameterizedTest
  @ValueSource(strings = {"n fraud, I know him", "No: fraud  I know him", "no fraud"})
  @Tag("A5")
  void aTypedNoNamesTheReasonFirst(String typed) {
    Requirement asked = asked(Habit.STAYS);
    DecisionRequest request = Reply.text(typed).to(desk.assent.card(asked)).orElseThrow();

    assertThat(request.reasonCode()).isEqualTo("fraud");
    assertThat(request.verdict()).isEqualTo(Verdict.REJECT);
    if (typed.contains("him")) {
      assertThat(request.words()).isEqualTo("I know him");
    }
  }

  @Test
  @Tag("A5")
  void aTypedYesTakesItsReasonBehindIt() {
    Requirement asked = asked(Habit.STAYS);

    assertThat(Reply.text("yes the invoice is right").to(desk.assent.card(asked)))
        .hasValueSatisfying(
            request -> {
              assertThat(request.verdict()).isEqualTo(Verdict.APPROVE);
              assertThat(request.words()).isEqualTo("the invoice is right");
            });
    assertThat(Reply.text("yesterday").to(desk.assent.card(asked))).isEmpty();
  }
}
