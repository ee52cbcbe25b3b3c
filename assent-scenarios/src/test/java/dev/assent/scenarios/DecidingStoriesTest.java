package dev.assent.scenarios;

import static dev.assent.scenarios.Desk.call;
import static dev.assent.testkit.AssentAssertions.assertThatRun;
import static dev.assent.testkit.ScriptedPerson.argument;
import static dev.assent.testkit.ScriptedPerson.person;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.CallStatus;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Inject;
import dev.assent.core.JsonNumber;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Risk;
import dev.assent.core.Threshold;
import dev.assent.core.Tool;
import dev.assent.runtime.Limits;
import dev.assent.runtime.Middleware;
import dev.assent.runtime.NotExecutedException;
import dev.assent.runtime.RequirementCard;
import dev.assent.runtime.ToolContext;
import dev.assent.testkit.Answer;
import dev.assent.testkit.Effects;
import dev.assent.testkit.ScriptedPerson;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** One story for each way to decide about a call, played in each {@link StoryWorld}. */
@ParameterizedClass
@EnumSource
class DecidingStoriesTest extends Stories {
  private static final String PAY = "{\"cents\":100,\"invoice\":\"7\"}";

  record Tools(Effects effects) {
    @RequiresApproval(summary = "Pay {invoice}")
    @Tool(value = "Pays", effectKey = "invoice:{invoice}")
    String pay(String invoice, long cents, ToolContext context) {
      effects.happened(context, "paid " + invoice + " " + cents);
      return "paid " + cents;
    }

    @Tool(value = "Books")
    String book(String room, long cents, ToolContext context) {
      effects.happened(context, "booked " + room);
      return "booked " + room;
    }

    @RequiresApproval(risk = Risk.HIGH)
    @Tool(value = "Deletes", effectKey = "delete:{what}")
    String delete(String what, ToolContext context) {
      effects.happened(context, "deleted " + what);
      return "deleted " + what;
    }

    @RequiresApproval
    @Tool(value = "Sends and loses the answer", effectKey = "mail:{to}")
    String send(String to, ToolContext context) {
      effects.happened(context, "sent to " + to);
      throw new IllegalStateException("connection reset");
    }

    @RequiresApproval
    @Tool(value = "Knocks", effectKey = "door:{door}")
    String knock(String door) {
      throw new NotExecutedException("there is no door " + door);
    }

    @RequiresApproval
    @Tool(value = "Orders", effectKey = "order:{what}", preview = "order")
    String buy(String what, ToolContext context) {
      effects.happened(context, "bought " + what);
      return "bought " + what;
    }

    String order(String what) {
      return "one " + what + ", 5 EUR";
    }
  }

  static final class Signer {
    @RequiresApproval
    @Tool(value = "Signs", effectKey = "sign:{what}")
    String sign(String what, @Inject("company") String company) {
      return "signed for " + company;
    }
  }

  private static boolean isApproval(RequirementCard card) {
    return card.requirement().kind() == RequirementKind.APPROVAL;
  }

  @Override
  Object tools(Effects effects) {
    return new Tools(effects);
  }

  @Test
  @Tag("C1")
  @Tag("C10")
  void aRejectionIsToldAndNotAskedAgain() {
    plays(
        story(
                "rejected, proposed again",
                model -> model.calls(call("pay", PAY)).calls(call("pay", PAY)).says("Then not."),
                person("ann").rejects("pay", "the vendor is unknown"))
            .always(
                run ->
                    assertThatRun(run)
                        .completedWith("Then not.")
                        .calls("pay", "pay")
                        .neverExecuted("pay"))
            .always(
                run ->
                    assertThat(run.calls())
                        .allSatisfy(
                            each -> assertThat(each.result()).contains("vendor is unknown"))));
  }

  @Test
  @Tag("C1")
  void aPersonAnswersInPlaceOfTheTool() {
    plays(
        story(
                "answered by hand",
                model -> model.calls(call("pay", PAY)).says("Fine."),
                person("ann")
                    .answers(RequirementKind.APPROVAL, "pay", Answer.respond("I paid it in cash.")))
            .always(
                run ->
                    assertThatRun(run)
                        .completedWith("Fine.")
                        .neverExecuted("pay")
                        .told("pay", "I paid it in cash.")));
  }

