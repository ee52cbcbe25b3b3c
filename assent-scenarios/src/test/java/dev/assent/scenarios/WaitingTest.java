package dev.assent.scenarios;

import static dev.assent.scenarios.Desk.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.CallStatus;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.Effect;
import dev.assent.core.ExternalExecution;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RequiresApproval;
import dev.assent.core.ReviewedResult;
import dev.assent.core.RunId;
import dev.assent.core.RunStatus;
import dev.assent.core.Tool;
import dev.assent.core.UserInput;
import dev.assent.core.Verdict;
import dev.assent.runtime.Agent;
import dev.assent.runtime.PeopleTools;
import dev.assent.runtime.RunResult;
import dev.assent.scenarios.Desk.Habit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of thing that a call waits for, in one process and across restarts. */
@Timeout(60)
class WaitingTest {
  @TempDir Path folder;
  private final List<String> done = new CopyOnWriteArrayList<>();
  private Desk desk;

  private Desk desk(Habit habit, Object... tools) {
    desk = new Desk(habit, folder, agent -> agent.tools(tools));
    return desk;
  }

  private Desk desk(Habit habit, UnaryOperator<Agent.Builder> agent) {
    desk = new Desk(habit, folder, agent);
    return desk;
  }

  @AfterEach
  void close() {
    if (desk != null) {
      desk.close();
    }
  }

  @Nested
  class FieldsOfAPerson {
    class Mails {
      @UserInput(value = "to", message = "Who gets it?")
      @Tool("Sends a mail")
      String mail(String subject, String to) {
        done.add(subject + " to " + to);
        return "sent";
      }

      @RequiresApproval
      @UserInput("code")
      @Tool("Opens a door")
      String open(String door, int code) {
        done.add(door + " " + code);
        return "open";
      }
    }

    @ParameterizedTest
    @EnumSource(Habit.class)
    @Tag("C2")
    void theyAreHiddenFromTheModelAndFilledInByAPerson(Habit habit) {
      desk(habit, new Mails());
      desk.model.calls(call("mail", "{\"subject\":\"Hello\"}")).says("Done.");

      RunId run = desk.run("Write to Bob");
      Requirement asked = desk.waitsFor(run, RequirementKind.USER_INPUT);
      assertThat(desk.text(asked)).isEqualTo("{\"subject\":\"Hello\"}");
      desk.answers(asked, Verdict.ANSWER, "{\"to\":\"bob@example.org\"}");

      assertThat(desk.completes(run)).isEqualTo("Done.");
      assertThat(done).containsExactly("Hello to bob@example.org");
      assertThat(
              desk.model.requests().getFirst().tools().stream()
                  .filter(tool -> tool.name().equals("mail"))
                  .findFirst()
                  .orElseThrow()
                  .schema()
                  .toString())
          .doesNotContain("\"to\"");
    }

