package dev.assent.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.Body;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Message;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RunId;
import dev.assent.core.RunState;
import dev.assent.core.ToolCall;
import dev.assent.core.Verdict;
import dev.assent.core.spi.Store;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunResult;
import dev.assent.store.jdbc.SqliteStore;
import dev.assent.testkit.AssentAssertions;
import dev.assent.testkit.ScriptedModel;
import dev.assent.testkit.VirtualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A person at a desk, a model with a script and a real SQLite file. With {@link Habit#RESTARTS} the
 * process is a new one after each pause and each answer.
 */
final class Desk implements AutoCloseable {
  static final String TENANT = "main";
  static final Principal ADA = Principal.person("ada");

  /** Whether the process lives through a pause. */
  enum Habit {
    STAYS,
    RESTARTS
  }

  final VirtualClock clock = VirtualClock.standing();
  final ScriptedModel model = ScriptedModel.inOrder();
  private final Habit habit;
  private final Path file;
  private final UnaryOperator<Agent.Builder> agent;
  private final UnaryOperator<Assent.Builder> more;
  private final AtomicInteger keys = new AtomicInteger();
  SqliteStore store;
  Assent assent;

  Desk(Habit habit, Path folder, UnaryOperator<Agent.Builder> agent) {
    this(habit, folder, agent, builder -> builder);
  }

  Desk(
      Habit habit,
      Path folder,
      UnaryOperator<Agent.Builder> agent,
      UnaryOperator<Assent.Builder> more) {
    this.habit = habit;
    this.file = folder.resolve("desk.db");
    this.agent = agent;
    this.more = more;
    this.store = open();
    this.assent = start();
  }

  static Message.Call call(String tool, String arguments) {
    return ScriptedModel.call(tool, arguments);
  }

  private SqliteStore open() {
    return SqliteStore.at(file, World.keyring()).clock(clock).open();
  }

  private Assent start() {
    return more.apply(
            Assent.on(store)
                .answeredFromOutside()
                .operator(ADA)
                .pollEvery(Duration.ofHours(1))
                .register(agent.apply(Agent.named("bot").model(model)).build()))
        .start();
  }

  /** A new process on the same file. */
  void restart() {
    assent.close();
    store.close();
    store = open();
    assent = start();
  }

  private void perhapsRestart() {
    if (habit == Habit.RESTARTS) {
      restart();
    }
  }

  RunId run(String message) {
    RunResult result = assent.run("bot", message);
    perhapsRestart();
    return result.run();
  }

  /** The run pauses; what it waits for. */
  List<Requirement> waits(RunId run) {
    RunResult result = assent.resume(run);
    assertThat(result).isInstanceOf(RunResult.Paused.class);
    return ((RunResult.Paused) result).requirements();
  }

  /** The run waits for exactly one thing, of this kind. */
  Requirement waitsFor(RunId run, RequirementKind kind) {
    List<Requirement> open = waits(run);
    assertThat(open).extracting(Requirement::kind).containsExactly(kind);
    return open.getFirst();
  }

  DecisionOutcome says(Requirement to, Verdict verdict, @Nullable String value) {
    return says(to, verdict, value, null);
  }

  DecisionOutcome says(
      Requirement to, Verdict verdict, @Nullable String value, @Nullable String words) {
    return saysAs(ADA, to, verdict, value, words);
  }

  DecisionOutcome saysAs(
      Principal who,
      Requirement to,
      Verdict verdict,
      @Nullable String value,
      @Nullable String words) {
    DecisionOutcome outcome =
        assent.decide(
            to.id(),
            new DecisionRequest(
                to.version(),
                to.digest(),
                verdict,
                words,
                null,
                "key-" + keys.incrementAndGet(),
                value),
            who);
    perhapsRestart();
    return outcome;
  }

  /** Says it, and it counts. */
  void answers(Requirement to, Verdict verdict, @Nullable String value) {
    assertThat(says(to, verdict, value)).isInstanceOf(DecisionOutcome.Recorded.class);
  }

  String completes(RunId run) {
    RunResult result = assent.resume(run);
    assertThat(result).isInstanceOf(RunResult.Completed.class);
    AssentAssertions.assertIntact(assent, run);
    return ((RunResult.Completed) result).output();
  }

  /** What the model heard last of a tool. */
  String told() {
    return model.lastHeard().reversed().stream()
        .filter(Message.ToolResult.class::isInstance)
        .findFirst()
        .orElseThrow()
        .text();
  }

  RunState state(RunId run) {
    return store.run(TENANT, run).orElseThrow().state();
  }

  ToolCall onlyCall(RunId run) {
    return assent.runCard(run).calls().getFirst().call();
  }

  String text(Requirement requirement) {
    return store.body(TENANT, requirement.arguments().id()).map(Body::text).orElseThrow();
  }

  Store reopened() {
    restart();
    return store;
  }

  /** Time passes, and what became due is seen to. */
  void after(Duration time) {
    clock.advance(time);
    assent.poll();
  }

  @Override
  public void close() {
    assent.close();
    store.close();
  }
}
