package dev.assent.langchain4j;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Gives an answer up when nothing of it arrives for a while: the JDK's own limit ends with the
 * headers. Read by one thread.
 */
final class LimitedSilence extends FilterInputStream {
  private static final ScheduledThreadPoolExecutor TIMER = timer();

  private final Duration limit;
  private volatile boolean givenUp;

  LimitedSilence(InputStream body, Duration limit) {
    super(body);
    this.limit = limit;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    Future<?> timer = TIMER.schedule(this::giveUp, limit.toMillis(), TimeUnit.MILLISECONDS);
    try {
      int count = in.read(bytes, from, length);
      if (givenUp) {
        throw new HttpTimeoutException("nothing arrived for " + limit);
      }
      return count;
    } catch (IOException e) {
      throw givenUp ? new HttpTimeoutException("nothing arrived for " + limit) : e;
    } finally {
      timer.cancel(false);
    }
  }

  /** Closing wakes the reader up. */
  private void giveUp() {
    givenUp = true;
    try {
      in.close();
    } catch (IOException e) {
      // The answer is thrown away in any case.
    }
  }

  private static ScheduledThreadPoolExecutor timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("assent-model-silence").factory());
    // Each read sets one and takes it back; kept, they would pile up for the whole limit.
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }
}