    @Test // a wrong answer is an error and changes nothing
    @Tag("C2")
    @Tag("C6")
    void theyAreCheckedAgainstTheSchema() {
      desk(Habit.STAYS, new Mails());
      desk.model.calls(call("open", "{\"door\":\"front\"}"), call("mail", "{\"subject\":\"s\"}"));
      RunId run = desk.run("Open and write");
      Requirement approval =
          desk.waits(run).stream()
              .filter(each -> each.kind() == RequirementKind.APPROVAL)
              .findFirst()
              .orElseThrow();
      desk.answers(approval, Verdict.APPROVE, null);
      Requirement code =
          desk.waits(run).stream()
              .filter(each -> each.tool().equals("open"))
              .findFirst()
              .orElseThrow();

      assertThat(desk.says(code, Verdict.ANSWER, "{\"code\":\"four\"}"))
          .isInstanceOfSatisfying(
              DecisionOutcome.Invalid.class, no -> assertThat(no.why()).contains("/code"));
      assertThat(desk.says(code, Verdict.ANSWER, "{\"code\":4,\"window\":\"back\"}"))
          .isInstanceOf(DecisionOutcome.Invalid.class);
      assertThat(desk.says(code, Verdict.ANSWER, null)).isInstanceOf(DecisionOutcome.Invalid.class);
      assertThat(desk.says(code, Verdict.APPROVE, null))
          .isInstanceOf(DecisionOutcome.Invalid.class);
      assertThat(desk.says(code, Verdict.ANSWER, "nonsense"))
          .isInstanceOf(DecisionOutcome.Invalid.class);

      assertThat(desk.store.requirement(Desk.TENANT, code.id())).contains(code);
      assertThat(done).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Habit.class) // approval first, then the fields
    @Tag("C21")
    void anApprovalComesBeforeThem(Habit habit) {
      desk(habit, new Mails());
      desk.model.calls(call("open", "{\"door\":\"front\"}")).says("Open.");

      RunId run = desk.run("Open the door");
      desk.answers(desk.waitsFor(run, RequirementKind.APPROVAL), Verdict.APPROVE, null);
      desk.answers(desk.waitsFor(run, RequirementKind.USER_INPUT), Verdict.ANSWER, "{\"code\":7}");

      desk.completes(run);
      assertThat(done).containsExactly("front 7");
    }

    @Test // each answer belongs to its own call
    @Tag("X14")
    @Tag("X15")
    @Tag("X26")
    void twoCallsOfOneToolHaveAFormEach() {
      desk(Habit.RESTARTS, new Mails());
      desk.model
          .calls(call("mail", "{\"subject\":\"one\"}"), call("mail", "{\"subject\":\"two\"}"))
          .says("Both.");

      RunId run = desk.run("Write twice");
      Requirement first = desk.waits(run).getFirst();
      desk.answers(first, Verdict.ANSWER, "{\"to\":\"ann\"}");
      Requirement second = desk.waits(run).getFirst();
      desk.answers(second, Verdict.ANSWER, "{\"to\":\"bob\"}");

      desk.completes(run);
      assertThat(done).containsExactly("one to ann", "two to bob");
    }

    @Test
    void whoDeclinesEndsTheCallAndTheModelIsTold() {
      desk(Habit.RESTARTS, new Mails());
      desk.model.calls(call("mail", "{\"subject\":\"one\"}")).says("Well.");
      RunId run = desk.run("Write");

      assertThat(
              desk.says(
                  desk.waitsFor(run, RequirementKind.USER_INPUT),
                  Verdict.DECLINE,
                  null,
                  "I do not know"))
          .isInstanceOf(DecisionOutcome.Recorded.class);

      desk.completes(run);
      assertThat(desk.told()).contains("not executed").contains("I do not know");
      assertThat(done).isEmpty();
    }
  }

  @Nested
  class WorkOutside {
    class Robots {
      @ExternalExecution(message = "Press the button", expiresAfter = "PT1H")
      @Tool(value = "Moves the robot", effectKey = "robot:{where}")
      String move(String where) {
        throw new AssertionError("never called");
      }
    }

    @ParameterizedTest
    @EnumSource(Habit.class)
    @Tag("C5")
    void itsResultIsBroughtBack(Habit habit) {
      desk(habit, new Robots());
      desk.model.calls(call("move", "{\"where\":\"left\"}")).says("It moved.");

      RunId run = desk.run("Move");
      Requirement outside = desk.waitsFor(run, RequirementKind.EXTERNAL_EXECUTION);
      desk.answers(outside, Verdict.TAKE, null);
      Requirement taken = desk.waitsFor(run, RequirementKind.EXTERNAL_EXECUTION);
      assertThat(taken.takenBy()).isEqualTo("ada");
      desk.answers(taken, Verdict.RESULT, "moved 3 m");

      assertThat(desk.completes(run)).isEqualTo("It moved.");
      assertThat(desk.told()).isEqualTo("moved 3 m");
    }

