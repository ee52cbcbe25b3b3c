package dev.assent.scenarios;

import static dev.assent.scenarios.Desk.call;
import static dev.assent.testkit.AssentAssertions.assertThatRun;
import static dev.assent.testkit.ScriptedPerson.person;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.CallStatus;
import dev.assent.core.Effect;
import dev.assent.core.ExternalExecution;
import dev.assent.core.Form;
import dev.assent.core.FormField;
import dev.assent.core.JsonObject;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequiresApproval;
import dev.assent.core.ReviewedResult;
import dev.assent.core.RunMachine;
import dev.assent.core.Tool;
import dev.assent.core.UserInput;
import dev.assent.core.Verdict;
import dev.assent.runtime.Agent;
import dev.assent.runtime.RequirementCard;
import dev.assent.runtime.ToolContext;
import dev.assent.testkit.Answer;
import dev.assent.testkit.Effects;
import dev.assent.testkit.ScriptedModel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** One story for each way to wait, played in each {@link StoryWorld}. */
@ParameterizedClass
@EnumSource
class WaitingStoriesTest extends Stories {

  record Tools(Effects effects) {
    @RequiresApproval
    @Tool(value = "Pays", effectKey = "invoice:{invoice}")
    String pay(String invoice, long cents, ToolContext context) {
      effects.happened(context, "paid " + invoice + " " + cents);
      return "paid";
    }

    @RequiresApproval
    @UserInput("code")
    @Tool(value = "Opens a door", effectKey = "door:{door}")
    String open(String door, int code, ToolContext context) {
      effects.happened(context, "opened " + door + " " + code);
      return "open";
    }

    @RequiresApproval
    @Tool(value = "Books and asks", effectKey = "room:{room}")
    String book(String room, ToolContext context) throws Exception {
      String booked =
          context.step(
              "book",
              () -> {
                effects.happened(context, "booked " + room);
                return "booked " + room;
              });
      String breakfast = context.ask("Breakfast?");
      return booked + ", breakfast " + breakfast + ", late " + context.confirm("Late?").confirmed();
    }

    @Tool("Asks, then writes")
    String write(String to, ToolContext context) {
      String subject = context.ask("Subject?");
      effects.happened(context, "wrote " + subject + " to " + to);
      return "written";
    }

    @ExternalExecution
    @Tool(value = "Moves the robot", effectKey = "robot:{where}")
    String move(String where) {
      throw new AssertionError("never called");
    }

    @Tool("Furnishes a room")
    String furnish(String room, ToolContext context) {
      String colour = context.choose("Which colour?", List.of("red", "blue"));
      List<String> things = context.chooseSeveral("What else?", List.of("bed", "desk", "lamp"));
      JsonObject size = context.askFields("How big?", List.of(FormField.of("metres", "integer")));
      context.askSecret("The code of the door?");
      effects.happened(context, "furnished " + room);
      return colour + " " + things + " " + size;
    }

    @ReviewedResult(rounds = 2)
    @Tool(value = "Drafts", effect = Effect.READ_ONLY)
    String draft(String about) {
      return "Draft about " + about;
    }

    @RequiresApproval
    @Tool(value = "Sends later", effectKey = "parcel:{parcel}")
    CompletableFuture<String> send(String parcel, ToolContext context) {
      effects.happened(context, "sent " + parcel);
      return CompletableFuture.completedFuture("sent " + parcel);
    }

    @ReviewedResult
    @Tool(value = "Reports", effectKey = "report:{about}")
    String report(String about, ToolContext context) {
      effects.happened(context, "reported " + about);
      return "All is well with " + about;
    }
  }

  @Override
  Object tools(Effects effects) {
    return new Tools(effects);
  }

  @Test // rule 8
  void anApprovalIsEdited() {
    plays(
        story(
                "edit",
                model ->
                    model.calls(call("pay", "{\"cents\":100,\"invoice\":\"7\"}")).says("Paid."),
                person("ann")
                    .answers(
                        card -> card.requirement().version() == 1 && isApproval(card),
                        Answer.edit(Map.of("invoice", "7", "cents", 90)))
                    .leaves("pay"),
                person("bob").approves("pay"))
            .expect(run -> assertThatRun(run).completedWith("Paid.").executedOnce("pay")));
  }

  private static boolean isApproval(RequirementCard card) {
    return card.requirement().kind() == RequirementKind.APPROVAL;
  }

