package dev.assent.runtime;

import dev.assent.core.RunId;
import dev.assent.core.RunMachine;
import dev.assent.core.RunStep;
import dev.assent.core.spi.Committed;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.Write;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A loop's right to write its run, and the only way it does. Used by the loop's thread; others may
 * look at {@link #held} and {@link #fence}.
 */
final class RunLease {
  private final Engine engine;
  private final RunId run;
  private volatile long fence;
  private volatile boolean held;
  private long ringsSeen;
  private boolean rung;

  RunLease(Engine engine, RunId run) {
    this.engine = engine;
    this.run = run;
  }

  boolean held() {
    return held;
  }

  long fence() {
    return fence;
  }

  /** True when the run had been rung when it was read. */
  boolean everRung() {
    return ringsSeen > 0;
  }

  /** True when the run was rung and nobody has answered that yet. */
  boolean rung() {
    return rung;
  }

  /**
   * Reads the run; afterwards it is not held any more when the lease was lost.
   *
   * @throws RuntimeFailure when there is no such run
   */
  Store.StoredRun read() {
    Store.StoredRun stored =
        engine.store().run(engine.tenant(), run).orElseThrow(() -> RuntimeFailure.unknownRun(run));
    if (held && stored.fence() != fence) {
      held = false;
    }
    fence = stored.fence();
    ringsSeen = stored.rings();
    rung = stored.readyAt() != null;
    return stored;
  }

  /** True when somebody else works on the run. */
  boolean elsewhere(Store.StoredRun stored) {
    return !held && !stored.leaseFree();
  }

  /** Takes the lease unless it is held; false when the run changed meanwhile. */
  boolean take(long version) {
    if (held) {
      return true;
    }
    Write take = new Write.TakeLease(run, version, fence, engine.lease(), engine.store().now());
    if (engine.store().commit(engine.tenant(), List.of(take)) instanceof Committed.Conflict) {
      return false;
    }
    held = true;
    fence++;
    return true;
  }

  /**
   * Writes the draft, taking, keeping or giving back the lease as its state needs it.
   *
   * @param durable see {@link Store#commit(String, List, Runnable)}
   */
  Committed commit(Draft draft, Runnable durable) {
    RunStep next = RunMachine.next(draft.state());
    boolean rests = next instanceof RunStep.Pause || next instanceof RunStep.Ended;
    Write.Lease lease = engine.lease();
    Write.Hold hold =
        rests
            ? (held ? new Write.Hold.Release(fence) : new Write.Hold.Pass(fence))
            : (held ? new Write.Hold.Keep(fence, lease) : new Write.Hold.Claim(fence, lease));
    Committed result =
        engine
            .store()
            .commit(
                engine.tenant(),
                draft.writes(draft.beginsRun() ? null : hold, lease, ringsSeen, rests),
                durable);
    if (result instanceof Committed.Done) {
      fence += rests || held ? 0 : 1;
      held = !rests;
      rung = false;
    }
    return result;
  }

  /** Gives the lease back, if it is held; the run is ready again then, or when rung. */
  void give(@Nullable Instant readyAt) {
    if (held) {
      engine
          .store()
          .commit(engine.tenant(), List.of(new Write.GiveLease(run, fence, ringsSeen, readyAt)));
      held = false;
      rung = false;
    }
  }
}
