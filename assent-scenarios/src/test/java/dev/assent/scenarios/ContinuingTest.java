package dev.assent.scenarios;

import static dev.assent.scenarios.Desk.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.CallStatus;
import dev.assent.core.Decision;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.Effect;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RequiresApproval;
import dev.assent.core.RunId;
import dev.assent.core.SignedDecision;
import dev.assent.core.Tool;
import dev.assent.core.Verdict;
import dev.assent.core.spi.Store;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.Reply;
import dev.assent.runtime.RunHandle;
import dev.assent.runtime.RunRequest;
import dev.assent.runtime.RunResult;
import dev.assent.runtime.RuntimeFailure;
import dev.assent.runtime.ToolContext;
import dev.assent.scenarios.Desk.Habit;
import dev.assent.store.jdbc.SqliteStore;
import dev.assent.testkit.ScriptedModel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How a paused run goes on, by whose word, and what a no comes to. */
@Timeout(60)
class ContinuingTest {
  private static final Principal BOB = Principal.person("bob");
  @TempDir Path folder;
  private final List<String> done = new CopyOnWriteArrayList<>();
  private Desk desk;

  class Bank {
    @RequiresApproval
    @Tool(value = "Pays", independent = true)
    String pay(String invoice) {
      done.add(invoice);
      return "paid " + invoice;
    }

    @Tool(value = "Asks", effect = Effect.READ_ONLY)
    String where(ToolContext context) {
      return "to " + context.ask("Where to?");
    }
  }

  private void desk(Habit habit) {
    desk = new Desk(habit, folder, agent -> agent.tools(new Bank()));
  }

  @AfterEach
  void close() {
    if (desk != null) {
      desk.close();
    }
  }

  private RunResult.Paused paused(RunId run) {
    return (RunResult.Paused) desk.assent.resume(run);
  }

  private static RequirementId on(RunResult.Paused paused, RequirementKind kind) {
    return paused.requirements().stream()
        .filter(each -> each.kind() == kind)
        .findFirst()
        .orElseThrow()
        .id();
  }

  @Nested
  @Tag("C6")
  class Answers {
    private RunId waiting(Habit habit) {
      desk(habit);
      desk.model
          .calls(call("pay", "{\"invoice\":\"1\"}"), call("where", "{}"))
          .calls(call("pay", "{\"invoice\":\"2\"}"))
          .says("Done.");
      return desk.run("Pay and go.");
    }

    @ParameterizedTest
    @EnumSource(Habit.class) // some answers pause again; every pause tells what is left
    void theRunIsContinuedByItsIdAndPausesAsOftenAsItMust(Habit habit) {
      RunId run = waiting(habit);
      RunResult.Paused first = paused(run);
      assertThat(first.requirements()).hasSize(2);
      assertThat(desk.assent.requirements(run)).hasSameElementsAs(first.requirements());
      assertThat(first.sentence()).contains("2 answers");

      desk.assent.answer(Desk.ADA, on(first, RequirementKind.USER_INPUT), Reply.answer("Rome"));
      RunResult.Paused second = paused(run);
      assertThat(second.requirements())
          .extracting(Requirement::kind)
          .containsExactly(RequirementKind.APPROVAL);
      assertThat(desk.assent.requirements(run))
          .extracting(Requirement::status)
          .containsExactlyInAnyOrder(RequirementStatus.PENDING, RequirementStatus.RESOLVED);
      assertThat(second.sentence()).isEqualTo("The run waits for a decision on pay.");
      assertThat(done).isEmpty();

      desk.assent.approve(Desk.ADA, on(second, RequirementKind.APPROVAL));
      RunResult.Paused third = paused(run);
      assertThat(done).containsExactly("1");
      assertThat(desk.assent.requirements(run)).hasSize(3);
      desk.assent.approve(Desk.ADA, on(third, RequirementKind.APPROVAL));
      assertThat(desk.completes(run)).isEqualTo("Done.");
      assertThat(done).containsExactly("1", "2");
    }

    @Test
    void theRunIsContinuedByItsResultAndByItsHandle() throws Exception {
      RunResult.Paused first = paused(waiting(Habit.STAYS));
      RunHandle handle = desk.assent.handle(first.run());

      desk.assent.answer(Desk.ADA, on(first, RequirementKind.USER_INPUT), Reply.answer("Rome"));
      desk.assent.approve(Desk.ADA, on(first, RequirementKind.APPROVAL));
      RunResult.Paused second = (RunResult.Paused) desk.assent.resume(first);

      assertThat(second.requirements()).hasSize(1);
      desk.assent.approve(Desk.ADA, on(second, RequirementKind.APPROVAL));
      assertThat(handle.result().get(20, TimeUnit.SECONDS).run()).isEqualTo(first.run());
      desk.completes(first.run());
    }

