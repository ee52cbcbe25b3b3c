package dev.assent.scenarios;

import dev.assent.core.spi.Store;
import dev.assent.core.spi.StoreException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A store as a process sees it that dies: from one commit on nothing is read or written any more.
 */
final class CrashingStore {

  /** Whether the commit in which the process dies is still written. */
  enum Dies {
    BEFORE_THE_COMMIT,
    AFTER_THE_COMMIT
  }

  final AtomicInteger commits = new AtomicInteger();
  final AtomicBoolean dead = new AtomicBoolean();
  private final Store store;

  private CrashingStore(Store behind, int at, Dies when) {
    this.store =
        (Store)
            Proxy.newProxyInstance(
                Store.class.getClassLoader(),
                new Class<?>[] {Store.class},
                (proxy, method, arguments) -> {
                  boolean last = false;
                  if (method.getName().equals("commit")) {
                    last = commits.incrementAndGet() == at;
                    if (last && when == Dies.BEFORE_THE_COMMIT) {
                      dead.set(true);
                    }
                  }
                  boolean harmless = List.of("now", "keys", "close").contains(method.getName());
                  if (dead.get() && !harmless) {
                    throw died();
                  }
                  if (method.getName().equals("close")) {
                    return null;
                  }
                  Object result;
                  try {
                    result = method.invoke(behind, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                  if (last) {
                    dead.set(true);
                    throw died();
                  }
                  return result;
                });
  }

  private static StoreException died() {
    return new StoreException("store-closed", "The process has died.", null);
  }

  /** Dies at this commit; counts from 1. */
  static CrashingStore at(Store behind, int commit, Dies when) {
    return new CrashingStore(behind, commit, when);
  }

  /** Dies when {@link #dead} is set. */
  static CrashingStore of(Store behind) {
    return new CrashingStore(behind, Integer.MAX_VALUE, Dies.BEFORE_THE_COMMIT);
  }

  Store store() {
    return store;
  }
}
