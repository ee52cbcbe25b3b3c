package dev.assent.runtime;

import static dev.assent.runtime.ScriptedModel.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.AuditRecord;
import dev.assent.core.AuditVerification;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.Message;
import dev.assent.core.Principal;
import dev.assent.core.RequirementId;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Risk;
import dev.assent.core.RunId;
import dev.assent.core.RunStatus;
import dev.assent.core.Tool;
import dev.assent.core.ToolSpec;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is asked inside the process, and what an answer is. */
@Timeout(120)
class RespondersTest {
  private static final Principal ADA = Principal.person("ada");
  private static final Principal BERTA = Principal.person("berta", "finance");

  private final InMemoryStore store = new InMemoryStore();
  private final ScriptedModel model = new ScriptedModel();
  private final Tools tools = new Tools();
  private final List<ChannelFailure> failures = new CopyOnWriteArrayList<>();
  private Assent assent;

  static class Tools {
    final List<String> done = new CopyOnWriteArrayList<>();

    @RequiresApproval
    @Tool(value = "Pays", independent = true)
    String pay(String invoice) {
      done.add("pay " + invoice);
      return "paid " + invoice;
    }

    @RequiresApproval(role = "finance")
    @Tool(value = "Books", independent = true)
    String book(String account) {
      done.add("book " + account);
      return "booked " + account;
    }

    @RequiresApproval(risk = Risk.HIGH)
    @Tool("Wipes")
    String wipe() {
      done.add("wipe");
      return "wiped";
    }

    @Tool("Asks")
    String where(ToolContext context) {
      return "to " + context.ask("Where to?");
    }

    @Tool("Lets choose")
    String colour(ToolContext context) {
      return "painted " + context.choose("Which?", List.of("red", "green"));
    }

    @Tool("Sends")
    String send() {
      done.add("send");
      return "sent";
    }
  }

  private Assent.Builder on() {
    return Assent.on(store)
        .operator(ADA)
        .register(Agent.named("bot").model(model).tools(tools).build())
        .onChannelFailure(failures::add)
        .pollEvery(Duration.ofMillis(20));
  }

  private Assent start(UnaryOperator<Assent.Builder> more) {
    assent = more.apply(on()).start();
    return assent;
  }

  @AfterEach
  void close() {
    assent.close();
    assertThat(AuditVerification.verify("main", store.audit("main", 0, 100_000)))
        .isInstanceOf(AuditVerification.Intact.class);
  }

  private static Message.Call pay(String invoice) {
    return call("p" + invoice, "pay", "{\"invoice\":\"" + invoice + "\"}");
  }

  private static RunResult.Failed failed(RunResult result) {
    assertThat(result).isInstanceOf(RunResult.Failed.class);
    return (RunResult.Failed) result;
  }

  private static void completed(RunResult result) {
    assertThat(result).isInstanceOf(RunResult.Completed.class);
  }

  private String toldTheModel() {
    return model.requests.getLast().messages().getLast().text();
  }

  @Test
  @Tag("A2")
  @DisplayName("a blocking lambda answers, and whoever runs the agent gets the end")
  void aLambdaAnswersWhileTheCallerWaits() {
    start(b -> b.responder(Responder.of(asked -> Reply.approve())));
    model.calls(pay("17")).says("Done.");

    completed(assent.run("bot", "Pay."));

    assertThat(tools.done).containsExactly("pay 17");
  }

  @Test
  @Tag("A2")
  @DisplayName("a responder knows what it is asked")
  void aResponderKnowsWhatItIsAsked() {
    List<Asked> seen = new CopyOnWriteArrayList<>();
    start(
        b ->
            b.responder(
                Responder.of(
                    asked -> {
                      seen.add(asked);
                      return Reply.approve();
                    })));
    model.calls(pay("17")).says("Done.");

    RunResult end = assent.run("bot", "Pay.");

    Asked asked = seen.getFirst();
    assertThat(asked.run()).isEqualTo(end.run());
    assertThat(asked.agent()).isEqualTo("bot");
    assertThat(asked.tool()).isEqualTo("pay");
    assertThat(asked.arguments()).isEqualTo("{\"invoice\":\"17\"}");
    assertThat(asked.deadline()).isEmpty();
    assertThat(asked.prompt())
        .isEqualTo(
            "Agent tries to call tool:\n`pay`, {\"invoice\":\"17\"}\nPlease approve or deny this"
                + " request.\nY/N?");
  }

