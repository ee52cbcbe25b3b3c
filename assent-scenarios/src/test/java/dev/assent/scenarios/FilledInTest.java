package dev.assent.scenarios;

import static dev.assent.scenarios.Desk.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.AuditRecord;
import dev.assent.core.Body;
import dev.assent.core.CallStatus;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.Form;
import dev.assent.core.FormField;
import dev.assent.core.Json;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Principal;
import dev.assent.core.Profile;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequiresApproval;
import dev.assent.core.RunId;
import dev.assent.core.Tool;
import dev.assent.core.UserInput;
import dev.assent.core.Verdict;
import dev.assent.runtime.RunRequest;
import dev.assent.scenarios.Desk.Habit;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A form shows what the model wrote, too, and whoever changes that edits the call. */
@Timeout(60)
@Tag("C2")
class FilledInTest {
  private static final Principal BOB = Principal.person("bob");
  private static final Principal RITA = Principal.person("rita");
  @TempDir Path folder;
  private final List<String> done = new CopyOnWriteArrayList<>();
  private Desk desk;

  class Office {
    @UserInput(value = "to", message = "Who gets it?")
    @Tool(value = "Sends a mail", effectKey = "mail:{subject}")
    String mail(String subject, String to) {
      done.add(subject + " to " + to);
      return "sent";
    }

    @RequiresApproval
    @UserInput("account")
    @Tool("Pays")
    String pay(long cents, String account) {
      done.add(cents + " to " + account);
      return "paid";
    }

    @UserInput("code")
    @Tool("Orders")
    String order(int pieces, String code) {
      done.add(pieces + " by " + code);
      return "ordered";
    }
  }

  private Desk desk(Habit habit) {
    desk =
        new Desk(
            habit,
            folder,
            agent ->
                agent
                    .tools(new Office())
                    .approvalWhen(
                        "order",
                        arguments -> arguments.number("pieces").toInt() > 10,
                        ApprovalTerms.simple("many pieces"))
                    .policy(
                        question ->
                            question.tool().name().equals("order")
                                    && question.arguments().toString().contains("666")
                                ? new PolicyOutcome.Deny("unlucky", "not that many")
                                : new PolicyOutcome.Allow("lucky")));
    return desk;
  }

  @AfterEach
  void close() {
    if (desk != null) {
      desk.close();
    }
  }

  private Form form(Requirement question) {
    return desk.assent.card(question.id()).orElseThrow().form();
  }

  @ParameterizedTest
  @EnumSource(Habit.class)
  void allParametersAreShownAndLeavingThemAloneChangesNothing(Habit habit) {
    desk(habit);
    desk.model.calls(call("mail", "{\"subject\":\"Hello\"}")).says("Done.");
    RunId run = desk.run("Write");
    Requirement question = desk.waitsFor(run, RequirementKind.USER_INPUT);

    assertThat(form(question).fields())
        .extracting(FormField::name)
        .containsExactly("to", "subject");
    assertThat(form(question).fields().getLast().schema().find("default"))
        .contains(Json.of("Hello"));
    desk.answers(question, Verdict.ANSWER, "{\"subject\":\"Hello\",\"to\":\"bob\"}");

    desk.completes(run);
    assertThat(done).containsExactly("Hello to bob");
    assertThat(desk.told()).isEqualTo("sent");
    assertThat(desk.onlyCall(run).proposed()).isNull();
  }

  @ParameterizedTest
  @EnumSource(Habit.class)
  void changingOneIsAnEditAndTheModelIsTold(Habit habit) {
    desk(habit);
    desk.model.calls(call("mail", "{\"subject\":\"Hello\"}")).says("Done.");
    RunId run = desk.run("Write");
    desk.answers(
        desk.waitsFor(run, RequirementKind.USER_INPUT),
        Verdict.ANSWER,
        "{\"subject\":\"Goodbye\",\"to\":\"bob\"}");

    desk.completes(run);
    assertThat(done).containsExactly("Goodbye to bob");
    assertThat(desk.told())
        .startsWith("sent")
        .contains("A person changed the arguments")
        .contains("Goodbye")
        .doesNotContain("bob");
    assertThat(desk.onlyCall(run).version()).isEqualTo(2);
    assertThat(desk.store.body(Desk.TENANT, desk.onlyCall(run).proposed().id()).map(Body::text))
        .contains("{\"subject\":\"Hello\"}");
    assertThat(desk.store.audit(Desk.TENANT, 0, 1000))
        .extracting(line -> AuditRecord.read(line.recordBytes()).details().values().toString())
        .anySatisfy(line -> assertThat(line).contains("call.edited c1 v2").contains("by ada"));
  }

  @ParameterizedTest
  @EnumSource(Habit.class)
  void whatWasApprovedIsApprovedAnew(Habit habit) {
    desk(habit);
    desk.model.calls(call("pay", "{\"cents\":100}")).says("Done.");
    RunId run = desk.run("Pay");
    Requirement first = desk.waitsFor(run, RequirementKind.APPROVAL);
    desk.answers(first, Verdict.APPROVE, null);

    desk.answers(
        desk.waitsFor(run, RequirementKind.USER_INPUT),
        Verdict.ANSWER,
        "{\"account\":\"7\",\"cents\":100000}");
    Requirement again = desk.waitsFor(run, RequirementKind.APPROVAL);

    assertThat(done).as("a yes to 100 is no yes to 100000").isEmpty();
    assertThat(again.id()).isEqualTo(first.id());
    assertThat(desk.text(again)).isEqualTo("{\"cents\":100000}");
    assertThat(again.proposed()).isEqualTo(first.arguments());
    assertThat(again.editedBy()).isEqualTo("ada");
    assertThat(desk.assent.card(again.id()).orElseThrow().approvals()).isZero();
    assertThat(desk.says(first, Verdict.APPROVE, null))
        .isInstanceOf(DecisionOutcome.StaleVersion.class);
    desk.answers(again, Verdict.APPROVE, null);

    desk.completes(run);
    assertThat(done).containsExactly("100000 to 7");
    assertThat(desk.told()).contains("100000");
  }

