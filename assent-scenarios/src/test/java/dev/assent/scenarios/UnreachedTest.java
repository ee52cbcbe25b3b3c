package dev.assent.scenarios;

import static dev.assent.scenarios.Desk.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.AuditRecord;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequiresApproval;
import dev.assent.core.RunId;
import dev.assent.core.RunStatus;
import dev.assent.core.Tool;
import dev.assent.core.Verdict;
import dev.assent.core.spi.StoreException;
import dev.assent.runtime.ChannelFailure;
import dev.assent.runtime.Reply;
import dev.assent.runtime.Responder;
import dev.assent.runtime.RunResult;
import dev.assent.runtime.ToolContext;
import dev.assent.scenarios.Desk.Habit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nobody is reached, or what they say cannot be kept: on a durable store the run waits on. */
@Timeout(60)
class UnreachedTest {
  @TempDir Path folder;
  private final List<String> done = new CopyOnWriteArrayList<>();
  private final List<ChannelFailure> failures = new CopyOnWriteArrayList<>();
  private Desk desk;

  class Bank {
    @RequiresApproval
    @Tool("Pays")
    String pay(String invoice) {
      done.add(invoice);
      return "paid " + invoice;
    }

    @Tool("Asks")
    String where(ToolContext context) {
      return "to " + context.ask("Where to?");
    }
  }

  private void desk(Habit habit, Responder responder) {
    desk =
        new Desk(
            habit,
            folder,
            agent -> agent.tools(new Bank()),
            process -> process.responder(responder).onChannelFailure(failures::add));
  }

  private void desk(Habit habit) {
    desk = new Desk(habit, folder, agent -> agent.tools(new Bank()));
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private List<AuditRecord> failuresInTheAudit() {
    return desk.store.audit(Desk.TENANT, 0, 1000).stream()
        .map(line -> AuditRecord.read(line.recordBytes()))
        .filter(line -> line.type().equals("responder.failed"))
        .toList();
  }

  @Test
  @Tag("A4")
  void aResponderThatFailsLeavesTheRunPausedAndTheAuditSaysSo() {
    desk(
        Habit.STAYS,
        Responder.of(
            asked -> {
              throw new IllegalStateException("the line is dead");
            }));
    desk.model.calls(call("pay", "{\"invoice\":\"1\"}"), call("where", "{}"));

    RunResult result = desk.assent.run("bot", "Pay.");

    assertThat(result).isInstanceOf(RunResult.Paused.class);
    assertThat(failures).first().isInstanceOf(ChannelFailure.Failed.class);
    Requirement asked = desk.waitsFor(result.run(), RequirementKind.APPROVAL);
    assertThat(failuresInTheAudit())
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.requirement()).isEqualTo(asked.id().value());
              assertThat(line.principal()).isEqualTo("ada");
              assertThat(line.details())
                  .containsEntry("code", ChannelFailure.Failed.CODE)
                  .containsEntry("cause", IllegalStateException.class.getName());
              assertThat(line.toString()).doesNotContain("the line is dead");
            });
    assertThat(done).isEmpty();
    desk.model.says("Done.");
    desk.answers(asked, Verdict.APPROVE, null);
    desk.answers(
        desk.waitsFor(result.run(), RequirementKind.USER_INPUT),
        Verdict.ANSWER,
        "{\"answer\":\"Rome\"}");
    desk.completes(result.run());
    assertThat(done).containsExactly("1");
  }

  @Test
  @Tag("A4")
  void aResponderThatTakesTooLongLeavesTheRunPaused() {
    CompletableFuture<Reply> never = new CompletableFuture<>();
    desk(Habit.STAYS, Responder.later(asked -> never).within(Duration.ofMillis(1)));
    desk.model.calls(call("pay", "{\"invoice\":\"1\"}"));

    RunResult result = desk.assent.run("bot", "Pay.");
    never.complete(Reply.approve());

    assertThat(result).isInstanceOf(RunResult.Paused.class);
    assertThat(failuresInTheAudit())
        .extracting(line -> line.details().get("code"))
        .containsExactly(ChannelFailure.TimedOut.CODE);
    assertThat(desk.waitsFor(result.run(), RequirementKind.APPROVAL).open()).isTrue();
    assertThat(done).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Habit.class)
  @Tag("B12")
  void withoutATimeLimitAQuestionWaitsForEver(Habit habit) {
    desk(habit);
    desk.model.calls(call("where", "{}")).says("Done.");
    RunId run = desk.run("Go.");

    desk.after(Duration.ofDays(1000));

    Requirement question = desk.waitsFor(run, RequirementKind.USER_INPUT);
    desk.answers(question, Verdict.ANSWER, "{\"answer\":\"Rome\"}");
    desk.completes(run);
    assertThat(desk.told()).isEqualTo("to Rome");
  }

  @Test // an answer is kept, or whoever gave it gets an error
  @Tag("X22")
  void anAnswerThatCannotBeStoredIsAnErrorAndNoAnswer() {
    desk(Habit.STAYS);
    desk.model.calls(call("pay", "{\"invoice\":\"1\"}"));
    RunId run = desk.run("Pay.");
    Requirement asked = desk.waitsFor(run, RequirementKind.APPROVAL);
    DecisionRequest yes =
        new DecisionRequest(
            asked.version(), asked.digest(), Verdict.APPROVE, null, null, "the-same-click");

    desk.process.die();
    assertThatThrownBy(() -> desk.assent.decide(asked.id(), yes, Desk.ADA))
        .isInstanceOf(StoreException.class);
    desk.afterACrash();

    assertThat(desk.store.decisions(Desk.TENANT, asked.id())).isEmpty();
    assertThat(desk.waitsFor(run, RequirementKind.APPROVAL)).isEqualTo(asked);
    assertThat(desk.state(run).status()).isEqualTo(RunStatus.PAUSED);
    assertThat(done).isEmpty();
    desk.model.says("Done.");
    assertThat(desk.assent.decide(asked.id(), yes, Desk.ADA))
        .isInstanceOf(DecisionOutcome.Recorded.class);
    desk.completes(run);
    assertThat(desk.store.decisions(Desk.TENANT, asked.id())).hasSize(1);
    assertThat(done).containsExactly("1");
  }
}
