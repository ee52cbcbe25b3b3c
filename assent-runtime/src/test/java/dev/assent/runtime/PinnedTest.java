package dev.assent.runtime;

import static dev.assent.runtime.ScriptedModel.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Tool;
import dev.assent.core.UserInput;
import dev.assent.core.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a call would do, and what it depends on, are looked at before and again at the effect. */
@Timeout(30)
class PinnedTest {
  private final AtomicReference<Instant> clock =
      new AtomicReference<>(Instant.parse("2026-01-31T12:00:00Z"));
  private final InMemoryStore store = new InMemoryStore(clock::get);
  private final ScriptedModel model = new ScriptedModel();
  private final Account account = new Account();
  private final Assent assent =
      Assent.on(store)
          .answeredFromOutside()
          .operator(Principal.person("ada"))
          .register(Agent.named("bot").model(model).tools(account).build())
          .start();

  static class Account {
    volatile long balance = 500;
    volatile String payee = "Acme Corp";
    volatile CountDownLatch failing = new CountDownLatch(0);
    final List<String> paid = new CopyOnWriteArrayList<>();

    @RequiresApproval
    @Tool(value = "Pays", preview = "resolved", precondition = "state")
    String pay(String iban, long amount, ToolContext context) {
      balance -= amount;
      if (amount == 13) {
        context.confirm("Really?");
      }
      paid.add(iban + " " + amount);
      return "paid";
    }

    String resolved(String iban, long amount) {
      if (failing.getCount() > 0) {
        failing.countDown();
        throw new IllegalStateException("the bank does not answer");
      }
      return "Pay " + amount + " to " + payee + " (" + iban + ")";
    }

    long state() {
      return balance;
    }
  }

  @AfterEach
  void close() {
    assent.close();
  }

  private Requirement proposed(long amount) {
    model.calls(call("p1", "pay", "{\"iban\":\"DE02\",\"amount\":" + amount + "}"));
    model.says("Done.");
    return ((RunResult.Paused) assent.run("bot", "Pay.")).requirements().getFirst();
  }

  private Requirement asked(Requirement before) {
    return ((RunResult.Paused) assent.resume(before.run())).requirements().getFirst();
  }

  private String preview(Requirement requirement) {
    return Objects.requireNonNull(assent.card(requirement.id()).orElseThrow().pinned()).preview();
  }

  @Test
  @DisplayName("a person sees what the call would do, and it runs when it still would")
  void same() {
    Requirement shown = proposed(100);
    assertThat(preview(shown)).isEqualTo("Pay 100 to Acme Corp (DE02)");

    assent.approve(shown);

    assertThat(assent.resume(shown.run())).isInstanceOf(RunResult.Completed.class);
    assertThat(account.paid).containsExactly("DE02 100");
  }

  @Test
  @Tag("X12")
  @DisplayName("a call that would do something else than was approved is asked again, votes void")
  void another() {
    Requirement shown = proposed(100);
    account.payee = "Mallory";
    assent.approve(shown);

    Requirement again = asked(shown);

    assertThat(account.paid).isEmpty();
    assertThat(again.version()).isEqualTo(shown.version() + 1);
    assertThat(preview(again)).isEqualTo("Pay 100 to Mallory (DE02)");
    assertThat(assent.card(again.id()).orElseThrow().approvals()).isZero();
    assertThat(assent.approve(shown)).isNotInstanceOf(DecisionOutcome.Recorded.class);
    assent.approve(again);
    assertThat(assent.resume(shown.run())).isInstanceOf(RunResult.Completed.class);
    assertThat(account.paid).containsExactly("DE02 100");
  }

  @Test
  @DisplayName("a state that changed since is asked about, though what is shown is the same")
  void otherState() {
    Requirement shown = proposed(100);
    account.balance = 90;
    assent.approve(shown);

    Requirement again = asked(shown);

    assertThat(preview(again)).isEqualTo(preview(shown));
    assertThat(again.digest()).isNotEqualTo(shown.digest());
    assertThat(account.paid).isEmpty();
  }

