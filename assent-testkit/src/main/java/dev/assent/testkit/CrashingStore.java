package dev.assent.testkit;

import dev.assent.core.spi.Store;
import dev.assent.core.spi.StoreException;
import dev.assent.core.spi.Write;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A store as a process sees it that dies: from one commit on nothing is read or written any more,
 * everything throws a {@link StoreException}. What is behind it lives on for the next process.
 * Thread-safe.
 *
 * <p>Threads of the dead process cannot be stopped: a tool's body that was already running still
 * runs to its end, as a request that is already on the wire does.
 */
public final class CrashingStore {
  private static final Set<String> HARMLESS = Set.of("now", "keys");

  private final Store behind;
  private final Store store;
  private final @Nullable CrashPoint point;
  private int commits;
  private boolean dead;
  private volatile Runnable onRefusal = () -> {};

  private CrashingStore(Store behind, @Nullable CrashPoint point) {
    this.behind = behind;
    this.point = point;
    this.store =
        (Store)
            Proxy.newProxyInstance(
                CrashingStore.class.getClassLoader(),
                interfaces(behind.getClass()),
                (proxy, method, arguments) -> invoke(proxy, method, arguments));
  }

  /** Dies only by {@link #die}. */
  public static CrashingStore around(Store behind) {
    return new CrashingStore(behind, null);
  }

  /** Dies at this point. */
  public static CrashingStore at(Store behind, CrashPoint point) {
    return new CrashingStore(behind, point);
  }

  /**
   * The store to start an Assent on; it is whatever else the store behind is, for example an
   * account store. Closing it leaves the store behind open.
   */
  public Store store() {
    return store;
  }

  /** How many commits were tried while it lived; one that only keeps a lease is not counted. */
  public synchronized int commits() {
    return commits;
  }

  /** True once the process has died. */
  public synchronized boolean dead() {
    return dead;
  }

  /** Dies now. */
  public synchronized void die() {
    dead = true;
  }

  /** Works again, as a database does that was out of reach for a while. */
  public synchronized void revive() {
    dead = false;
  }

  /** Is called each time the dead store refuses something, on the thread that asked. */
  public CrashingStore onRefusal(Runnable told) {
    this.onRefusal = told;
    return this;
  }

  private @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (method.getDeclaringClass() == Object.class) {
      return ofObject(proxy, method, arguments);
    }
    if (method.getName().equals("close")) {
      return null;
    }
    boolean last = method.getName().equals("commit") && !keepsLeases(arguments) && count();
    if (dead() && !HARMLESS.contains(method.getName())) {
      onRefusal.run();
      throw died();
    }
    Object result;
    try {
      result = method.invoke(behind, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
    if (last) {
      die();
      throw died();
    }
    return result;
  }

  /** True for a commit that only keeps a lease: it comes when it likes and decides nothing. */
  private static boolean keepsLeases(Object @Nullable [] arguments) {
    return arguments != null
        && arguments[1] instanceof List<?> writes
        && writes.stream().allMatch(Write.KeepLease.class::isInstance);
  }

  /** Counts one commit; true when it is the last one that is written. */
  private synchronized boolean count() {
    if (dead) {
      return false;
    }
    commits++;
    boolean here = point != null && commits == point.commit();
    if (here && point != null && point.when() == CrashPoint.When.BEFORE) {
      dead = true;
    }
    return here && !dead;
  }

  private static StoreException died() {
    return new StoreException("store-closed", "The process has died.", null);
  }

  private @Nullable Object ofObject(Object proxy, Method method, Object @Nullable [] arguments) {
    return switch (method.getName()) {
      case "equals" -> arguments != null && arguments[0] == proxy;
      case "hashCode" -> System.identityHashCode(proxy);
      default -> "crashing " + behind;
    };
  }

  private static Class<?>[] interfaces(Class<?> type) {
    Set<Class<?>> all = new LinkedHashSet<>(Set.of(Store.class));
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      for (Class<?> implemented : each.getInterfaces()) {
        if (java.lang.reflect.Modifier.isPublic(implemented.getModifiers())) {
          all.add(implemented);
        }
      }
    }
    return all.toArray(Class<?>[]::new);
  }
}