    @Test
    @Tag("C5")
    void aFailureIsAnErrorForTheModel() {
      desk(Habit.RESTARTS, new Robots());
      desk.model.calls(call("move", "{\"where\":\"left\"}")).says("Too bad.");
      RunId run = desk.run("Move");

      assertThat(
              desk.says(
                  desk.waitsFor(run, RequirementKind.EXTERNAL_EXECUTION),
                  Verdict.FAILURE,
                  null,
                  "stuck"))
          .isInstanceOf(DecisionOutcome.Recorded.class);

      desk.completes(run);
      assertThat(desk.told()).isEqualTo("It failed: stuck");
      assertThat(desk.onlyCall(run).status()).isEqualTo(CallStatus.FAILED);
    }

    @Test // taken and not reported back is not "it did not happen"
    @Tag("C5")
    void whatWasTakenAndNotReportedInTimeIsUnknown() {
      desk(Habit.RESTARTS, new Robots());
      desk.model.calls(call("move", "{\"where\":\"left\"}")).says("Unknown.");
      RunId run = desk.run("Move");
      desk.answers(desk.waitsFor(run, RequirementKind.EXTERNAL_EXECUTION), Verdict.TAKE, null);

      desk.after(Duration.ofHours(2));

      desk.completes(run);
      assertThat(desk.onlyCall(run).code()).isEqualTo("outcome-unknown");
    }

    @Test
    @Tag("C5")
    void whatNobodyTookInTimeHasExpired() {
      desk(Habit.RESTARTS, new Robots());
      desk.model.calls(call("move", "{\"where\":\"left\"}")).says("Nobody.");
      RunId run = desk.run("Move");

      desk.after(Duration.ofHours(2));

      desk.completes(run);
      assertThat(desk.onlyCall(run).status()).isEqualTo(CallStatus.EXPIRED);
    }
  }

  @Nested
  class Edits {
    class Bank {
      @RequiresApproval
      @Tool(value = "Pays", effectKey = "invoice:{invoice}")
      String pay(String invoice, long cents) {
        done.add(invoice + " " + cents);
        return "paid";
      }
    }

    @ParameterizedTest
    @EnumSource(Habit.class)
    @Tag("X48")
    void inSoloTheEditedCallRunsAndTheModelIsTold(Habit habit) {
      desk(habit, new Bank());
      desk.model.calls(call("pay", "{\"cents\":100,\"invoice\":\"7\"}")).says("Paid.");

      RunId run = desk.run("Pay");
      Requirement shown = desk.waitsFor(run, RequirementKind.APPROVAL);
      desk.answers(shown, Verdict.EDIT, "{\"cents\":9007199254740993,\"invoice\":\"7\"}");

      desk.completes(run);
      assertThat(done).containsExactly("7 9007199254740993");
      assertThat(desk.told()).contains("9007199254740993").startsWith("paid");
      Requirement after = desk.store.requirement(Desk.TENANT, shown.id()).orElseThrow();
      assertThat(after.version()).isEqualTo(2);
      assertThat(after.proposed()).isEqualTo(shown.arguments());
      assertThat(after.editedBy()).isEqualTo("ada");
    }

    @Test // rule 8: an edit is checked like a call of the model
    void anEditThatDoesNotFitChangesNothing() {
      desk(Habit.STAYS, new Bank());
      desk.model.calls(call("pay", "{\"cents\":100,\"invoice\":\"7\"}"));
      RunId run = desk.run("Pay");
      Requirement shown = desk.waitsFor(run, RequirementKind.APPROVAL);

      assertThat(desk.says(shown, Verdict.EDIT, "{\"cents\":\"much\",\"invoice\":\"7\"}"))
          .isInstanceOf(DecisionOutcome.Invalid.class);
      assertThat(desk.says(shown, Verdict.EDIT, "{\"cents\":1,\"cents\":2,\"invoice\":\"7\"}"))
          .isInstanceOf(DecisionOutcome.Invalid.class);

      assertThat(desk.store.requirement(Desk.TENANT, shown.id())).contains(shown);
      assertThat(done).isEmpty();
    }

