package dev.assent.console;

import dev.assent.core.SafeText;
import java.util.ArrayList;
import java.util.List;
import org.jline.utils.WCWidth;

/** Cuts safe text into pieces that a line break may not part, and knows their widths. Stateless. */
final class Cells {
  private static final int LAST_ASCII = '~';

  private Cells() {}

  /**
   * A visible character with the marks on it, or the name of a hidden one.
   *
   * @param newline whether it names a line feed, after which a line may end
   */
  record Cell(String text, int width, Style style, boolean newline) {}

  /** The whole text in order; {@code ascii} names every character outside of ASCII as well. */
  static List<Cell> of(SafeText text, Style style, boolean ascii) {
    List<Cell> cells = new ArrayList<>();
    for (SafeText.Segment segment : text.segments()) {
      switch (segment) {
        case SafeText.Hidden hidden -> cells.add(mark(hidden));
        case SafeText.Plain plain -> plain(plain.text(), style, ascii, cells);
        case SafeText.Redacted secret -> redacted(secret, cells);
      }
    }
    return cells;
  }

  /** Columns that visible text takes. */
  static int width(String text) {
    return text.codePoints().map(Cells::width).sum();
  }

  private static void plain(String text, Style style, boolean ascii, List<Cell> cells) {
    for (int i = 0; i < text.length(); ) {
      int first = text.codePointAt(i);
      if (first > LAST_ASCII && ascii) {
        cells.add(mark(new SafeText.Hidden(first)));
        i += Character.charCount(first);
      } else if (text.startsWith("<U+", i)) {
        // As SafeText does: nobody else can write such a mark.
        cells.add(mark(new SafeText.Hidden('<')));
        i++;
      } else if (text.startsWith("[secret: ", i)) {
        cells.add(mark(new SafeText.Hidden('[')));
        i++;
      } else {
        int end = ascii ? i + 1 : clusterEnd(text, i);
        String piece = text.substring(i, end);
        cells.add(new Cell(piece, width(piece), style, false));
        i = end;
      }
    }
  }

  private static int clusterEnd(String text, int start) {
    int end = start + Character.charCount(text.codePointAt(start));
    while (end < text.length() && width(text.codePointAt(end)) == 0) {
      end += Character.charCount(text.codePointAt(end));
    }
    return end;
  }

  /** In words of ours, which may break where they have a space. */
  private static void redacted(SafeText.Redacted secret, List<Cell> cells) {
    secret
        .toString()
        .codePoints()
        .forEach(c -> cells.add(new Cell(Character.toString(c), 1, Style.MARK, false)));
  }

  private static Cell mark(SafeText.Hidden hidden) {
    String name = hidden.toString();
    return new Cell(name, name.length(), Style.MARK, hidden.codePoint() == '\n');
  }

  private static int width(int codePoint) {
    return Math.max(0, WCWidth.wcwidth(codePoint));
  }
}
