package dev.assent.runtime;

import dev.assent.core.RunId;
import dev.assent.core.spi.Store;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a run: what is stored after an id, then what happens, with what the model says in between.
 * One thread reads and waits; any thread may {@link #close}, which ends the waiting.
 *
 * <p>It reads what is stored and is only told that there is something new, so a reader that is slow
 * or gone holds up nobody. Close it, or read it to its end.
 */
public final class RunStream implements Iterable<RunUpdate>, AutoCloseable {
  private static final int BATCH = 200;
  private static final Duration FOREVER = Duration.ofDays(36_500);

  /** Another process may work on the run, and does not ring here. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** How far to read. */
  public enum Until {
    /** To the first pause, or the end. */
    PAUSE,
    /** Through all pauses to the end. */
    END
  }

  private final Engine engine;
  private final RunId run;
  private final UpdateId after;
  private final Until until;
  private final Projection projection;
  private final Queue<Store.JournalEntry> entries = new ArrayDeque<>();
  private final Queue<RunUpdate.Durable> ready = new ArrayDeque<>();
  private final Semaphore bell = new Semaphore(0);
  private final Runnable ring = this::ring;
  private final Consumer<Change> watcher = this::changed;
  private volatile boolean stale = true;
  private volatile boolean over;
  private @Nullable LiveText live;
  private LiveText.Place place = LiveText.Place.START;

  RunStream(Engine engine, Cards cards, RunId run, UpdateId after, Until until) {
    this.engine = engine;
    this.run = run;
    this.after = after;
    this.until = until;
    this.projection = new Projection(engine, cards, run);
    engine.watch(watcher);
    engine.liveTexts().listen(run, ring);
  }

  private void changed(Change change) {
    if (change.kind() == Change.Kind.RUN && change.id().equals(run.value())) {
      stale = true;
      ring();
    }
  }

  private void ring() {
    if (bell.availablePermits() == 0) {
      bell.release();
    }
  }

  /**
   * The next update, waiting for it; empty when none came in this time, or none will: see {@link
   * #ended}.
   *
   * @throws RuntimeFailure when the Assent was closed, or the thread interrupted, while waiting
   */
  public Optional<RunUpdate> poll(Duration atMost) {
    long end = System.nanoTime() + (atMost.compareTo(FOREVER) < 0 ? atMost : FOREVER).toNanos();
    while (true) {
      RunUpdate next = next();
      long left = end - System.nanoTime();
      if (next != null || over || left <= 0) {
        return Optional.ofNullable(next);
      }
      await(Math.min(left, LOOK.toNanos()));
    }
  }

  private void await(long nanos) {
    try {
      if (bell.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
        bell.drainPermits();
      } else {
        stale = true;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RuntimeFailure("interrupted", "reading was interrupted; the run goes on");
    }
  }

  /** True when nothing will follow: it was read as far as asked for, or closed. */
  public boolean ended() {
    return over;
  }

  private @Nullable RunUpdate next() {
    while (!over) {
      RunUpdate.Durable durable = ready.poll();
      if (durable != null) {
        if (until == Until.PAUSE && durable instanceof RunUpdate.Paused) {
          close();
        }
        return durable;
      }
      if (engine.liveTexts().closed()) {
        close();
        throw new RuntimeFailure(
            "closed", "this Assent is closed; run " + run + " goes on where its store is opened");
      }
      if (!read()) {
        return projection.ended() || erased() ? last() : said();
      }
    }
    return null;
  }

  /** A run that has ended and has no journal any more tells nothing. */
  private boolean erased() {
    return projection.version() == 0
        && engine
            .store()
            .run(engine.tenant(), run)
            .filter(stored -> stored.state().end() != null)
            .isPresent();
  }

  /** Goes one transition further; false when none is stored yet. */
  private boolean read() {
    if (entries.isEmpty() && stale) {
      stale = false;
      entries.addAll(engine.store().journal(engine.tenant(), run, projection.version(), BATCH));
      stale |= entries.size() == BATCH;
    }
    Store.JournalEntry entry = entries.poll();
    if (entry == null) {
      return false;
    }
    ready.addAll(projection.take(entry, after));
    return true;
  }

  private @Nullable RunUpdate last() {
    close();
    return null;
  }

  /** Only while the reply of this turn was not read: what is said belongs to one version. */
  private @Nullable RunUpdate said() {
    LiveText now = engine.liveTexts().of(run);
    if (now == null || now.version() != projection.version()) {
      return null;
    }
    if (now != live) {
      live = now;
      place = LiveText.Place.START;
    }
    LiveText.Piece piece = now.after(place);
    if (piece == null) {
      return null;
    }
    place = piece.end();
    return new RunUpdate.TextDelta(run, projection.agent(), piece.at().offset(), piece.text());
  }

  /** The updates, each once; waits in {@code hasNext}. */
  @Override
  public Iterator<RunUpdate> iterator() {
    return new Iterator<>() {
      private @Nullable RunUpdate next;

      @Override
      public boolean hasNext() {
        if (next == null) {
          next = poll(FOREVER).orElse(null);
        }
        return next != null;
      }

      @Override
      public RunUpdate next() {
        if (!hasNext()) {
          throw new NoSuchElementException("the run was read as far as asked for");
        }
        RunUpdate current = java.util.Objects.requireNonNull(next);
        next = null;
        return current;
      }
    };
  }

  /** Ends the reading, also that of a thread that waits for the next update. */
  @Override
  public void close() {
    over = true;
    engine.liveTexts().leave(run, ring);
    engine.unwatch(watcher);
    ring();
  }
}
