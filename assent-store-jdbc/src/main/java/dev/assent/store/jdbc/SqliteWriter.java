package dev.assent.store.jdbc;

import dev.assent.core.spi.StoreException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that writes. It takes everything that waits, up to {@value #LARGEST_BATCH} items,
 * makes it one commit and answers all. Callers wait, so there are never more items than callers.
 *
 * <p>Nobody waits for ever: when this thread ends, for whatever reason, all that wait get an error
 * and so does everybody who comes later.
 */
final class SqliteWriter implements AutoCloseable {
  static final int LARGEST_BATCH = 256;

  private final SqliteBatch batches;
  private final String store;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<WriteItem> waiting = new ArrayDeque<>();
  private @Nullable StoreException refusal;

  /**
   * @param store names the store in errors
   */
  SqliteWriter(SqliteBatch batches, String store) {
    this.batches = batches;
    this.store = store;
    this.thread = Thread.ofPlatform().daemon().name("assent-store-writer").unstarted(this::work);
  }

  void start() {
    thread.start();
  }

  /**
   * Writes an item and waits until it is durable.
   *
   * @return {@link WriteItem#DONE} or the step whose condition did not hold
   * @throws StoreException when it could not be written; nothing of it was
   */
  int write(WriteItem item) {
    lock.lock();
    try {
      if (refusal != null) {
        throw again(refusal);
      }
      waiting.add(item);
      changed.signal();
    } finally {
      lock.unlock();
    }
    try {
      return item.answer().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof StoreException failure) {
        throw again(failure);
      }
      throw e;
    }
  }

  /** With the caller's own stack. */
  private static StoreException again(StoreException failure) {
    return new StoreException(failure.code(), String.valueOf(failure.getMessage()), failure);
  }

  private void work() {
    try {
      List<WriteItem> batch = next();
      while (!batch.isEmpty()) {
        commit(batch);
        batch = next();
      }
      refuse(closed());
    } catch (Throwable e) {
      refuse(
          new StoreException(
              "store-broken",
              "The writer of the store "
                  + store
                  + " has stopped ("
                  + e
                  + "). What was acknowledged is safe; restart the process.",
              e));
      if (e instanceof VirtualMachineError fatal) {
        throw fatal;
      }
    } finally {
      batches.close();
    }
  }

  private void commit(List<WriteItem> batch) {
    boolean answered = false;
    try {
      batches.commit(batch);
      answered = true;
    } finally {
      if (!answered) {
        StoreException failure =
            new StoreException(
                "store-broken",
                "The writer of the store " + store + " failed; restart the process.",
                null);
        batch.forEach(item -> item.answer().completeExceptionally(failure));
      }
    }
  }

  /** What waits now; waits for something. Empty when the store is closing and all is written. */
  private List<WriteItem> next() {
    lock.lock();
    try {
      while (waiting.isEmpty() && refusal == null) {
        changed.awaitUninterruptibly();
      }
      List<WriteItem> batch = new ArrayList<>(Math.min(waiting.size(), LARGEST_BATCH));
      while (!waiting.isEmpty() && batch.size() < LARGEST_BATCH) {
        batch.add(waiting.remove());
      }
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void refuse(StoreException why) {
    lock.lock();
    try {
      if (refusal == null) {
        refusal = why;
      }
      waiting.forEach(item -> item.answer().completeExceptionally(why));
      waiting.clear();
    } finally {
      lock.unlock();
    }
  }

  private StoreException closed() {
    return new StoreException(
        "store-closed", "The store " + store + " is closed; open it again.", null);
  }

  /** Writes all that waits, takes nothing more, and frees the connection. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (refusal == null) {
        refusal = closed();
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