    @Test // rule 3: what was shown before the edit is not what is decided now
    @Tag("B11")
    void aDecisionOnTheVersionBeforeIsRefused() {
      Principal bob = Principal.person("bob");
      desk =
          new Desk(
              Habit.STAYS,
              folder,
              agent -> agent.tools(new Bank()),
              builder ->
                  builder
                      .profile(dev.assent.core.Profile.SEPARATED)
                      .directory(
                          id ->
                              List.of(
                                      Desk.ADA,
                                      bob,
                                      Principal.person("cyd"),
                                      Principal.person("rita"))
                                  .stream()
                                  .filter(each -> each.id().equals(id))
                                  .findFirst()));
      desk.model.calls(call("pay", "{\"cents\":100,\"invoice\":\"7\"}")).says("Paid.");
      RunId run = desk.assent.submit(dev.assent.runtime.RunRequest.of("bot", "Pay").by("rita"));
      Requirement shown = desk.waitsFor(run, RequirementKind.APPROVAL);

      assertThat(desk.says(shown, Verdict.EDIT, "{\"cents\":90,\"invoice\":\"7\"}"))
          .isInstanceOf(DecisionOutcome.Recorded.class);
      assertThat(desk.saysAs(bob, shown, Verdict.APPROVE, null, null))
          .isInstanceOf(DecisionOutcome.StaleVersion.class);
      Requirement edited = desk.waitsFor(run, RequirementKind.APPROVAL);
      assertThat(desk.says(edited, Verdict.APPROVE, null))
          .as("the last editor does not count")
          .isInstanceOf(DecisionOutcome.NotEntitled.class);
      assertThat(desk.saysAs(bob, edited, Verdict.APPROVE, null, "do it today"))
          .isInstanceOf(DecisionOutcome.Recorded.class);

      desk.completes(run);
      assertThat(done).containsExactly("7 90");
      assertThat(desk.told()).contains("do it today");
    }

    @ParameterizedTest
    @EnumSource(Habit.class)
    void aPersonAnswersTheModelInsteadOfLettingTheCallRun(Habit habit) {
      desk(habit, new Bank());
      desk.model.calls(call("pay", "{\"cents\":100,\"invoice\":\"7\"}")).says("I see.");
      RunId run = desk.run("Pay");

      desk.answers(
          desk.waitsFor(run, RequirementKind.APPROVAL), Verdict.RESPOND, "I paid it by hand.");

      desk.completes(run);
      assertThat(desk.told()).isEqualTo("I paid it by hand.");
      assertThat(done).isEmpty();
    }
  }

  @Nested
  class Looks {
    class Reports {
      @ReviewedResult
      @Tool("Writes a report")
      String report(String about) {
        done.add(about);
        return "All is well with " + about;
      }
    }

    @ParameterizedTest
    @EnumSource(Habit.class)
    @Tag("A11")
    void aResultCountsOnceAPersonHasLookedAtIt(Habit habit) {
      desk(habit, new Reports());
      desk.model.calls(call("report", "{\"about\":\"us\"}")).says("Fine.");
      RunId run = desk.run("Report");
      Requirement look = desk.waitsFor(run, RequirementKind.REVIEW);
      assertThat(done).containsExactly("us");

      desk.answers(look, Verdict.REPLACE, "All was well.");

      desk.completes(run);
      assertThat(desk.told()).isEqualTo("All was well.");
      assertThat(done).containsExactly("us");
    }

    class Drafts {
      @ReviewedResult(rounds = 2)
      @Tool(value = "Drafts a letter", effect = Effect.READ_ONLY)
      String draft(String tone) {
        done.add(tone);
        return "A " + tone + " letter";
      }
    }

