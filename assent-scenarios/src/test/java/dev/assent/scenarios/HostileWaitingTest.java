package dev.assent.scenarios;

import static dev.assent.scenarios.Desk.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.CallStatus;
import dev.assent.core.Decision;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.Effect;
import dev.assent.core.ExternalExecution;
import dev.assent.core.Form;
import dev.assent.core.JsonNumber;
import dev.assent.core.JsonObject;
import dev.assent.core.JsonString;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RequiresApproval;
import dev.assent.core.RunId;
import dev.assent.core.RunState;
import dev.assent.core.Tool;
import dev.assent.core.ToolCall;
import dev.assent.core.UserInput;
import dev.assent.core.Verdict;
import dev.assent.core.spi.Policy;
import dev.assent.runtime.Confirmation;
import dev.assent.runtime.Question;
import dev.assent.runtime.RunResult;
import dev.assent.runtime.ToolContext;
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

/**
 * Calls that wait, in the hands of somebody who writes to the database, of a person who may not,
 * and of rules that change meanwhile.
 */
@Timeout(60)
class HostileWaitingTest {
  private static final Policy NOTHING = question -> new PolicyOutcome.Allow("nothing");

  @TempDir Path folder;
  private final List<String> done = new CopyOnWriteArrayList<>();
  private volatile Policy rules = NOTHING;
  private Desk desk;

  private Desk desk(Object... tools) {
    return desk(() -> tools);
  }

  private Desk desk(java.util.function.Supplier<Object[]> tools) {
    desk =
        new Desk(
            Habit.STAYS,
            folder,
            agent -> agent.tools(tools.get()).policy(question -> rules.judge(question)));
    return desk;
  }

  @AfterEach
  void close() {
    if (desk != null) {
      desk.close();
    }
  }

  private interface Change {
    void in(TamperedFile file) throws Exception;
  }

  /** Somebody writes to the file; then the process is a new one. */
  private void tamper(Change change) throws Exception {
    try (TamperedFile file = new TamperedFile(folder.resolve("desk.db"))) {
      change.in(file);
    }
    desk.restart();
  }

  private void failsWith(String code, RunId run) {
    assertThat(desk.assent.resume(run))
        .isInstanceOfSatisfying(
            RunResult.Failed.class, failed -> assertThat(failed.code()).isEqualTo(code));
  }

  private static RunState asked(RunState state, UnaryOperator<List<ToolCall.Asked>> change) {
    ToolCall call = state.calls().getFirst();
    ToolCall other =
        new ToolCall(
            call.id(),
            call.providerId(),
            call.tool(),
            call.status(),
            call.version(),
            call.bound(),
            call.requirement(),
            call.attempt(),
            call.result(),
            call.code(),
            change.apply(call.asked()),
            call.steps(),
            call.proposed(),
            call.note(),
            call.child(),
            call.grant());
    return new RunState(
        state.schema(),
        state.id(),
        state.root(),
        state.session(),
        state.agent(),
        state.mode(),
        state.version(),
        state.turns(),
        state.nextCall(),
        List.of(other),
        state.use(),
        state.cancelledBy(),
        state.end(),
        state.parent(),
        state.variables(),
        state.review(),
        state.refusals());
  }

  private static ToolCall.Asked as(ToolCall.Asked one, ToolCall.Asked question) {
    return new ToolCall.Asked(
        one.requirement(),
        one.kind(),
        question.question(),
        one.attempt(),
        one.verdict(),
        one.value());
  }

  @Nested
  class AnswersOfOtherQuestions {
    class Files {
      @Tool("Cleans up")
      String clean(ToolContext context) {
        Confirmation copy = context.confirm("Send a copy?");
        Confirmation delete = context.confirm("Delete everything?");
        context.ask("Anything else?");
        if (delete instanceof Confirmation.Confirmed) {
          done.add("deleted");
        }
        return "copy: " + copy;
      }
    }

    private RunId untilTheLastQuestion() {
      desk(new Files());
      desk.model.calls(call("clean", "{}"));
      RunId run = desk.run("Clean");
      desk.answers(
          desk.waitsFor(run, RequirementKind.USER_INPUT), Verdict.ANSWER, "{\"answer\":\"yes\"}");
      desk.answers(
          desk.waitsFor(run, RequirementKind.USER_INPUT), Verdict.ANSWER, "{\"answer\":\"no\"}");
      return run;
    }

