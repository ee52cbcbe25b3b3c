package dev.assent.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A terminal without a person: keys come at times of its own clock, which moves only while somebody
 * waits for a key. When all keys are used up nobody presses any, and {@link #hangUp} ends it some
 * seconds later.
 */
final class TestingTty implements Tty, InstantSource {
  static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

  /** Longer than every guard; a key after such a pause is meant. */
  static final int PAUSE = 1000;

  private static final Pattern OURS = Pattern.compile("\u001b\\[[0-9;]*[mKA]");

  private record Key(long at, Supplier<Integer> code) {}

  private final Deque<Key> keys = new ArrayDeque<>();
  private final StringBuilder written = new StringBuilder();
  private long now = START.toEpochMilli();
  private long lastKey = now;
  private long closedAt = Long.MAX_VALUE;
  private final Lock turn = new ReentrantLock();
  private int raw;
  int columns = 120;
  int rows = 40;
  boolean colour;
  boolean ascii;
  String whyNot = "";

  /** What the person makes of a file's text. */
  @Nullable BiFunction<Path, String, String> editor;

  /** A key so many milliseconds after the one before. */
  TestingTty key(int pause, int code) {
    return key(pause, () -> code);
  }

  TestingTty key(int pause, Supplier<Integer> code) {
    lastKey += pause;
    keys.add(new Key(lastKey, code));
    return this;
  }

  /** Each character of it after a pause, so that each is meant. */
  TestingTty press(String each) {
    each.codePoints().forEach(code -> key(PAUSE, code));
    return this;
  }

  /** All of it as fast as somebody types, or pastes. */
  TestingTty type(String text) {
    text.codePoints().forEach(code -> key(20, code));
    return this;
  }

  /** Nobody is there any more, a pause after the last key. */
  TestingTty hangUp() {
    closedAt = lastKey + 10_000;
    return this;
  }

  /** What was written, without the codes for colours and wiping that we use. */
  String screen() {
    return OURS.matcher(written).replaceAll("");
  }

  String written() {
    return written.toString();
  }

  /** How many keys nobody has read. */
  int unread() {
    return keys.size();
  }

  boolean isRaw() {
    return raw > 0;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(now);
  }

  @Override
  public int read(Duration wait) {
    if (wait.toMillis() < 1) {
      throw new IllegalArgumentException("would wait for ever");
    }
    if (raw == 0) {
      throw new IllegalStateException("read outside of a question");
    }
    long until = now + wait.toMillis();
    Key next = keys.peek();
    if (next != null && next.at() <= until) {
      keys.remove();
      now = Math.max(now, next.at());
      return next.code().get();
    }
    now = until;
    return now >= closedAt ? CLOSED : EXPIRED;
  }

  /** Time passes without anybody waiting, as when the machine is busy. */
  void stall(int millis) {
    now += millis;
  }

  @Override
  public Lock turn() {
    return turn;
  }

  @Override
  public Raw raw() {
    raw++;
    return () -> raw--;
  }

  @Override
  public void write(String text) {
    written.append(text);
  }

  @Override
  public String whyNot() {
    return whyNot;
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public boolean colour() {
    return colour;
  }

  @Override
  public boolean ascii() {
    return ascii;
  }

  @Override
  public boolean hasEditor() {
    return editor != null;
  }

  @Override
  public boolean edit(Path file) throws IOException {
    if (raw == 0) {
      throw new IllegalStateException("edits outside of a question");
    }
    String after = Objects.requireNonNull(editor).apply(file, Files.readString(file));
    Files.writeString(file, after);
    return true;
  }

  @Override
  public boolean wipes() {
    return colour;
  }
}
