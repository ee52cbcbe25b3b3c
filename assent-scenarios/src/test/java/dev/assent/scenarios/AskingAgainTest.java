package dev.assent.scenarios;

import static dev.assent.scenarios.AskingTools.answers;
import static dev.assent.scenarios.AskingTools.approved;
import static dev.assent.scenarios.AskingTools.keyed;
import static dev.assent.scenarios.AskingTools.require;
import static dev.assent.scenarios.AskingTools.tool;
import static dev.assent.scenarios.Desk.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.CallStatus;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.Effect;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Principal;
import dev.assent.core.Profile;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.Risk;
import dev.assent.core.RunId;
import dev.assent.core.Threshold;
import dev.assent.core.Verdict;
import dev.assent.runtime.RunRequest;
import dev.assent.runtime.RunResult;
import dev.assent.runtime.ToolBinding;
import dev.assent.runtime.ToolBody;
import dev.assent.scenarios.Desk.Habit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A body starts again: it is checked again, it may be another body, and a process may have died.
 */
@Timeout(60)
class AskingAgainTest {
  @TempDir Path folder;
  private final List<String> done = new CopyOnWriteArrayList<>();
  private final AtomicReference<PolicyOutcome> policy =
      new AtomicReference<>(new PolicyOutcome.Allow("no rule"));
  private final AtomicReference<RuntimeException> policyFails = new AtomicReference<>();
  private final AtomicReference<Runnable> onPolicy = new AtomicReference<>(() -> {});
  private final List<ToolBinding> tools = new ArrayList<>();
  private Desk desk;

  private void desk(Habit habit, ToolBinding... first) {
    tools.addAll(List.of(first));
    desk =
        new Desk(
            habit,
            folder,
            agent ->
                agent
                    .tools(tools.toArray())
                    .policy(
                        question -> {
                          onPolicy.get().run();
                          RuntimeException fails = policyFails.get();
                          if (fails != null) {
                            throw fails;
                          }
                          return policy.get();
                        }));
  }

  /** The next process has these tools. */
  private void deploy(ToolBinding... next) {
    tools.clear();
    tools.addAll(List.of(next));
    desk.restart();
  }

  @AfterEach
  void close() {
    if (desk != null) {
      desk.close();
    }
  }

  private RunId runs(String tool) {
    desk.model.calls(call(tool, "{}")).says("End.");
    return desk.run("Go");
  }

  private Requirement question(RunId run) {
    return desk.waitsFor(run, RequirementKind.USER_INPUT);
  }

  private void approve(RunId run) {
    desk.answers(desk.waitsFor(run, RequirementKind.APPROVAL), Verdict.APPROVE, null);
  }

  private String once(String what) {
    done.add(what);
    return what;
  }

  /** Does one thing, asks, does another. */
  private ToolBody twoSteps() {
    return (context, arguments) -> {
      String first = context.step("first", () -> once("first"));
      String said = context.ask("Go on?");
      return first + " " + said + " " + context.step("second", () -> once("second"));
    };
  }

  @Nested
  class CheckedAgain {
    @ParameterizedTest
    @EnumSource(Habit.class) // rule 2
    @Tag("A13")
    void aPolicyThatBecameStricterAsksAgainAndTheAnswerIsKept(Habit habit) {
      desk(habit, tool("work", twoSteps()));
      RunId run = runs("work");
      Requirement asked = question(run);

      policy.set(require());
      answers(desk, asked, "yes");
      Requirement approval = desk.waitsFor(run, RequirementKind.APPROVAL);
      assertThat(done).containsExactly("first");
      desk.answers(approval, Verdict.APPROVE, null);

      desk.completes(run);
      assertThat(desk.told()).isEqualTo("first yes second");
      assertThat(done).containsExactly("first", "second");
    }