    @ParameterizedTest
    @EnumSource(Habit.class)
    void theRunIsContinuedByAnswersToItsRequirements(Habit habit) {
      RunResult.Paused first = paused(waiting(habit));

      RunResult.Paused second =
          (RunResult.Paused)
              desk.assent.resume(
                  Desk.ADA,
                  Map.of(
                      on(first, RequirementKind.USER_INPUT),
                      Reply.answer("Rome"),
                      on(first, RequirementKind.APPROVAL),
                      Reply.approve()));

      assertThat(done).containsExactly("1");
      assertThat(
              desk.assent.resume(
                  Desk.ADA, Map.of(on(second, RequirementKind.APPROVAL), Reply.reject())))
          .isInstanceOf(RunResult.Completed.class);
      assertThat(done).containsExactly("1");
    }

    @Test
    void aWrongKindOfAnswerIsAnErrorAndChangesNothingOfTheRest() {
      RunResult.Paused first = paused(waiting(Habit.STAYS));

      assertThatThrownBy(
              () ->
                  desk.assent.resume(
                      Desk.ADA,
                      Map.of(
                          on(first, RequirementKind.USER_INPUT),
                          Reply.approve(),
                          on(first, RequirementKind.APPROVAL),
                          Reply.approve())))
          .isInstanceOfSatisfying(
              RuntimeFailure.class,
              failure -> {
                assertThat(failure.code()).isEqualTo("wrong-answer");
                assertThat(failure).hasMessageContaining("USER_INPUT");
              });

      assertThat(paused(first.run())).isEqualTo(first);
      assertThat(done).isEmpty();
    }

    @Test
    void answersOfTwoRunsAreAnError() {
      RunResult.Paused first = paused(waiting(Habit.STAYS));
      desk.model.calls(call("pay", "{\"invoice\":\"9\"}"));
      RunResult.Paused other = paused(desk.run("Pay 9."));

      assertThatThrownBy(
              () ->
                  desk.assent.resume(
                      Desk.ADA,
                      Map.of(
                          on(first, RequirementKind.APPROVAL),
                          Reply.approve(),
                          on(other, RequirementKind.APPROVAL),
                          Reply.approve())))
          .isInstanceOf(RuntimeFailure.class)
          .hasMessageContaining("one run");
      assertThatThrownBy(() -> desk.assent.resume(Desk.ADA, Map.of()))
          .isInstanceOf(RuntimeFailure.class);
      assertThat(done).isEmpty();
    }

    @Test // nobody forks a run that is over
    void aRunThatHasEndedIsNotContinued() {
      RunResult.Paused cancelled = paused(waiting(Habit.STAYS));
      desk.assent.cancel(cancelled.run(), "ada");
      desk.assent.resume(cancelled.run());
      RequirementId left = on(cancelled, RequirementKind.APPROVAL);

      assertThatThrownBy(() -> desk.assent.resume(Desk.ADA, Map.of(left, Reply.approve())))
          .isInstanceOfSatisfying(
              RuntimeFailure.class,
              failure -> assertThat(failure.code()).isEqualTo("run-finished"));
      assertThatThrownBy(() -> desk.assent.say(cancelled.run(), "Go on."))
          .isInstanceOf(RuntimeFailure.class)
          .hasMessageContaining("has ended");
      assertThat(desk.assent.resume(cancelled.run())).isInstanceOf(RunResult.Cancelled.class);
      assertThat(done).isEmpty();
    }
  }

