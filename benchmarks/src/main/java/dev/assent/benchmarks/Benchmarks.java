package dev.assent.benchmarks;

import java.util.Arrays;
import java.util.List;

/**
 * Runs one of the benchmarks by name: {@code cycles}, {@code turn}, {@code paused}, {@code bytes},
 * {@code policy}, {@code audit}.
 */
public final class Benchmarks {
  private Benchmarks() {}

  /**
   * Runs a benchmark and exits with 1 when a budget is missed.
   *
   * @param args its name, then what it takes
   */
  public static void main(String[] args) throws Exception {
    List<String> rest = Arrays.asList(args).subList(Math.min(1, args.length), args.length);
    boolean kept =
        switch (args.length == 0 ? "" : args[0]) {
          case "cycles" -> Cycles.run(rest);
          case "turn" -> Turn.run(rest);
          case "paused" -> PausedRuns.run(rest);
          case "bytes" -> StepBytes.run(rest);
          case "policy" -> PolicySpeed.run(rest);
          case "audit" -> AuditSpeed.run(rest);
          default -> {
            System.err.println(
                "usage: benchmarks/run cycles [seconds] | turn [rounds] | paused [runs] | bytes |"
                    + " policy [seconds] | audit [records]");
            yield false;
          }
        };
    System.exit(kept ? 0 : 1);
  }
}