    @ParameterizedTest
    @EnumSource(Habit.class) // so many rounds, each with its own words; both versions are kept
    @Tag("A11")
    void aResultIsMadeAnewSeveralTimes(Habit habit) {
      desk(habit, new Drafts());
      desk.model
          .calls(call("draft", "{\"tone\":\"rude\"}"))
          .calls(call("draft", "{\"tone\":\"plain\"}"))
          .calls(call("draft", "{\"tone\":\"warm\"}"))
          .calls(call("draft", "{\"tone\":\"short\"}"))
          .says("Fine.");
      RunId run = desk.run("Write");

      Requirement first = desk.waitsFor(run, RequirementKind.REVIEW);
      desk.says(first, Verdict.CHANGES, null, "be polite");
      Requirement second = desk.waitsFor(run, RequirementKind.REVIEW);
      assertThat(desk.told()).contains("A rude letter").contains("be polite");
      desk.says(second, Verdict.CHANGES, null, "be warm");
      Requirement third = desk.waitsFor(run, RequirementKind.REVIEW);
      assertThat(desk.told()).contains("A plain letter").contains("be warm");

      assertThat(desk.assent.card(third.id()).orElseThrow().looks()).isEqualTo(3);
      assertThat(third.attempt()).isEqualTo(3);
      assertThat(desk.says(third, Verdict.CHANGES, null, "once more"))
          .isInstanceOf(DecisionOutcome.Invalid.class);
      desk.answers(third, Verdict.REPLACE, "Dear Bob");
      Requirement next = desk.waitsFor(run, RequirementKind.REVIEW);
      assertThat(next.attempt()).as("what was taken begins anew").isEqualTo(1);
      assertThat(desk.told()).isEqualTo("Dear Bob");
      assertThat(desk.assent.card(third.id()).orElseThrow().output()).isEqualTo("A warm letter");
      desk.answers(next, Verdict.ACCEPT, null);

      desk.completes(run);
      assertThat(desk.told()).isEqualTo("A short letter");
      assertThat(done).containsExactly("rude", "plain", "warm", "short");
    }

    @ParameterizedTest
    @EnumSource(Habit.class)
    @Tag("A11")
    void anAnswerIsMadeAnewUntilAPersonAcceptsIt(Habit habit) {
      desk(habit, agent -> agent.reviewed(3, dev.assent.core.ApprovalTerms.simple("look")));
      desk.model.says("First.").says("Second.");

      RunId run = desk.run("Write");
      Requirement first = desk.waitsFor(run, RequirementKind.REVIEW);
      assertThat(desk.text(first)).isEqualTo("{\"output\":\"First.\"}");
      assertThat(desk.says(first, Verdict.CHANGES, null, "shorter"))
          .isInstanceOf(DecisionOutcome.Recorded.class);
      Requirement second = desk.waitsFor(run, RequirementKind.REVIEW);
      assertThat(desk.text(second)).isEqualTo("{\"output\":\"Second.\"}");
      desk.answers(second, Verdict.ACCEPT, null);

      assertThat(desk.completes(run)).isEqualTo("Second.");
      assertThat(desk.model.lastHeard().getLast().text()).contains("shorter");
    }

    @Test // at most n rounds
    @Tag("A11")
    void changesAreAskedForOnlySoOften() {
      desk(Habit.STAYS, agent -> agent.reviewed(1, dev.assent.core.ApprovalTerms.simple("look")));
      desk.model.says("First.").says("Second.");
      RunId run = desk.run("Write");
      desk.says(desk.waitsFor(run, RequirementKind.REVIEW), Verdict.CHANGES, null, "shorter");
      Requirement second = desk.waitsFor(run, RequirementKind.REVIEW);

      assertThat(desk.says(second, Verdict.CHANGES, null, "even shorter"))
          .isInstanceOf(DecisionOutcome.Invalid.class);

      desk.answers(second, Verdict.ACCEPT, null);
      assertThat(desk.completes(run)).isEqualTo("Second.");
    }

