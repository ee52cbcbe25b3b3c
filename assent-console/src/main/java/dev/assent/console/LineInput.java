package dev.assent.console;

import dev.assent.core.SafeText;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Takes a line of text from keys, on every kind of terminal. Not thread-safe. */
final class LineInput {
  private static final int KILL = 21;
  private static final int INDENT = 3;

  private final Tty tty;
  private final Keys keys;
  private final boolean secret;
  private final StringBuilder text = new StringBuilder();
  private int column;

  LineInput(Tty tty, Keys keys) {
    this(tty, keys, false);
  }

  /**
   * @param secret nothing of what is typed is shown, not even how much
   */
  LineInput(Tty tty, Keys keys, boolean secret) {
    this.tty = tty;
    this.keys = keys;
    this.secret = secret;
  }

  /**
   * Shows what is asked and waits for Enter.
   *
   * @return what was typed, possibly nothing; empty when Escape took it back
   */
  Optional<String> read(List<Line> label) throws Keys.WithdrawnException, Keys.LeftException {
    label.forEach(line -> tty.write("\n" + line.paint(tty.colour())));
    tty.write("\n");
    again();
    while (true) {
      int key = keys.next();
      switch (key) {
        case '\r', '\n' -> {
          tty.write("\n");
          return Optional.of(secret ? text.toString() : text.toString().strip());
        }
        case Keys.ESCAPE -> {
          tty.write("\n");
          return Optional.empty();
        }
        case '\b', 127 -> back();
        case KILL -> {
          text.setLength(0);
          tty.write("\n");
          again();
        }
        default -> type(key);
      }
    }
  }

  private void type(int key) {
    if (Character.isISOControl(key) || (key >= 0xD800 && key <= 0xDFFF)) {
      return;
    }
    text.appendCodePoint(key);
    show(key);
  }

  private void back() {
    if (text.isEmpty()) {
      return;
    }
    int last = text.codePointBefore(text.length());
    int width = Cells.width(shown(last));
    text.setLength(text.length() - Character.charCount(last));
    if (secret) {
      return;
    }
    if (width > 0 && column - width >= INDENT) {
      tty.write("\b \b".repeat(width));
      column -= width;
    } else {
      tty.write("\n");
      again();
    }
  }

  private void again() {
    column = INDENT;
    tty.write(" > ");
    text.codePoints().forEach(this::show);
  }

  private void show(int key) {
    String shown = shown(key);
    int width = Cells.width(shown);
    if (column + width >= tty.columns()) {
      tty.write("\n" + " ".repeat(INDENT));
      column = INDENT;
    }
    tty.write(shown);
    column += width;
  }

  /** What cannot be seen, or not be shown here, is named; what is sent is what was typed. */
  private String shown(int key) {
    if (secret) {
      return "";
    }
    return Cells.of(SafeText.of(Character.toString(key)), Style.PLAIN, tty.ascii()).stream()
        .map(Cells.Cell::text)
        .collect(Collectors.joining());
  }
}
