package dev.assent.scenarios;

import static dev.assent.scenarios.AskingTools.answer;
import static dev.assent.scenarios.AskingTools.answers;
import static dev.assent.scenarios.AskingTools.approved;
import static dev.assent.scenarios.AskingTools.tool;
import static dev.assent.scenarios.Desk.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.CallStatus;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.Effect;
import dev.assent.core.Form;
import dev.assent.core.FormField;
import dev.assent.core.JsonNull;
import dev.assent.core.JsonString;
import dev.assent.core.Message;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RequiresApproval;
import dev.assent.core.RunId;
import dev.assent.core.RunStatus;
import dev.assent.core.Tool;
import dev.assent.core.ToolCall;
import dev.assent.core.UserInput;
import dev.assent.core.Verdict;
import dev.assent.runtime.Change;
import dev.assent.runtime.Confirmation;
import dev.assent.runtime.GateRequest;
import dev.assent.runtime.GateResult;
import dev.assent.runtime.Question;
import dev.assent.runtime.RunRequest;
import dev.assent.runtime.RunResult;
import dev.assent.runtime.ToolBinding;
import dev.assent.runtime.ToolContext;
import dev.assent.runtime.UnansweredException;
import dev.assent.scenarios.Desk.Habit;
import dev.assent.testkit.Answer;
import dev.assent.testkit.ScriptedPerson;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a tool asks from inside, in one process and across restarts. */
@Timeout(60)
class AskingTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir Path folder;
  private final List<String> done = new CopyOnWriteArrayList<>();
  private final AtomicInteger starts = new AtomicInteger();
  private Desk desk;

  private void desk(Habit habit, ToolBinding... tools) {
    desk = new Desk(habit, folder, agent -> agent.tools((Object[]) tools));
  }

  @AfterEach
  void close() {
    if (desk != null) {
      desk.close();
    }
  }

  private RunId runs(String... tools) {
    Message.Call[] calls = new Message.Call[tools.length];
    for (int i = 0; i < tools.length; i++) {
      calls[i] = call(tools[i], "{}");
    }
    desk.model.calls(calls).says("End.");
    return desk.run("Go");
  }

  private Requirement question(RunId run) {
    return desk.waitsFor(run, RequirementKind.USER_INPUT);
  }

  private String prompt(Requirement question) {
    return desk.store
        .body(Desk.TENANT, question.content().id())
        .map(body -> dev.assent.core.RecordJson.read(Form.class, body.content()).prompt())
        .orElseThrow();
  }

  @Nested
  class Questions {
    @ParameterizedTest
    @EnumSource(Habit.class)
    @Tag("A1")
    @Tag("A10")
    @Tag("A13")
    @Tag("X63")
    void aToolGetsTheTextThatAPersonGives(Habit habit) {
      desk(
          habit,
          tool(
              "name",
              (context, arguments) -> {
                starts.incrementAndGet();
                return "named " + context.ask("Which name?");
              }));
      RunId run = runs("name");

      Requirement asked = question(run);
      assertThat(asked.deadline()).as("without a time: for ever").isNull();
      assertThat(prompt(asked)).isEqualTo("Which name?");
      assertThat(desk.onlyCall(run).status()).isEqualTo(CallStatus.SUSPENDED);
      assertThat(desk.state(run).status()).isEqualTo(RunStatus.PAUSED);
      desk.after(Duration.ofDays(400));
      answers(desk, question(run), "Bob");

      desk.completes(run);
      assertThat(desk.told()).isEqualTo("named Bob");
      assertThat(starts).as("unwound, and started again").hasValue(2);
      assertThat(desk.model.lastHeard())
          .filteredOn(Message.User.class::isInstance)
          .as("what is said to a tool is no turn of the conversation")
          .extracting(Message::text)
          .containsExactly("Go");
    }

    @ParameterizedTest
    @EnumSource(Habit.class) // the outermost first
    @Tag("A7")
    void anApprovalComesBeforeTheBodyThatAsks(Habit habit) {
      desk(
          habit,
          approved(
              "pay",
              (context, arguments) -> {
                starts.incrementAndGet();
                done.add("paid from " + context.ask("From which account?"));
                return "paid";
              }));
      RunId run = runs("pay");

      Requirement approval = desk.waitsFor(run, RequirementKind.APPROVAL);
      assertThat(starts).hasValue(0);
      desk.answers(approval, Verdict.APPROVE, null);
      Requirement asked = question(run);
      assertThat(done).isEmpty();
      answers(desk, asked, "savings");

      desk.completes(run);
      assertThat(done).containsExactly("paid from savings");
      assertThat(desk.store.requirementsOf(Desk.TENANT, run))
          .as("nobody approves twice")
          .extracting(Requirement::kind)
          .containsExactlyInAnyOrder(RequirementKind.APPROVAL, RequirementKind.USER_INPUT);
    }

    class Doors {
      @RequiresApproval
      @UserInput("code")
      @Tool("Opens a door")
      String open(String door, int code, ToolContext context) {
        String why = context.ask("Why?");
        return door + " " + code + " " + why + " " + context.ask("Sure?");
      }
    }

    @ParameterizedTest
    @EnumSource(Habit.class) // every round
    @Tag("A7")
    @Tag("C21")
    @Tag("X29")
    void approvalFieldsAndQuestionsFollowEachOther(Habit habit) {
      desk = new Desk(habit, folder, agent -> agent.tools(new Doors()));
      desk.model.calls(call("open", "{\"door\":\"front\"}")).says("Open.");
      RunId run = desk.run("Open");

      desk.answers(desk.waitsFor(run, RequirementKind.APPROVAL), Verdict.APPROVE, null);
      desk.answers(question(run), Verdict.ANSWER, "{\"code\":7}");
      answers(desk, question(run), "fire");
      answers(desk, question(run), "yes");

      desk.completes(run);
      assertThat(desk.told()).isEqualTo("front 7 fire yes");
    }

    @ParameterizedTest
    @EnumSource(Habit.class)
    @Tag("X29")
    void oneToolAsksOftenAndTheSameAgain(Habit habit) {
      desk(
          habit,
          tool(
              "survey",
              (context, arguments) -> {
                List<String> said = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                  said.add(context.ask("Next?"));
                }
                said.add(context.ask("Last?"));
                return String.join(",", said);
              }));
      RunId run = runs("survey");

      for (String text : List.of("a", "b", "c")) {
        Requirement asked = question(run);
        assertThat(prompt(asked)).isEqualTo("Next?");
        answers(desk, asked, text);
      }
      answers(desk, question(run), "d");

      desk.completes(run);
      assertThat(desk.told()).isEqualTo("a,b,c,d");
      assertThat(desk.store.requirementsOf(Desk.TENANT, run)).hasSize(4);
    }

    @ParameterizedTest
    @EnumSource(Habit.class)
    void choicesAndFieldsAreCheckedBeforeTheBodyGetsThem(Habit habit) {
      desk(
          habit,
          tool(
              "form",
              (context, arguments) ->
                  context.choose("Which?", List.of("red", "blue"))
                      + context.chooseSeveral("Which ones?", List.of("a", "b", "c"))
                      + context
                          .askFields("Rest", List.of(FormField.of("age", "integer")))
                          .number("age")));
      RunId run = runs("form");

      Requirement one = question(run);
      assertThat(desk.says(one, Verdict.ANSWER, answer("green")))
          .isInstanceOf(DecisionOutcome.Invalid.class);
      answers(desk, one, "blue");
      Requirement several = question(run);
      assertThat(desk.says(several, Verdict.ANSWER, "{\"answer\":[\"a\",\"a\"]}"))
          .isInstanceOf(DecisionOutcome.Invalid.class);
      desk.answers(several, Verdict.ANSWER, "{\"answer\":[\"a\",\"c\"]}");
      Requirement fields = question(run);
      assertThat(desk.says(fields, Verdict.ANSWER, "{\"age\":\"old\"}"))
          .isInstanceOf(DecisionOutcome.Invalid.class);
      desk.answers(fields, Verdict.ANSWER, "{\"age\":42}");

      desk.completes(run);
      assertThat(desk.told()).isEqualTo("blue[a, c]42");
    }

    @ParameterizedTest
    @EnumSource(
        value = Effect.class,
        names = {"READ_ONLY", "IDEMPOTENT", "AT_MOST_ONCE"})
    void toolsOfEachEffectAskAndKeepTheirSteps(Effect effect) {
      desk(
          Habit.RESTARTS,
          tool(
              "work",
              effect,
              (context, arguments) -> {
                String first = context.step("first", () -> once("first"));
                String a = context.ask("A?");
                String second = context.step("second", () -> once("second"));
                return first + a + second + context.ask("B?");
              }));
      RunId run = runs("work");

      answers(desk, question(run), "-a-");
      answers(desk, question(run), "-b");

      desk.completes(run);
      assertThat(desk.told()).isEqualTo("first-a-second-b");
      assertThat(done).containsExactly("first", "second");
    }

    private String once(String what) {
      done.add(what);
      return what;
    }

    @ParameterizedTest
    @EnumSource(Habit.class)
    @Tag("A13")
    void stepsOfOneNameAreToldApartByTheirOrder(Habit habit) {
      desk(
          habit,
          tool(
              "work",
              (context, arguments) -> {
                StringBuilder text = new StringBuilder();
                for (int i = 0; i < 3; i++) {
                  int number = i;
                  text.append(context.step("row", () -> once("row " + number)));
                  text.append(context.ask("Go on?"));
                }
                return text.toString();
              }));
      RunId run = runs("work");

      for (int i = 0; i < 3; i++) {
        answers(desk, question(run), ";");
      }

      desk.completes(run);
      assertThat(desk.told()).isEqualTo("row 0;row 1;row 2;");
      assertThat(done).containsExactly("row 0", "row 1", "row 2");
    }

    @Test
    void aGatesCallAsksToo() {
      desk(
          Habit.STAYS,
          approved("pay", (context, arguments) -> "paid from " + context.ask("Which account?")));

      GateResult first = desk.assent.gate(GateRequest.of("bot", "pay", "{}"));
      assertThat(first).isInstanceOf(GateResult.Waiting.class);
      desk.restart();
      desk.answers(((GateResult.Waiting) first).requirements().getFirst(), Verdict.APPROVE, null);
      desk.assent.resume(first.run());
      GateResult second = desk.assent.gateResult(first.run());
      assertThat(((GateResult.Waiting) second).requirements())
          .extracting(Requirement::kind)
          .containsExactly(RequirementKind.USER_INPUT);
      desk.restart();
      answers(desk, ((GateResult.Waiting) second).requirements().getFirst(), "savings");
      desk.assent.resume(first.run());

      assertThat(desk.assent.gateResult(first.run()))
          .isEqualTo(new GateResult.Executed(first.run(), "paid from savings"));
    }

    @Test // one way, before and after a restart: also when somebody answers at once
    void aResponderInTheProcessAnswersAtOnce() throws Exception {
      ScriptedPerson ada =
          ScriptedPerson.person(Desk.ADA)
              .approves("pay")
              .answers(RequirementKind.USER_INPUT, "pay", Answer.text("savings"));
      CountDownLatch ended = new CountDownLatch(1);
      desk =
          new Desk(
              Habit.STAYS,
              folder,
              agent ->
                  agent.tools(
                      approved("pay", (context, arguments) -> "from " + context.ask("Which?"))),
              builder -> builder.responder(ada).listener("end", result -> ended.countDown()));
      RunId run = runs("pay");

      assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
      desk.completes(run);
      assertThat(desk.told()).isEqualTo("from savings");
      ada.assertNothingUnforeseen();
    }
  }

  @Nested
  class Batches {
    @ParameterizedTest
    @EnumSource(Habit.class) // by requirement, in any order
    @Tag("X14")
    @Tag("X15")
    @Tag("X28")
    @Tag("X62")
    void twoCallsThatAskAtOnceGetTheirOwnAnswers(Habit habit) {
      desk(
          habit,
          tool("left", Effect.READ_ONLY, (context, arguments) -> "l " + context.ask("Same?")),
          tool("right", Effect.READ_ONLY, (context, arguments) -> "r " + context.ask("Same?")));
      RunId run = runs("left", "right");

      List<Requirement> both = desk.waits(run);
      assertThat(both).extracting(Requirement::tool).containsExactlyInAnyOrder("left", "right");
      Requirement right =
          both.stream().filter(each -> each.tool().equals("right")).findFirst().orElseThrow();
      answers(desk, right, "two");
      Requirement left = question(run);
      assertThat(left.tool()).as("a part of the answers keeps the rest open").isEqualTo("left");
      answers(desk, left, "one");

      desk.completes(run);
      assertThat(desk.model.lastHeard())
          .filteredOn(Message.ToolResult.class::isInstance)
          .extracting(Message::text)
          .containsExactlyInAnyOrder("l one", "r two");
    }

    @ParameterizedTest
    @EnumSource(Habit.class) // one effect at a time: an open question holds up what follows
    void theSecondCallWithAnEffectWaitsForTheQuestionOfTheFirst(Habit habit) {
      desk(
          habit,
          tool("first", (context, arguments) -> "1 " + context.ask("First?")),
          tool("second", (context, arguments) -> "2 " + context.ask("Second?")));
      RunId run = runs("first", "second");

      Requirement first = question(run);
      assertThat(first.tool()).isEqualTo("first");
      answers(desk, first, "a");
      Requirement second = question(run);
      assertThat(second.tool()).isEqualTo("second");
      answers(desk, second, "b");

      desk.completes(run);
      assertThat(desk.told()).isEqualTo("2 b");
    }

    @Test // an answer belongs to one call, the same question in another call is asked
    @Tag("X55")
    void anotherCallOfTheSameToolAsksAnew() {
      desk(Habit.RESTARTS, tool("name", (context, arguments) -> context.ask("Which?")));
      desk.model.calls(call("name", "{}")).calls(call("name", "{}")).says("End.");
      RunId run = desk.run("Go");

      answers(desk, question(run), "one");
      answers(desk, question(run), "two");

      desk.completes(run);
      assertThat(desk.told()).isEqualTo("two");
    }
  }

  @Nested
  class WordsOfPeople {
    private Confirmation said;

    private ToolBinding confirming(Duration within) {
      return tool(
          "sure",
          (context, arguments) -> {
            said = context.confirm("Sure?", within);
            return said.toString();
          });
    }

    @ParameterizedTest
    @ValueSource(strings = {"y", "Y", "yes", "YES", " Yes\n", "1"})
    @Tag("A12")
    void onlyAYesConfirms(String text) {
      desk(Habit.STAYS, confirming(null));
      RunId run = runs("sure");

      answers(desk, question(run), text);

      desk.completes(run);
      assertThat(said).isEqualTo(new Confirmation.Confirmed());
    }

    @Tag("A12")
    @Tag("X17")
    @Tag("X60")
    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          " ",
          "n",
          "no",
          "ok",
          "true",
          "on",
          "approve",
          "yes please",
          "yess",
          "y.",
          "11",
          "１",
          "no, yes",
          "{\"answer\":\"yes\"}"
        })
    void anythingElseDeclines(String text) {
      desk(Habit.STAYS, confirming(null));
      RunId run = runs("sure");

      answers(desk, question(run), text);

      desk.completes(run);
      assertThat(said).isEqualTo(new Confirmation.Declined(text));
    }

    @ParameterizedTest
    @EnumSource(Habit.class) // silence confirms nothing
    @Tag("A12")
    @Tag("X25")
    void silenceDeclines(Habit habit) {
      desk(habit, confirming(HOUR));
      RunId run = runs("sure");

      desk.after(HOUR.plusMillis(1));

      desk.completes(run);
      assertThat(said).isInstanceOf(Confirmation.Declined.class);
      assertThatThrownBy(
              () ->
                  Question.of(Form.confirm("Sure?"))
                      .within(HOUR)
                      .orElse(dev.assent.core.JsonObject.of(Form.ANSWER, new JsonString("yes"))))
          .as("nor can a yes be declared for it")
          .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource(Habit.class) // the reason reaches body and model
    @Tag("X43")
    void whoDeclinesToAnswerIsHeard(Habit habit) {
      desk(habit, tool("name", (context, arguments) -> context.ask("Which name?")));
      RunId run = runs("name");

      desk.says(question(run), Verdict.DECLINE, null, "ask Carl instead");

      desk.completes(run);
      assertThat(desk.told()).contains("declined to answer").contains("ask Carl instead");
      assertThat(desk.onlyCall(run).status()).isEqualTo(CallStatus.FAILED);
    }

    @Test // a wrong kind of answer is an error and changes nothing
    @Tag("C6")
    void anAnswerOfAnotherKindChangesNothing() {
      desk(Habit.STAYS, tool("name", (context, arguments) -> context.ask("Which name?")));
      RunId run = runs("name");
      Requirement asked = question(run);

      for (Verdict verdict : Verdict.values()) {
        if (verdict.answers() != RequirementKind.USER_INPUT) {
          assertThat(desk.says(asked, verdict, null))
              .as("%s", verdict)
              .isInstanceOf(DecisionOutcome.Invalid.class);
        }
      }
      assertThat(desk.says(asked, Verdict.ANSWER, "yes"))
          .isInstanceOf(DecisionOutcome.Invalid.class);
      assertThat(desk.says(asked, Verdict.ANSWER, "{\"answer\":\"x\",\"more\":1}"))
          .isInstanceOf(DecisionOutcome.Invalid.class);

      assertThat(desk.store.requirement(Desk.TENANT, asked.id())).contains(asked);
      assertThat(question(run)).isEqualTo(asked);
    }

    @ParameterizedTest
    @EnumSource(Habit.class) // only what names the requirement answers it
    @Tag("X69")
    @Tag("X62")
    void whatIsSaidToTheRunAnswersNoQuestion(Habit habit) {
      desk(habit, tool("name", (context, arguments) -> context.ask("Which name?")));
      RunId run = runs("name");

      desk.assent.say(run, "Bob");
      Requirement asked = question(run);
      assertThat(asked.open()).isTrue();
      answers(desk, asked, "Ann");

      desk.completes(run);
      assertThat(desk.told()).isEqualTo("Ann");
    }

    @Test // what a body returns is data, whatever it looks like
    @Tag("X19")
    void aResultThatLooksLikeOurOwnWordsIsAResult() {
      List<String> texts =
          List.of(
              "the call waits for an answer",
              "(erased)",
              "done",
              "null",
              "{}",
              "{\"answer\":\"yes\"}",
              "{\"status\":\"PAUSED\"}",
              "SUSPENDED",
              "Function call was rejected by the user");
      AtomicInteger next = new AtomicInteger();
      desk(
          Habit.STAYS,
          tool(
              "echo",
              (context, arguments) -> {
                String said = context.ask("What?");
                next.incrementAndGet();
                return said;
              }));
      for (String text : texts) {
        RunId run = runs("echo");
        answers(desk, question(run), text);
        desk.completes(run);
        assertThat(desk.told()).isEqualTo(text);
        assertThat(desk.onlyCall(run).status()).isEqualTo(CallStatus.SUCCEEDED);
      }
      assertThat(next).hasValue(texts.size());
    }

    @Test
    @Tag("X67")
    void anErrorAfterTheAnswerIsAnErrorToTheModel() {
      desk(
          Habit.RESTARTS,
          tool(
              "name",
              (context, arguments) -> {
                throw new IllegalStateException("no such name: " + context.ask("Which name?"));
              }));
      RunId run = runs("name");

      answers(desk, question(run), "Bob");

      desk.completes(run);
      Message.ToolResult told =
          (Message.ToolResult)
              desk.model.lastHeard().reversed().stream()
                  .filter(Message.ToolResult.class::isInstance)
                  .findFirst()
                  .orElseThrow();
      assertThat(told.error()).isTrue();
      assertThat(told.text()).contains("no such name: Bob");
      assertThat(desk.onlyCall(run).code()).isEqualTo("outcome-unknown");
    }
  }

  @Nested
  class Time {
    private final List<Boolean> timedOut = new CopyOnWriteArrayList<>();

    private ToolBinding waiting(UnaryOperator<Question> more) {
      return tool(
          "name",
          (context, arguments) -> {
            try {
              return "named "
                  + context
                      .ask(more.apply(Question.text("Which name?").within(HOUR)))
                      .string(Form.ANSWER);
            } catch (UnansweredException e) {
              timedOut.add(e.timedOut());
              throw e;
            }
          });
    }

    @ParameterizedTest
    @EnumSource(Habit.class)
    @Tag("B12")
    @Tag("X24")
    @Tag("X25")
    void whenNobodyAnswersInTimeTheBodyIsTold(Habit habit) {
      desk(habit, waiting(question -> question));
      RunId run = runs("name");
      Requirement asked = question(run);

      desk.after(HOUR);
      assertThat(question(run)).as("the last millisecond counts").isEqualTo(asked);
      desk.after(Duration.ofMillis(1));

      desk.completes(run);
      assertThat(timedOut).containsExactly(true);
      assertThat(desk.told()).contains("nobody answered in time");
      Requirement closed = desk.store.requirement(Desk.TENANT, asked.id()).orElseThrow();
      assertThat(closed.status()).isEqualTo(RequirementStatus.EXPIRED);
      assertThat(desk.store.decisions(Desk.TENANT, asked.id()))
          .as("never an approval")
          .extracting(signed -> signed.decision().verdict())
          .containsExactly(Verdict.DECLINE);
    }

    @ParameterizedTest
    @EnumSource(Habit.class)
    @Tag("B12")
    void theDeclaredAnswerIsUsedAndTheModelIsTold(Habit habit) {
      desk(
          habit,
          tool("name", (context, arguments) -> "named " + context.ask("Which?", HOUR, "Nemo")));
      RunId run = runs("name");

      desk.after(HOUR.plusMillis(1));

      desk.completes(run);
      assertThat(desk.told()).startsWith("named Nemo").contains("Nobody answered", "\"Nemo\"");
    }

    @ParameterizedTest
    @EnumSource(Habit.class) // judged by the time of the decision
    @Tag("X23")
    void whoAnsweredInTimeIsHeardHoweverLateAnybodyLooks(Habit habit) {
      desk(habit, waiting(question -> question));
      RunId run = runs("name");
      Requirement asked = question(run);

      desk.clock.advance(HOUR);
      answers(desk, asked, "Bob");
      desk.after(Duration.ofDays(1));

      desk.completes(run);
      assertThat(desk.told()).isEqualTo("named Bob");
      assertThat(timedOut).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Habit.class)
    @Tag("X23")
    void whoAnswersTooLateIsTooLateBeforeAnyTimerHasLooked(Habit habit) {
      desk(habit, waiting(question -> question));
      RunId run = runs("name");
      Requirement asked = question(run);

      desk.clock.advance(HOUR.plusMillis(1));
      assertThat(desk.says(asked, Verdict.ANSWER, answer("Bob")))
          .isInstanceOf(DecisionOutcome.TooLate.class);
      desk.assent.poll();

      desk.completes(run);
      assertThat(timedOut).containsExactly(true);
    }

    @ParameterizedTest
    @EnumSource(Habit.class)
    @Tag("X24")
    void theTimerFiresByItselfAlsoAfterARestart(Habit habit) throws Exception {
      CountDownLatch ended = new CountDownLatch(1);
      desk =
          new Desk(
              habit,
              folder,
              agent -> agent.tools(waiting(question -> question)),
              builder ->
                  builder
                      .pollEvery(Duration.ofMillis(20))
                      .listener("end", result -> ended.countDown()));
      RunId run = runs("name");
      question(run);

      desk.clock.advance(HOUR.plusMillis(1));

      assertThat(ended.await(30, TimeUnit.SECONDS)).as("nobody resumed or polled").isTrue();
      assertThat(timedOut).containsExactly(true);
    }

    @Test
    void aDeclaredAnswerThatNobodyCouldGiveIsAnError() {
      desk(
          Habit.STAYS,
          tool(
              "choose",
              (context, arguments) ->
                  context
                      .ask(
                          Question.of(Form.choice("Which?", List.of("a", "b"), false))
                              .within(HOUR)
                              .orElse(
                                  dev.assent.core.JsonObject.of(Form.ANSWER, new JsonString("c"))))
                      .toString()));
      RunId run = runs("choose");

      desk.completes(run);
      assertThat(desk.told()).contains("the declared answer does not fit");
    }

    @ParameterizedTest
    @EnumSource(Habit.class) // the tool's time limit is for its work, not for people
    void waitingIsNotWorking(Habit habit) {
      desk(habit, approved("name", (context, arguments) -> "named " + context.ask("Which?")));
      RunId run = runs("name");
      desk.answers(desk.waitsFor(run, RequirementKind.APPROVAL), Verdict.APPROVE, null);
      question(run);

      desk.after(Duration.ofDays(3));
      assertThat(question(run).kind()).as("no doubt").isEqualTo(RequirementKind.USER_INPUT);
      answers(desk, question(run), "Bob");

      desk.completes(run);
      ToolCall call = desk.onlyCall(run);
      assertThat(call.attempts()).isEqualTo(2);
      assertThat(call.attempt().until())
          .isEqualTo(call.attempt().startedAt().plus(Duration.ofMinutes(1)));
    }

    class Mails {
      @UserInput(value = "to", expiresAfter = "PT1H")
      @Tool("Sends a mail")
      String mail(String to) {
        done.add(to);
        return "sent";
      }
    }

    @Test
    @Tag("B12")
    void whenNobodyFillsInTheFieldsInTimeTheModelIsTold() {
      desk = new Desk(Habit.RESTARTS, folder, agent -> agent.tools(new Mails()));
      RunId run = runs("mail");
      question(run);

      desk.after(HOUR.plusMillis(1));

      desk.completes(run);
      assertThat(desk.told()).contains("nobody filled in its fields in time");
      assertThat(done).isEmpty();
    }
  }

  @Nested
  class Threads {
    @Test // the error names the way
    void askingOffTheBodysThreadIsAnError() {
      desk(
          Habit.STAYS,
          tool(
              "name",
              (context, arguments) -> {
                Throwable[] wrong = new Throwable[1];
                Thread other =
                    Thread.ofVirtual()
                        .start(
                            () -> {
                              try {
                                context.ask("Which?");
                              } catch (Throwable e) {
                                wrong[0] = e;
                              }
                            });
                other.join();
                return wrong[0] + "";
              }));
      RunId run = runs("name");

      desk.completes(run);
      assertThat(desk.told())
          .contains("IllegalStateException")
          .contains("ask on the body's own thread and hand the answer over");
      assertThat(desk.store.requirementsOf(Desk.TENANT, run)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Habit.class)
    void aSwallowedSuspensionIsDiscardedAndLoggedWithItsPlace(Habit habit) {
      LogLines log = LogLines.of("dev.assent.runtime.ToolExecutor");
      desk(
          habit,
          tool(
              "name",
              (context, arguments) -> {
                try {
                  return "named " + context.ask("Which?");
                } catch (Throwable swallowed) {
                  done.add("went on");
                  return "named nobody";
                }
              }));
      RunId run = runs("name");
      answers(desk, question(run), "Bob");
      desk.completes(run);
      log.close();

      assertThat(desk.told()).isEqualTo("named Bob");
      assertThat(done).containsExactly("went on");
      assertThat(log.lines())
          .anySatisfy(line -> assertThat(line).contains("swallowed", "name", "AskingTest.java:"));
    }

    @Test
    void aBodyThatAsksOnAfterASwallowedSuspensionIsStillUnwound() {
      desk(
          Habit.RESTARTS,
          tool(
              "name",
              (context, arguments) -> {
                String first;
                try {
                  first = context.ask("First?");
                } catch (Throwable swallowed) {
                  first = "?";
                }
                context.setVariable("first", new JsonString(first));
                return first + context.step("s", () -> "s") + context.ask("Second?");
              }));
      RunId run = runs("name");

      Requirement first = question(run);
      assertThat(prompt(first)).isEqualTo("First?");
      assertThat(desk.state(run).variables()).isNull();
      answers(desk, first, "1");
      answers(desk, question(run), "2");

      desk.completes(run);
      assertThat(desk.told()).isEqualTo("1s2");
    }

    @Test // an error that wraps ours, or any other error, leaves no call hanging
    void anErrorOfTheBodyIsItsOutcome() {
      desk(
          Habit.STAYS,
          tool(
              "wraps",
              (context, arguments) -> {
                try {
                  return context.ask("Which?");
                } catch (Throwable e) {
                  throw new Error("wrapped", e);
                }
              }),
          tool(
              "dies",
              (context, arguments) -> {
                throw new Error("plain");
              }));
      RunId run = runs("wraps", "dies");
      answers(desk, question(run), "x");

      desk.completes(run);
      assertThat(desk.told()).contains("plain");
      assertThat(desk.onlyCall(run).status()).isEqualTo(CallStatus.SUCCEEDED);
    }

    @Test
    void aContextThatOutlivesItsBodyAsksNothing() {
      CompletableFuture<ToolContext> kept = new CompletableFuture<>();
      desk(
          Habit.STAYS,
          tool(
              "name",
              (context, arguments) -> {
                kept.complete(context);
                return "done";
              }));
      RunId run = runs("name");
      desk.completes(run);

      assertThatThrownBy(() -> kept.join().ask("Still there?"))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> kept.join().step("s", () -> "s"))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Nested
  class Cancelling {
    @ParameterizedTest
    @EnumSource(Habit.class) // rule 10
    @Tag("X7")
    void aCancelClosesTheQuestionAndRunsNothing(Habit habit) {
      desk(
          habit,
          tool(
              "name",
              (context, arguments) -> {
                starts.incrementAndGet();
                return context.ask("Which?");
              }));
      RunId run = runs("name");
      Requirement asked = question(run);

      desk.assent.cancel(run, "ada");

      assertThat(desk.assent.resume(run)).isInstanceOf(RunResult.Cancelled.class);
      assertThat(desk.says(asked, Verdict.ANSWER, answer("Bob")))
          .isInstanceOf(DecisionOutcome.AlreadyClosed.class);
      assertThat(desk.store.requirement(Desk.TENANT, asked.id()).orElseThrow().status())
          .isEqualTo(RequirementStatus.CANCELLED);
      desk.after(Duration.ofDays(1));
      assertThat(starts).hasValue(1);
      assertThat(desk.onlyCall(run).status()).isEqualTo(CallStatus.CANCELLED);
    }
  }

  @Nested
  class SharedState {
    @ParameterizedTest
    @EnumSource(Habit.class)
    @Tag("C17")
    void whatToolsChangedBeforeThePauseIsThereAfterItAndInTheNextRun(Habit habit) {
      desk(
          habit,
          tool(
              "set",
              (context, arguments) -> {
                context.setVariable("a", new JsonString("1"));
                context.setVariable("gone", new JsonString("x"));
                return "set";
              }),
          tool(
              "ask",
              (context, arguments) -> {
                context.setVariable("b", new JsonString("2"));
                context.setVariable("gone", JsonNull.NULL);
                context.setVariable("c", new JsonString(context.ask("C?")));
                return "asked";
              }),
          tool(
              "look",
              Effect.READ_ONLY,
              (context, arguments) ->
                  context.variable("a")
                      + " "
                      + context.variable("b")
                      + " "
                      + context.variable("c")
                      + " "
                      + context.variable("gone")));
      desk.model.calls(call("set", "{}"), call("ask", "{}")).calls(call("look", "{}")).says("1.");
      RunId run = desk.assent.submit(RunRequest.of("bot", "Go").inSession("talk"));

      assertThat(desk.state(run)).isNotNull();
      answers(desk, question(run), "3");
      desk.completes(run);
      String first = desk.told();
      desk.restart();
      desk.model.calls(call("look", "{}")).says("2.");
      RunId next = desk.assent.submit(RunRequest.of("bot", "More").inSession("talk"));
      desk.completes(next);

      assertThat(first).isEqualTo("Optional[\"1\"] Optional[\"2\"] Optional[\"3\"] Optional.empty");
      assertThat(desk.told()).isEqualTo(first);
    }

    @Test // shown to others while the body that set it waits
    @Tag("C17")
    void whatABodyChangedBeforeItsQuestionCountsWhileItWaits() {
      desk(
          Habit.RESTARTS,
          tool(
              "ask",
              (context, arguments) -> {
                context.setVariable("b", new JsonString("2"));
                return context.ask("C?");
              }));
      RunId run = runs("ask");
      question(run);

      String kept =
          desk.store.body(Desk.TENANT, desk.state(run).variables().id()).orElseThrow().text();
      assertThat(kept).isEqualTo("{\"b\":\"2\"}");
    }
  }

  @Test // the resumed run says what it did, in order
  void theStreamAndTheAuditTellTheWholeStory() {
    List<String> changes = new CopyOnWriteArrayList<>();
    desk(Habit.STAYS, tool("name", (context, arguments) -> context.ask("Which?")));
    desk.assent.onChange(
        change -> {
          if (change.kind() == Change.Kind.REQUIREMENT) {
            changes.add(change.id());
          }
        });
    RunId run = runs("name");
    Requirement asked = question(run);
    answers(desk, asked, "Bob");
    desk.completes(run);

    assertThat(changes).contains(asked.id().value());
    assertThat(desk.store.audit(Desk.TENANT, 0, 1_000))
        .anySatisfy(
            line ->
                assertThat(dev.assent.core.AuditRecord.read(line.recordBytes()).details())
                    .containsEntry("verdict", "ANSWER"));
  }

  @Test // the machine of the second process needs the agent, not the first one's memory
  void anAgentOfAnotherProcessGoesOn() {
    desk(Habit.STAYS, tool("name", (context, arguments) -> context.ask("Which?")));
    RunId run = runs("name");
    question(run);
    desk.close();
    desk =
        new Desk(
            Habit.STAYS,
            folder,
            agent ->
                agent.tools(
                    tool("name", (context, arguments) -> "second " + context.ask("Which?"))));
    desk.model.otherwise(request -> new Message.Assistant("End.", List.of()));

    answers(desk, question(run), "Bob");

    desk.completes(run);
    assertThat(desk.told()).isEqualTo("second Bob");
  }
}