  @Test
  @Tag("C2")
  @Tag("C21")
  void fieldsAreFilledInAfterAnApproval() {
    plays(
        story(
                "fields",
                model -> model.calls(call("open", "{\"door\":\"front\"}")).says("Open."),
                person("ann")
                    .approves("open")
                    .answers(RequirementKind.USER_INPUT, "open", Answer.fields(Map.of("code", 7))))
            .expect(run -> assertThatRun(run).completedWith("Open.").executedOnce("open")));
  }

  @Test // it is approved, filled in and changed, approved anew, and runs as changed
  @Tag("C2")
  void fieldsMayChangeTheCallWhichIsApprovedAnew() {
    plays(
        story(
                "changed in the form",
                model -> model.calls(call("open", "{\"door\":\"front\"}")).says("Open."),
                person("bob").approves("open").leaves("open"),
                person("ann")
                    .answers(
                        RequirementKind.USER_INPUT,
                        "open",
                        Answer.fields(Map.of("code", 7, "door", "back")))
                    .leaves("open"))
            .expect(
                run ->
                    assertThatRun(run)
                        .completedWith("Open.")
                        .executedOnce("open")
                        .matches(
                            seen -> seen.calls().getFirst().arguments().contains("back"),
                            "its arguments changed")));
  }

  @Test
  @Tag("A7")
  @Tag("A13")
  void questionsAfterAStepDoNotRepeatIt() {
    plays(
        story(
                "questions after a step",
                model -> model.calls(call("book", "{\"room\":\"5\"}")).says("Booked."),
                person("ann")
                    .approves("book")
                    .answers(RequirementKind.USER_INPUT, "book", Answer.text("yes")))
            .expect(
                run ->
                    assertThatRun(run)
                        .completedWith("Booked.")
                        .told("book", "booked 5, breakfast yes, late true")));
  }

  @Test
  @Tag("A1")
  @Tag("X9")
  void aQuestionIsAnsweredBeforeTheEffect() {
    plays(
        story(
                "a question before an effect",
                model -> model.calls(call("write", "{\"to\":\"bob\"}")).says("Written."),
                person("ann").answers(RequirementKind.USER_INPUT, "write", Answer.text("Hello")))
            .expect(run -> assertThatRun(run).completedWith("Written.").executedOnce("write")));
  }

  @Test
  @Tag("C5")
  void workOutsideIsTakenByOneAndDoneByAnother() {
    plays(
        story(
                "outside",
                model -> model.calls(call("move", "{\"where\":\"left\"}")).says("Moved."),
                person("ann")
                    .answers(
                        card -> card.requirement().takenBy() == null, Answer.of(Verdict.TAKE, null))
                    .leaves("move"),
                person("bob")
                    .answers(
                        card -> card.requirement().takenBy() != null, Answer.result("moved 3 m")))
            .expect(run -> assertThatRun(run).completedWith("Moved.").told("move", "moved 3 m")));
  }

  @Test
  @Tag("A11")
  void aPersonReplacesAResult() {
    plays(
        story(
                "a result",
                model -> model.calls(call("report", "{\"about\":\"us\"}")).says("Fine."),
                person("ann")
                    .answers(RequirementKind.REVIEW, "report", Answer.replace("All was well.")))
            .expect(
                run -> assertThatRun(run).completedWith("Fine.").told("report", "All was well.")));
  }

  @Test
  @Tag("C5")
  void workOutsideFails() {
    plays(
        story(
                "outside, in vain",
                model -> model.calls(call("move", "{\"where\":\"left\"}")).says("A pity."),
                person("ann")
                    .answers(
                        RequirementKind.EXTERNAL_EXECUTION, "move", Answer.failure("it is stuck")))
            .expect(run -> assertThatRun(run).completedWith("A pity."))
            .always(run -> assertThat(run.calls().getFirst().status()).isEqualTo(CallStatus.FAILED))
            .always(run -> assertThat(run.calls().getFirst().result()).contains("it is stuck")));
  }

  @Test
  @Tag("A1")
  @Tag("C3")
  @Tag("C4")
  void questionsOfEverySortAreAnswered() {
    plays(
        story(
                "questions of every sort",
                model -> model.calls(call("furnish", "{\"room\":\"5\"}")).says("Done."),
                person("ann")
                    .answers(asked("Which colour?"), Answer.text("blue"))
                    .answers(
                        asked("What else?"),
                        Answer.fields(Map.of(Form.ANSWER, List.of("bed", "lamp"))))
                    .answers(asked("How big?"), Answer.fields(Map.of("metres", 4)))
                    .answers(asked("The code of the door?"), Answer.text("sesame-4711")))
            .expect(
                run ->
                    assertThatRun(run)
                        .completedWith("Done.")
                        .executedOnce("furnish")
                        .told("furnish", "blue [bed, lamp] {\"metres\":4}")));
  }

