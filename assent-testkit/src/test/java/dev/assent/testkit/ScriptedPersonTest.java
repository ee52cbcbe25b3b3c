package dev.assent.testkit;

import static dev.assent.testkit.ScriptedModel.call;
import static dev.assent.testkit.ScriptedPerson.argument;
import static dev.assent.testkit.ScriptedPerson.person;
import static dev.assent.testkit.ScriptedPerson.where;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.CallStatus;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.JsonNumber;
import dev.assent.core.RequirementId;
import dev.assent.core.Verdict;
import dev.assent.runtime.RunResult;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ScriptedPersonTest {
  private static ScriptedModel payingTwo() {
    return ScriptedModel.byTurn()
        .calls(
            call("pay", Map.of("invoice", "17", "amount", 12_000)),
            call("pay", Map.of("invoice", "18", "amount", 5)))
        .says("Done.");
  }

  @Test
  void rulesLookAtTheCardAndTheFirstThatFitsCounts() {
    try (Office office = new Office(payingTwo())) {
      office
          .ann
          .rejects("pay", argument("amount", 12_000L), "too much")
          .approves("pay", where("amount", json -> json instanceof JsonNumber))
          .rejects("pay", "never reached");
      RunResult paused = office.run();

      assertThat(office.ann.answerAll(office.assent, paused.run())).isEqualTo(2);
      office.assent.resume(paused.run());

      assertThat(office.ledger).containsExactly("pay 18 5");
      assertThat(office.model.lastHeard().get(2).text()).endsWith("too much");
    }
  }

  @Test
  void aCardWithoutARuleFailsTheTest() {
    try (Office office = new Office(payingTwo())) {
      office.ann.approves("look").approves("pay", argument("invoice", "17"));
      RunResult paused = office.run();

      assertThatThrownBy(() -> office.ann.answerAll(office.assent, paused.run()))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("ann has no rule for APPROVAL of pay")
          .hasMessageContaining("18");
    }
  }

  @Test
  void whatIsLeftStaysOpen() {
    try (Office office = new Office(payingTwo())) {
      office.ann.approves("pay", argument("invoice", "17")).leaves("pay");
      RunResult paused = office.run();

      assertThat(office.ann.answerAll(office.assent, paused.run())).isEqualTo(1);

      assertThat(office.assent.resume(paused.run()))
          .isInstanceOfSatisfying(
              RunResult.Paused.class, still -> assertThat(still.requirements()).hasSize(1));
    }
  }

  @Test
  void anAnswerThatDoesNotCountFailsTheTest() {
    try (Office office = new Office(payingTwo())) {
      ScriptedPerson stranger = person("bob").approves("pay");
      RunResult paused = office.run();

      assertThatThrownBy(() -> stranger.answerAll(office.assent, paused.run()))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("does not count");
      assertThat(office.ledger).isEmpty();
    }
  }

  @Test
  void theSameWordTwiceIsOneVoteAndAnotherWordComesTooLate() {
    try (Office office = new Office(payingTwo())) {
      RequirementId id = ((RunResult.Paused) office.run()).requirements().getFirst().id();

      assertThat(office.ann.says(office.assent, id, Answer.approve()))
          .isInstanceOf(DecisionOutcome.Recorded.class);
      assertThat(office.ann.says(office.assent, id, Answer.approve()))
          .isInstanceOf(DecisionOutcome.Repeated.class);
      assertThat(office.ann.says(office.assent, id, Answer.reject("no")))
          .isInstanceOf(DecisionOutcome.AlreadyClosed.class);
      assertThatThrownBy(
              () -> office.ann.says(office.assent, new RequirementId("x.c1.a1"), Answer.approve()))
          .isInstanceOf(AssertionError.class);
    }
  }

  @Test
  void aCallInDoubtIsReconciled() {
    ScriptedModel model =
        ScriptedModel.byTurn()
            .calls(call("pay", Map.of("invoice", "17", "amount", 5)))
            .says("Done.");
    try (Office office = new Office(model)) {
      office.breaks = true;
      office.ann.approves("pay").reconciles("pay", Answer.happened("receipt 9"));
      RunResult paused = office.run();
      office.ann.answerAll(office.assent, paused.run());
      RunResult doubt = office.assent.resume(paused.run());
      assertThat(office.assent.runCard(doubt.run()).calls().getFirst().call().status())
          .isEqualTo(CallStatus.IN_DOUBT);

      office.ann.answerAll(office.assent, doubt.run());

      assertThat(office.assent.resume(doubt.run())).isInstanceOf(RunResult.Completed.class);
      assertThat(office.model.lastHeard().getLast().text()).isEqualTo("receipt 9");
    }
  }

  @Test
  void theOtherWordsOfDoubtAreWhatTheySay() {
    try (Office office = new Office(payingTwo())) {
      var card =
          office
              .assent
              .card(((RunResult.Paused) office.run()).requirements().getFirst().id())
              .orElseThrow();

      assertThat(Answer.didNotHappen().to(card).verdict()).isEqualTo(Verdict.DID_NOT_HAPPEN);
      assertThat(Answer.giveUp().to(card).verdict()).isEqualTo(Verdict.GIVE_UP);
    }
  }

  @Test
  void asAResponderAPersonAnswersInTheProcess() throws Exception {
    ScriptedPerson ann = person("ann").approves("pay", argument("invoice", "17"));
    CountDownLatch ended = new CountDownLatch(1);
    CountDownLatch unforeseen = new CountDownLatch(1);
    ScriptedModel model = payingTwo();
    try (Office office =
        new Office(
            model,
            builder ->
                builder
                    .listener("test", result -> ended.countDown())
                    .responder(
                        (card, withdrawn) -> {
                          var answer = ann.ask(card, withdrawn);
                          if (answer.isEmpty()) {
                            unforeseen.countDown();
                          }
                          return answer;
                        }))) {
      RunResult paused = office.run();

      assertThat(unforeseen.await(20, TimeUnit.SECONDS)).isTrue();
      assertThatThrownBy(ann::assertNothingUnforeseen)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("18");
      office.ann.rejects("pay", "no").answerAll(office.assent, paused.run());
      assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(office.ledger).containsExactly("pay 17 12000");
      assertThatCode(office.ann::assertNothingUnforeseen).doesNotThrowAnyException();
    }
  }
}
