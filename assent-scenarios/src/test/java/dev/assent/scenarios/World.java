package dev.assent.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Effect;
import dev.assent.core.Keyring;
import dev.assent.core.Message;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequiresApproval;
import dev.assent.core.RunId;
import dev.assent.core.RunState;
import dev.assent.core.Tool;
import dev.assent.core.ToolCall;
import dev.assent.core.Verdict;
import dev.assent.core.spi.Store;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.InMemoryStore;
import dev.assent.runtime.ModelRetry;
import dev.assent.runtime.RunResult;
import dev.assent.runtime.ToolContext;
import dev.assent.store.jdbc.SqliteStore;
import dev.assent.testkit.AssentAssertions;
import dev.assent.testkit.ScriptedModel;
import dev.assent.testkit.VirtualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A store, an agent with tools, and the world outside that its tools change. The world and the
 * store outlive the processes: {@link #restart} is a new one after a crash.
 */
final class World implements AutoCloseable {

  /** Where everything is kept. */
  enum Kept {
    IN_MEMORY,
    IN_SQLITE
  }

  static final String TENANT = "main";
  static final Principal ADA = Principal.person("ada");
  static final Duration LONG = Duration.ofMinutes(2);

  final VirtualClock clock = VirtualClock.at(Instant.parse("2026-05-04T10:00:00Z"));
  final ScriptedModel model = ScriptedModel.inOrder();

  /** What the tools did outside, in order. */
  final List<String> ledger = new CopyOnWriteArrayList<>();

  /** What a tool does after its effect, for example fail. */
  volatile Consumer<ToolContext> afterEffect = context -> {};

  /** What a tool does before its effect. */
  volatile Consumer<ToolContext> beforeEffect = context -> {};

  final Tools tools = new Tools();
  private final Kept kept;
  private final Path folder;
  private final AtomicInteger keys = new AtomicInteger();
  UnaryOperator<Assent.Builder> more = builder -> builder;
  Store store;
  Assent assent;

  World(Kept kept, Path folder) {
    this.kept = kept;
    this.folder = folder;
    this.store = open();
    this.assent = start(store);
  }

  static Keyring keyring() {
    byte[] master = new byte[Keyring.MASTER_KEY_BYTES];
    master[0] = 42;
    return Keyring.of(master);
  }

  static Message.Call pay(String id, String invoice, long amount) {
    return ScriptedModel.call(
        id,
        "pay",
        "{\"invoice\":\"" + invoice + "\",\"amount\":" + amount + ",\"vendor\":\"Acme\"}");
  }

  Path file() {
    return folder.resolve("assent.db");
  }

  Store open() {
    return switch (kept) {
      case IN_MEMORY -> store == null ? new InMemoryStore(clock) : store;
      case IN_SQLITE -> SqliteStore.at(file(), keyring()).clock(clock).open();
    };
  }

  /** The tools of the agent; each writes one line into the ledger. */
  final class Tools {
    @RequiresApproval(summary = "Pay {amount} to {vendor}")
    @Tool(value = "Pays an invoice", effectKey = "invoice:{invoice}", independent = true)
    String pay(String invoice, long amount, String vendor, ToolContext context) {
      effect("pay " + invoice + " " + amount + " " + vendor, context);
      return "paid " + invoice;
    }

    @RequiresApproval
    @Tool("Sends a letter")
    String letter(String to, ToolContext context) {
      effect("letter " + to, context);
      return "sent to " + to;
    }

    @Tool(value = "Sends a mail", effectKey = "mail:{to}")
    String mail(String to, ToolContext context) {
      effect("mail " + to, context);
      return "mailed " + to;
    }

    @RequiresApproval
    @Tool(value = "Books", effect = Effect.IDEMPOTENT, timeLimit = "PT5M")
    String book(String room, ToolContext context) {
      effect("book " + room + " " + context.idempotencyKey(), context);
      return "booked " + room;
    }

    @Tool(value = "Looks something up", effect = Effect.READ_ONLY)
    String look(String what, ToolContext context) {
      effect("look " + what, context);
      return "seen " + what;
    }

    private void effect(String line, ToolContext context) {
      beforeEffect.accept(context);
      ledger.add(line);
      afterEffect.accept(context);
    }
  }

  Agent agent() {
    return Agent.named("bot").instructions("You pay.").model(model).tools(tools).build();
  }

  /** A process with the agent. It polls only when told. */
  Assent start(Store on) {
    return more.apply(builder(on).register(agent())).start();
  }

  /** A process without the agent: people decide there, nothing is executed. */
  Assent startWithoutAgent(Store on) {
    return builder(on).start();
  }

  private static Assent.Builder builder(Store on) {
    return Assent.on(on)
        .answeredFromOutside()
        .operator(ADA)
        .retry(new ModelRetry(2, Duration.ZERO))
        .pollEvery(Duration.ofHours(1));
  }

  /** A new process on the same store, after all leases and time limits of the old one. */
  void restart() {
    restartAfter(LONG);
  }

  void restartAfter(Duration time) {
    stop();
    clock.advance(time);
    store = open();
    assent = start(store);
  }

  /** Ends the process. */
  void stop() {
    assent.close();
    if (kept == Kept.IN_SQLITE) {
      store.close();
    }
  }

  RunResult.Paused pauses(String message) {
    RunResult result = assent.run("bot", message);
    assertThat(result).isInstanceOf(RunResult.Paused.class);
    return (RunResult.Paused) result;
  }

  /** The open requirement of this tool. */
  Requirement open(RunId run, RequirementKind kind, String tool) {
    return store.requirementsOf(TENANT, run).stream()
        .filter(r -> r.open() && r.kind() == kind && r.tool().equals(tool))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no open " + kind + " of " + tool));
  }

  DecisionOutcome approve(RunId run, String tool) {
    return says(open(run, RequirementKind.APPROVAL, tool), Verdict.APPROVE, null);
  }

  DecisionOutcome reconcile(RunId run, String tool, Verdict verdict, String words) {
    return says(open(run, RequirementKind.RECONCILIATION, tool), verdict, words);
  }

  DecisionOutcome says(Requirement shown, Verdict verdict, String words) {
    return says(shown.id(), request(shown, verdict, words, "key-" + keys.incrementAndGet()));
  }

  DecisionOutcome says(RequirementId id, DecisionRequest request) {
    return assent.decide(id, request, ADA);
  }

  static DecisionRequest request(Requirement shown, Verdict verdict, String words, String key) {
    return new DecisionRequest(shown.version(), shown.digest(), verdict, words, null, key);
  }

  RunState state(RunId run) {
    return store.run(TENANT, run).orElseThrow().state();
  }

  /** The call of this tool in the open batch. */
  ToolCall call(RunId run, String tool) {
    return state(run).calls().stream()
        .filter(call -> call.tool().equals(tool))
        .findFirst()
        .orElseThrow();
  }

  /** What has to hold of every run at any time. */
  void checkInvariants(RunId run) {
    AssentAssertions.assertIntact(assent, run);
  }

  @Override
  public void close() {
    stop();
  }
}
