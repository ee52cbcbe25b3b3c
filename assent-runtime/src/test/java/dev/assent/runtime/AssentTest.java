package dev.assent.runtime;

import static dev.assent.runtime.ScriptedModel.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.AuditVerification;
import dev.assent.core.CallStatus;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.Effect;
import dev.assent.core.Message;
import dev.assent.core.Principal;
import dev.assent.core.RequiresApproval;
import dev.assent.core.RunStatus;
import dev.assent.core.Tool;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AssentTest {
  private final InMemoryStore store = new InMemoryStore();
  private final ScriptedModel model = new ScriptedModel();
  private final Payments payments = new Payments();
  private Assent assent = start();

  static class Payments {
    final List<String> paid = new CopyOnWriteArrayList<>();
    volatile RuntimeException failure;

    @RequiresApproval(summary = "Pay {amount} to {vendor}")
    @Tool(value = "Pays an invoice", effectKey = "invoice:{invoice}", independent = true)
    String pay(String invoice, long amount, String vendor) {
      if (failure != null) {
        throw failure;
      }
      paid.add(invoice + " " + amount + " " + vendor);
      return "paid " + invoice;
    }

    @Tool(value = "Looks up", effect = Effect.READ_ONLY)
    String look(String what) {
      return "seen " + what;
    }

    @Tool("Sends a mail")
    String mail(String to) {
      paid.add("mail " + to);
      return "sent";
    }
  }

  private Assent start() {
    return Assent.on(store)
        .answeredFromOutside()
        .operator(Principal.person("ada"))
        .register(Agent.named("bot").instructions("You pay.").model(model).tools(payments).build())
        .pollEvery(Duration.ofMillis(20))
        .start();
  }

  @AfterEach
  void close() {
    assent.close();
    assertThat(AuditVerification.verify("main", store.audit("main", 0, 100_000)))
        .isInstanceOf(AuditVerification.Intact.class);
  }

  @Test
  void anApprovedCallRunsOnceAndTheModelGetsItsResult() {
    model.calls(call("p1", "pay", "{\"invoice\":\"17\",\"amount\":12000,\"vendor\":\"Acme\"}"));
    model.says("All done.");

    RunResult paused = assent.run("bot", "Pay 17");
    assertThat(paused).isInstanceOf(RunResult.Paused.class);
    assertThat(payments.paid).isEmpty();
    var requirement = ((RunResult.Paused) paused).requirements().getFirst();
    assertThat(assent.card(requirement.id()).orElseThrow().summary())
        .isEqualTo("Pay 12000 to Acme");
    assertThat(assent.approve(requirement.id())).isInstanceOf(DecisionOutcome.Recorded.class);
    RunResult end = assent.resume(paused.run());

    assertThat(end).isInstanceOf(RunResult.Completed.class);
    assertThat(((RunResult.Completed) end).output()).isEqualTo("All done.");
    assertThat(payments.paid).containsExactly("17 12000 Acme");
    assertThat(model.requests.getLast().messages().getLast())
        .isEqualTo(new Message.ToolResult("p1", "pay", "paid 17", false));
    assertThat(assent.approve(requirement.id())).isInstanceOf(DecisionOutcome.AlreadyClosed.class);
  }

  @Test
  void aRejectionReachesTheModelWithItsReason() {
    model.calls(call("p1", "pay", "{\"invoice\":\"17\",\"amount\":1,\"vendor\":\"Acme\"}"));
    model.says("I will not.");

    RunResult paused = assent.run("bot", "Pay 17");
    assent.reject(((RunResult.Paused) paused).requirements().getFirst().id(), "not our vendor");
    assent.resume(paused.run());

    assertThat(model.requests.getLast().messages().getLast().text())
        .isEqualTo("Function call was rejected by the user: not our vendor");
    assertThat(payments.paid).isEmpty();
  }

  @Test
  void whatTheModelGetsWrongGoesBackToItWithoutAsking() {
    model.calls(
        call("1", "nope", "{}"),
        call("2", "pay", "{\"invoice\":"),
        call("3", "pay", "{\"invoice\":\"1\",\"amount\":\"many\",\"vendor\":\"x\"}"),
        call("4", "pay", "{\"invoice\":\"1\",\"amount\":1,\"vendor\":\"x\",\"to\":\"y\"}"),
        call("5", "look", "{\"what\":\"sky\"}"));
    model.says("ok");

    RunResult end = assent.run("bot", "go");

    assertThat(end.status()).isEqualTo(RunStatus.COMPLETED);
    List<Message> told = model.requests.getLast().messages();
    assertThat(told.subList(2, 7)).allMatch(m -> m instanceof Message.ToolResult);
    assertThat(told.get(2).text()).contains("no tool 'nope'").contains("look, mail, pay");
    assertThat(told.get(3).text()).contains("not usable");
    assertThat(told.get(4).text()).contains("/amount");
    assertThat(told.get(5).text()).contains("to");
    assertThat(told.get(6).text()).isEqualTo("seen sky");
    assertThat(payments.paid).isEmpty();
  }

  @Test
  void anUnknownOutcomeAfterApprovalIsReconciledByAPerson() {
    payments.failure = new IllegalStateException("connection reset");
    model.calls(call("p1", "pay", "{\"invoice\":\"17\",\"amount\":1,\"vendor\":\"Acme\"}"));
    model.calls(call("p2", "pay", "{\"invoice\":\"17\",\"amount\":1,\"vendor\":\"Acme\"}"));
    model.says("done");

    RunResult first = assent.run("bot", "Pay 17");
    assent.approve(((RunResult.Paused) first).requirements().getFirst().id());
    RunResult doubt = assent.resume(first.run());
    assertThat(assent.runCard(first.run()).calls().getFirst().call().status())
        .isEqualTo(CallStatus.IN_DOUBT);
    var open = ((RunResult.Paused) doubt).requirements().getFirst();
    assent.decide(
        open.id(),
        new dev.assent.core.DecisionRequest(
            open.version(),
            open.digest(),
            dev.assent.core.Verdict.HAPPENED,
            "receipt 5",
            null,
            "k"),
        Principal.person("ada"));
    RunResult end = assent.resume(first.run());

    assertThat(end.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(model.requests.get(1).messages().getLast().text()).isEqualTo("receipt 5");
    assertThat(model.requests.get(2).messages().getLast().text()).contains("already been done");
  }

  @Test
  void anArgumentThatTheMethodCannotTakeIsAFailureAndNoDoubt() {
    model.calls(call("p1", "pay", "{\"invoice\":\"17\",\"amount\":1e30,\"vendor\":\"Acme\"}"));
    model.says("too much");

    RunResult paused = assent.run("bot", "Pay 17");
    assent.approve(((RunResult.Paused) paused).requirements().getFirst().id());
    RunResult end = assent.resume(paused.run());

    assertThat(end.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(model.requests.getLast().messages().getLast().text())
        .isEqualTo("It was not executed: the argument amount is no long");
    assertThat(payments.paid).isEmpty();
  }

  @Test
  void whatDidNotHappenRunsAgainOnTheSameApproval() {
    payments.failure = new IllegalStateException("connection reset");
    model.calls(call("p1", "pay", "{\"invoice\":\"17\",\"amount\":1,\"vendor\":\"Acme\"}"));
    model.says("done");

    RunResult first = assent.run("bot", "Pay 17");
    assent.approve(((RunResult.Paused) first).requirements().getFirst().id());
    var open = ((RunResult.Paused) assent.resume(first.run())).requirements().getFirst();
    payments.failure = null;
    assent.decide(
        open.id(),
        new dev.assent.core.DecisionRequest(
            open.version(), open.digest(), dev.assent.core.Verdict.DID_NOT_HAPPEN, null, null, "k"),
        Principal.person("ada"));

    assertThat(assent.resume(first.run()).status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(payments.paid).containsExactly("17 1 Acme");
  }

  @Test
  void aCancelledPausedRunRunsNothing() {
    model.calls(call("p1", "pay", "{\"invoice\":\"17\",\"amount\":1,\"vendor\":\"Acme\"}"));

    RunResult paused = assent.run("bot", "Pay 17");
    assertThat(assent.cancel(paused.run(), "ada")).isTrue();
    RunResult end = assent.resume(paused.run());
    var late = assent.approve(((RunResult.Paused) paused).requirements().getFirst().id());

    assertThat(end.status()).isEqualTo(RunStatus.CANCELLED);
    assertThat(late).isInstanceOf(DecisionOutcome.AlreadyClosed.class);
    assertThat(payments.paid).isEmpty();
  }

  @Test
  void aGateServesALoopThatIsNotOurs() {
    GateResult waiting =
        assent.gate(
            GateRequest.of("bot", "pay", "{\"invoice\":\"9\",\"amount\":1,\"vendor\":\"A\"}"));
    assertThat(waiting).isInstanceOf(GateResult.Waiting.class);
    assent.approve(((GateResult.Waiting) waiting).requirements().getFirst().id());

    GateResult done = assent.gateResult(waiting.run());

    assertThat(done).isEqualTo(new GateResult.Executed(waiting.run(), "paid 9"));
    assertThat(assent.gate(GateRequest.of("bot", "look", "{\"what\":\"x\"}")))
        .isInstanceOf(GateResult.Executed.class);
  }

  @Test
  void theSameEffectIsAskedForOnceInABatch() {
    model.calls(
        call("p1", "pay", "{\"invoice\":\"17\",\"amount\":1,\"vendor\":\"Acme\"}"),
        call("p2", "pay", "{\"invoice\":\"17\",\"amount\":2,\"vendor\":\"Acme\"}"));

    RunResult paused = assent.run("bot", "Pay 17");

    assertThat(((RunResult.Paused) paused).requirements()).hasSize(1);
  }

  @Test
  void anAllowedCallThatFailsIsToldToTheModelAndItsKeyIsRefused() {
    model.calls(call("m", "mail", "{\"to\":\"bob\"}"));
    model.says("ok");
    assertThat(assent.run("bot", "mail").status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(payments.paid).containsExactly("mail bob");
  }
}
