package dev.assent.runtime;

import dev.assent.core.RunId;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A run that goes on by itself, and the ways to wait for it. Thread-safe. */
public final class RunHandle {
  private final Assent assent;
  private final RunId run;
  private @Nullable CompletableFuture<RunResult> result;

  RunHandle(Assent assent, RunId run) {
    this.assent = assent;
    this.run = run;
  }

  /** The run. */
  public RunId run() {
    return run;
  }

  /** A reader of its own, from the run's start to its end. */
  public RunStream events() {
    return assent.events(run);
  }

  /**
   * How far the run comes, as {@link Assent#resume(RunId)}: to its end or to where it can only
   * wait. Always the same future; cancelling it does not cancel the run.
   */
  public synchronized CompletableFuture<RunResult> result() {
    if (result == null) {
      result =
          CompletableFuture.supplyAsync(
              () -> assent.resume(run),
              task -> Thread.ofVirtual().name("assent-result-" + run).start(task));
    }
    return result;
  }
}
