package dev.assent.benchmarks;

import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.util.Statistics;

/** Runs {@link PolicyBenchmark} and compares. */
final class PolicySpeed {
  private static final double BUDGET_MICROS = 1_000;
  private static final int SECONDS = 2;

  private PolicySpeed() {}

  static boolean run(List<String> args) throws RunnerException {
    int seconds = args.isEmpty() ? SECONDS : Integer.parseInt(args.getFirst());
    Statistics ours = nanos("assent", seconds);
    Statistics bare = nanos("bare", seconds);
    boolean kept = ours.getPercentile(99) / 1_000 <= BUDGET_MICROS;
    System.out.printf(
        Locale.ROOT,
        "budget: p99 at most %.0f us: %s%n"
            + "policy rules=%d matching=%d p50_us=%.1f p99_us=%.1f bare_p50_us=%.1f"
            + " bare_p99_us=%.1f ratio=%.2f%n",
        BUDGET_MICROS,
        kept ? "kept" : "MISSED",
        PolicyBenchmark.RULES,
        PolicyBenchmark.MATCHING,
        ours.getPercentile(50) / 1_000,
        ours.getPercentile(99) / 1_000,
        bare.getPercentile(50) / 1_000,
        bare.getPercentile(99) / 1_000,
        ours.getPercentile(50) / bare.getPercentile(50));
    return kept;
  }

  private static Statistics nanos(String method, int seconds) throws RunnerException {
    return new Runner(
            new OptionsBuilder()
                .include(PolicyBenchmark.class.getName() + "\\." + method + "$")
                .forks(1)
                .warmupIterations(5)
                .warmupTime(TimeValue.seconds(seconds))
                .measurementIterations(5)
                .measurementTime(TimeValue.seconds(seconds))
                .shouldFailOnError(true)
                .build())
        .runSingle()
        .getPrimaryResult()
        .getStatistics();
  }
}