  private static Predicate<RequirementCard> asked(String prompt) {
    return card -> card.form() != null && card.form().prompt().equals(prompt);
  }

  @Test
  @Tag("A12")
  void anUnclearAnswerConfirmsNothing() {
    plays(
        story(
                "no confirmation",
                model -> model.calls(call("book", "{\"room\":\"5\"}")).says("Booked."),
                person("ann")
                    .approves("book")
                    .answers(asked("Breakfast?"), Answer.text("no"))
                    .answers(RequirementKind.USER_INPUT, "book", Answer.text("well, perhaps")))
            .expect(
                run ->
                    assertThatRun(run)
                        .completedWith("Booked.")
                        .told("book", "booked 5, breakfast no, late false")));
  }

  @Test
  @Tag("A1")
  void aQuestionIsDeclined() {
    plays(
        story(
                "declined",
                model -> model.calls(call("write", "{\"to\":\"bob\"}")).says("Not written."),
                person("ann")
                    .answers(RequirementKind.USER_INPUT, "write", Answer.decline("none of mine")))
            .always(run -> assertThatRun(run).completedWith("Not written."))
            .expect(run -> assertThat(run.calls().getFirst().result()).contains("none of mine")));
  }

  @Test
  @Tag("C22")
  void aResultComesByAFuture() {
    plays(
        story(
                "a future",
                model -> model.calls(call("send", "{\"parcel\":\"9\"}")).says("Sent."),
                person("ann").approves("send"))
            .expect(run -> assertThatRun(run).completedWith("Sent.").told("send", "sent 9")));
  }

  @Test
  @Tag("A11")
  void aResultIsSentBackForChanges() {
    plays(
        story(
                "a result sent back",
                model -> model.calls(call("draft", "{\"about\":\"us\"}")).says("Fine."),
                person("ann").answers(RequirementKind.REVIEW, "draft", Answer.changes("shorter")))
            .always(run -> assertThatRun(run).completedWith("Fine."))
            .always(run -> assertThat(run.calls().getFirst().result()).contains("shorter")));
  }

  @Test
  @Tag("A11")
  void theLastAnswerIsSentBackAndThenAccepted() {
    plays(
        story(
                "an answer",
                agent -> agent.reviewed(3, ApprovalTerms.simple("look")),
                model ->
                    model
                        .calls(call("pay", "{\"cents\":100,\"invoice\":\"7\"}"))
                        .says("First.")
                        .says("Second."),
                person("ann")
                    .approves("pay")
                    .answers(
                        card ->
                            card.requirement().call().equals(RunMachine.OUTPUT)
                                && card.requirement().attempt() == 1,
                        Answer.changes("shorter"))
                    .answers(RequirementKind.REVIEW, "output", Answer.accept()))
            .expect(run -> assertThatRun(run).completedWith("Second.").executedOnce("pay")));
  }

  @Test // rule 12
  void anotherAgentPausesForAPerson() {
    plays(
        story(
                "another agent",
                agent ->
                    agent.subAgents(
                        Agent.named("payer")
                            .description("Pays")
                            .model(
                                ScriptedModel.byTurn()
                                    .calls(call("pay", "{\"cents\":100,\"invoice\":\"7\"}"))
                                    .says("I paid 7."))
                            .tools(tools(effects))
                            .build()),
                model -> model.calls(call("payer", "{\"task\":\"Pay 7\"}")).says("All paid."),
                person("ann").approves("pay"))
            .expect(
                run -> assertThatRun(run).completedWith("All paid.").told("payer", "I paid 7.")));
  }

  @Test // two ways at once, and the order in which people answer is theirs
  @Tag("C15")
  void aBatchWaitsInTwoWaysAtOnce() {
    plays(
        story(
                "a batch",
                model ->
                    model
                        .calls(
                            call("pay", "{\"cents\":100,\"invoice\":\"7\"}"),
                            call("book", "{\"room\":\"5\"}"),
                            call("write", "{\"to\":\"bob\"}"))
                        .says("All."),
                person("ann")
                    .approves("pay")
                    .approves("book")
                    .answers(
                        card -> card.requirement().kind() == RequirementKind.USER_INPUT,
                        Answer.text("yes")))
            .expect(run -> assertThatRun(run).completedWith("All."))
            .always(run -> assertThat(run.calls()).hasSize(3)));
  }
}