    @ParameterizedTest
    @EnumSource(Habit.class) // what the steps have done stays this call's
    @Tag("A13")
    @Tag("X65")
    void anEffectWithANameIsKeptWhileTheCallIsAskedAgain(Habit habit) {
      desk(habit, tool("work", "1", Effect.AT_MOST_ONCE, "the-effect", List.of(), twoSteps()));
      RunId run = runs("work");
      Requirement asked = question(run);

      policy.set(require());
      answers(desk, asked, "yes");
      Requirement approval = desk.waitsFor(run, RequirementKind.APPROVAL);
      assertThat(desk.says(approval, Verdict.EDIT, "{\"x\":\"other\"}"))
          .as("a step was done with the arguments as they are")
          .isInstanceOf(DecisionOutcome.Invalid.class);
      desk.answers(approval, Verdict.APPROVE, null);

      desk.completes(run);
      assertThat(done).containsExactly("first", "second");
    }

    @Test // rejected half way, the effect is nobody else's until a person clears it
    @Tag("X65")
    void whatAStepDidBlocksTheEffectWhenTheRestIsRejected() {
      desk(
          Habit.RESTARTS,
          tool("work", "1", Effect.AT_MOST_ONCE, "the-effect", List.of(), twoSteps()));
      desk.model.calls(call("work", "{}")).calls(call("work", "{\"x\":\"more\"}")).says("End.");
      RunId run = desk.run("Go");
      Requirement asked = question(run);

      policy.set(require());
      answers(desk, asked, "yes");
      desk.answers(desk.waitsFor(run, RequirementKind.APPROVAL), Verdict.REJECT, null);

      desk.completes(run);
      assertThat(done).containsExactly("first");
      assertThat(desk.told()).contains("a person must clear it first");
    }

    @ParameterizedTest
    @EnumSource(Habit.class)
    @Tag("A13")
    void aPolicyThatForbidsItNowEndsTheCall(Habit habit) {
      desk(habit, tool("work", twoSteps()));
      RunId run = runs("work");
      Requirement asked = question(run);

      policy.set(new PolicyOutcome.Deny("freeze", "nothing moves today"));
      answers(desk, asked, "yes");

      desk.completes(run);
      assertThat(desk.told()).contains("nothing moves today");
      assertThat(desk.onlyCall(run).status()).isEqualTo(CallStatus.DENIED);
      assertThat(done).containsExactly("first");
    }

    @Test // what cannot be checked now waits, the answer stays
    @Tag("X33")
    void anAnswerOutlivesAResumeThatFails() {
      desk(Habit.RESTARTS, tool("work", twoSteps()));
      RunId run = runs("work");
      Requirement asked = question(run);

      policyFails.set(new IllegalStateException("the rules are out of reach"));
      answers(desk, asked, "yes");
      desk.assent.poll();
      assertThat(desk.assent.resume(run, Duration.ofMillis(200))).isEmpty();
      assertThat(done).containsExactly("first");
      policyFails.set(null);
      desk.after(Duration.ofMinutes(1));

      desk.completes(run);
      assertThat(desk.told()).isEqualTo("first yes second");
    }

    @Test // the process that was to go on dies with the answer in its hands
    @Tag("X33")
    void anAnswerOutlivesTheProcessThatWasToGoOn() {
      desk(Habit.STAYS, approved("work", twoSteps()));
      RunId run = runs("work");
      approve(run);
      Requirement asked = question(run);

      onPolicy.set(() -> desk.process.die());
      answers(desk, asked, "yes");
      assertThatThrownBy(() -> desk.assent.resume(run)).isNotNull();
      onPolicy.set(() -> {});
      desk.afterACrash();

      desk.completes(run);
      assertThat(desk.told()).isEqualTo("first yes second");
      assertThat(done).containsExactly("first", "second");
    }

