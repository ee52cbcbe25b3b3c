package dev.assent.scenarios;

import static dev.assent.scenarios.Desk.call;
import static dev.assent.testkit.AssentAssertions.assertThatRun;
import static dev.assent.testkit.ScriptedPerson.person;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.CallStatus;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Effect;
import dev.assent.core.Message;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Principal;
import dev.assent.core.Profile;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Risk;
import dev.assent.core.RunId;
import dev.assent.core.Threshold;
import dev.assent.core.Tool;
import dev.assent.core.Verdict;
import dev.assent.core.spi.Model;
import dev.assent.core.spi.ModelException;
import dev.assent.core.spi.Store;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.GateRequest;
import dev.assent.runtime.InMemoryStore;
import dev.assent.runtime.Reply;
import dev.assent.runtime.RequirementCard;
import dev.assent.runtime.Responder;
import dev.assent.runtime.RunResult;
import dev.assent.runtime.ToolContext;
import dev.assent.scenarios.Desk.Habit;
import dev.assent.testkit.Answer;
import dev.assent.testkit.CrashPoints;
import dev.assent.testkit.Effects;
import dev.assent.testkit.Scenario;
import dev.assent.testkit.ScriptedModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A person who decides asks the agent back; the approval stays open while it thinks. */
@Timeout(120)
class AskBackTest {
  private static final String FIVE_HUNDRED = "{\"cents\":500,\"to\":\"Acme\"}";
  private static final String FIFTY = "{\"cents\":50,\"to\":\"Acme\"}";

  @TempDir Path folder;
  private final List<String> paid = new CopyOnWriteArrayList<>();
  private Desk desk;

  class Tools {
    @RequiresApproval
    @Tool("Pays")
    String pay(String to, long cents) {
      paid.add(to + " " + cents);
      return "paid " + cents;
    }

    @RequiresApproval
    @Tool("Sends a letter")
    String letter(String to) {
      paid.add("letter " + to);
      return "sent";
    }

    @Tool(value = "Looks", effect = Effect.READ_ONLY)
    String look(String what) {
      paid.add("look " + what);
      return "seen";
    }
  }

  private void desk(Habit habit) {
    desk(habit, agent -> agent);
  }

  private void desk(Habit habit, UnaryOperator<Agent.Builder> agent) {
    desk = new Desk(habit, folder, builder -> agent.apply(builder.tools(new Tools())));
  }

  @AfterEach
  void close() {
    if (desk != null) {
      desk.close();
    }
  }

  private RequirementCard card(Requirement of) {
    return desk.assent.card(of.id()).orElseThrow();
  }

  private RequirementCard.CardAnswer answer(Requirement of) {
    return card(of).rounds().getLast().answer();
  }

  private Requirement asksBack(RunId run, Requirement asked, String words) {
    assertThat(desk.says(asked, Verdict.ASK_BACK, null, words))
        .isInstanceOf(DecisionOutcome.Recorded.class);
    return desk.waitsFor(run, RequirementKind.APPROVAL);
  }

  /**
   * Proposes fifty to whoever asks back so, and ends with these words: a process that ends while
   * the agent thinks leaves it to the next one to ask again.
   */
  private static Function<Model.Request, Message.Assistant> askedBack(
      String question, String answer, String end) {
    return request ->
        request.messages().stream()
                .map(Message::text)
                .anyMatch(text -> text.contains(question) && text.contains("not been executed"))
            ? new Message.Assistant(answer, List.of(ScriptedModel.call("again", "pay", FIFTY)))
            : new Message.Assistant(end, List.of());
  }

  private List<Message> results(RunId run) {
    return desk.store.messages(Desk.TENANT, desk.state(run).session()).stream()
        .map(row -> desk.store.body(Desk.TENANT, row.body().id()).orElseThrow())
        .map(body -> body.text())
        .filter(text -> text.contains("\"type\":\"tool\""))
        .<Message>map(Message.User::new)
        .toList();
  }

