package dev.assent.store.jdbc;

import dev.assent.core.Keyring;
import dev.assent.core.SessionKey;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the sessions that were used last. Thread-safe.
 *
 * <p>A new key is stored in the transaction of the first body that it encrypts. Until some such
 * transaction is durable, everybody who writes to the session gets this same key and stores it too;
 * only when the last of them has failed it is forgotten.
 */
final class SessionKeys {
  private static final int KEPT = 2_048;

  private record Place(String tenant, String session) {}

  /** A key and how many transactions are using it now. Guarded by the lock. */
  static final class Use {
    private final Place place;
    private final SessionKey key;
    private final byte[] wrapped;
    private boolean durable;
    private int users;

    private Use(Place place, SessionKey key, byte[] wrapped, boolean durable) {
      this.place = place;
      this.key = key;
      this.wrapped = wrapped;
      this.durable = durable;
    }

    SessionKey key() {
      return key;
    }

    byte[] wrapped() {
      return wrapped;
    }
  }

  private final Keyring keyring;
  private final BiFunction<String, String, Optional<byte[]>> stored;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition erased = lock.newCondition();
  private final Set<Place> erasing = new HashSet<>();
  private final Map<Place, Use> uses = new LinkedHashMap<>(64, 0.75f, true);

  /**
   * @param stored looks up the wrapped key of a tenant's session
   */
  SessionKeys(Keyring keyring, BiFunction<String, String, Optional<byte[]>> stored) {
    this.keyring = keyring;
    this.stored = stored;
  }

  /** The key to read with; absent when the session has none. */
  @Nullable SessionKey find(String tenant, String session) {
    lock.lock();
    try {
      Use use = known(new Place(tenant, session));
      return use == null ? null : use.key();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The key to write with; to be given back by {@link #end}.
   *
   * @param fresh true when nobody can have written to the session before
   */
  Use begin(String tenant, String session, boolean fresh) {
    Place place = new Place(tenant, session);
    lock.lock();
    try {
      while (erasing.contains(place)) {
        erased.awaitUninterruptibly();
      }
      Use use = fresh ? uses.get(place) : known(place);
      if (use == null) {
        SessionKey key = keyring.newSessionKey();
        use = remember(new Use(place, key, keyring.wrap(key, context(place)), false));
      }
      use.users++;
      return use;
    } finally {
      lock.unlock();
    }
  }

  /** True when the transaction must store the key too. */
  boolean isNew(Use use) {
    lock.lock();
    try {
      return !use.durable;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The transaction is over.
   *
   * @param durable true when it was written
   */
  void end(Use use, boolean durable) {
    lock.lock();
    try {
      use.users--;
      use.durable |= durable;
      if (!use.durable && use.users == 0) {
        uses.remove(use.place, use);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Nobody gets the key of this session before {@link #endErasing}: what they would write could
   * never be read.
   *
   * @return false when somebody is writing with it
   */
  boolean beginErasing(String tenant, String session) {
    Place place = new Place(tenant, session);
    lock.lock();
    try {
      Use use = uses.get(place);
      return (use == null || use.users == 0) && erasing.add(place);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The transaction that erases a session's key is over.
   *
   * @param gone true when it was written
   */
  void endErasing(String tenant, String session, boolean gone) {
    Place place = new Place(tenant, session);
    lock.lock();
    try {
      erasing.remove(place);
      if (gone) {
        uses.remove(place);
      }
      erased.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Use known(Place place) {
    Use use = uses.get(place);
    if (use != null) {
      return use;
    }
    return stored
        .apply(place.tenant(), place.session())
        .map(wrapped -> new Use(place, keyring.unwrap(wrapped, context(place)), wrapped, true))
        .map(this::remember)
        .orElse(null);
  }

  private Use remember(Use use) {
    Iterator<Use> eldestFirst = uses.values().iterator();
    while (uses.size() >= KEPT && eldestFirst.hasNext()) {
      Use eldest = eldestFirst.next();
      if (eldest.durable && eldest.users == 0) {
        eldestFirst.remove();
      }
    }
    uses.put(use.place, use);
    return use;
  }

  /**
   * What a session's key is wrapped for. The last part says that the session's rows carry codes:
   * who can write the database cannot make an older session of it, whose rows carry none.
   */
  static byte[] context(String tenant, String session) {
    return Bodies.context(tenant, session, "codes");
  }

  private static byte[] context(Place place) {
    return context(place.tenant(), place.session());
  }
}