    @ParameterizedTest
    @EnumSource(Habit.class) // rule 11: entitlements of today
    @Tag("A13")
    void anApproverWhoLostTheRoleDoesNotCountAndOthersAreAsked(Habit habit) {
      Map<String, Principal> people = new HashMap<>();
      for (Principal each :
          List.of(
              Desk.ADA,
              Principal.person("rita"),
              Principal.person("bob", "finance"),
              Principal.person("cyd", "finance"))) {
        people.put(each.id(), each);
      }
      ApprovalTerms finance =
          new ApprovalTerms(
              "finance agrees",
              List.of(new Threshold(1, List.of("finance"), List.of())),
              Risk.LOW,
              "",
              null,
              null,
              null,
              ApprovalTerms.OnExpiry.REJECT);
      desk =
          new Desk(
              habit,
              folder,
              agent ->
                  agent.tools(
                      tool(
                          "work",
                          "1",
                          Effect.AT_MOST_ONCE,
                          null,
                          List.of(new PolicyOutcome.Require(finance)),
                          twoSteps())),
              builder ->
                  builder
                      .profile(Profile.SEPARATED)
                      .directory(id -> Optional.ofNullable(people.get(id))));
      desk.model.calls(call("work", "{}")).says("End.");
      RunId run = desk.assent.submit(RunRequest.of("bot", "Go").by("rita"));
      Requirement approval = desk.waitsFor(run, RequirementKind.APPROVAL);
      assertThat(desk.saysAs(people.get("bob"), approval, Verdict.APPROVE, null, null))
          .isInstanceOf(DecisionOutcome.Recorded.class);
      Requirement asked = question(run);

      people.put("bob", Principal.person("bob"));
      answers(desk, asked, "yes");
      Requirement again = desk.waitsFor(run, RequirementKind.APPROVAL);
      assertThat(done).containsExactly("first");
      assertThat(desk.saysAs(people.get("bob"), again, Verdict.APPROVE, null, null))
          .isInstanceOf(DecisionOutcome.NotEntitled.class);
      desk.saysAs(people.get("cyd"), again, Verdict.APPROVE, null, null);

      desk.completes(run);
      assertThat(done).containsExactly("first", "second");
    }
  }

  @Nested
  class AnotherBody {
    private ToolBinding asking(String... questions) {
      return tool(
          "work",
          (context, arguments) -> {
            List<String> said = new ArrayList<>();
            for (String question : questions) {
              said.add(context.ask(question));
            }
            return String.join(",", said);
          });
    }

    @Test // a deploy while it asks
    @Tag("C15")
    @Tag("X32")
    void anotherQuestionIsAskedAnewAndTheOldAnswerIsNotGivenToIt() {
      desk(Habit.STAYS, asking("Old?"));
      RunId run = runs("work");
      Requirement old = question(run);

      deploy(asking("New?"));
      answers(desk, old, "for the old one");
      answers(desk, question(run), "for the new one");

      desk.completes(run);
      assertThat(desk.told()).isEqualTo("for the new one");
    }

    @Test // the answered ones are known again by their words, whatever their order is now
    void anAnswerFollowsItsQuestion() {
      desk(Habit.STAYS, asking("A?", "B?"));
      RunId run = runs("work");
      answers(desk, question(run), "a");
      Requirement b = question(run);

      deploy(asking("B?", "A?"));
      answers(desk, b, "b");

      desk.completes(run);
      assertThat(desk.told()).isEqualTo("b,a");
    }

    @Test
    void aQuestionThatIsGoneIsNotMissed() {
      desk(Habit.STAYS, asking("Old?"));
      RunId run = runs("work");
      Requirement old = question(run);

      deploy(tool("work", (context, arguments) -> "without"));
      answers(desk, old, "unheard");

      desk.completes(run);
      assertThat(desk.told()).isEqualTo("without");
    }

    @Test
    void aToolThatIsGoneClosesItsCallWithAnError() {
      desk(Habit.STAYS, asking("Old?"));
      RunId run = runs("work");
      Requirement old = question(run);

      deploy(tool("other", (context, arguments) -> "other"));
      answers(desk, old, "unheard");

      desk.completes(run);
      assertThat(desk.told()).contains("does not exist any more");
      assertThat(desk.onlyCall(run).status()).isEqualTo(CallStatus.DENIED);
    }

