package dev.assent.runtime;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a model has said so far in the turn that is under way. Thread-safe.
 *
 * <p>Everybody who reads keeps a place in it, so there is nothing to fill up: who is slow gets
 * longer pieces, and nobody can hold up the model.
 */
final class LiveText implements Consumer<String> {
  /** What is said beyond this is shown with the whole reply only. */
  static final int LONGEST = 1 << 18;

  /** A reader's place: how much of which try. Immutable; tries count from 1. */
  record Place(int tried, int offset) {
    static final Place START = new Place(1, 0);
  }

  /** What follows a place. Immutable; {@code at} is where it begins. */
  record Piece(Place at, String text) {
    Place end() {
      return new Place(at.tried(), at.offset() + text.length());
    }
  }

  private final long version;
  private final Runnable bell;
  private final StringBuilder said = new StringBuilder();
  private int tried = 1;

  LiveText(long version, Runnable bell) {
    this.version = version;
    this.bell = bell;
  }

  /** The run's version when the model was asked; the reply is in a later one. */
  long version() {
    return version;
  }

  @Override
  public void accept(String delta) {
    synchronized (this) {
      said.append(delta, 0, Math.min(delta.length(), LONGEST - said.length()));
    }
    bell.run();
  }

  /** The model is asked once more: what it said before does not count. */
  synchronized void again() {
    tried++;
    said.setLength(0);
  }

  /** What follows this place; absent when nothing does yet. */
  synchronized @Nullable Piece after(Place place) {
    int from = place.tried() == tried ? place.offset() : 0;
    int to = said.length();
    if (to > from && Character.isHighSurrogate(said.charAt(to - 1))) {
      // The other half of the character has not arrived.
      to--;
    }
    return to > from ? new Piece(new Place(tried, from), said.substring(from, to)) : null;
  }
}