  @Test
  @Tag("A2")
  @Tag("C22")
  @DisplayName("an answer comes by a future, and others are asked meanwhile")
  void aFutureAnswersLater() throws Exception {
    Queue<CompletableFuture<Reply>> open = new ArrayDeque<>();
    CountDownLatch both = new CountDownLatch(2);
    start(
        b ->
            b.responder(
                Responder.later(
                    asked -> {
                      CompletableFuture<Reply> answer = new CompletableFuture<>();
                      open.add(answer);
                      both.countDown();
                      return answer;
                    })));
    model.calls(pay("1"), pay("2")).says("Done.");

    RunHandle run = assent.start(RunRequest.of("bot", "Pay."));
    assertThat(both.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(run.result()).isNotDone();
    open.forEach(answer -> answer.complete(Reply.approve()));

    completed(run.result().get(20, TimeUnit.SECONDS));
    assertThat(tools.done).containsExactlyInAnyOrder("pay 1", "pay 2");
  }

  @Test
  @Tag("A2")
  @DisplayName("the responder of one run wins over that of the process")
  void theResponderOfOneRunWins() {
    start(b -> b.responder(Responder.of(asked -> Reply.reject("never"))));
    model.calls(pay("1")).says("Done.").calls(pay("2")).says("Done.");

    completed(assent.run(RunRequest.of("bot", "Pay."), Responder.of(asked -> Reply.approve())));
    completed(assent.run("bot", "Pay."));

    assertThat(tools.done).containsExactly("pay 1");
  }

  @Test
  @Tag("A2")
  @DisplayName("a responder set later wins, also for what is open, and the earlier answer is void")
  void theLaterResponderWins() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CompletableFuture<Reply> early = new CompletableFuture<>();
    start(
        b ->
            b.responder(
                Responder.later(
                    each -> {
                      asked.countDown();
                      return early;
                    })));
    model.calls(pay("1")).says("Done.");
    RunHandle run = assent.start(RunRequest.of("bot", "Pay."));
    assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

    assent.responder(
        Responder.of(
            each -> {
              early.complete(Reply.approve());
              return Reply.reject("the later one says no");
            }));

    completed(run.result().get(20, TimeUnit.SECONDS));
    assertThat(tools.done).isEmpty();
    assertThat(toldTheModel()).contains("the later one says no");
  }

  @Test
  @Tag("A3")
  @DisplayName("without a responder and a durable store both ways are named, for approvals")
  void anApprovalThatNobodyCanGiveIsAnError() {
    start(b -> b);
    model.calls(pay("1"), call("s", "send", "{}")).says("Never said.");

    RunResult.Failed end = failed(assent.run("bot", "Pay."));

    assertThat(end.code()).isEqualTo(ChannelFailure.NotProvided.CODE);
    assertThat(end.message()).contains("register a responder").contains("durable store");
    assertThat(tools.done).doesNotContain("pay 1");
    assertThat(model.requests).hasSize(1);
  }

  @Test
  @Tag("A3")
  @DisplayName("without a responder and a durable store both ways are named, for questions")
  void aQuestionThatNobodyCanAnswerIsAnError() {
    start(b -> b);
    model.calls(call("w", "where", "{}")).says("Never said.");

    RunResult.Failed end = failed(assent.run("bot", "Go."));

    assertThat(end.code()).isEqualTo(ChannelFailure.NotProvided.CODE);
    assertThat(end.message()).contains("register a responder").contains("durable store");
  }

