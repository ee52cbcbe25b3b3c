package dev.assent.benchmarks;

import dev.assent.runtime.Assent;
import dev.assent.runtime.GateRequest;
import dev.assent.runtime.GateResult;
import dev.assent.store.jdbc.SqliteStore;
import dev.assent.store.jdbc.StatementTrace;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Whole cycles a second: pause, decision, intent, result; beside them, in the same run and in
 * turns, a bare program that executes the same statements with the same bytes through the same
 * writer.
 *
 * <p>The bare caller waits for each recorded transaction, also for the one that acknowledges the
 * end's notice. Ours does not wait for that one, and under load many share one.
 */
final class Cycles {
  private static final int[] CALLERS = {1, 8, 64};
  private static final double[] RATIO = {0, 0.7, 0.6};
  private static final double P50 = 1.4;
  private static final int TURNS = 3;

  private Cycles() {}

  /** What one measurement gave. */
  private record Measured(double perSecond, long p50Nanos, double cpuMillis) {}

  static boolean run(List<String> args) throws Exception {
    int seconds = args.isEmpty() ? 5 : Integer.parseInt(args.getFirst());
    Path folder = Bench.folder();
    List<String> lines = new ArrayList<>();
    boolean kept = true;
    try (SqliteStore store = Bench.open(folder);
        Assent assent = Bench.assent(store, Bench.silent())) {
      Consumer<String> ours = name -> cycle(assent, name);
      Path bareFolder = Bench.folder();
      try (SqliteStore bareStore = Bench.open(bareFolder)) {
        StatementTrace bareTrace = StatementTrace.of(bareStore);
        warmUp(ours);
        BareCycle bare = BareCycle.record(store, () -> cycle(assent, "recorded"));
        System.out.println(bare.describe());
        for (int i = 0; i < CALLERS.length; i++) {
          List<Measured> own = new ArrayList<>();
          List<Measured> plain = new ArrayList<>();
          for (int turn = 0; turn < TURNS; turn++) {
            BareCycle.Supply supply = bare.build(bareTrace, seconds * 12_000);
            plain.add(measure(CALLERS[i], seconds, name -> supply.next()));
            own.add(measure(CALLERS[i], seconds, ours));
          }
          Measured a = middle(own);
          Measured b = middle(plain);
          double ratio = a.perSecond() / b.perSecond();
          double slower = (double) a.p50Nanos() / b.p50Nanos();
          kept &= ratio >= RATIO[i] && (CALLERS[i] > 1 || slower <= P50);
          lines.add(
              String.format(
                  Locale.ROOT,
                  "cycles store=sqlite callers=%d per_s=%.0f bare_per_s=%.0f ratio=%.2f p50_ms=%.3f"
                      + " bare_p50_ms=%.3f p50_ratio=%.2f cpu_ms=%.2f bare_cpu_ms=%.2f",
                  CALLERS[i],
                  a.perSecond(),
                  b.perSecond(),
                  ratio,
                  a.p50Nanos() / 1e6,
                  b.p50Nanos() / 1e6,
                  slower,
                  a.cpuMillis(),
                  b.cpuMillis()));
          System.out.println(lines.getLast());
        }
      } finally {
        Bench.delete(bareFolder);
      }
    } finally {
      Bench.delete(folder);
    }
    System.out.println(
        "budget: ratio at least 0.70 with 8 and 0.60 with 64 callers, p50 of one at most 1.40: "
            + (kept ? "kept" : "MISSED"));
    lines.forEach(System.out::println);
    return kept;
  }

  private static final AtomicLong INVOICES = new AtomicLong();

  private static void cycle(Assent assent, String caller) {
    GateResult asked =
        assent.gate(
            GateRequest.of(
                "bot", "pay", Bench.arguments(caller + "-" + INVOICES.incrementAndGet())));
    if (!(asked instanceof GateResult.Waiting waiting)) {
      throw new IllegalStateException("the call did not pause: " + asked);
    }
    assent.approve(waiting.requirements().getFirst().id());
    GateResult done = assent.gateResult(waiting.run());
    if (!(done instanceof GateResult.Executed)) {
      throw new IllegalStateException("the call did not run: " + done);
    }
  }

  private static void warmUp(Consumer<String> cycle) throws InterruptedException {
    measure(32, 15, cycle);
    measure(1, 12, cycle);
  }

  private static Measured measure(int callers, int seconds, Consumer<String> cycle)
      throws InterruptedException {
    AtomicBoolean stop = new AtomicBoolean();
    List<List<Long>> times = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    CountDownLatch ready = new CountDownLatch(callers);
    CountDownLatch go = new CountDownLatch(1);
    AtomicLong broken = new AtomicLong();
    for (int i = 0; i < callers; i++) {
      List<Long> mine = new ArrayList<>();
      times.add(mine);
      String name = "caller-" + i;
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      ready.countDown();
                      go.await();
                      while (!stop.get()) {
                        long begin = System.nanoTime();
                        cycle.accept(name);
                        mine.add(System.nanoTime() - begin);
                      }
                    } catch (Exception e) {
                      broken.incrementAndGet();
                      e.printStackTrace();
                    }
                  }));
    }
    ready.await();
    long begin = System.nanoTime();
    long cpu = cpuNanos();
    go.countDown();
    Thread.sleep(seconds * 1000L);
    stop.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    double elapsed = (System.nanoTime() - begin) / 1e9;
    if (broken.get() > 0) {
      throw new IllegalStateException(broken.get() + " callers broke");
    }
    List<Long> all = times.stream().flatMap(List::stream).sorted().toList();
    return new Measured(
        all.size() / elapsed,
        all.get(all.size() / 2),
        (cpuNanos() - cpu) / 1e6 / Math.max(1, all.size()));
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static Measured middle(List<Measured> turns) {
    return turns.stream()
        .sorted(java.util.Comparator.comparingDouble(Measured::perSecond))
        .toList()
        .get(turns.size() / 2);
  }
}
