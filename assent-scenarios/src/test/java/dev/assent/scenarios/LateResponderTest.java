package dev.assent.scenarios;

import static dev.assent.scenarios.Desk.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Principal;
import dev.assent.core.Profile;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Tool;
import dev.assent.core.Verdict;
import dev.assent.runtime.Asked;
import dev.assent.runtime.QueueResponder;
import dev.assent.runtime.Reply;
import dev.assent.runtime.RequirementCard;
import dev.assent.runtime.Responder;
import dev.assent.runtime.RunRequest;
import dev.assent.scenarios.Desk.Habit;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** In the same process one decides while the responder of another still asks. */
@Tag("X42")
@Timeout(60)
class LateResponderTest {
  private static final Principal BERTA = Principal.person("berta");
  private static final Principal CARL = Principal.person("carl");

  @TempDir Path folder;
  private final List<String> paid = new CopyOnWriteArrayList<>();
  private Desk desk;

  class Bank {
    @RequiresApproval
    @Tool("Pays")
    String pay(String invoice) {
      paid.add(invoice);
      return "paid";
    }
  }

  /** Answers when it is told to, and keeps what it hears. */
  static class Slow implements Responder {
    final CompletableFuture<Reply> answer = new CompletableFuture<>();
    final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    final BlockingQueue<DecisionOutcome> heard = new LinkedBlockingQueue<>();
    private final Manner manner;

    Slow(Manner manner) {
      this.manner = manner;
    }

    @Override
    public Optional<DecisionRequest> ask(RequirementCard card, BooleanSupplier withdrawn) {
      throw new AssertionError("begun, not asked");
    }

    @Override
    public CompletionStage<Reply> begin(Asked question) {
      asked.add(question);
      return manner == Manner.HOLDS_THREAD
          ? CompletableFuture.completedFuture(answer.join())
          : answer;
    }

    @Override
    public Manner manner() {
      return manner;
    }

    @Override
    public void heard(Asked question, DecisionOutcome outcome) {
      heard.add(outcome);
    }
  }

  private void asks(Responder ofCarl) {
    desk =
        new Desk(
            Habit.STAYS,
            folder,
            agent -> agent.tools(new Bank()),
            process ->
                process
                    .profile(Profile.SEPARATED)
                    .directory(
                        id ->
                            Stream.of(Desk.ADA, BERTA, CARL)
                                .filter(each -> each.id().equals(id))
                                .findFirst())
                    .responder(CARL, ofCarl));
    desk.model.calls(call("pay", "{\"invoice\":\"1\"}")).says("Not paid.");
    desk.assent.submit(RunRequest.of("bot", "Pay."));
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private static void saysThatBertaRejected(DecisionOutcome outcome) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            DecisionOutcome.AlreadyClosed.class,
            closed -> {
              assertThat(closed.by()).isEqualTo("berta");
              assertThat(closed.how()).isEqualTo(RequirementStatus.REJECTED);
              assertThat(closed.at()).isNotNull();
              assertThat(closed.inWords(name -> name)).startsWith("It was rejected by berta, ");
            });
  }

  private void bertaRejects(Requirement asked) {
    assertThat(desk.saysAs(BERTA, asked, Verdict.REJECT, null, "not this one"))
        .isInstanceOf(DecisionOutcome.Recorded.class);
  }

  private void onlyBertaDecided(Requirement asked) {
    assertThat(desk.completes(asked.run())).isEqualTo("Not paid.");
    assertThat(desk.store.decisions(Desk.TENANT, asked.id()))
        .singleElement()
        .satisfies(decision -> assertThat(decision.decision().principal()).isEqualTo("berta"));
    assertThat(paid).isEmpty();
  }

  @Test
  void aQuestionInAQueueIsGoneAndALateAnswerIsToldWhoWasFirst() throws Exception {
    QueueResponder queue = new QueueResponder();
    asks(queue);
    Asked question = queue.take();
    Requirement asked = question.card().requirement();

    bertaRejects(asked);

    assertThat(question.withdrawn()).isTrue();
    assertThat(question.closedInWords())
        .hasValueSatisfying(how -> assertThat(how).contains("berta"));
    assertThat(queue.open()).isEmpty();
    for (int click = 0; click < 2; click++) {
      assertThat(queue.answer(asked.id(), Reply.approve()))
          .isInstanceOfSatisfying(
              QueueResponder.Answered.Refused.class,
              refused -> saysThatBertaRejected(refused.outcome()));
    }
    onlyBertaDecided(asked);
  }

  @Test
  void anAnswerByAFutureThatComesLateIsToldWhoWasFirst() throws Exception {
    Slow carl = new Slow(Responder.Manner.HOLDS_RUN);
    asks(carl);
    Asked question = carl.asked.poll(30, TimeUnit.SECONDS);
    Requirement asked = question.card().requirement();

    bertaRejects(asked);
    assertThat(question.withdrawn()).isTrue();
    carl.answer.complete(Reply.approve());

    saysThatBertaRejected(carl.heard.poll(30, TimeUnit.SECONDS));
    onlyBertaDecided(asked);
  }

  @Test
  void aResponderThatStillThinksIsToldWhoWasFirst() throws Exception {
    Slow carl = new Slow(Responder.Manner.HOLDS_THREAD);
    asks(carl);
    Asked question = carl.asked.poll(30, TimeUnit.SECONDS);
    Requirement asked = question.card().requirement();

    bertaRejects(asked);
    assertThat(question.withdrawn()).isTrue();
    carl.answer.complete(Reply.approve());

    saysThatBertaRejected(carl.heard.poll(30, TimeUnit.SECONDS));
    onlyBertaDecided(asked);
  }
}