  @Test
  @Tag("A3")
  @Tag("C20")
  @DisplayName("a responder of somebody who may not answer is nobody to ask")
  void whoMayNotAnswerIsNobodyToAsk() {
    start(b -> b.responder(Responder.of(asked -> Reply.approve())));
    model.calls(call("b", "book", "{\"account\":\"7\"}"));

    assertThat(failed(assent.run("bot", "Book.")).code())
        .isEqualTo(ChannelFailure.NotProvided.CODE);
    assertThat(tools.done).isEmpty();
  }

  @Test
  @Tag("A4")
  @DisplayName("a responder that fails ends the turn, and the next turn works")
  void aFailedResponderEndsTheTurn() {
    start(
        b ->
            b.responder(
                Responder.of(
                    asked -> {
                      throw new IllegalStateException("the line is dead");
                    })));
    model.calls(pay("1"), call("s", "send", "{}"), call("w", "where", "{}")).says("Hello again.");

    RunResult end = assent.run(RunRequest.of("bot", "Pay.").inSession("s"));

    assertThat(failed(end).code()).isEqualTo(ChannelFailure.Failed.CODE);
    assertThat(failed(end).message()).contains("the line is dead");
    assertThat(failures).first().isInstanceOf(ChannelFailure.Failed.class);
    assertThat(((ChannelFailure.Failed) failures.getFirst()).cause())
        .hasMessage("the line is dead");
    assertThat(model.requests).hasSize(1);
    assertThat(tools.done).doesNotContain("pay 1");

    completed(assent.run(RunRequest.of("bot", "And now?").inSession("s")));

    assertThat(model.requests.getLast().messages())
        .filteredOn(Message.ToolResult.class::isInstance)
        .hasSize(3);
    assertThat(auditOf("responder.failed"))
        .anySatisfy(
            line -> assertThat(line).contains(ChannelFailure.Failed.CODE).doesNotContain("dead"));
  }

  private List<String> auditOf(String type) {
    return store.audit("main", 0, 100_000).stream()
        .map(line -> AuditRecord.read(line.recordBytes()))
        .filter(record -> record.type().equals(type))
        .map(Object::toString)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Tag("A4")
  @DisplayName("a responder that takes too long ends the turn, blocking or not")
  void aSlowResponderTimesOut(boolean blocking) {
    CompletableFuture<Reply> never = new CompletableFuture<>();
    Responder slow =
        blocking ? Responder.of(asked -> never.join()) : Responder.later(asked -> never);
    start(b -> b.responder(slow.within(Duration.ofMillis(1))));
    model.calls(pay("1"));

    RunResult.Failed end = failed(assent.run("bot", "Pay."));
    never.complete(Reply.approve());

    assertThat(end.code()).isEqualTo(ChannelFailure.TimedOut.CODE);
    assertThat(tools.done).isEmpty();
  }

  @Test
  @Tag("A4")
  @DisplayName(
      "what a sub-agent cannot ask ends the turn of the whole, the model cannot route around")
  void aChildThatCannotAskEndsTheTurnOfItsParent() {
    ScriptedModel lead = new ScriptedModel();
    model.calls(pay("1"));
    lead.calls(call("d", "delegate", "{\"task\":\"pay\"}")).says("I found another way.");
    ToolSpec delegate =
        new ToolSpec(
            ToolSpec.OWN_CODE,
            "delegate",
            "",
            "Delegates",
            dev.assent.core.Json.parse(
                "{\"type\":\"object\",\"properties\":{\"task\":{\"type\":\"string\"}},"
                    + "\"required\":[\"task\"],\"additionalProperties\":false}"),
            dev.assent.core.Effect.AT_MOST_ONCE,
            null,
            false,
            Duration.ofMinutes(1),
            List.of());
    start(
        b ->
            b.register(
                Agent.named("lead")
                    .model(lead)
                    .tools(new ToolBinding(delegate, new AgentTool("bot")))
                    .build()));

    RunResult.Failed end = failed(assent.run("lead", "Have it paid."));

    assertThat(end.code()).isEqualTo(ChannelFailure.NotProvided.CODE);
    assertThat(lead.requests).hasSize(1);
  }

  @Test
  @Tag("A5")
  @Tag("X17")
  @Tag("X60")
  @DisplayName("only the yes words approve; anything else asks again, three times")
  void anUnclearTextIsAskedAgainAndNeverApproves() {
    Queue<String> typed = new ArrayDeque<>(List.of("", "sure", "yes please", "y"));
    start(b -> b.responder(Responder.typed(asked -> typed.remove())));
    model.calls(pay("1"));

    assertThat(failed(assent.run("bot", "Pay.")).code()).isEqualTo(ChannelFailure.Unanswered.CODE);

    assertThat(typed).containsExactly("y");
    assertThat(tools.done).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"y", " YES ", "1", "\tYes\n"})
  @Tag("A5")
  @DisplayName("the yes words approve, trimmed and in any case")
  void theYesWordsApprove(String text) {
    start(b -> b.responder(Responder.typed(asked -> asked.time() == 1 ? "what?" : text)));
    model.calls(pay("1")).says("Done.");

    completed(assent.run("bot", "Pay."));

    assertThat(tools.done).containsExactly("pay 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no too much", "N: too much", " n, too much "})
  @Tag("A5")
  @DisplayName("the no words reject, and the text after them is the reason")
  void theNoWordsReject(String text) {
    start(b -> b.responder(Responder.typed(asked -> text)));
    model.calls(pay("1")).says("Fine.");

    completed(assent.run("bot", "Pay."));

    assertThat(toldTheModel()).endsWith(": too much");
    assertThat(tools.done).isEmpty();
  }