  @Test
  @DisplayName("what the body did itself before it asked does not make its call another one")
  void begun() {
    Requirement shown = proposed(13);
    assent.approve(shown);
    Requirement question = asked(shown);

    assent.decide(
        question.id(),
        new DecisionRequest(
            question.version(),
            question.digest(),
            Verdict.ANSWER,
            null,
            null,
            "k1",
            "{\"answer\":\"yes\"}"),
        Principal.person("ada"));

    assertThat(assent.resume(shown.run())).isInstanceOf(RunResult.Completed.class);
    assertThat(account.paid).containsExactly("DE02 13");
  }

  @Test
  @DisplayName("an edited call is asked about again, with what it would do now")
  void edited() {
    Requirement shown = proposed(100);
    assent.decide(
        shown.id(),
        new DecisionRequest(
            shown.version(),
            shown.digest(),
            Verdict.EDIT,
            null,
            null,
            "k1",
            "{\"iban\":\"DE02\",\"amount\":70}"),
        Principal.person("ada"));

    Requirement again = asked(shown);

    assertThat(preview(again)).isEqualTo("Pay 70 to Acme Corp (DE02)");
    assertThat(account.paid).isEmpty();
    assent.approve(again);
    assertThat(assent.resume(shown.run())).isInstanceOf(RunResult.Completed.class);
    assertThat(account.paid).containsExactly("DE02 70");
  }

  @Test
  @DisplayName("a call of which nobody can say what it would do goes back to the model unasked")
  void unknownBefore() {
    account.failing = new CountDownLatch(1);
    model.calls(call("p1", "pay", "{\"iban\":\"DE02\",\"amount\":1}"));
    model.says("Later then.");

    assertThat(assent.run("bot", "Pay.")).isInstanceOf(RunResult.Completed.class);

    assertThat(model.requests.getLast().messages().getLast().text())
        .contains("the bank does not answer");
    assertThat(account.paid).isEmpty();
  }

  @Test
  @DisplayName("an approved call waits while it cannot be found out what it would do")
  void unknownAtTheEffect() throws Exception {
    Requirement shown = proposed(100);
    CountDownLatch failing = new CountDownLatch(1);
    account.failing = failing;
    assent.approve(shown);
    failing.await();
    while (store.run(assent.tenant(), shown.run()).orElseThrow().readyAt() == null
        || !store.run(assent.tenant(), shown.run()).orElseThrow().leaseFree()) {
      Thread.onSpinWait();
    }
    assertThat(account.paid).isEmpty();

    clock.updateAndGet(now -> now.plus(Duration.ofSeconds(10)));
    assent.poll();

    assertThat(assent.resume(shown.run())).isInstanceOf(RunResult.Completed.class);
    assertThat(account.paid).containsExactly("DE02 100");
  }

  static class Misnamed {
    @Tool(value = "Pays", preview = "nothing")
    String pay(String iban) {
      return iban;
    }
  }

  static class Mistyped {
    @Tool(value = "Pays", preview = "look")
    String pay(long amount) {
      return "paid " + amount;
    }

    String look(String amount) {
      return amount;
    }
  }

  static class FilledInLater {
    @UserInput("iban")
    @Tool(value = "Pays", preview = "look")
    String pay(long amount, String iban) {
      return "paid " + amount + iban;
    }

    String look(long amount) {
      return "" + amount;
    }
  }

  @Test
  @DisplayName("a preview that cannot work is refused when the agent is built")
  void refused() {
    assertThatThrownBy(() -> Agent.named("x").model(model).tools(new Misnamed()).build())
        .hasMessageContaining("there are 0 of that name");
    assertThatThrownBy(() -> Agent.named("x").model(model).tools(new Mistyped()).build())
        .hasMessageContaining("takes 'amount' as java.lang.String");
    assertThatThrownBy(() -> Agent.named("x").model(model).tools(new FilledInLater()).build())
        .hasMessageContaining("leave one of both out");
  }
}