    @Test // a yes to one question is no yes to another one of the same call
    @Tag("X1")
    @Tag("X2")
    void aYesThatWasExchangedInTheSnapshotRunsNothing() throws Exception {
      RunId run = untilTheLastQuestion();
      Requirement last = desk.waitsFor(run, RequirementKind.USER_INPUT);
      tamper(
          file ->
              file.snapshot(
                  run,
                  state ->
                      asked(
                          state,
                          all ->
                              List.of(
                                  as(all.get(0), all.get(1)),
                                  as(all.get(1), all.get(0)),
                                  all.get(2)))));
      desk.answers(last, Verdict.ANSWER, "{\"answer\":\"nothing\"}");

      failsWith("answer-tampered", run);
      assertThat(done).isEmpty();
    }

    @Test // one yes is not used twice
    @Tag("X2")
    void aYesThatWasCopiedInTheSnapshotRunsNothing() throws Exception {
      RunId run = untilTheLastQuestion();
      Requirement last = desk.waitsFor(run, RequirementKind.USER_INPUT);
      tamper(
          file ->
              file.snapshot(
                  run,
                  state ->
                      asked(
                          state,
                          all -> List.of(all.get(0), as(all.get(0), all.get(1)), all.get(2)))));
      desk.answers(last, Verdict.ANSWER, "{\"answer\":\"nothing\"}");

      failsWith("answer-tampered", run);
      assertThat(done).isEmpty();
    }

    @Test // rule 3: what is shown of a row is what is signed
    void aQuestionThatIsShownInsteadOfTheRealOneCannotBeAnswered() throws Exception {
      desk(new Files());
      desk.model.calls(call("clean", "{}"));
      RunId run = desk.run("Clean");
      Requirement copy = desk.waitsFor(run, RequirementKind.USER_INPUT);
      desk.answers(copy, Verdict.ANSWER, "{\"answer\":\"yes\"}");
      Requirement delete = desk.waitsFor(run, RequirementKind.USER_INPUT);
      assertThat(desk.assent.card(delete).requirement()).isEqualTo(delete);

      tamper(
          file ->
              file.requirement(
                  delete,
                  record ->
                      record
                          .replace(delete.content().id().value(), copy.content().id().value())
                          .replace(
                              delete.content().commitment().hex(),
                              copy.content().commitment().hex())));
      Requirement shown =
          desk.assent
              .card(desk.store.requirement(Desk.TENANT, delete.id()).orElseThrow())
              .requirement();

      assertThat(shown.content()).isEqualTo(copy.content());
      assertThat(desk.says(shown, Verdict.ANSWER, "{\"answer\":\"yes\"}"))
          .isInstanceOf(DecisionOutcome.DigestMismatch.class);
    }

    @Test // rule 3: also where it is answered without a card
    void anAnswerToTheWrongFormRunsNothing() throws Exception {
      desk(new Files());
      desk.model.calls(call("clean", "{}"));
      RunId run = desk.run("Clean");
      Requirement copy = desk.waitsFor(run, RequirementKind.USER_INPUT);
      desk.answers(copy, Verdict.ANSWER, "{\"answer\":\"yes\"}");
      Requirement delete = desk.waitsFor(run, RequirementKind.USER_INPUT);

      tamper(
          file ->
              file.requirement(
                  delete,
                  record ->
                      record
                          .replace(delete.content().id().value(), copy.content().id().value())
                          .replace(
                              delete.content().commitment().hex(),
                              copy.content().commitment().hex())));
      desk.answers(delete, Verdict.ANSWER, "{\"answer\":\"yes\"}");

      failsWith("answer-tampered", run);
      assertThat(done).isEmpty();
    }
  }

  @Nested
  class Steps {
    class Charges {
      @Tool(value = "Charges", effectKey = "order:{order}")
      String charge(String order, ToolContext context) throws Exception {
        context.step(
            "charge",
            () -> {
              done.add("charged " + order);
              return "ok";
            });
        context.ask("Which address?");
        done.add("shipped " + order);
        return "done";
      }
    }

    @Test // what a step did is not done again because its row is gone
    @Tag("X12")
    void aStepWhoseResultWasDeletedIsNotRepeated() throws Exception {
      desk(new Charges());
      desk.model.calls(call("charge", "{\"order\":\"7\"}"));
      RunId run = desk.run("Charge");
      Requirement asked = desk.waitsFor(run, RequirementKind.USER_INPUT);
      String body = desk.onlyCall(run).steps().getFirst().result().id().value();
      tamper(file -> file.update("DELETE FROM assent_body WHERE id = ?", body));
      desk.answers(asked, Verdict.ANSWER, "{\"answer\":\"here\"}");

      failsWith("step-gone", run);
      assertThat(done).containsExactly("charged 7");
    }

