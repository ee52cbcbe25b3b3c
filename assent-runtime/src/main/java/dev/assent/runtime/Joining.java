package dev.assent.runtime;

import dev.assent.core.CallStatus;
import dev.assent.core.RunId;
import dev.assent.core.RunState;
import dev.assent.core.RunStatus;
import dev.assent.core.ToolCall;
import dev.assent.core.spi.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Waits for runs, whoever works on them. Thread-safe; blocks the calling thread. */
final class Joining {
  static final Duration FOREVER = Duration.ofDays(36_500);
  private static final long AGES = FOREVER.toNanos() / 2;
  private static final Duration LOOK = Duration.ofMillis(50);

  private final Engine engine;
  private final Asking asking;

  Joining(Engine engine, Asking asking) {
    this.engine = engine;
    this.asking = asking;
  }

  /** As a run that is worked on here came to rest; an error there is an error here. */
  Optional<Rest> rested(RunLoop loop) {
    Rest rest = waitFor(loop.rested(), Long.MAX_VALUE);
    return rest != null && settled(rest.state()) && !hasChildren(rest.state())
        ? Optional.of(rest)
        : rested(loop.runId(), FOREVER);
  }

  /** The state in which a run has ended or can only wait; empty when it still goes on then. */
  Optional<Rest> rested(RunId run, Duration wait) {
    long end = System.nanoTime() + wait.toNanos();
    while (true) {
      Rest rest = step(run, end);
      if (rest == null) {
        if (end - System.nanoTime() <= 0) {
          return Optional.empty();
        }
      } else if (childrenRest(rest.state(), end)) {
        return Optional.of(hasChildren(rest.state()) ? Rest.stored(rest.state()) : rest);
      } else if (end - System.nanoTime() <= 0) {
        return Optional.empty();
      }
    }
  }

  /** The state at rest; absent when it still goes on. */
  private @Nullable Rest step(RunId run, long end) {
    RunLoop loop = engine.active(run);
    if (loop == null && engine.closed()) {
      throw new RuntimeFailure(
          "closed", "this Assent is closed; run " + run + " goes on where its store is opened");
    }
    if (loop == null) {
      long answered = asking.over();
      Store.StoredRun stored = stored(run);
      if (atRest(stored)) {
        CompletableFuture<Boolean> asked = asking.held(run);
        if (asked != null) {
          waitFor(asked, Math.max(0, end - System.nanoTime()));
          return null;
        }
        return answered == asking.over() ? Rest.stored(stored.state()) : null;
      }
      loop = readyHere(stored) ? engine.drive(run) : null;
    }
    long left = Math.max(0, end - System.nanoTime());
    if (loop == null) {
      LockSupport.parkNanos(Math.min(left, LOOK.toNanos()));
      if (Thread.currentThread().isInterrupted()) {
        throw interrupted();
      }
      return null;
    }
    Rest rested = left == 0 ? null : waitFor(loop.rested(), left);
    return rested != null && settled(rested.state()) ? rested : null;
  }

  /** True when the runs that carry its calls out can only wait too; one that ended rings it. */
  private boolean childrenRest(RunState state, long end) {
    for (ToolCall call : state.calls()) {
      if (carriedOut(call)) {
        Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
        RunState child =
            rested(Objects.requireNonNull(call.child()), left).map(Rest::state).orElse(null);
        if (child == null || child.end() != null) {
          return false;
        }
      }
    }
    return true;
  }

  /** True at rest, when nobody in this process may have answered since. */
  private boolean settled(RunState state) {
    return state.end() != null || (atRest(state) && !asking.any());
  }

  private static boolean hasChildren(RunState state) {
    return state.calls().stream().anyMatch(Joining::carriedOut);
  }

  private static boolean carriedOut(ToolCall call) {
    return call.status() == CallStatus.SUSPENDED && call.child() != null;
  }

  private static boolean atRest(RunState state) {
    return state.status() != RunStatus.RUNNING;
  }

  /** True when it has ended, or nothing happens before somebody rings it. */
  private static boolean atRest(Store.StoredRun stored) {
    return stored.state().end() != null || (stored.leaseFree() && stored.readyAt() == null);
  }

  private boolean readyHere(Store.StoredRun stored) {
    Instant ready = stored.readyAt();
    if (!stored.leaseFree() || ready == null || ready.isAfter(engine.store().now())) {
      return false;
    }
    if (!engine.agents().containsKey(stored.state().agent())) {
      throw new RuntimeFailure(
          "no-worker",
          "nobody here serves agent '" + stored.state().agent() + "'; register it to go on");
    }
    return true;
  }

  private Store.StoredRun stored(RunId run) {
    return engine
        .store()
        .run(engine.tenant(), run)
        .orElseThrow(() -> RuntimeFailure.unknownRun(run));
  }

  /** What the future comes to; absent when it takes longer. */
  static <T> @Nullable T waitFor(Future<T> future, long nanos) {
    try {
      // A wait without an end needs no timer: setting one and taking it back wakes a thread twice.
      return nanos >= AGES ? future.get() : future.get(nanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return null;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted();
    }
  }

  private static RuntimeFailure interrupted() {
    return new RuntimeFailure("interrupted", "waiting was interrupted; the run goes on");
  }
}