    @Test
    @Tag("A11")
    void thePersonsOwnWordsCountInstead() {
      desk(
          Habit.RESTARTS, agent -> agent.reviewed(3, dev.assent.core.ApprovalTerms.simple("look")));
      desk.model.says("First.");
      RunId run = desk.run("Write");

      desk.answers(desk.waitsFor(run, RequirementKind.REVIEW), Verdict.REPLACE, "Mine.");

      assertThat(desk.completes(run)).isEqualTo("Mine.");
    }
  }

  @Nested
  class AgentsThatAsk {
    @ParameterizedTest
    @EnumSource(Habit.class)
    @Tag("C3")
    void theAgentAsksForFieldsAsItNeedsThem(Habit habit) {
      desk(habit, PeopleTools.userInput());
      desk.model
          .calls(
              call(
                  "get_user_input",
                  "{\"message\":\"For the visa\",\"fields\":[{\"name\":\"age\",\"type\":\"integer\"}]}"))
          .says("Thanks.");

      RunId run = desk.run("I need a visa");
      Requirement asked = desk.waitsFor(run, RequirementKind.USER_INPUT);
      assertThat(desk.says(asked, Verdict.ANSWER, "{\"age\":\"old\"}"))
          .isInstanceOf(DecisionOutcome.Invalid.class);
      desk.answers(asked, Verdict.ANSWER, "{\"age\":42}");

      desk.completes(run);
      assertThat(desk.told()).isEqualTo("{\"age\":42}");
    }

    @ParameterizedTest
    @EnumSource(Habit.class)
    @Tag("C4")
    void optionsAreChecked(Habit habit) {
      desk(habit, PeopleTools.askUser());
      desk.model
          .calls(call("ask_user", "{\"question\":\"Which?\",\"options\":[\"red\",\"blue\"]}"))
          .says("Thanks.");

      RunId run = desk.run("Paint");
      Requirement asked = desk.waitsFor(run, RequirementKind.USER_INPUT);
      assertThat(desk.says(asked, Verdict.ANSWER, "{\"answer\":\"green\"}"))
          .isInstanceOf(DecisionOutcome.Invalid.class);
      desk.answers(asked, Verdict.ANSWER, "{\"answer\":\"blue\"}");

      desk.completes(run);
      assertThat(desk.told()).isEqualTo("\"blue\"");
    }
  }

  @Nested
  class OtherAgents {
    class Bank {
      @RequiresApproval
      @Tool("Pays")
      String pay(String invoice) {
        done.add(invoice);
        return "paid " + invoice;
      }
    }

    private Desk withPayer(Habit habit, dev.assent.testkit.ScriptedModel payer) {
      return desk(
          habit,
          agent ->
              agent.subAgents(
                  Agent.named("payer")
                      .description("Pays invoices")
                      .model(payer)
                      .tools(new Bank())
                      .build()));
    }

    @ParameterizedTest
    @EnumSource(Habit.class) // rule 12
    void aPauseDeepInsideShowsOnTheRootAndGoesBack(Habit habit) {
      dev.assent.testkit.ScriptedModel payer =
          dev.assent.testkit.ScriptedModel.inOrder()
              .calls(call("pay", "{\"invoice\":\"7\"}"))
              .says("I paid 7.");
      withPayer(habit, payer);
      desk.model.calls(call("payer", "{\"task\":\"Pay 7\"}")).says("All paid.");

      RunId run = desk.run("Pay");
      Requirement approval = desk.waitsFor(run, RequirementKind.APPROVAL);
      assertThat(approval.agent()).isEqualTo("payer");
      assertThat(approval.root()).isEqualTo(run);
      assertThat(desk.state(run).status()).isEqualTo(RunStatus.PAUSED);
      desk.answers(approval, Verdict.APPROVE, null);
      desk.assent.resume(approval.run());

      assertThat(desk.completes(run)).isEqualTo("All paid.");
      assertThat(desk.told()).isEqualTo("I paid 7.");
      assertThat(done).containsExactly("7");
    }

