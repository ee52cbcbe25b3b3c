package dev.assent.benchmarks;

import dev.assent.core.Message;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunRequest;
import dev.assent.store.jdbc.SqliteStore;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** What 100,000 paused runs cost in memory and threads: a pause is data, so nothing. */
final class PausedRuns {
  private static final double BUDGET_MB = 4;
  private static final int CALLERS = 64;

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
      pause(assent, 500);
      double before = heapAfterGc();
      int threads = threads();
      pause(assent, runs);
      double after = heapAfterGc();
      int threadsAfter = threads();
      boolean kept = after - before <= BUDGET_MB && threadsAfter <= threads;
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
