package dev.assent.examples.finance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Makes the payment of one invoice wait at one point while a file says so, so that a kill can hit
 * exactly there. One process asks by {@link #ask}, the other waits in {@link #at}. Thread-safe.
 */
final class Hold {
  /** Where a payment can be made to wait. */
  enum Point {
    /** A person has decided; the intent is not written. */
    BEFORE_INTENT,
    /** The intent is written; nothing has happened outside. */
    BEFORE_EFFECT,
    /** It has happened outside; the result is not written. */
    AFTER_EFFECT
  }

  /** What a payment that waits does between two looks. */
  interface Pause {
    void take() throws InterruptedException;
  }

  private static final long LOOK_MILLIS = 20;

  private final Path asked;
  private final Path reached;
  private final Pause pause;

  /** The hold of this folder. */
  Hold(Path folder) {
    this(folder, () -> Thread.sleep(LOOK_MILLIS));
  }

  Hold(Path folder, Pause pause) {
    this.asked = folder.resolve("hold");
    this.reached = folder.resolve("held");
    this.pause = pause;
  }

  /** Waits here while this invoice is to be held at this point. */
  void at(Point point, String invoice) throws InterruptedException {
    String here = text(point, invoice);
    boolean told = false;
    while (here.equals(read(asked))) {
      if (!told) {
        write(reached, here);
        told = true;
      }
      pause.take();
    }
  }

  /** From now on this invoice waits at this point. */
  void ask(Point point, String invoice) {
    delete(reached);
    write(asked, text(point, invoice));
  }

  /** True once the payment waits where it was asked to. */
  boolean reached() {
    String where = read(asked);
    return !where.isEmpty() && where.equals(read(reached));
  }

  /** Nothing waits any more. */
  void release() {
    delete(asked);
    delete(reached);
  }

  private static String text(Point point, String invoice) {
    return point + " " + invoice;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A reader sees all of it or nothing. */
  private static void write(Path file, String text) {
    try {
      Path whole = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(whole, text);
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
