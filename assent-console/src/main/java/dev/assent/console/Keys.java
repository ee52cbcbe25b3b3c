package dev.assent.console;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;

/**
 * The keys of one question. Not thread-safe; nothing is read ahead, so no key of one question can
 * reach the next.
 */
final class Keys {
  static final int ESCAPE = 27;
  static final int INTERRUPT = 3;
  static final int END = 4;

  /** How long it must have been quiet before a key counts. */
  static final Duration GUARD = Duration.ofMillis(400);

  /** How long a deciding key must stand alone: a held key repeats sooner, and so does a typist. */
  static final Duration ALONE = Duration.ofMillis(150);

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration INSTANT = Duration.ofMillis(1);
  private static final Duration SEQUENCE = Duration.ofMillis(50);

  private final Tty tty;
  private final InstantSource clock;
  private final BooleanSupplier withdrawn;

  Keys(Tty tty, InstantSource clock, BooleanSupplier withdrawn) {
    this.tty = tty;
    this.clock = clock;
    this.withdrawn = withdrawn;
  }

  /** Thrown out of a question that somebody else has closed. */
  static final class WithdrawnException extends Exception {
    private static final long serialVersionUID = 1L;

    private WithdrawnException() {
      super("answered elsewhere or closed", null, false, false);
    }
  }

  /** Thrown out of a question that the person left, or whose terminal is gone. */
  static final class LeftException extends Exception {
    private static final long serialVersionUID = 1L;

    LeftException() {
      super("left unanswered", null, false, false);
    }
  }

  /** Forgets what was typed before now. */
  void drain() throws WithdrawnException, LeftException {
    while (taken(tty.read(INSTANT))) {
      look();
    }
  }

  /** Waits until no key has come for a while after the question was painted. */
  void guard() throws WithdrawnException, LeftException {
    long end = clock.millis() + GUARD.toMillis();
    while (true) {
      look();
      long left = end - clock.millis();
      if (taken(tty.read(left <= 0 ? INSTANT : Duration.ofMillis(left)))) {
        end = clock.millis() + GUARD.toMillis();
      } else if (left <= 0) {
        return;
      }
    }
  }

  /** The next key that is no part of an escape sequence. */
  int next() throws WithdrawnException, LeftException {
    while (true) {
      look();
      int key = tty.read(POLL);
      if (key == INTERRUPT || key == END) {
        throw new LeftException();
      }
      if (key == ESCAPE && !alone(SEQUENCE)) {
        // An arrow, a keypad key (which ends in a letter such as y) or a key with Alt.
        while (taken(tty.read(SEQUENCE))) {
          look();
        }
      } else if (taken(key)) {
        return key;
      }
    }
  }

  /** True when no other key but Enter follows the last one at once. */
  boolean alone() throws WithdrawnException, LeftException {
    boolean alone = alone(ALONE);
    while (!alone && taken(tty.read(ALONE))) {
      look();
    }
    look();
    return alone;
  }

  private boolean alone(Duration time) throws LeftException {
    int key = tty.read(time);
    while (key == '\r' || key == '\n') {
      key = tty.read(time);
    }
    if (key == INTERRUPT || key == END) {
      throw new LeftException();
    }
    return !taken(key);
  }

  private static boolean taken(int key) throws LeftException {
    if (key == Tty.CLOSED) {
      throw new LeftException();
    }
    return key != Tty.EXPIRED;
  }

  private void look() throws WithdrawnException {
    if (withdrawn.getAsBoolean()) {
      throw new WithdrawnException();
    }
  }
}
