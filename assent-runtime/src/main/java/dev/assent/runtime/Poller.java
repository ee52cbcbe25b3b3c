package dev.assent.runtime;

import dev.assent.core.RunId;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds what became due by itself: runs, timers, notices; keeps the leases of runs under way. */
final class Poller implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Poller.class);
  private static final int AT_ONCE = 200;

  /**
   * How long to rest after a look: notices of many runs are told and acknowledged together then,
   * and no run's commit queues behind the acknowledgement of the one before.
   */
  private static final Duration REST = Duration.ofMillis(20);

  private final Engine engine;
  private final Deadlines deadlines;
  private final Map<String, Consumer<RunResult>> listeners;
  private final java.util.function.Function<RunId, RunResult> results;
  private final Duration interval;
  private final Runnable checkpoints;
  private final Semaphore bell = new Semaphore(0);
  private final Thread thread;
  private final Set<String> telling = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;
  private Instant leasesKept = Instant.EPOCH;

  Poller(
      Engine engine,
      Deadlines deadlines,
      Map<String, Consumer<RunResult>> listeners,
      java.util.function.Function<RunId, RunResult> results,
      Duration interval,
      Runnable checkpoints) {
    this.checkpoints = checkpoints;
    this.engine = engine;
    this.deadlines = deadlines;
    this.listeners = listeners;
    this.results = results;
    this.interval = interval;
    this.thread = Thread.ofPlatform().daemon().name("assent-poller").unstarted(this::loop);
  }

  void start() {
    if (!listeners.isEmpty()) {
      engine.onEnded(bell::release);
    }
    thread.start();
  }

  private void loop() {
    long looked = System.nanoTime() - interval.toNanos();
    while (!closed) {
      try {
        // A bell says only that there is something to tell; the rest is looked for in its time.
        if (System.nanoTime() - looked >= interval.toNanos()) {
          looked = System.nanoTime();
          due();
        }
        tellAll();
      } catch (Throwable e) {
        if (!closed) {
          LOG.error("Looking for what is due failed, trying again in {}", interval, e);
        }
      }
      try {
        Thread.sleep(REST);
        if (bell.tryAcquire(interval.toNanos(), TimeUnit.NANOSECONDS)) {
          bell.drainPermits();
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Does once what is done at each interval, and waits for it. */
  void once() {
    due();
    listeners.forEach(this::tell);
  }

  private void due() {
    checkpoints.run();
    Store store = engine.store();
    String tenant = engine.tenant();
    keepLeases();
    for (RunId run : store.due(tenant, engine.agents().keySet(), store.now(), AT_ONCE)) {
      if (!engine.avoided(run)) {
        engine.drive(run);
      }
    }
    for (Store.StoredTimer timer : store.timers(tenant, store.now(), AT_ONCE)) {
      try {
        deadlines.due(timer);
      } catch (RuntimeException e) {
        LOG.error("What is due of {} could not be seen to", timer.requirement(), e);
      }
    }
  }

  /** Each listener on a thread of its own: one that hangs holds up nobody else. */
  private void tellAll() {
    listeners.forEach(
        (name, listener) -> {
          if (telling.add(name)) {
            Thread.ofVirtual()
                .name("assent-listener-" + name)
                .start(
                    () -> {
                      try {
                        tell(name, listener);
                      } catch (RuntimeException e) {
                        if (!closed) {
                          LOG.warn("Listener {} could not be told", name, e);
                        }
                      } finally {
                        telling.remove(name);
                      }
                    });
          }
        });
  }

  private void keepLeases() {
    Instant now = engine.store().now();
    if (Duration.between(leasesKept, now).compareTo(Engine.LEASE.dividedBy(3)) < 0) {
      return;
    }
    leasesKept = now;
    for (RunLoop loop : engine.active()) {
      if (loop.lease().held()) {
        engine
            .store()
            .commit(
                engine.tenant(),
                List.of(new Write.KeepLease(loop.runId(), loop.lease().fence(), engine.lease())));
      }
    }
  }

  /** Tells what waits; what was told is acknowledged together, unless the listener takes long. */
  private void tell(String name, Consumer<RunResult> listener) {
    List<Write> told = new ArrayList<>();
    long acknowledged = System.nanoTime();
    for (Store.StoredNotice notice : engine.store().outbox(engine.tenant(), name, AT_ONCE)) {
      try {
        listener.accept(results.apply(new RunId(notice.subject())));
      } catch (Throwable e) {
        LOG.warn("Listener {} failed on run {}; it is told again", name, notice.subject(), e);
        continue;
      }
      told.add(new Write.Told(notice.id()));
      if (System.nanoTime() - acknowledged >= REST.toNanos()) {
        engine.store().commit(engine.tenant(), List.copyOf(told));
        told.clear();
        acknowledged = System.nanoTime();
      }
    }
    if (!told.isEmpty()) {
      engine.store().commit(engine.tenant(), told);
    }
  }

  @Override
  public void close() {
    closed = true;
    bell.release();
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