  @Test
  @Tag("B18")
  @DisplayName("a call of high risk is approved by typing its tool's name")
  void highRiskTakesTheToolsName() {
    Queue<String> typed = new ArrayDeque<>(List.of("y", "wipe"));
    start(b -> b.responder(Responder.typed(asked -> typed.remove())));
    model.calls(call("w", "wipe", "{}")).says("Done.");

    completed(assent.run("bot", "Wipe."));

    assertThat(typed).isEmpty();
    assertThat(tools.done).containsExactly("wipe");
  }

  @Test
  @Tag("A1")
  @Tag("A2")
  @DisplayName("a question takes a text; a choice that is none of the options is asked again")
  void questionsTakeTexts() {
    Queue<String> typed = new ArrayDeque<>(List.of("Rome", "blue", "green"));
    start(b -> b.responder(Responder.typed(asked -> typed.remove())));
    model.calls(call("w", "where", "{}")).calls(call("c", "colour", "{}")).says("Done.");

    completed(assent.run("bot", "Go."));

    assertThat(model.requests.get(1).messages().getLast().text()).startsWith("to Rome");
    assertThat(toldTheModel()).startsWith("painted green");
  }

  @Test
  @Tag("A2")
  @DisplayName("a slow person does not hold another one up")
  void aSlowPersonHoldsNobodyElseUp() throws Exception {
    CountDownLatch slow = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    start(
        b ->
            b.directory(
                    id -> List.of(ADA, BERTA).stream().filter(p -> p.id().equals(id)).findFirst())
                .answeredFromOutside()
                .responder(
                    Responder.of(
                        each -> {
                          asked.countDown();
                          await(slow);
                          return Reply.approve();
                        }))
                .responder(
                    BERTA,
                    Responder.of(
                        each ->
                            each.tool().equals("book") ? Reply.approve() : Reply.unanswered())));
    model.calls(pay("1"), call("b", "book", "{\"account\":\"7\"}")).says("Done.");

    RunHandle run = assent.start(RunRequest.of("bot", "Both."));
    assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
    try (RunStream events = run.events()) {
      events.forEach(
          update -> {
            if (update instanceof RunUpdate.ToolCallCompleted done && done.tool().equals("book")) {
              slow.countDown(); // Only after the other person's call has run.
            }
          });
    }

    completed(run.result().get(20, TimeUnit.SECONDS));
    assertThat(tools.done).containsExactly("book 7", "pay 1");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  @Tag("B6")
  @DisplayName("answers of a queue name their requirement, in any order, while nothing blocks")
  void aQueueIsAnsweredInAnyOrder() throws Exception {
    QueueResponder queue = new QueueResponder();
    start(b -> b.responder(queue));
    model.calls(pay("1"), pay("2")).says("Done.");

    RunResult paused = assent.run("bot", "Pay.");
    assertThat(paused.status()).isEqualTo(RunStatus.PAUSED);
    RequirementId first = queue.take().id();
    RequirementId second = queue.take().id();

    assertThat(queue.answer(second, Reply.text("hm")))
        .isEqualTo(new QueueResponder.Answered.NotUnderstood(second));
    assertThat(queue.answer(second, Reply.approve()))
        .isInstanceOf(QueueResponder.Answered.Recorded.class);
    assertThat(queue.answer(first, Reply.edit("{\"nothing\":1}")))
        .isInstanceOf(QueueResponder.Answered.Refused.class);
    assertThat(queue.open()).extracting(Asked::id).containsExactly(first);
    assertThat(queue.answer(first, Reply.reject("no")))
        .isInstanceOf(QueueResponder.Answered.Recorded.class);

    completed(assent.resume(paused.run()));
    assertThat(tools.done).containsExactly("pay 2");
  }

  @Test
  @Tag("X50")
  @DisplayName("who comes later is asked all that waits, however much of it is for others")
  void whoComesLaterIsAskedAll() throws Exception {
    start(b -> b.answeredFromOutside());
    model.calls(
        IntStream.rangeClosed(1, 450)
            .mapToObj(
                number ->
                    number % 150 == 0
                        ? pay("" + number)
                        : call("b" + number, "book", "{\"account\":\"7\"}"))
            .toArray(Message.Call[]::new));
    assertThat(assent.run("bot", "Pay.").status()).isEqualTo(RunStatus.PAUSED);

    QueueResponder queue = new QueueResponder();
    assent.responder(queue);

    assertThat(List.of(queue.take(), queue.take(), queue.take()))
        .extracting(Asked::tool)
        .containsOnly("pay");
  }

  @Test
  @Tag("B6")
  @Tag("A2")
  @DisplayName("an unasked or a late answer is refused as a value")
  void lateAnswersAreValues() throws Exception {
    QueueResponder queue = new QueueResponder();
    start(b -> b.responder(queue).answeredFromOutside());
    model.calls(pay("1")).says("Done.");
    RunResult paused = assent.run("bot", "Pay.");
    RequirementId id = queue.take().id();

    assertThat(assent.approve(ADA, id)).isInstanceOf(DecisionOutcome.Recorded.class);
    completed(assent.resume(paused.run()));

    assertThat(queue.answer(id, Reply.reject("too late")))
        .isNotInstanceOf(QueueResponder.Answered.Recorded.class);
    RequirementId never = new RequirementId("never-asked");
    assertThat(queue.answer(never, Reply.approve()))
        .isEqualTo(new QueueResponder.Answered.NotAsked(never));
    assertThat(queue.open()).isEmpty();
    assertThat(assent.reject(ADA, id, "too late"))
        .isInstanceOf(DecisionOutcome.AlreadyClosed.class);
    assertThat(tools.done).containsExactly("pay 1");
  }

  @Test
  @Tag("C20")
  @DisplayName("a responder needs a person whom it answers as")
  void aResponderNeedsAPerson() {
    start(b -> b);
    assertThatThrownBy(
            () -> Assent.on(store).responder(Responder.of(asked -> Reply.approve())).start())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("name the operator");
    assertThat(store.run("main", new RunId("none"))).isEmpty();
  }
}
