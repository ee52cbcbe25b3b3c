package dev.assent.scenarios;

import static dev.assent.scenarios.Desk.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequiresApproval;
import dev.assent.core.RunId;
import dev.assent.core.RunState;
import dev.assent.core.Tool;
import dev.assent.core.Verdict;
import dev.assent.runtime.RunRequest;
import dev.assent.runtime.RunResult;
import dev.assent.runtime.RuntimeFailure;
import dev.assent.scenarios.Desk.Habit;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A paused run, and what else happens in its session. */
@Timeout(60)
class SessionsTest {
  @TempDir Path folder;
  private final List<String> done = new CopyOnWriteArrayList<>();
  private Desk desk;

  class Bank {
    @RequiresApproval
    @Tool("Pays")
    String pay(String invoice) {
      done.add(invoice);
      return "paid " + invoice;
    }
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private RunId paused(Habit habit) {
    desk = new Desk(habit, folder, agent -> agent.tools(new Bank()));
    desk.model.calls(call("pay", "{\"invoice\":\"1\"}"));
    RunId run = desk.assent.run(RunRequest.of("bot", "Pay 1.").inSession("s")).run();
    if (habit == Habit.RESTARTS) {
      desk.restart();
    }
    return run;
  }

  private static void refused(Runnable beginning) {
    assertThatThrownBy(beginning::run)
        .asInstanceOf(InstanceOfAssertFactories.type(RuntimeFailure.class))
        .satisfies(
            failure -> {
              assertThat(failure.code()).isEqualTo("session-busy");
              assertThat(failure).hasMessageContaining("wait for it or cancel");
            });
  }

  @ParameterizedTest
  @EnumSource(Habit.class)
  @Tag("X31")
  void aMessageAsANewRunIsRefusedAndChangesNothing(Habit habit) {
    RunId run = paused(habit);
    RunState before = desk.state(run);
    Requirement asked = desk.waitsFor(run, RequirementKind.APPROVAL);
    int messages = desk.store.messages(Desk.TENANT, "s").size();

    refused(() -> desk.assent.run(RunRequest.of("bot", "And now?").inSession("s")));
    refused(() -> desk.assent.start(RunRequest.of("bot", "And now?").inSession("s")));

    assertThat(desk.state(run)).isEqualTo(before);
    assertThat(desk.store.requirement(Desk.TENANT, asked.id())).contains(asked);
    assertThat(desk.store.messages(Desk.TENANT, "s")).hasSize(messages);
    desk.model.says("Done.");
    desk.answers(asked, Verdict.APPROVE, null);
    assertThat(desk.completes(run)).isEqualTo("Done.");
    assertThat(done).containsExactly("1");
  }

  @ParameterizedTest
  @EnumSource(Habit.class)
  @Tag("X20")
  void otherRunsHaveRowsOfTheirOwn(Habit habit) {
    RunId first = paused(habit);
    RunState before = desk.state(first);
    desk.model.calls(call("pay", "{\"invoice\":\"2\"}"));
    RunId other = desk.run("Pay 2.");
    assertThat(desk.state(first)).isEqualTo(before);

    desk.model.says("Paid 2.");
    desk.answers(desk.waitsFor(other, RequirementKind.APPROVAL), Verdict.APPROVE, null);
    desk.completes(other);
    desk.model.says("Paid 1.");
    desk.answers(desk.waitsFor(first, RequirementKind.APPROVAL), Verdict.APPROVE, null);
    desk.completes(first);
    desk.model.says("Nothing is left.");
    RunResult next = desk.assent.run(RunRequest.of("bot", "What is left?").inSession("s"));

    assertThat(next.run()).isNotEqualTo(first);
    assertThat(((RunResult.Completed) desk.assent.resume(first)).output()).isEqualTo("Paid 1.");
    assertThat(((RunResult.Completed) desk.assent.resume(other)).output()).isEqualTo("Paid 2.");
    assertThat(((RunResult.Completed) next).output()).isEqualTo("Nothing is left.");
    assertThat(done).containsExactly("2", "1");
  }
}