  @Nested
  @Tag("C10")
  class Rejections {
    @ParameterizedTest
    @EnumSource(Habit.class)
    void withoutAReasonTheModelHearsTheUsualWords(Habit habit) {
      desk(habit);
      desk.model
          .calls(call("pay", "{\"invoice\":\"1\"}"))
          .calls(call("where", "{}"))
          .says("Not paid then.");
      RunId run = desk.run("Pay.");

      desk.answers(desk.waitsFor(run, RequirementKind.APPROVAL), Verdict.REJECT, null);

      desk.waitsFor(run, RequirementKind.USER_INPUT);
      assertThat(desk.told()).isEqualTo("Function call was rejected by the user");
      assertThat(desk.onlyCall(run).status()).isEqualTo(CallStatus.REJECTED);
      assertThat(done).as("the model goes on with something else").isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Habit.class)
    void theReasonReachesTheModelAndTheSameCallIsNotAskedAgain(Habit habit) {
      desk(habit);
      desk.model
          .calls(call("pay", "{\"invoice\":\"1\"}"))
          .calls(call("pay", "{ \"invoice\" : \"1\" }"))
          .calls(call("pay", "{\"invoice\":\"2\"}"))
          .says("Paid the other one.");
      RunId run = desk.run("Pay.");

      desk.says(desk.waitsFor(run, RequirementKind.APPROVAL), Verdict.REJECT, null, "pay 2 first");

      Requirement alternative = desk.waitsFor(run, RequirementKind.APPROVAL);
      assertThat(desk.text(alternative)).isEqualTo("{\"invoice\":\"2\"}");
      assertThat(desk.store.requirementsOf(Desk.TENANT, run)).hasSize(2);
      assertThat(desk.model.lastHeard())
          .extracting(message -> message.text())
          .contains("Function call was rejected by the user: pay 2 first")
          .anyMatch(text -> text.startsWith("You asked for this same call before."));
      desk.answers(alternative, Verdict.APPROVE, null);
      desk.completes(run);
      assertThat(done).containsExactly("2");
    }
  }

  @Nested
  @Tag("C20")
  class InCode {
    private final ScriptedModel model = ScriptedModel.inOrder();

    private Assent.Builder on(Store store) {
      return Assent.on(store)
          .directory(id -> Optional.of(BOB).filter(each -> each.id().equals(id)))
          .register(Agent.named("bot").model(model).tools(new Bank()).build());
    }

    private Store store() {
      return SqliteStore.at(folder.resolve("code.db"), World.keyring()).open();
    }

    @Test
    void codeDecidesAsANamedPersonWhoMay() {
      model.calls(call("pay", "{\"invoice\":\"1\"}")).says("Done.");
      try (Store store = store();
          Assent assent = on(store).start()) {
        RunResult.Paused paused =
            (RunResult.Paused) assent.run(RunRequest.of("bot", "Pay.").by("rita"));
        RequirementId approval = paused.requirements().getFirst().id();

        assertThat(assent.approve(Principal.person("mallory"), approval))
            .isInstanceOf(DecisionOutcome.NotEntitled.class);
        assertThat(assent.approve(Principal.service("robot"), approval))
            .isInstanceOf(DecisionOutcome.NotEntitled.class);
        assertThat(done).isEmpty();
        assertThat(assent.approve(BOB, approval)).isInstanceOf(DecisionOutcome.Recorded.class);

        assertThat(assent.resume(paused.run())).isInstanceOf(RunResult.Completed.class);
        assertThat(store.decisions("main", approval))
            .extracting(SignedDecision::decision)
            .extracting(Decision::principal)
            .containsExactly("bob");
        assertThat(done).containsExactly("1");
      }
    }

    @Test
    void withoutANamedPersonNobodyApproves() {
      model.calls(call("pay", "{\"invoice\":\"1\"}"));
      try (Store store = store();
          Assent assent = on(store).start()) {
        RunResult.Paused paused =
            (RunResult.Paused) assent.run(RunRequest.of("bot", "Pay.").by("rita"));

        assertThatThrownBy(() -> assent.approve(paused.requirements().getFirst().id()))
            .isInstanceOfSatisfying(
                RuntimeFailure.class,
                failure -> {
                  assertThat(failure.code()).isEqualTo("no-operator");
                  assertThat(failure).hasMessageContaining("operator(");
                });
        assertThat(assent.resume(paused.run())).isInstanceOf(RunResult.Paused.class);
        assertThat(done).isEmpty();
      }
    }

    @Test
    void theOperatorIsALocalPersonWithAName() {
      model.calls(call("pay", "{\"invoice\":\"1\"}")).says("Done.");
      try (Store store = store();
          Assent assent = on(store).operator(BOB).start()) {
        RunResult.Paused paused = (RunResult.Paused) assent.run("bot", "Pay.");

        assertThat(assent.approve(paused.requirements().getFirst().id()))
            .isInstanceOfSatisfying(
                DecisionOutcome.Recorded.class,
                recorded -> assertThat(recorded.decision().principal()).isEqualTo("bob"));

        assertThat(assent.resume(paused.run())).isInstanceOf(RunResult.Completed.class);
      }
    }
  }
}
