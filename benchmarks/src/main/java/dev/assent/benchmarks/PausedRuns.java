package dev.assent.benchmarks;

import dev.assent.core.Message;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunRequest;
import dev.assent.store.jdbc.SqliteStore;
import dev.assent.store.jdbc.StatementTrace;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What 100,000 paused runs cost in memory, threads and statements: a pause is data, so nothing but
 * what the poller asks anyway.
 */
final class PausedRuns {
  private static final double BUDGET_MB = 4;
  private static final int CALLERS = 64;
  private static final int IDLE_INTERVALS = 10;

  private PausedRuns() {}

  static boolean run(List<String> args) throws Exception {
    int runs = args.isEmpty() ? 100_000 : Integer.parseInt(args.getFirst());
    Path folder = Bench.folder();
    AtomicInteger invoice = new AtomicInteger();
    try (SqliteStore store = Bench.open(folder);
        Assent assent =
            Bench.assent(
                store,
                Bench.model(
                    request ->
                        new Message.Assistant(
                            "I pay.",
                            List.of(
                                new Message.Call(
                                    "p",
                                    "pay",
                                    Bench.arguments("i" + invoice.incrementAndGet()))))))) {
      Map<String, Integer> asked = whileIdle(store);
      pause(assent, 500);
      double before = heapAfterGc();
      int threads = threads();
      pause(assent, runs);
      double after = heapAfterGc();
      int threadsAfter = threads();
      Map<String, Integer> askedAfter = whileIdle(store);
      // The poller's clock and ours do not begin together: one look more or less.
      boolean quiet =
          askedAfter.entrySet().stream()
              .allMatch(each -> each.getValue() <= asked.getOrDefault(each.getKey(), -1) + 1);
      boolean kept = after - before <= BUDGET_MB && threadsAfter <= threads && quiet;
      System.out.printf(
          Locale.ROOT,
          "paused store=sqlite runs=%d heap_mb_before=%.2f heap_mb_after=%.2f grown_mb=%.2f"
              + " threads_before=%d threads_after=%d budget_mb=%.0f %s%n",
          runs,
          before,
          after,
          after - before,
          threads,
          threadsAfter,
          BUDGET_MB,
          kept ? "kept" : "MISSED");
      System.out.printf(
          Locale.ROOT,
          "paused idle for %d poll intervals: statements_without_runs=%d statements_with_%d=%d %s%n",
          IDLE_INTERVALS,
          sum(asked),
          runs,
          sum(askedAfter),
          quiet ? "kept" : "MISSED");
      askedAfter.forEach((sql, count) -> System.out.println("  " + count + " x " + sql));
      return kept;
    } finally {
      Bench.delete(folder);
    }
  }

  private static void pause(Assent assent, int runs) throws InterruptedException {
    AtomicInteger left = new AtomicInteger(runs);
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      callers.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    while (left.getAndDecrement() > 0) {
                      assent.resume(assent.submit(RunRequest.of("bot", "Pay the next one.")));
                    }
                  }));
    }
    for (Thread caller : callers) {
      caller.join();
    }
  }

  /** What is executed while nothing happens, with how often: reads and writes. */
  private static Map<String, Integer> whileIdle(SqliteStore store) throws InterruptedException {
    Thread.sleep(3 * Bench.POLL.toMillis());
    Map<String, Integer> executed = new ConcurrentSkipListMap<>();
    StatementTrace trace = StatementTrace.of(store);
    trace.listenToReads(sql -> executed.merge(sql, 1, Integer::sum));
    trace.listen(writes -> writes.forEach(each -> executed.merge(each.sql(), 1, Integer::sum)));
    Thread.sleep(IDLE_INTERVALS * Bench.POLL.toMillis());
    trace.stop();
    return executed;
  }

  private static int sum(Map<String, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  private static double heapAfterGc() throws InterruptedException {
    double least = Double.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      Thread.sleep(300);
      Runtime runtime = Runtime.getRuntime();
      least = Math.min(least, (runtime.totalMemory() - runtime.freeMemory()) / (1024.0 * 1024));
    }
    return least;
  }

  private static int threads() {
    return ManagementFactory.getThreadMXBean().getThreadCount();
  }
}
