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
 * One turn with an allowed tool call: through Assent, and with the commits that cannot be left out
 * as LangChain4j does it and as the shortest loop does. All are timed side by side, turn by turn,
 * so that a disk that becomes slower favours nobody. Run by {@link Turn}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class TurnBenchmark {
  /** More turns than one iteration can do. */
  private static final int TURNS = 8_000;

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

  /** Loops without Assent, and a store that executes what a real turn wrote. */
  @State(Scope.Benchmark)
  public static class Bare {
    /** What the tool declares: with effects there is an intent to commit as well. */
    @Param({"AT_MOST_ONCE", "READ_ONLY"})
    public Effect effect = Effect.AT_MOST_ONCE;

    private @Nullable Path folder;
    private @Nullable SqliteStore store;
    private @Nullable BareCycle recorded;
    private BareCycle.@Nullable Supply supply;
    private @Nullable Turns langChain;
    private @Nullable Turns handWritten;

    /** Records a turn of ours and opens an empty store for its statements. */
    @Setup(Level.Trial)
    public void open() throws IOException, InterruptedException {
      BareCycle whole = recorded(effect);
      recorded = whole.in(effect == Effect.READ_ONLY ? 2 : 3);
      System.out.println("real " + whole.describe() + ", needed " + recorded.describe());
      folder = Bench.folder();
      store = Bench.open(folder);
      langChain = new BareTurn(effect);
      handWritten = new HandWrittenTurn(effect);
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

  /** What all cost in an iteration. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Costs {
    /** Nanoseconds of all turns through Assent. */
    public long ours;

    /** Nanoseconds of all turns of LangChain4j. */
    public long langChain;

    /** Nanoseconds of all turns of the shortest loop. */
    public long handWritten;

    private int first;
  }

  /** A turn of each; who is first changes. */
  @Benchmark
  public void each(Ours ours, Bare bare, Costs costs) {
    costs.first++;
    for (int i = 0; i < 3; i++) {
      long start = System.nanoTime();
      switch ((costs.first + i) % 3) {
        case 0 -> {
          oneTurn(Objects.requireNonNull(ours.assent));
          costs.ours += System.nanoTime() - start;
        }
        case 1 -> {
          oneTurn(Objects.requireNonNull(bare.langChain), bare);
          costs.langChain += System.nanoTime() - start;
        }
        default -> {
          oneTurn(Objects.requireNonNull(bare.handWritten), bare);
          costs.handWritten += System.nanoTime() - start;
        }
      }
    }
  }

  private static String oneTurn(Turns loop, Bare bare) {
    return loop.run(BookingTools.QUESTION, Objects.requireNonNull(bare.supply).take());
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