    @Test // rule 2: the rules became stricter; the effect stays reserved, and the call can go on
    void aCallWithAStepThatIsAskedAboutAgainGoesOn() {
      desk(new Charges());
      desk.model.calls(call("charge", "{\"order\":\"7\"}")).says("Done.");
      RunId run = desk.run("Charge");
      Requirement asked = desk.waitsFor(run, RequirementKind.USER_INPUT);
      rules = question -> new PolicyOutcome.Require(ApprovalTerms.simple("now"));
      desk.answers(asked, Verdict.ANSWER, "{\"answer\":\"here\"}");
      Requirement approval = desk.waitsFor(run, RequirementKind.APPROVAL);

      assertThat(desk.says(approval, Verdict.EDIT, "{\"order\":\"8\"}"))
          .as("what was begun for order 7 does not go on for order 8")
          .isInstanceOf(DecisionOutcome.Invalid.class);
      desk.answers(approval, Verdict.APPROVE, null);

      assertThat(desk.completes(run)).isEqualTo("Done.");
      assertThat(done).containsExactly("charged 7", "shipped 7");
    }
  }

  @Nested
  class Fields {
    class Payments {
      @RequiresApproval(useBy = "PT10M")
      @UserInput("amount")
      @Tool("Pays")
      String pay(String to, long amount) {
        done.add(to + " " + amount);
        return "paid";
      }
    }

    private Requirement fieldsOf(RunId run) {
      desk.answers(desk.waitsFor(run, RequirementKind.APPROVAL), Verdict.APPROVE, null);
      return desk.waitsFor(run, RequirementKind.USER_INPUT);
    }

    @Test // rule 10: use-by counts until the body starts, also when fields come in between
    void anApprovalThatWaitedForFieldsTooLongIsNotUsed() {
      desk(new Payments());
      desk.model.calls(call("pay", "{\"to\":\"bob\"}")).says("Too late.");
      RunId run = desk.run("Pay");
      Requirement fields = fieldsOf(run);
      desk.clock.advance(Duration.ofHours(1));
      desk.answers(fields, Verdict.ANSWER, "{\"amount\":5}");

      desk.completes(run);
      assertThat(done).isEmpty();
      assertThat(desk.onlyCall(run).status()).isEqualTo(CallStatus.EXPIRED);
    }

    @Test // rule 2: the rules see what people filled in
    void theRulesJudgeWhatWasFilledIn() {
      rules =
          question ->
              ((JsonObject) question.arguments()).find("amount").orElse(null)
                          instanceof JsonNumber amount
                      && amount.toString().length() > 3
                  ? new PolicyOutcome.Deny("limit", "too much")
                  : new PolicyOutcome.Allow("small");
      desk(new Payments());
      desk.model.calls(call("pay", "{\"to\":\"bob\"}")).says("No.");
      RunId run = desk.run("Pay");
      desk.answers(fieldsOf(run), Verdict.ANSWER, "{\"amount\":1000000}");

      desk.completes(run);
      assertThat(done).isEmpty();
      assertThat(desk.onlyCall(run).status()).isEqualTo(CallStatus.DENIED);
    }
  }

  @Nested
  class Rows {
    class Odd {
      @ExternalExecution
      @Tool("Moves")
      String move() {
        throw new AssertionError("never called");
      }

      @RequiresApproval
      @Tool("Pays")
      String pay() {
        done.add("paid");
        return "paid";
      }

      @Tool("Asks")
      String ask(ToolContext context) {
        done.add(
            context
                .ask(
                    Question.text("May I?")
                        .orElse(JsonObject.of(Form.ANSWER, new JsonString("yes"))))
                .string(Form.ANSWER));
        return "asked";
      }
    }

    @Test // a row that makes no sense ends the run; it does not keep it failing for ever
    void whatSomebodyOnlyTookIsNotResolved() throws Exception {
      desk(new Odd());
      desk.model.calls(call("move", "{}"));
      RunId run = desk.run("Move");
      Requirement outside = desk.waitsFor(run, RequirementKind.EXTERNAL_EXECUTION);
      desk.answers(outside, Verdict.TAKE, null);
      tamper(
          file -> {
            file.requirementStatus(outside, "RESOLVED", "ada");
            file.ring(run);
          });

      failsWith("forged-decision", run);
    }

    @Test
    void anApprovalIsNotResolved() throws Exception {
      desk(new Odd());
      desk.model.calls(call("pay", "{}"));
      RunId run = desk.run("Pay");
      Requirement approval = desk.waitsFor(run, RequirementKind.APPROVAL);
      tamper(
          file -> {
            file.requirementStatus(approval, "RESOLVED", "ada");
            file.ring(run);
          });

      failsWith("forged-decision", run);
      assertThat(done).isEmpty();
    }

