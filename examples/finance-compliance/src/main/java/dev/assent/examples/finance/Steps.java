package dev.assent.examples.finance;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/** Says what happens, one line a step, and waits for what must happen. For one thread. */
final class Steps {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long LOOK_MILLIS = 100;

  private final PrintStream out;
  private final long start = System.nanoTime();

  Steps(PrintStream out) {
    this.out = out;
  }

  void say(String text) {
    double seconds = (System.nanoTime() - start) / 1e9;
    out.println(String.format(Locale.ROOT, "%6.1f s  %s", seconds, text));
  }

  /**
   * Waits until it is so.
   *
   * @throws IllegalStateException when it does not become so in a minute
   */
  static void await(String what, BooleanSupplier so) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!so.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("waited a minute in vain: " + what);
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }
}