  @Test // the name of the tool is typed
  void aCallOfHighRiskIsApprovedByItsName() {
    plays(
        story(
                "high risk",
                model -> model.calls(call("delete", "{\"what\":\"all\"}")).says("Gone."),
                person("ann").approves("delete"))
            .expect(run -> assertThatRun(run).completedWith("Gone.").executedOnce("delete")));
  }

  @Test
  @Tag("C11")
  void onlyOverAnAmountAPersonIsAsked() {
    plays(
        story(
                "over an amount",
                agent ->
                    agent.approvalWhen(
                        "book",
                        arguments ->
                            ((JsonNumber) arguments.find("cents").orElseThrow())
                                    .decimal()
                                    .longValue()
                                > 1_000,
                        ApprovalTerms.simple("dear")),
                model ->
                    model
                        .calls(
                            call("book", "{\"cents\":900,\"room\":\"small\"}"),
                            call("book", "{\"cents\":9000,\"room\":\"large\"}"))
                        .says("Booked."),
                person("ann").rejects("book", argument("room", "large"), "too dear"))
            .expect(run -> assertThatRun(run).completedWith("Booked.").told("book", "booked small"))
            .always(
                run ->
                    assertThat(run.calls().get(1).status())
                        .as("the dear one")
                        .isEqualTo(CallStatus.REJECTED)));
  }

  @Test
  @Tag("C6")
  @Tag("C11")
  void ofABatchEachIsDecidedByItself() {
    plays(
        story(
                "a batch",
                model ->
                    model
                        .calls(
                            call("pay", "{\"cents\":1,\"invoice\":\"1\"}"),
                            call("pay", "{\"cents\":2,\"invoice\":\"2\"}"),
                            call("pay", "{\"cents\":3,\"invoice\":\"3\"}"))
                        .says("Two of three."),
                person("ann")
                    .approves("pay", argument("invoice", "3"))
                    .rejects("pay", argument("invoice", "2"), "not this one")
                    .leaves(DecidingStoriesTest::isApproval),
                person("bob")
                    .approves("pay", argument("invoice", "1"))
                    .leaves(DecidingStoriesTest::isApproval))
            .expect(
                run ->
                    assertThatRun(run)
                        .completedWith("Two of three.")
                        .told("pay", "paid 1")
                        .told("pay", "paid 3"))
            .always(run -> assertThat(run.calls().get(1).status()).isEqualTo(CallStatus.REJECTED)));
  }

  @Test
  void aCallInDoubtHappened() {
    plays(
        story(
                "in doubt, and it happened",
                model -> model.calls(call("send", "{\"to\":\"bob\"}")).says("Sent."),
                person("ann").approves("send").reconciles("send", this::lookedUp))
            .expect(run -> assertThatRun(run).completedWith("Sent.").told("send", "it is there")));
  }

  /** Who reconciles says what is true, also where a process died before the effect. */
  private DecisionRequest lookedUp(RequirementCard card) {
    boolean sent = effects.by(card.requirement().run(), card.requirement().call()).isPresent();
    return (sent ? Answer.happened("it is there") : Answer.didNotHappen()).to(card);
  }

  @Test
  void aCallInDoubtIsGivenUp() {
    plays(
        story(
                "in doubt for ever",
                model -> model.calls(call("send", "{\"to\":\"bob\"}")).says("Who knows."),
                person("ann").approves("send").reconciles("send", Answer.giveUp()))
            .always(run -> assertThatRun(run).completedWith("Who knows."))
            .always(
                run -> assertThat(run.calls().getFirst().status()).isEqualTo(CallStatus.FAILED)));
  }

  @Test // said by its body, so there is no doubt
  void aCallThatDidNotHappenFails() {
    plays(
        story(
                "not executed",
                model -> model.calls(call("knock", "{\"door\":\"5\"}")).says("No door."),
                person("ann").approves("knock").reconciles("knock", Answer.giveUp()))
            .expect(run -> assertThat(run.calls().getFirst().result()).contains("no door 5"))
            .always(run -> assertThatRun(run).completedWith("No door."))
            .always(
                run -> assertThat(run.calls().getFirst().status()).isEqualTo(CallStatus.FAILED)));
  }

