package dev.assent.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.GrantScope;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Risk;
import dev.assent.core.RunId;
import dev.assent.core.Threshold;
import dev.assent.core.Tool;
import dev.assent.core.Verdict;
import dev.assent.core.spi.Policy;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.GrantOffer;
import dev.assent.runtime.RunResult;
import dev.assent.store.jdbc.SqliteStore;
import dev.assent.testkit.ScriptedModel;
import dev.assent.testkit.VirtualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A sub-agent's authority is at most its parent's, by standing permissions too. */
@Tag("X13")
@Timeout(60)
class SubAgentGrantTest {
  @TempDir Path folder;
  private final VirtualClock clock = VirtualClock.standing();
  private final ScriptedModel boss = ScriptedModel.inOrder();
  private final ScriptedModel worker = ScriptedModel.inOrder();
  private final List<String> done = new CopyOnWriteArrayList<>();
  private volatile PolicyOutcome forTheBoss = new PolicyOutcome.Allow("nothing");
  private SqliteStore store;
  private Assent assent;
  private int keys;

  final class Office {
    @RequiresApproval
    @Tool("Pays")
    String pay(String to) {
      done.add("paid " + to);
      return "paid";
    }
  }

  @BeforeEach
  void start() {
    store = SqliteStore.at(folder.resolve("a.db"), World.keyring()).clock(clock).open();
    Policy ofTheBoss =
        question ->
            question.tool().name().equals("pay") ? forTheBoss : new PolicyOutcome.Allow("else");
    Agent helper = Agent.named("worker").model(worker).tools(new Office()).build();
    assent =
        Assent.on(store)
            .answeredFromOutside()
            .operator(Desk.ADA)
            .pollEvery(Duration.ofHours(1))
            .register(
                helper,
                Agent.named("boss")
                    .model(boss)
                    .tools(new Office())
                    .subAgents(helper)
                    .policy(ofTheBoss)
                    .build())
            .start();
  }

  @AfterEach
  void stop() {
    assent.close();
    store.close();
  }

  private Requirement open(RunId root) {
    return store.pendingUnder(Desk.TENANT, root).getFirst();
  }

  private RunId delegates() {
    boss.calls(ScriptedModel.call("worker", "{\"task\":\"pay bob\"}"));
    worker.calls(ScriptedModel.call("pay", "{\"to\":\"bob\"}"));
    return assent.run("boss", "Have Bob paid").run();
  }

  private void always(Requirement asked, String... also) {
    GrantScope scope =
        new GrantScope(
            GrantScope.Reach.AGENT,
            List.of(also),
            clock.instant().plus(Duration.ofDays(1)),
            new GrantScope.Arguments.Anything(),
            null,
            null);
    GrantOffer.Shown shown = (GrantOffer.Shown) assent.grantOffer(asked.id(), scope, Desk.ADA);
    assertThat(
            assent.decide(
                asked.id(),
                new DecisionRequest(
                        asked.version(), asked.digest(), Verdict.APPROVE, null, null, "k" + ++keys)
                    .withAlways(new DecisionRequest.Always(scope, shown.digest())),
                Desk.ADA))
        .isInstanceOf(DecisionOutcome.Recorded.class);
  }

  /** The boss itself asks once, and somebody says always. */
  private void bossMay(String... also) {
    boss.calls(ScriptedModel.call("pay", "{\"to\":\"carol\"}"));
    RunId run = assent.run("boss", "Pay Carol").run();
    boss.says("Done.");
    always(open(run), also);
    assertThat(assent.resume(run)).isInstanceOf(RunResult.Completed.class);
  }

  private void completes(RunId root) {
    assertThat(assent.resume(root)).isInstanceOf(RunResult.Completed.class);
  }

  private static PolicyOutcome asks(Principal... people) {
    return new PolicyOutcome.Require(
        new ApprovalTerms(
            "the boss must ask",
            List.of(
                new Threshold(
                    1, List.of(), List.of(people).stream().map(Principal::person).toList())),
            Risk.MEDIUM,
            "",
            null,
            null,
            null,
            ApprovalTerms.OnExpiry.REJECT));
  }

  @Test
  void aGrantOfTheParentDoesNotServeItsSubAgent() {
    bossMay();

    RunId root = delegates();

    assertThat(open(root).agent()).isEqualTo("worker");
    assertThat(done).containsExactly("paid carol");
  }

  @Test
  void namedItIsServed() {
    bossMay("worker");
    boss.calls(ScriptedModel.call("worker", "{\"task\":\"pay bob\"}")).says("Done.");
    worker.calls(ScriptedModel.call("pay", "{\"to\":\"bob\"}")).says("Paid.");

    RunId root = assent.run("boss", "Have Bob paid").run();

    completes(root);
    assertThat(done).containsExactly("paid carol", "paid bob");
  }

  @Test
  void whatTheParentMayNotDoNoGrantOfTheSubAgentDoes() {
    RunId first = delegates();
    worker.says("Paid.");
    boss.says("Done.");
    always(open(first));
    completes(first);
    forTheBoss = new PolicyOutcome.Deny("frozen", "not now");

    RunId second = delegates();

    assertThat(open(second).agent()).isEqualTo("worker");
    assertThat(done).containsExactly("paid bob");
  }

  @Test
  void whomTheParentWouldHaveToAskIsAsked() {
    RunId first = delegates();
    worker.says("Paid.");
    boss.says("Done.");
    always(open(first));
    completes(first);

    forTheBoss = asks(Principal.person("bea"));
    RunId second = delegates();
    assertThat(open(second).agent()).isEqualTo("worker");
    assertThat(done).containsExactly("paid bob");
  }

  @Test
  void whereTheParentWouldAskTheSamePersonItServes() {
    RunId first = delegates();
    worker.says("Paid.");
    boss.says("Done.");
    always(open(first));
    completes(first);

    forTheBoss = asks(Desk.ADA);
    boss.calls(ScriptedModel.call("worker", "{\"task\":\"pay bob\"}")).says("Done.");
    worker.calls(ScriptedModel.call("pay", "{\"to\":\"bob\"}")).says("Paid.");
    completes(assent.run("boss", "Have Bob paid").run());
    assertThat(done).containsExactly("paid bob", "paid bob");
  }
}