    @Test
    @Tag("X7")
    void cancellingTheRootCancelsTheOthers() {
      dev.assent.testkit.ScriptedModel payer =
          dev.assent.testkit.ScriptedModel.inOrder().calls(call("pay", "{\"invoice\":\"7\"}"));
      withPayer(Habit.RESTARTS, payer);
      desk.model.calls(call("payer", "{\"task\":\"Pay 7\"}"));
      RunId run = desk.run("Pay");
      Requirement approval = desk.waitsFor(run, RequirementKind.APPROVAL);

      desk.assent.cancel(run, "ada");

      assertThat(desk.assent.resume(run)).isInstanceOf(RunResult.Cancelled.class);
      assertThat(desk.assent.resume(approval.run())).isInstanceOf(RunResult.Cancelled.class);
      assertThat(desk.says(approval, Verdict.APPROVE, null))
          .isInstanceOf(DecisionOutcome.AlreadyClosed.class);
      assertThat(done).isEmpty();
    }
  }

  @Nested
  class Control {
    class Bank {
      @RequiresApproval(expiresAfter = "PT1H", remindAfter = "PT30M")
      @Tool("Pays")
      String pay(String invoice) {
        done.add(invoice);
        return "paid " + invoice;
      }

      @Tool(value = "Looks", effect = Effect.READ_ONLY)
      String look(String at) {
        return "seen " + at;
      }
    }

    @Test
    @Tag("X30")
    void aRejectedCallIsAnsweredUnaskedWhenTheModelRepeatsIt() {
      desk(Habit.RESTARTS, new Bank());
      desk.model
          .calls(call("pay", "{\"invoice\":\"7\"}"))
          .calls(call("pay", "{\"invoice\":\"7\"}"))
          .calls(call("pay", "{ \"invoice\": \"7\" }"))
          .calls(call("pay", "{\"invoice\":\"7\"}"))
          .calls(call("pay", "{\"invoice\":\"8\"}"))
          .says("I give up.");
      RunId run = desk.run("Pay");

      desk.says(
          desk.waitsFor(run, RequirementKind.APPROVAL), Verdict.REJECT, null, "not our vendor");

      assertThat(desk.completes(run)).isEqualTo("I give up.");
      assertThat(desk.store.requirementsOf(Desk.TENANT, run)).hasSize(1);
      assertThat(desk.told()).contains("withdrawn");
      assertThat(desk.model.requests().getLast().tools())
          .extracting(tool -> tool.name())
          .containsExactly("look");
      assertThat(done).isEmpty();
    }

    @Test
    @Tag("B11")
    @Tag("X31")
    @Tag("X69")
    void whatAPersonSaysMeanwhileIsReadBeforeTheNextTurn() {
      desk(Habit.RESTARTS, new Bank());
      desk.model.calls(call("pay", "{\"invoice\":\"7\"}")).says("Noted.");
      RunId run = desk.run("Pay");
      Requirement approval = desk.waitsFor(run, RequirementKind.APPROVAL);

      desk.assent.say(run, "And be quick.");
      desk.restart();
      desk.waitsFor(run, RequirementKind.APPROVAL);
      assertThat(done).as("a message decides nothing").isEmpty();
      desk.answers(approval, Verdict.APPROVE, null);

      desk.completes(run);
      assertThat(desk.model.lastHeard().getLast().text()).isEqualTo("And be quick.");
      assertThatThrownBy(() -> desk.assent.say(run, "Too late")).hasMessageContaining("has ended");
    }

    @Test
    void limitsEndARunThatGoesOnForEver() {
      desk(
          Habit.STAYS,
          agent -> agent.tools(new Bank()).limits(dev.assent.runtime.Limits.NONE.turns(3)));
      desk.model.otherwise(request -> look());

      RunResult result = desk.assent.run("bot", "Look");

      assertThat(result)
          .isInstanceOfSatisfying(
              RunResult.Failed.class,
              failed -> {
                assertThat(failed.code()).isEqualTo("limit-reached");
                assertThat(failed.message()).contains("3 turns");
              });
    }