  @Test
  void aRuleDenies() {
    plays(
        story(
                "denied",
                agent ->
                    agent.policy(
                        question -> new PolicyOutcome.Deny("closed", "the bank is closed")),
                model -> model.calls(call("pay", PAY)).says("Closed."),
                person("ann"))
            .always(run -> assertThatRun(run).completedWith("Closed.").neverExecuted("pay"))
            .always(
                run -> assertThat(run.calls().getFirst().result()).contains("the bank is closed")));
  }

  @Test // what the model got wrong goes back to it, and nobody is asked
  void whatDoesNotFitTheSchemaIsNotAsked() {
    plays(
        story(
                "wrong, then right",
                model ->
                    model
                        .calls(call("pay", "{\"cents\":\"much\",\"invoice\":\"7\"}"))
                        .calls(call("pay", PAY))
                        .says("Paid."),
                person("ann").approves("pay"))
            .expect(run -> assertThatRun(run).completedWith("Paid.").executedOnce("pay"))
            .always(
                run -> assertThat(run.calls().getFirst().status()).isEqualTo(CallStatus.REFUSED)));
  }

  @Test
  @Tag("A8")
  void whatMiddlewareMakesIsWhatIsApproved() {
    Middleware cap =
        new Middleware() {
          @Override
          public Proposal proposal(Turn turn, Proposal proposal, Next<Proposal, Proposal> next)
              throws Exception {
            return next.proceed(proposal.withArguments(proposal.arguments().replace("100", "50")));
          }
        };
    plays(
        story(
                "changed before it is proposed",
                agent -> agent.middleware(cap),
                model -> model.calls(call("pay", PAY)).says("Paid."),
                person("ann").approves("pay", argument("cents", 50)))
            .expect(run -> assertThatRun(run).completedWith("Paid.").told("pay", "paid 50")));
  }

  @Test
  @Tag("A9")
  void aToolGetsWhatTheAgentHas() {
    plays(
        story(
                "a value",
                agent -> agent.value("company", "Acme").tools(new Signer()),
                model -> model.calls(call("sign", "{\"what\":\"it\"}")).says("Signed."),
                person("ann").approves("sign"))
            .expect(
                run ->
                    assertThatRun(run).completedWith("Signed.").told("sign", "signed for Acme")));
  }

  @Test
  void aCallShowsWhatItWouldDo() {
    plays(
        story(
                "a preview",
                model -> model.calls(call("buy", "{\"what\":\"pen\"}")).says("Bought."),
                person("ann").approves("buy", card -> card.pinned() != null))
            .expect(run -> assertThatRun(run).completedWith("Bought.").executedOnce("buy")));
  }

  @Test
  void moreCallsThanAllowedEndTheRun() {
    plays(
        story(
                "a limit",
                agent -> agent.limits(Limits.NONE.calls(1)),
                model ->
                    model
                        .calls(call("pay", PAY))
                        .calls(call("pay", "{\"cents\":1,\"invoice\":\"8\"}"))
                        .says("never said"),
                person("ann").approves("pay"))
            .always(run -> assertThatRun(run).failedWith("limit-reached").calls("pay")));
  }

  @Test
  @Tag("X7")
  void aRunIsCancelledWhileItWaits() {
    ScriptedPerson ann = person("ann").leaves("pay");
    plays(
        story("cancelled", model -> model.calls(call("pay", PAY)).says("never said"), ann)
            .cancels(ann)
            .always(run -> assertThatRun(run).isCancelled().neverExecuted("pay")));
  }

  @Test
  @Tag("C15")
  void twoOfARoleApprove() {
    plays(
        story(
                "two of a role",
                agent ->
                    agent.approvalWhen(
                        "book",
                        arguments -> true,
                        new ApprovalTerms(
                            "two of finance",
                            List.of(new Threshold(2, List.of("finance"), List.of())),
                            Risk.MEDIUM,
                            "",
                            null,
                            null,
                            null,
                            ApprovalTerms.OnExpiry.REJECT)),
                model -> model.calls(call("book", "{\"cents\":1,\"room\":\"5\"}")).says("Booked."),
                person("cy").leaves("book"),
                person("ann", "finance").approves("book"),
                person("bob", "finance").approves("book"))
            .expect(run -> assertThatRun(run).completedWith("Booked.").executedOnce("book")));
  }
}
