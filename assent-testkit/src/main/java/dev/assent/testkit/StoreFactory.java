package dev.assent.testkit;

import dev.assent.core.spi.Store;
import dev.assent.runtime.InMemoryStore;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Opens the stores of scenarios. A store on a file, for example:
 *
 * <pre>{@code
 * (name, clock) -> SqliteStore.at(folder.resolve(name + ".db"), keys).clock(clock).open()
 * }</pre>
 */
@FunctionalInterface
public interface StoreFactory {
  /**
   * Opens the store of this name, or makes it; one that was closed has what was in it.
   *
   * @param name letters, digits and hyphens; each play of a scenario has its own
   * @param clock by which the store judges deadlines
   */
  Store open(String name, InstantSource clock);

  /** Stores in memory; closing one keeps what is in it. */
  static StoreFactory inMemory() {
    Map<String, InMemoryStore> all = new ConcurrentHashMap<>();
    return (name, clock) ->
        CrashingStore.around(all.computeIfAbsent(name, unused -> new InMemoryStore(clock))).store();
  }
}