  @Test
  void whatIsNotApprovedAnewDoesNotRun() {
    desk(Habit.RESTARTS);
    desk.model.calls(call("pay", "{\"cents\":100}")).says("Well.");
    RunId run = desk.run("Pay");
    desk.answers(desk.waitsFor(run, RequirementKind.APPROVAL), Verdict.APPROVE, null);
    desk.answers(
        desk.waitsFor(run, RequirementKind.USER_INPUT),
        Verdict.ANSWER,
        "{\"account\":\"7\",\"cents\":100000}");

    desk.says(desk.waitsFor(run, RequirementKind.APPROVAL), Verdict.REJECT, null, "too much");

    desk.completes(run);
    assertThat(done).isEmpty();
    assertThat(desk.told()).contains("too much");
  }

  @Test // rule 11: the last editor does not count
  void whoChangedItDoesNotApproveIt() {
    desk =
        new Desk(
            Habit.STAYS,
            folder,
            agent -> agent.tools(new Office()),
            process ->
                process
                    .profile(Profile.SEPARATED)
                    .directory(
                        id ->
                            List.of(Desk.ADA, BOB, RITA).stream()
                                .filter(each -> each.id().equals(id))
                                .findFirst()));
    desk.model.calls(call("pay", "{\"cents\":100}")).says("Done.");
    RunId run = desk.assent.submit(RunRequest.of("bot", "Pay.").by("rita"));
    desk.saysAs(BOB, desk.waitsFor(run, RequirementKind.APPROVAL), Verdict.APPROVE, null, null);
    desk.answers(
        desk.waitsFor(run, RequirementKind.USER_INPUT),
        Verdict.ANSWER,
        "{\"account\":\"7\",\"cents\":1}");
    Requirement again = desk.waitsFor(run, RequirementKind.APPROVAL);

    assertThat(desk.says(again, Verdict.APPROVE, null))
        .isInstanceOf(DecisionOutcome.NotEntitled.class);
    assertThat(done).isEmpty();
    assertThat(desk.saysAs(BOB, again, Verdict.APPROVE, null, null))
        .isInstanceOf(DecisionOutcome.Recorded.class);

    desk.completes(run);
    assertThat(done).containsExactly("1 to 7");
  }

  @ParameterizedTest
  @EnumSource(Habit.class)
  void theRulesJudgeWhatItHasBecome(Habit habit) {
    desk(habit);
    desk.model.calls(call("order", "{\"pieces\":1}")).says("Done.");
    RunId run = desk.run("Order");
    Requirement question = desk.waitsFor(run, RequirementKind.USER_INPUT);

    assertThat(desk.says(question, Verdict.ANSWER, "{\"code\":\"x\",\"pieces\":666}"))
        .isInstanceOfSatisfying(
            DecisionOutcome.Invalid.class,
            no -> assertThat(no.why()).contains("unlucky").contains("not that many"));
    assertThat(desk.says(question, Verdict.ANSWER, "{\"code\":\"x\",\"pieces\":\"many\"}"))
        .isInstanceOfSatisfying(
            DecisionOutcome.Invalid.class,
            no -> assertThat(no.mistakes().getFirst().path()).isEqualTo("/pieces"));
    assertThat(desk.waitsFor(run, RequirementKind.USER_INPUT)).isEqualTo(question);
    desk.answers(question, Verdict.ANSWER, "{\"code\":\"x\",\"pieces\":50}");

    Requirement approval = desk.waitsFor(run, RequirementKind.APPROVAL);
    assertThat(approval.terms().rule()).contains("many pieces");
    assertThat(approval.editedBy()).isEqualTo("ada");
    assertThat(done).isEmpty();
    desk.answers(approval, Verdict.APPROVE, null);
    desk.completes(run);
    assertThat(done).containsExactly("50 by x");
    assertThat(desk.onlyCall(run).status()).isEqualTo(CallStatus.SUCCEEDED);
  }

  @Test // X65: the name of the effect follows its arguments
  void theEffectIsThatOfTheChangedArguments() {
    desk(Habit.STAYS);
    desk.model
        .calls(call("mail", "{\"subject\":\"Hello\"}"))
        .calls(call("mail", "{\"subject\":\"Goodbye\"}"))
        .calls(call("mail", "{\"subject\":\"Hello\"}"))
        .says("Done.");
    RunId run = desk.run("Write");
    desk.answers(
        desk.waitsFor(run, RequirementKind.USER_INPUT),
        Verdict.ANSWER,
        "{\"subject\":\"Goodbye\",\"to\":\"bob\"}");
    Requirement third = desk.waitsFor(run, RequirementKind.USER_INPUT);

    assertThat(desk.text(third)).isEqualTo("{\"subject\":\"Hello\"}");
    desk.answers(third, Verdict.ANSWER, "{\"to\":\"bob\"}");
    desk.completes(run);
    assertThat(done).containsExactly("Goodbye to bob", "Hello to bob");
  }
}