    @Test // rule 4: a timer that somebody inserted signs no declared answer
    void aTimerThatNobodySetAnswersNothing() throws Exception {
      desk(new Odd());
      desk.model.calls(call("ask", "{}"));
      RunId run = desk.run("Ask");
      Requirement open = desk.waitsFor(run, RequirementKind.USER_INPUT);
      tamper(
          file ->
              file.update(
                  "INSERT INTO assent_timer (tenant, requirement, kind, due)"
                      + " VALUES ('main', ?, 'deadline', 0)",
                  open.id().value()));

      desk.after(Duration.ofMinutes(1));

      assertThat(desk.store.requirement(Desk.TENANT, open.id()).orElseThrow().status())
          .isEqualTo(RequirementStatus.PENDING);
      assertThat(desk.store.decisions(Desk.TENANT, open.id())).isEmpty();
      assertThat(done).isEmpty();
    }

    @Test // nobody is taken for what happens by itself
    void aPersonWithTheNameOfTheSystemDecidesNothing() {
      Principal system = Principal.person(Decision.SYSTEM);
      desk =
          new Desk(
              Habit.STAYS,
              folder,
              agent -> agent.tools(new Odd()),
              builder -> builder.operator(system));
      desk.model.calls(call("pay", "{}"));
      RunId run = desk.run("Pay");

      assertThat(
              desk.saysAs(
                  system,
                  desk.waitsFor(run, RequirementKind.APPROVAL),
                  Verdict.APPROVE,
                  null,
                  null))
          .isInstanceOf(DecisionOutcome.NotEntitled.class);
      assertThat(done).isEmpty();
    }
  }

  @Nested
  class Secrets {
    class Logins {
      @Tool("Logs in")
      String login(ToolContext context) {
        done.add("in with " + context.askSecret("Password?"));
        return "in";
      }
    }

    @Test // rule 2: asked about again, the call still has its answer, and forgets it at its end
    void aSecretLivesAsLongAsItsCall() {
      desk(new Logins());
      desk.model.calls(call("login", "{}")).says("In.");
      RunId run = desk.run("Log in");
      Requirement asked = desk.waitsFor(run, RequirementKind.USER_INPUT);
      rules = question -> new PolicyOutcome.Require(ApprovalTerms.simple("now"));
      desk.answers(asked, Verdict.ANSWER, "{\"answer\":\"hunter2\"}");
      desk.answers(desk.waitsFor(run, RequirementKind.APPROVAL), Verdict.APPROVE, null);

      desk.completes(run);
      assertThat(done).containsExactly("in with hunter2");
      Decision said = desk.store.decisions(Desk.TENANT, asked.id()).getFirst().decision();
      assertThat(desk.store.body(Desk.TENANT, said.value().id())).isEmpty();
    }

    @Test // a call that is rejected after its secret was told forgets it, too
    void aRejectedCallForgetsItsSecret() {
      desk(new Logins());
      desk.model.calls(call("login", "{}")).says("Out.");
      RunId run = desk.run("Log in");
      Requirement asked = desk.waitsFor(run, RequirementKind.USER_INPUT);
      rules = question -> new PolicyOutcome.Require(ApprovalTerms.simple("now"));
      desk.answers(asked, Verdict.ANSWER, "{\"answer\":\"hunter2\"}");
      desk.answers(desk.waitsFor(run, RequirementKind.APPROVAL), Verdict.REJECT, null);

      desk.completes(run);
      assertThat(done).isEmpty();
      Decision said = desk.store.decisions(Desk.TENANT, asked.id()).getFirst().decision();
      assertThat(desk.store.body(Desk.TENANT, said.value().id())).isEmpty();
    }
  }

  @Nested
  class Edits {
    class First {
      @RequiresApproval
      @Tool(value = "Writes", effect = Effect.READ_ONLY)
      String write(String text) {
        done.add("looked at " + text);
        return "ok";
      }
    }

    class Second {
      @RequiresApproval
      @Tool("Writes")
      String write(String text) {
        done.add("wrote " + text);
        return "ok";
      }
    }

    @Test // rule 9: what changes something has an intent, as the tool says now
    void anEditBindsTheCallToWhatTheToolDoesNow() {
      Object[][] tools = {{new First()}};
      desk(() -> tools[0]);
      desk.model.calls(call("write", "{\"text\":\"a\"}")).says("Done.");
      RunId run = desk.run("Write");
      Requirement shown = desk.waitsFor(run, RequirementKind.APPROVAL);
      tools[0] = new Object[] {new Second()};
      desk.restart();
      desk.answers(shown, Verdict.EDIT, "{\"text\":\"b\"}");

      desk.completes(run);
      assertThat(done).containsExactly("wrote b");
      assertThat(desk.onlyCall(run).attempt()).isNotNull();
    }
  }
}
