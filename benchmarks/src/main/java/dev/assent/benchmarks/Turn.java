package dev.assent.benchmarks;

import dev.assent.core.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs both turns of {@link TurnBenchmark} in turns and compares the middle of the rounds; who is
 * first changes, so that a machine that becomes slower favours nobody.
 */
final class Turn {
  private static final double BUDGET = 1.3;
  private static final int ROUNDS = 5;

  private Turn() {}

  static boolean run(List<String> args) throws RunnerException {
    int rounds = args.isEmpty() ? ROUNDS : Integer.parseInt(args.getFirst());
    boolean kept = true;
    List<String> lines = new ArrayList<>();
    for (Effect effect : List.of(Effect.AT_MOST_ONCE, Effect.READ_ONLY)) {
      List<Double> ours = new ArrayList<>();
      List<Double> bare = new ArrayList<>();
      List<Double> ratios = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        if (round % 2 == 0) {
          ours.add(micros("assent", effect));
          bare.add(micros("bare", effect));
        } else {
          bare.add(micros("bare", effect));
          ours.add(micros("assent", effect));
        }
        ratios.add(ours.getLast() / bare.getLast());
      }
      kept &= middle(ratios) <= BUDGET;
      lines.add(
          String.format(
              Locale.ROOT,
              "turn effect=%s us=%.0f bare_us=%.0f ratio=%.2f",
              effect,
              middle(ours),
              middle(bare),
              middle(ratios)));
    }
    System.out.printf(
        Locale.ROOT, "budget: ratio at most %.2f: %s%n", BUDGET, kept ? "kept" : "MISSED");
    lines.forEach(System.out::println);
    return kept;
  }

  private static double micros(String method, Effect effect) throws RunnerException {
    return new Runner(
                new OptionsBuilder()
                    .include(TurnBenchmark.class.getName() + "\\." + method + "$")
                    .param("effect", effect.name())
                    .forks(1)
                    .warmupIterations(10)
                    .warmupBatchSize(TurnBenchmark.TURNS)
                    .measurementIterations(10)
                    .measurementBatchSize(TurnBenchmark.TURNS)
                    .shouldFailOnError(true)
                    .build())
            .runSingle()
            .getPrimaryResult()
            .getStatistics()
            .getPercentile(50)
        / TurnBenchmark.TURNS;
  }

  private static double middle(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
