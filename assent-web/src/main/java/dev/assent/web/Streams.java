package dev.assent.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Keeps the open event streams. Thread-safe. Who changes something rings a bell and goes on; each
 * stream has a virtual thread that reads from its source and writes, so that a slow reader delays
 * nobody but itself.
 */
final class Streams implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(Streams.class);
  private static final Duration KEEP_OPEN = Duration.ofSeconds(15);
  private static final int MOST = 1_000;

  private final Logins logins;
  private final Set<Stream> open = ConcurrentHashMap.newKeySet();
  private volatile boolean running;

  Streams(Logins logins) {
    this.logins = logins;
  }

  /** Where a stream gets what is new. Used by one thread; any may close it. */
  interface Source extends AutoCloseable {
    /** Sends what is new; false when nothing will ever follow. */
    boolean send(SseEmitter to) throws IOException;

    /** Waits for news; false when there were none in this time, or it was closed. */
    boolean await(Duration atMost) throws InterruptedException;

    /** Lets go of what it watches and ends the waiting. */
    @Override
    void close();
  }

  /** How many are open. */
  int size() {
    return open.size();
  }

  /** Opens a stream of a source, and closes the source with it. */
  SseEmitter open(LoggedIn login, Source source) {
    if (open.size() >= MOST) {
      source.close();
      throw Problem.of(503, "too-many-streams", "Too many event streams are open", "").exception();
    }
    Stream stream = new Stream(login, source);
    stream.greet();
    open.add(stream);
    Thread.ofVirtual().name("assent-stream-" + login.getName()).start(stream);
    return stream.emitter;
  }

  private final class Stream implements Runnable {
    private final SseEmitter emitter = new SseEmitter(0L);
    private final LoggedIn login;
    private final Source source;
    private volatile boolean gone;

    Stream(LoggedIn login, Source source) {
      this.login = login;
      this.source = source;
      emitter.onCompletion(this::leave);
      emitter.onError(e -> leave());
      emitter.onTimeout(this::leave);
    }

    private void leave() {
      gone = true;
      source.close();
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
          boolean news = source.await(KEEP_OPEN);
          if (!news || System.nanoTime() - checked > KEEP_OPEN.toNanos()) {
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
        source.close();
        open.remove(this);
      }
    }
  }

  /** Takes a watcher away. */
  static void leave(AutoCloseable watching) {
    try {
      watching.close();
    } catch (Exception e) {
      LOG.warn("A watcher of changes could not be taken away", e);
    }
  }

  @Override
  public void start() {
    running = true;
  }

  /** Ends all streams, before the web server waits for requests that are under way. */
  @Override
  public void stop() {
    running = false;
    open.forEach(Stream::leave);
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
