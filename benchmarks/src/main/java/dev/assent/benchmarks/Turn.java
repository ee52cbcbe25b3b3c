package dev.assent.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs {@link TurnBenchmark} some rounds and compares the middle of each. */
final class Turn {
  private static final double BUDGET = 1.3;
  private static final int ROUNDS = 3;

  private Turn() {}

  static boolean run(List<String> args) throws Exception {
    int rounds = args.isEmpty() ? ROUNDS : Integer.parseInt(args.getFirst());
    Map<String, Map<String, List<Double>>> micros = new TreeMap<>();
    for (int round = 0; round < rounds; round++) {
      for (RunResult result : new Runner(options()).run()) {
        String name = result.getParams().getBenchmark();
        micros
            .computeIfAbsent(result.getParams().getParam("effect"), effect -> new TreeMap<>())
            .computeIfAbsent(name.substring(name.lastIndexOf('.') + 1), method -> new ArrayList<>())
            .add(result.getPrimaryResult().getStatistics().getPercentile(50) / TurnBenchmark.TURNS);
      }
    }
    boolean kept = true;
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, Map<String, List<Double>>> each : micros.entrySet()) {
      double ours = middle(each.getValue(), "assent");
      double bare = middle(each.getValue(), "bare");
      kept &= ours / bare <= BUDGET;
      lines.add(
          String.format(
              Locale.ROOT,
              "turn effect=%s us=%.0f bare_us=%.0f ratio=%.2f",
              each.getKey(),
              ours,
              bare,
              ours / bare));
    }
    System.out.printf(
        Locale.ROOT, "budget: ratio at most %.2f: %s%n", BUDGET, kept ? "kept" : "MISSED");
    lines.forEach(System.out::println);
    return kept;
  }

  private static Options options() {
    return new OptionsBuilder()
        .include(TurnBenchmark.class.getName())
        .forks(1)
        .warmupIterations(10)
        .warmupBatchSize(TurnBenchmark.TURNS)
        .measurementIterations(15)
        .measurementBatchSize(TurnBenchmark.TURNS)
        .shouldFailOnError(true)
        .build();
  }

  private static double middle(Map<String, List<Double>> methods, String method) {
    List<Double> rounds = methods.getOrDefault(method, List.of()).stream().sorted().toList();
    if (rounds.isEmpty()) {
      throw new IllegalStateException("nothing was measured for " + method);
    }
    return rounds.get(rounds.size() / 2);
  }
}
