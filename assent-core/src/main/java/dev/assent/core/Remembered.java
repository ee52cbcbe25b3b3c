package dev.assent.core;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;

/**
 * Keeps what was computed of a few immutable objects, known again by identity. Thread-safe; an
 * object that shares its place with another is computed again.
 */
final class Remembered<K, V> {
  private record Entry<K, V>(K key, V value) {}

  private final AtomicReferenceArray<Entry<K, V>> places;
  private final Function<K, V> compute;

  /**
   * @param places how many are kept, a power of two
   */
  Remembered(int places, Function<K, V> compute) {
    this.places = new AtomicReferenceArray<>(places);
    this.compute = compute;
  }

  @SuppressWarnings("ReferenceEquality") // equal objects are seldom worth comparing
  V of(K key) {
    int place = System.identityHashCode(key) & (places.length() - 1);
    Entry<K, V> known = places.get(place);
    if (known == null || known.key() != key) {
      known = new Entry<>(key, compute.apply(key));
      places.set(place, known);
    }
    return known.value();
  }
}