    @ParameterizedTest
    @EnumSource(Habit.class) // people answered the tool as it was
    @Tag("X12")
    void aToolThatDeclaresItselfAnotherDoesNotGoOnWithAnswersToTheOldOne(Habit habit) {
      desk(habit, approved("work", twoSteps()));
      RunId run = runs("work");
      approve(run);
      Requirement asked = question(run);

      deploy(tool("work", "2", Effect.AT_MOST_ONCE, null, List.of(require()), twoSteps()));
      answers(desk, asked, "yes");

      desk.completes(run);
      assertThat(desk.onlyCall(run).status()).isEqualTo(CallStatus.DENIED);
      assertThat(done).containsExactly("first");
    }
  }

  @Nested
  class Crashes {
    private boolean dies = true;

    /** Dies inside its second step, once. */
    private ToolBody dying() {
      return (context, arguments) -> {
        String first = context.step("first", () -> once("first"));
        String said = context.ask("Go on?");
        String second =
            context.step(
                "second",
                () -> {
                  if (dies) {
                    dies = false;
                    desk.process.die();
                  }
                  return once("second");
                });
        return first + " " + said + " " + second;
      };
    }

    @Tag("A13")
    @ParameterizedTest
    @EnumSource(
        value = Effect.class,
        names = {"READ_ONLY", "IDEMPOTENT", "AT_MOST_ONCE"})
    void whileAQuestionIsOpenACrashLeavesNoDoubt(Effect effect) {
      desk(Habit.STAYS, tool("work", "1", effect, "the-effect", List.of(require()), twoSteps()));
      RunId run = runs("work");
      approve(run);
      question(run);

      desk.afterACrash();

      answers(desk, question(run), "yes");
      desk.completes(run);
      assertThat(done).containsExactly("first", "second");
    }

    private RunId crashed(ToolBinding tool) {
      desk(Habit.STAYS, tool);
      RunId run = runs("work");
      if (!tool.spec().rules().isEmpty()) {
        approve(run);
      }
      Requirement asked = question(run);
      answers(desk, asked, "yes");
      // The body goes on when its process is dead, as a request on the wire does.
      assertThatThrownBy(() -> desk.assent.resume(run)).isNotNull();
      desk.afterACrash();
      return run;
    }

    @Test // in a step with an effect it is not known
    @Tag("A13")
    @Tag("X9")
    void aCrashInAStepOfAnApprovedCallIsADoubt() {
      RunId run = crashed(keyed("work", dying()));

      Requirement doubt = desk.waitsFor(run, RequirementKind.RECONCILIATION);
      desk.says(doubt, Verdict.HAPPENED, null, "it was done");

      desk.completes(run);
      assertThat(desk.told()).isEqualTo("it was done");
      assertThat(done).containsExactly("first", "second");
    }

    @Test // did not happen: on with what is known, the steps before are not done again
    @Tag("A13")
    @Tag("X65")
    void whatDidNotHappenGoesOnAfterTheStepsThatDid() {
      RunId run = crashed(keyed("work", dying()));

      desk.says(
          desk.waitsFor(run, RequirementKind.RECONCILIATION),
          Verdict.DID_NOT_HAPPEN,
          null,
          "not there");

      desk.completes(run);
      assertThat(desk.told()).isEqualTo("first yes second");
      assertThat(done).filteredOn("first"::equals).hasSize(1);
    }

    @Test
    void aCrashInAStepOfAnAllowedCallIsToldAsUnknown() {
      RunId run = crashed(tool("work", dying()));

      desk.completes(run);
      assertThat(desk.onlyCall(run).code()).isEqualTo("outcome-unknown");
      assertThat(done).containsExactly("first", "second");
    }

