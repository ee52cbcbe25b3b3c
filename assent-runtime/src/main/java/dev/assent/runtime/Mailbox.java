package dev.assent.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What other threads tell a loop. Thread-safe; emptied by the loop's thread alone. */
final class Mailbox {
  /** One piece of mail. */
  sealed interface Mail {
    /** Somebody wrote to the store: look again. */
    record Rung() implements Mail {}

    /** Something that is to become part of the next transition. */
    record Word(Heard heard) implements Mail {}
  }

  private final BlockingQueue<Mail> queue = new LinkedBlockingQueue<>();
  private boolean closed;

  /** False when nobody will read it any more. */
  synchronized boolean put(Mail mail) {
    return !closed && queue.add(mail);
  }

  @Nullable Mail poll() {
    return queue.poll();
  }

  /** Waits until there is mail; false when there was none for so long. */
  boolean await(long nanos) throws InterruptedException {
    Mail next = queue.poll(nanos, TimeUnit.NANOSECONDS);
    if (next != null) {
      // Only the loop takes mail out, so the order among others' mail is kept well enough.
      queue.add(next);
    }
    return next != null;
  }

  /** Closes it unless there is mail. */
  synchronized boolean closeIfEmpty() {
    closed = queue.isEmpty();
    return closed;
  }

  /** Closes it and hands over what nobody read. */
  synchronized List<Mail> close() {
    closed = true;
    List<Mail> left = new ArrayList<>();
    queue.drainTo(left);
    return left;
  }
}