  @ParameterizedTest
  @EnumSource(Habit.class)
  void theAgentAnswersWithANewVersionWhichIsTheOneThatRuns(Habit habit) {
    desk(habit);
    desk.model
        .replies("I pay Acme.", call("pay", FIVE_HUNDRED))
        .otherwise(askedBack("Is it not 50?", "A slip of mine: it is 50.", "Paid."));
    RunId run = desk.run("Pay Acme");
    Requirement first = desk.waitsFor(run, RequirementKind.APPROVAL);

    Requirement second = asksBack(run, first, "Is it not 50?");

    assertThat(second.version()).isEqualTo(2);
    assertThat(second.digest()).isNotEqualTo(first.digest());
    assertThat(desk.text(second)).isEqualTo(FIFTY);
    assertThat(card(second).words()).as("the earlier words").isEqualTo("I pay Acme.");
    assertThat(card(second).rounds()).hasSize(1);
    assertThat(card(second).rounds().getFirst().question()).isEqualTo("Is it not 50?");
    assertThat(card(second).rounds().getFirst().by()).isEqualTo("ada");
    assertThat(answer(second).words()).isEqualTo("A slip of mine: it is 50.");
    assertThat(answer(second).before()).isEqualTo(FIVE_HUNDRED);
    assertThat(answer(second).after()).isEqualTo(FIFTY);
    assertThat(card(second).argumentsOf(1)).isEqualTo(FIVE_HUNDRED);
    assertThat(card(second).argumentsOf(2)).isEqualTo(FIFTY);
    assertThat(paid).isEmpty();

    assertThat(desk.says(first, Verdict.APPROVE, null))
        .isInstanceOf(DecisionOutcome.StaleVersion.class);
    desk.answers(second, Verdict.APPROVE, null);

    assertThat(desk.completes(run)).isEqualTo("Paid.");
    assertThat(paid).containsExactly("Acme 50");
    assertThat(results(run)).as("one tool result for the call").hasSize(1);
    assertThat(desk.told()).contains("paid 50", "Is it not 50?", "A slip of mine", FIFTY);
    assertThat(card(second).rounds()).as("also once it is over").hasSize(1);
  }

  @Test
  void theModelIsAskedWithExactlyOneResultForEachCall() {
    desk(Habit.STAYS);
    desk.model
        .calls(call("pay", FIVE_HUNDRED), call("letter", "{\"to\":\"Bob\"}"))
        .says("Because of the invoice.");
    RunId run = desk.run("Pay Acme");
    Requirement pay = desk.waits(run).getFirst();

    desk.says(pay, Verdict.ASK_BACK, null, "Why?");
    desk.waits(run);

    List<Message> heard = desk.model.lastHeard();
    assertThat(heard.reversed().stream().takeWhile(Message.ToolResult.class::isInstance))
        .hasSize(2)
        .anySatisfy(result -> assertThat(result.text()).contains("Why?", FIVE_HUNDRED))
        .anySatisfy(result -> assertThat(result.text()).contains("no result yet"));
    assertThat(desk.model.requests().getLast().tools())
        .as("nothing else can be called meanwhile")
        .extracting(Model.Offered::name)
        .containsExactly("pay");
  }

  @ParameterizedTest
  @EnumSource(Habit.class)
  void otherCallsOfTheBatchStayAsTheyAre(Habit habit) {
    desk(habit);
    desk.model
        .calls(call("pay", FIVE_HUNDRED), call("letter", "{\"to\":\"Bob\"}"))
        .otherwise(askedBack("50?", "50 then.", "Done."));
    RunId run = desk.run("Pay and write");
    List<Requirement> both = desk.waits(run);
    Requirement letter = both.getLast();

    desk.says(both.getFirst(), Verdict.ASK_BACK, null, "50?");
    List<Requirement> after = desk.waits(run);

    assertThat(after).contains(letter).hasSize(2);
    Requirement pay = after.stream().filter(each -> !each.equals(letter)).findFirst().orElseThrow();
    desk.answers(letter, Verdict.APPROVE, null);
    desk.answers(pay, Verdict.APPROVE, null);
    assertThat(desk.completes(run)).isEqualTo("Done.");
    assertThat(paid).containsExactlyInAnyOrder("Acme 50", "letter Bob");
    assertThat(results(run)).hasSize(2);
  }

