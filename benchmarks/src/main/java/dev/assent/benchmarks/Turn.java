package dev.assent.benchmarks;

import dev.assent.core.Effect;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Compares the turns of {@link TurnBenchmark}: the middle of the iterations' ratios. The budget is
 * held against LangChain4j's own turn; what the shortest loop would take is told beside it. It
 * warms up until all are compiled; the longest way takes some ten thousand turns for that.
 */
final class Turn {
  private static final double BUDGET = 1.3;
  private static final int SECONDS = 2;
  private static final int WARMUP = 22;
  private static final int ITERATIONS = 10;

  private Turn() {}

  static boolean run(List<String> args) throws RunnerException {
    int forks = args.isEmpty() ? 1 : Integer.parseInt(args.getFirst());
    boolean kept = true;
    List<String> lines = new ArrayList<>();
    for (Effect effect : List.of(Effect.AT_MOST_ONCE, Effect.READ_ONLY)) {
      List<IterationResult> iterations = iterations(effect, forks);
      List<Double> ours = micros(iterations, "ours");
      List<Double> langChain = micros(iterations, "langChain");
      List<Double> handWritten = micros(iterations, "handWritten");
      double ratio = ratio(ours, langChain);
      kept &= ratio <= BUDGET;
      lines.add(
          String.format(
              Locale.ROOT,
              "turn effect=%s us=%.0f langchain4j_us=%.0f ratio=%.2f shortest_us=%.0f ratio=%.2f",
              effect,
              middle(ours),
              middle(langChain),
              ratio,
              middle(handWritten),
              ratio(ours, handWritten)));
    }
    System.out.printf(
        Locale.ROOT, "budget: ratio at most %.2f: %s%n", BUDGET, kept ? "kept" : "MISSED");
    lines.forEach(System.out::println);
    return kept;
  }

  private static List<IterationResult> iterations(Effect effect, int forks) throws RunnerException {
    return new Runner(
            new OptionsBuilder()
                .include(TurnBenchmark.class.getName() + "\\.each$")
                .param("effect", effect.name())
                .forks(forks)
                .warmupIterations(WARMUP)
                .warmupTime(TimeValue.seconds(SECONDS))
                .measurementIterations(ITERATIONS)
                .measurementTime(TimeValue.seconds(SECONDS))
                .shouldFailOnError(true)
                .build())
        .runSingle().getBenchmarkResults().stream()
            .map(fork -> fork.getIterationResults())
            .flatMap(Collection::stream)
            .toList();
  }

  private static List<Double> micros(List<IterationResult> iterations, String counter) {
    return iterations.stream()
        .map(
            each -> {
              Result<?> nanos = Objects.requireNonNull(each.getSecondaryResults().get(counter));
              return nanos.getScore() / each.getMetadata().getMeasuredOps() / 1_000;
            })
        .toList();
  }

  private static double ratio(List<Double> ours, List<Double> theirs) {
    return middle(
        IntStream.range(0, ours.size()).mapToObj(i -> ours.get(i) / theirs.get(i)).toList());
  }

  private static double middle(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
