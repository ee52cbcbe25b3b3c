package dev.assent.console;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.Lock;

/** What a responder needs of a terminal. Used by whoever holds its {@link #turn}. */
interface Tty {

  /** No key came in time. */
  int EXPIRED = -2;

  /** No key will ever come. */
  int CLOSED = -1;

  /** Why nothing may be decided on it; empty when both ends are one terminal. */
  String whyNot();

  /** Held while a question is on it: responders that share a terminal ask one after the other. */
  Lock turn();

  /** From now on keys come one by one and are not shown; until the result is closed. */
  Raw raw();

  /**
   * Waits for a key.
   *
   * @param wait at least a millisecond
   * @return its code point, or {@link #EXPIRED}, or {@link #CLOSED}
   */
  int read(Duration wait);

  /** Shows text at once; {@code \n} begins a line. */
  void write(String text);

  /** Width now. */
  int columns();

  /** Height now. */
  int rows();

  /** Whether it takes colours and the person wants them. */
  boolean colour();

  /** Whether it can show nothing but ASCII. */
  boolean ascii();

  /** Whether the person has named an editor. */
  boolean hasEditor();

  /**
   * Gives the terminal to the person's editor until it ends.
   *
   * @return false when it failed
   * @throws IOException when it cannot be started
   */
  boolean edit(Path file) throws IOException;

  /** Whether the line that the cursor is on can be wiped. */
  boolean wipes();

  /** Gives the terminal back as it was. */
  interface Raw extends AutoCloseable {
    @Override
    void close();
  }
}