    @Test
    void tokensEndARunBeforeItsModelIsAskedAgain() {
      desk(
          Habit.STAYS,
          agent -> agent.tools(new Bank()).limits(dev.assent.runtime.Limits.NONE.tokens(30)));
      desk.model.otherwise(request -> look());

      assertThat(desk.assent.run("bot", "Look"))
          .isInstanceOfSatisfying(
              RunResult.Failed.class,
              failed -> assertThat(failed.message()).contains("its limit of 30 tokens"));
      assertThat(desk.model.lastHeard()).as("two replies of 15 tokens").hasSize(3);
    }

    @Test
    void timeEndsARunThatWaitedTooLong() {
      desk(
          Habit.RESTARTS,
          agent ->
              agent
                  .tools(new Bank())
                  .limits(dev.assent.runtime.Limits.NONE.time(Duration.ofMinutes(30))));
      desk.model.calls(call("pay", "{\"invoice\":\"1\"}")).says("Never asked");
      RunId run = desk.run("Pay");
      Requirement approval = desk.waitsFor(run, RequirementKind.APPROVAL);

      desk.clock.advance(Duration.ofMinutes(31));
      desk.answers(approval, Verdict.APPROVE, null);

      assertThat(desk.assent.resume(run))
          .isInstanceOfSatisfying(
              RunResult.Failed.class,
              failed -> assertThat(failed.message()).contains("its limit of PT30M"));
      assertThat(done).as("what was approved is done, then nothing more is asked").hasSize(1);
    }

    private static dev.assent.core.Message.Assistant look() {
      return new dev.assent.core.Message.Assistant("", List.of(call("look", "{\"at\":\"it\"}")));
    }

    @Test
    void aCallBeyondTheLimitDoesNotBegin() {
      desk(
          Habit.STAYS,
          agent -> agent.tools(new Bank()).limits(dev.assent.runtime.Limits.NONE.calls(1)));
      desk.model.calls(call("pay", "{\"invoice\":\"1\"}"), call("pay", "{\"invoice\":\"2\"}"));

      assertThat(desk.assent.run("bot", "Pay")).isInstanceOf(RunResult.Failed.class);
      assertThat(done).isEmpty();
    }

    @Test
    void allRunsOfAnAgentAreStoppedAtOnce() {
      desk(Habit.STAYS, new Bank());
      desk.model
          .calls(call("pay", "{\"invoice\":\"1\"}"))
          .calls(call("pay", "{\"invoice\":\"2\"}"));
      RunId one = desk.run("Pay");
      RunId two = desk.run("Pay");

      assertThat(desk.assent.stop("bot", "ada")).isEqualTo(2);

      assertThat(desk.assent.resume(one)).isInstanceOf(RunResult.Cancelled.class);
      assertThat(desk.assent.resume(two)).isInstanceOf(RunResult.Cancelled.class);
      assertThat(done).isEmpty();
    }

    @Test
    @Tag("C18")
    void peopleAreRemindedOnceBeforeItExpires() {
      desk(Habit.RESTARTS, new Bank());
      desk.model.calls(call("pay", "{\"invoice\":\"1\"}")).says("Expired.");
      RunId run = desk.run("Pay");
      Requirement approval = desk.waitsFor(run, RequirementKind.APPROVAL);
      List<String> reminded = new CopyOnWriteArrayList<>();
      desk.assent.onChange(
          change -> {
            if (change.kind() == dev.assent.runtime.Change.Kind.REMINDER) {
              reminded.add(change.id());
            }
          });

      desk.after(Duration.ofMinutes(31));
      desk.after(Duration.ofMinutes(1));
      assertThat(reminded).containsExactly(approval.id().value());
      desk.after(Duration.ofMinutes(40));

      desk.completes(run);
      assertThat(desk.store.requirement(Desk.TENANT, approval.id()).orElseThrow().status())
          .isEqualTo(RequirementStatus.EXPIRED);
      assertThat(done).isEmpty();
    }
  }
}