  private void staysAsItIs(Requirement before, Requirement after) {
    assertThat(after.version()).isEqualTo(before.version());
    assertThat(after.digest()).isEqualTo(before.digest());
    assertThat(answer(after).after()).isNull();
    assertThat(paid).isEmpty();
  }

  @Test
  void wordsAloneAreShownBesideAndNothingElseChanges() {
    desk(Habit.STAYS);
    desk.model.calls(call("pay", FIVE_HUNDRED)).says("Invoice 7 says so.").says("Paid.");
    RunId run = desk.run("Pay");
    Requirement first = desk.waitsFor(run, RequirementKind.APPROVAL);

    Requirement after = asksBack(run, first, "Why?");

    staysAsItIs(first, after);
    assertThat(answer(after).words()).isEqualTo("Invoice 7 says so.");
    assertThat(answer(after).note()).isNull();
    desk.answers(first, Verdict.APPROVE, null);
    assertThat(desk.completes(run)).isEqualTo("Paid.");
    assertThat(paid).containsExactly("Acme 500");
  }

  @Test
  void theSameCallAgainIsNoNewVersion() {
    desk(Habit.STAYS);
    desk.model
        .calls(call("pay", FIVE_HUNDRED))
        .replies("It is right.", call("pay", "{\"to\":\"Acme\",\"cents\":500}"));
    RunId run = desk.run("Pay");
    Requirement first = desk.waitsFor(run, RequirementKind.APPROVAL);

    Requirement after = asksBack(run, first, "Sure?");

    staysAsItIs(first, after);
    assertThat(answer(after).words()).isEqualTo("It is right.");
  }

  @Test
  void anotherCallIsNotTakenUpWhileThisOneIsDecided() {
    desk(Habit.STAYS);
    desk.model
        .calls(call("pay", FIVE_HUNDRED))
        .replies("I look first.", call("look", "{\"what\":\"x\"}"));
    RunId run = desk.run("Pay");
    Requirement first = desk.waitsFor(run, RequirementKind.APPROVAL);

    Requirement after = asksBack(run, first, "Sure?");

    staysAsItIs(first, after);
    assertThat(answer(after).note()).contains("look").contains("reject it");
    assertThat(answer(after).words()).isEqualTo("I look first.");
  }

  @Test
  void argumentsThatDoNotFitAreNotTaken() {
    desk(Habit.STAYS);
    desk.model
        .calls(call("pay", FIVE_HUNDRED))
        .replies("Then so.", call("pay", "{\"to\":\"Acme\",\"cents\":\"much\"}"));
    RunId run = desk.run("Pay");
    Requirement first = desk.waitsFor(run, RequirementKind.APPROVAL);

    Requirement after = asksBack(run, first, "Sure?");

    staysAsItIs(first, after);
    assertThat(answer(after).note()).contains("not taken", "schema");
  }

  @Test // judged anew
  void whatARuleForbidsIsNotTaken() {
    desk(
        Habit.STAYS,
        agent ->
            agent.policy(
                question ->
                    question.arguments().toString().contains("666")
                        ? new PolicyOutcome.Deny("limits", "never 666")
                        : new PolicyOutcome.Allow("fine")));
    desk.model
        .calls(call("pay", FIVE_HUNDRED))
        .replies("More then.", call("pay", "{\"to\":\"Acme\",\"cents\":666}"));
    RunId run = desk.run("Pay");
    Requirement first = desk.waitsFor(run, RequirementKind.APPROVAL);

    Requirement after = asksBack(run, first, "Is it enough?");

    staysAsItIs(first, after);
    assertThat(answer(after).note()).contains("never 666");
  }

  @Test
  void aModelThatGivesNoReplyLeavesItOpen() {
    desk(Habit.STAYS);
    desk.model
        .calls(call("pay", FIVE_HUNDRED))
        .fails(new ModelException("model-refused", "no such model", false, null, null))
        .says("Paid.");
    RunId run = desk.run("Pay");
    Requirement first = desk.waitsFor(run, RequirementKind.APPROVAL);

    Requirement after = asksBack(run, first, "Sure?");

    staysAsItIs(first, after);
    assertThat(answer(after).note()).contains("could not answer", "no such model");
    desk.answers(after, Verdict.APPROVE, null);
    assertThat(desk.completes(run)).isEqualTo("Paid.");
  }

