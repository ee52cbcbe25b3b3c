package dev.assent.core;

import java.security.GeneralSecurityException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps a few costly objects that one user at a time may use again, such as ciphers. Thread-safe;
 * fit for virtual threads, of which there are too many for one object each.
 */
final class Spares<T> {
  private static final int MOST = 64;

  /** Makes one more. */
  interface Maker<T> {
    T make() throws GeneralSecurityException;
  }

  /** Uses one. */
  interface Use<T, R> {
    R apply(T spare) throws GeneralSecurityException;
  }

  private final Maker<T> maker;
  private final ConcurrentLinkedDeque<T> spares = new ConcurrentLinkedDeque<>();
  private final AtomicInteger count = new AtomicInteger();

  Spares(Maker<T> maker) {
    this.maker = maker;
  }

  /** Uses a spare one or a new one; it is kept unless the use failed. */
  <R> R with(Use<T, R> use) throws GeneralSecurityException {
    T spare = spares.pollFirst();
    if (spare == null) {
      spare = maker.make();
    } else {
      count.decrementAndGet();
    }
    R result = use.apply(spare);
    if (count.incrementAndGet() <= MOST) {
      spares.addFirst(spare);
    } else {
      count.decrementAndGet();
    }
    return result;
  }
}
