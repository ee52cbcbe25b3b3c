package dev.assent.web;

import dev.assent.runtime.Assent;
import dev.assent.runtime.Change;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Keeps the open event streams. Thread-safe. Who changes something rings a bell and goes on; each
 * stream has a virtual thread that reads from the store and writes, so that a slow reader delays
 * nobody but itself.
 */
final class Streams implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(Streams.class);
  private static final Duration KEEP_OPEN = Duration.ofSeconds(15);
  private static final Duration GATHER = Duration.ofMillis(20);
  private static final int MOST = 1_000;

  private final Assent assent;
  private final Logins logins;
  private final Set<Stream> open = ConcurrentHashMap.newKeySet();
  private @Nullable AutoCloseable watching;
  private volatile boolean running;

  Streams(Assent assent, Logins logins) {
    this.assent = assent;
    this.logins = logins;
  }

  /** Where a stream gets what is new. Used by one thread. */
  interface Source {
    /** Sends what is new; false when nothing will ever follow. */
    boolean send(SseEmitter to) throws IOException;
  }

  /** Opens a stream of a source that has news when such a change was made. */
  SseEmitter open(LoggedIn login, Predicate<Change> concerns, Source source) {
    if (open.size() >= MOST) {
      throw Problem.of(503, "too-many-streams", "Too many event streams are open", "").exception();
    }
    Stream stream = new Stream(login, concerns, source);
    stream.greet();
    open.add(stream);
    Thread.ofVirtual().name("assent-stream-" + login.getName()).start(stream);
    return stream.emitter;
  }

  private final class Stream implements Runnable {
    private final SseEmitter emitter = new SseEmitter(0L);
    private final Semaphore bell = new Semaphore(0);
    private final LoggedIn login;
    private final Predicate<Change> concerns;
    private final Source source;
    private volatile boolean gone;

    Stream(LoggedIn login, Predicate<Change> concerns, Source source) {
      this.login = login;
      this.concerns = concerns;
      this.source = source;
      emitter.onCompletion(this::leave);
      emitter.onError(e -> leave());
      emitter.onTimeout(this::leave);
    }

    private void leave() {
      gone = true;
      bell.release();
    }

    void ring(Change change) {
      if (concerns.test(change) && bell.availablePermits() == 0) {
        bell.release();
      }
    }

    /**
     * Has to be asked for by the request's own thread: what is kept until the response is there is
     * then written by that thread, which so sends the headers. From elsewhere they would be sent
     * while the filters on their way back still write them.
     */
    void greet() {
      try {
        emitter.send(SseEmitter.event().reconnectTime(2_000).comment("open"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void run() {
      try {
        long checked = System.nanoTime();
        while (running && !gone && source.send(emitter)) {
          if (waited() || System.nanoTime() - checked > KEEP_OPEN.toNanos()) {
            checked = System.nanoTime();
            if (logins.again(login).isEmpty()) {
              break;
            }
            emitter.send(SseEmitter.event().comment(""));
          }
        }
        emitter.complete();
      } catch (IOException | IllegalStateException e) {
        LOG.debug("A reader of {} went away", login.getName(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        LOG.error("An event stream of {} broke", login.getName(), e);
        emitter.completeWithError(e);
      } finally {
        open.remove(this);
      }
    }

    /** True when nothing happened for so long that the connection may be dead. */
    private boolean waited() throws InterruptedException {
      boolean rung = bell.tryAcquire(KEEP_OPEN.toMillis(), TimeUnit.MILLISECONDS);
      if (rung && running && !gone) {
        Thread.sleep(GATHER);
        bell.drainPermits();
      }
      return !rung;
    }
  }

  @Override
  public void start() {
    running = true;
    watching = assent.onChange(change -> open.forEach(stream -> stream.ring(change)));
  }

  /** Ends all streams, before the web server waits for requests that are under way. */
  @Override
  public void stop() {
    running = false;
    open.forEach(Stream::leave);
    AutoCloseable handle = watching;
    if (handle != null) {
      try {
        handle.close();
      } catch (Exception e) {
        LOG.warn("The watcher of changes could not be taken away", e);
      }
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