  @Test
  void itIsAskedBackOnlySoOften() {
    desk(Habit.STAYS, agent -> agent.askBacks(2));
    desk.model.calls(call("pay", FIVE_HUNDRED)).says("Because.").says("Because!");
    RunId run = desk.run("Pay");
    Requirement asked = desk.waitsFor(run, RequirementKind.APPROVAL);
    asked = asksBack(run, asked, "Why?");
    asked = asksBack(run, asked, "Why really?");
    assertThat(desk.told()).contains("Why?", "Because.", "Why really?");

    assertThat(desk.says(asked, Verdict.ASK_BACK, null, "But why?"))
        .isInstanceOfSatisfying(
            DecisionOutcome.Invalid.class,
            invalid -> assertThat(invalid.why()).contains("2 times"));
    assertThat(card(asked).noAskingBack()).contains("2 times");
    assertThat(desk.model.requests()).hasSize(3);
  }

  @Test
  void aQuestionWithoutWordsIsNone() {
    desk(Habit.STAYS);
    desk.model.calls(call("pay", FIVE_HUNDRED));
    RunId run = desk.run("Pay");
    Requirement asked = desk.waitsFor(run, RequirementKind.APPROVAL);

    assertThat(desk.says(asked, Verdict.ASK_BACK, null, " "))
        .isInstanceOf(DecisionOutcome.Invalid.class);
    assertThat(desk.says(asked, Verdict.ASK_BACK, "{}", "Why?"))
        .isInstanceOf(DecisionOutcome.Invalid.class);
  }

  @Test
  void whoHandedACallInFromOutsideCannotBeAskedBack() {
    desk(Habit.STAYS);
    desk.assent.gate(GateRequest.of("bot", "pay", FIVE_HUNDRED));
    Requirement asked =
        desk.store.requirements(Desk.TENANT, Store.RequirementQuery.pending(10)).items().getFirst();

    assertThat(desk.says(asked, Verdict.ASK_BACK, null, "Why?"))
        .isInstanceOfSatisfying(
            DecisionOutcome.Invalid.class,
            invalid -> assertThat(invalid.why()).contains("from outside"));
  }

  @Test
  void aDecisionGoesBeforeWhatTheAgentSaysTooLate() throws Exception {
    CountDownLatch thinks = new CountDownLatch(1);
    CountDownLatch speaks = new CountDownLatch(1);
    desk(Habit.STAYS);
    desk.model
        .calls(call("pay", FIVE_HUNDRED))
        .then(
            request -> {
              thinks.countDown();
              awaits(speaks);
              return new Message.Assistant("50!", List.of(ScriptedModel.call("p", "pay", FIFTY)));
            })
        .says("Paid.");
    RunId run = desk.run("Pay");
    Requirement asked = desk.waitsFor(run, RequirementKind.APPROVAL);
    desk.says(asked, Verdict.ASK_BACK, null, "50?");
    awaits(thinks);

    assertThat(desk.says(asked, Verdict.APPROVE, null))
        .as("it stays open while the agent thinks")
        .isInstanceOf(DecisionOutcome.Recorded.class);
    assertThat(desk.completes(run)).as("before the agent has spoken").isEqualTo("Paid.");
    speaks.countDown();

    assertThat(paid).containsExactly("Acme 500");
    assertThat(card(asked).requirement().version()).isEqualTo(1);
    assertThat(card(asked).rounds().getFirst().answer()).isNull();
  }