    @Test
    void anIdempotentCallGoesOnByItself() {
      desk(Habit.STAYS, tool("work", Effect.IDEMPOTENT, dying()));
      RunId run = runs("work");
      Requirement asked = question(run);
      answers(desk, asked, "yes");
      assertThatThrownBy(() -> desk.assent.resume(run)).isNotNull();
      desk.restart();

      desk.completes(run);
      assertThat(desk.told()).isEqualTo("first yes second");
      assertThat(done).containsExactly("first", "second", "second");
    }

    @Test // "not executed" of a body that has done a step would be a lie
    @Tag("B12")
    @Tag("X67")
    void aBodyThatGivesUpAfterAStepSaysWhatWasDone() {
      desk(Habit.RESTARTS, keyed("work", twoSteps()));
      RunId run = runs("work");
      approve(run);

      desk.says(question(run), Verdict.DECLINE, null, "enough");

      desk.completes(run);
      assertThat(desk.told())
          .contains("not executed to its end", "enough", "do not repeat", "first");
    }

    @Test // a question would let a step that failed be done again
    void aBodyCannotAskAfterAStepThatFailedWithUnknownOutcome() {
      desk(
          Habit.STAYS,
          approved(
              "work",
              (context, arguments) -> {
                try {
                  return context.step(
                      "pay",
                      () -> {
                        done.add("paid");
                        throw new IllegalStateException("connection lost");
                      });
                } catch (IllegalStateException e) {
                  return context.ask("It failed, again?");
                }
              }));
      RunId run = runs("work");
      approve(run);

      Requirement doubt = desk.waitsFor(run, RequirementKind.RECONCILIATION);
      assertThat(desk.store.body(Desk.TENANT, doubt.words().id()).orElseThrow().text())
          .contains("step pay failed", "Catch the error inside the step");
      assertThat(done).containsExactly("paid");
    }
  }

  @Test // what is broken is named, nothing older is used instead
  @Tag("X34")
  void anAnswerThatIsGoneEndsTheRunWithAnErrorAndTheBodyDoesNotStart() throws Exception {
    desk(Habit.STAYS, approved("work", twoSteps()));
    RunId run = runs("work");
    approve(run);
    Requirement asked = question(run);
    policyFails.set(new IllegalStateException("not now"));
    answers(desk, asked, "yes");
    assertThat(desk.assent.resume(run, Duration.ofMillis(200))).isEmpty();
    String answer =
        desk.store.decisions(Desk.TENANT, asked.id()).getFirst().decision().value().id().value();
    try (TamperedFile file = new TamperedFile(desk.file())) {
      file.update("DELETE FROM assent_body WHERE id = ?", answer);
    }

    desk.restart();
    policyFails.set(null);
    desk.after(Duration.ofMinutes(1));

    assertThat(desk.assent.resume(run))
        .isInstanceOfSatisfying(
            RunResult.Failed.class,
            failed -> {
              assertThat(failed.code()).isEqualTo("answer-gone");
              assertThat(failed.message()).contains(asked.id().value());
            });
    assertThat(done).containsExactly("first");
  }

  @Test // a closed row is no answer
  @Tag("X16")
  @Tag("X23")
  void anAnswerThatNobodyGaveEndsTheRun() throws Exception {
    desk(Habit.STAYS, approved("work", twoSteps()));
    RunId run = runs("work");
    approve(run);
    Requirement asked = question(run);
    desk.assent.close();
    try (TamperedFile file = new TamperedFile(desk.file())) {
      file.requirementStatus(asked, "RESOLVED", "ada");
      file.ring(run);
    }
    desk.restart();

    assertThat(desk.assent.resume(run))
        .isInstanceOfSatisfying(
            RunResult.Failed.class,
            failed -> assertThat(failed.code()).isEqualTo("forged-decision"));
    assertThat(done).containsExactly("first");
  }
}
