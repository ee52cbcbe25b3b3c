package dev.assent.benchmarks;

import dev.assent.core.Effect;
import dev.assent.core.Principal;
import dev.assent.langchain4j.LangChain4jModel;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunResult;
import dev.assent.store.jdbc.SqliteStore;
import dev.assent.store.jdbc.StatementTrace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One turn with an allowed tool call: through Assent, and as LangChain4j does it with the commits
 * that cannot be left out. Both are timed side by side, turn by turn, so that a disk that becomes
 * slower favours nobody. Run by {@link Turn}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class TurnBenchmark {
  /** More turns than one iteration can do. */
  private static final int TURNS = 4_000;

  /** A store and an agent that may book whatever it wants. */
  @State(Scope.Benchmark)
  public static class Ours {
    /** What the tool declares. */
    @Param({"AT_MOST_ONCE", "READ_ONLY"})
    public Effect effect = Effect.AT_MOST_ONCE;

    private @Nullable Path folder;
    private @Nullable SqliteStore store;
    private @Nullable Assent assent;

    /** Opens the store and starts Assent. */
    @Setup(Level.Trial)
    public void open() throws IOException {
      folder = Bench.folder();
      store = Bench.open(folder);
      assent = assent(store, effect);
    }

    /** Closes both and deletes the files. */
    @TearDown(Level.Trial)
    public void close() {
      Objects.requireNonNull(assent).close();
      Objects.requireNonNull(store).close();
      Bench.delete(Objects.requireNonNull(folder));
    }
  }

  /** LangChain4j's loop, and a store that executes what a real turn wrote. */
  @State(Scope.Benchmark)
  public static class Bare {
    /** What the tool declares: with effects there is an intent to commit as well. */
    @Param({"AT_MOST_ONCE", "READ_ONLY"})
    public Effect effect = Effect.AT_MOST_ONCE;

    private @Nullable Path folder;
    private @Nullable SqliteStore store;
    private @Nullable BareCycle recorded;
    private BareCycle.@Nullable Supply supply;
    private @Nullable BareTurn loop;

    /** Records a turn of ours and opens an empty store for its statements. */
    @Setup(Level.Trial)
    public void open() throws IOException, InterruptedException {
      BareCycle whole = recorded(effect);
      recorded = whole.in(effect == Effect.READ_ONLY ? 2 : 3);
      System.out.println("real " + whole.describe() + ", needed " + recorded.describe());
      folder = Bench.folder();
      store = Bench.open(folder);
      loop = new BareTurn(BookingTools.of(effect), effect != Effect.READ_ONLY);
    }

    private static BareCycle recorded(Effect effect) throws IOException, InterruptedException {
      Path real = Bench.folder();
      try (SqliteStore of = Bench.open(real);
          Assent assent = assent(of, effect)) {
        oneTurn(assent);
        return BareCycle.record(of, () -> oneTurn(assent));
      } finally {
        Bench.delete(real);
      }
    }

    /** Builds the statements before the clock starts. */
    @Setup(Level.Iteration)
    public void build() {
      supply =
          Objects.requireNonNull(recorded)
              .build(StatementTrace.of(Objects.requireNonNull(store)), TURNS);
    }

    /** Closes the store and deletes its files. */
    @TearDown(Level.Trial)
    public void close() {
      Objects.requireNonNull(store).close();
      Bench.delete(Objects.requireNonNull(folder));
    }
  }

  /** What both cost in an iteration. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Costs {
    /** Nanoseconds of all turns through Assent. */
    public long ours;

    /** Nanoseconds of all bare turns. */
    public long bare;

    private boolean oursFirst;
  }

  /** A turn of each, who is first changes. */
  @Benchmark
  public void pair(Ours ours, Bare bare, Costs costs) {
    costs.oursFirst = !costs.oursFirst;
    long start = System.nanoTime();
    if (costs.oursFirst) {
      oneTurn(Objects.requireNonNull(ours.assent));
    } else {
      oneTurn(bare);
    }
    long middle = System.nanoTime();
    if (costs.oursFirst) {
      oneTurn(bare);
    } else {
      oneTurn(Objects.requireNonNull(ours.assent));
    }
    long end = System.nanoTime();
    costs.ours += costs.oursFirst ? middle - start : end - middle;
    costs.bare += costs.oursFirst ? end - middle : middle - start;
  }

  private static String oneTurn(Bare bare) {
    return Objects.requireNonNull(bare.loop)
        .run(BookingTools.QUESTION, Objects.requireNonNull(bare.supply).take());
  }

  private static Assent assent(SqliteStore store, Effect effect) {
    return Assent.on(store)
        .operator(Principal.person("ada"))
        .register(
            Agent.named("bot")
                .instructions(BookingTools.INSTRUCTIONS)
                .model(LangChain4jModel.of(new BookingTools.Scripted()))
                .tools(BookingTools.of(effect))
                .build())
        .start();
  }

  private static String oneTurn(Assent assent) {
    RunResult result = assent.run("bot", BookingTools.QUESTION);
    if (!(result instanceof RunResult.Completed completed)) {
      throw new IllegalStateException("the turn did not complete: " + result);
    }
    return completed.output();
  }
}