  private static void awaits(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void anEditGoesBeforeWhatTheAgentSaysTooLate() {
    CountDownLatch thinks = new CountDownLatch(1);
    CountDownLatch speaks = new CountDownLatch(1);
    Principal bob = Principal.person("bob", "finance");
    Principal eve = Principal.person("eve", "finance");
    desk =
        new Desk(
            Habit.STAYS,
            folder,
            agent -> agent.tools(new Tools()).approvalWhen("pay", any -> true, two()),
            builder -> separated(builder, bob, eve));
    desk.model
        .calls(call("pay", FIVE_HUNDRED))
        .then(
            request -> {
              thinks.countDown();
              awaits(speaks);
              return new Message.Assistant("50!", List.of(ScriptedModel.call("p", "pay", FIFTY)));
            });
    RunId run = desk.run("Pay");
    Requirement asked = desk.waitsFor(run, RequirementKind.APPROVAL);
    desk.saysAs(bob, asked, Verdict.ASK_BACK, null, "50?");
    awaits(thinks);

    String seven = "{\"cents\":7,\"to\":\"Acme\"}";
    desk.saysAs(eve, asked, Verdict.EDIT, seven, null);
    speaks.countDown();
    Requirement after = desk.waitsFor(run, RequirementKind.APPROVAL);

    assertThat(desk.text(after)).isEqualTo(seven);
    assertThat(after.version()).isEqualTo(2);
    assertThat(answer(after).words()).isEqualTo("50!");
    assertThat(answer(after).note()).contains("changed meanwhile");
  }

  private static ApprovalTerms two() {
    return new ApprovalTerms(
        "two of finance",
        List.of(new Threshold(2, List.of("finance"), List.of())),
        Risk.MEDIUM,
        "",
        null,
        null,
        null,
        ApprovalTerms.OnExpiry.REJECT);
  }

  private static Assent.Builder separated(Assent.Builder builder, Principal... people) {
    Map<String, Principal> known =
        Stream.concat(Stream.of(Desk.ADA), Arrays.stream(people))
            .collect(Collectors.toMap(Principal::id, each -> each));
    return builder.profile(Profile.SEPARATED).directory(id -> Optional.ofNullable(known.get(id)));
  }

  @Test
  void aResponderThatAsksBackIsAskedAgainWithTheAnswer() {
    List<String> shown = new CopyOnWriteArrayList<>();
    ScriptedModel model =
        ScriptedModel.inOrder()
            .calls(call("pay", FIVE_HUNDRED))
            .says("Because of the invoice.")
            .replies("50 then.", call("pay", FIFTY))
            .says("Paid.");
    try (Assent assent =
        Assent.on(new InMemoryStore())
            .operator(Desk.ADA)
            .responder(
                Responder.of(
                    asked -> {
                      shown.add(asked.card().arguments() + " " + asked.card().rounds().size());
                      return shown.size() < 3 ? Reply.askBack("Not 50?") : Reply.approve();
                    }))
            .register(Agent.named("bot").model(model).tools(new Tools()).build())
            .start()) {

      RunResult result = assent.run("bot", "Pay");

      assertThat(result)
          .isInstanceOfSatisfying(
              RunResult.Completed.class,
              completed -> assertThat(completed.output()).isEqualTo("Paid."));
    }
    assertThat(shown).containsExactly(FIVE_HUNDRED + " 0", FIVE_HUNDRED + " 1", FIFTY + " 2");
    assertThat(paid).containsExactly("Acme 50");
  }

  @Test // rule 8, rule 3
  void votesOnTheEarlierVersionAreVoidAndThoseOnTheSameAreNot() {
    Principal bob = Principal.person("bob", "finance");
    Principal eve = Principal.person("eve", "finance");
    desk =
        new Desk(
            Habit.STAYS,
            folder,
            agent -> agent.tools(new Tools()).approvalWhen("pay", any -> true, two()),
            builder -> separated(builder, bob, eve));
    desk.model
        .calls(call("pay", FIVE_HUNDRED))
        .says("I am sure.")
        .replies("50 then.", call("pay", FIFTY))
        .says("Paid.");
    RunId run = desk.run("Pay");
    Requirement asked = desk.waitsFor(run, RequirementKind.APPROVAL);
    desk.saysAs(bob, asked, Verdict.APPROVE, null, null);
    desk.saysAs(eve, asked, Verdict.ASK_BACK, null, "Sure?");
    assertThat(card(desk.waitsFor(run, RequirementKind.APPROVAL)).approvals())
        .as("nothing of what is decided has changed")
        .isEqualTo(1);

    desk.saysAs(eve, asked, Verdict.ASK_BACK, null, "Not 50?");
    Requirement second = desk.waitsFor(run, RequirementKind.APPROVAL);

    assertThat(card(second).approvals()).isZero();
    desk.saysAs(bob, second, Verdict.APPROVE, null, null);
    desk.saysAs(eve, second, Verdict.APPROVE, null, null);
    assertThat(desk.completes(run)).isEqualTo("Paid.");
    assertThat(paid).containsExactly("Acme 50");
  }

  @Test
  void whoMayNotDecideCannotAskBack() {
    Principal bob = Principal.person("bob", "finance");
    Principal mal = Principal.person("mal");
    desk =
        new Desk(
            Habit.STAYS,
            folder,
            agent -> agent.tools(new Tools()).approvalWhen("look", any -> true, two()),
            builder -> separated(builder, bob, mal));
    desk.model.calls(call("look", "{\"what\":\"x\"}"));
    Requirement asked = desk.waitsFor(desk.run("Pay"), RequirementKind.APPROVAL);

    assertThat(desk.saysAs(mal, asked, Verdict.ASK_BACK, null, "Why?"))
        .isInstanceOf(DecisionOutcome.NotEntitled.class);
    assertThat(desk.saysAs(Desk.ADA, asked, Verdict.ASK_BACK, null, "Why?"))
        .as("who asked for it")
        .isInstanceOf(DecisionOutcome.NotEntitled.class);
    assertThat(desk.model.requests()).hasSize(1);
  }

  @Test
  void questionAndAnswerStandInTheAuditLog() {
    desk(Habit.STAYS);
    desk.model
        .calls(call("pay", FIVE_HUNDRED))
        .replies("50 then.", call("pay", FIFTY))
        .says("Paid.");
    RunId run = desk.run("Pay");
    Requirement second =
        asksBack(run, desk.waitsFor(run, RequirementKind.APPROVAL), "Planted question");

    List<String> log =
        desk.store.audit(Desk.TENANT, 0, 100).stream()
            .map(line -> new String(line.recordBytes(), StandardCharsets.UTF_8))
            .toList();

    assertThat(log).anyMatch(line -> line.contains("ASK_BACK") && line.contains("words"));
    assertThat(log).anyMatch(line -> line.contains("call.asked_back c1 v1"));
    assertThat(log).anyMatch(line -> line.contains("call.answered_back c1"));
    assertThat(log).noneMatch(line -> line.contains("Planted question"));
    assertThat(desk.state(run).find(second.call()).orElseThrow().status())
        .isEqualTo(CallStatus.GATED);
  }

  record Payments(Effects effects) {
    @RequiresApproval
    @Tool(value = "Pays", effectKey = "to:{to}")
    String pay(String to, long cents, ToolContext context) {
      effects.happened(context, "paid " + to + " " + cents);
      return "paid";
    }
  }

  private static boolean approval(RequirementCard card, int version) {
    return card.requirement().kind() == RequirementKind.APPROVAL
        && card.requirement().version() == version;
  }

  @Test
  @Tag("X13")
  void aCrashAnywhereInBetweenGoesOn() {
    Scenario story =
        Scenario.named("asked back")
            .agent(
                stage ->
                    Agent.named("bot")
                        .model(stage.model())
                        .tools(new Payments(stage.effects()))
                        .build())
            .model(
                model ->
                    model
                        .calls(call("pay", FIVE_HUNDRED))
                        .then(
                            request ->
                                request.messages().getLast().text().contains("Not 50?")
                                        && request
                                            .messages()
                                            .getLast()
                                            .text()
                                            .contains("not been executed")
                                    ? new Message.Assistant(
                                        "A slip.",
                                        List.of(ScriptedModel.call("again", "pay", FIFTY)))
                                    : new Message.Assistant("Paid.", List.of())))
            .people(
                person("ann")
                    .answers(card -> approval(card, 1), Answer.askBack("Not 50?"))
                    .answers(
                        card -> approval(card, 2),
                        card ->
                            new DecisionRequest(
                                2,
                                card.requirement().digest(),
                                Verdict.APPROVE,
                                null,
                                null,
                                "yes")))
            .starts("bot", "Go.")
            .expect(run -> assertThatRun(run).completedWith("Paid."))
            .build();

    story.play();
    CrashPoints.Report report = CrashPoints.everyCommit(story);

    assertThat(report.crashes()).isGreaterThan(report.commits());
  }
}
