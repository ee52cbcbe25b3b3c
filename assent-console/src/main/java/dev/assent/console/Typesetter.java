package dev.assent.console;

import dev.assent.core.SafeText;
import java.util.ArrayList;
import java.util.List;

/**
 * Breaks text to the width of the screen. Immutable.
 *
 * <p>A continued line begins with a bar below the first character, so that no text can pass for a
 * line of the card.
 */
final class Typesetter {
  private static final int NARROWEST = 24;
  private static final int WIDEST = 120;
  private static final int LEAST_TEXT = 12;

  private final int width;
  private final boolean ascii;

  /**
   * @param columns of the terminal; the last one stays empty, because some terminals wrap there
   * @param ascii whether nothing but ASCII can be shown
   */
  Typesetter(int columns, boolean ascii) {
    this.width = Math.clamp(columns - 1L, NARROWEST, WIDEST);
    this.ascii = ascii;
  }

  boolean ascii() {
    return ascii;
  }

  /** Columns that are used. */
  int room() {
    return width;
  }

  /** Text of ours, broken between words, each line behind the same indent. */
  List<Line> ours(int indent, Style style, String text) {
    List<String> words = List.of(text.split(" "));
    return parts(indent, " ", words.stream().map(word -> new Line.Span(word, style)).toList());
  }

  /** Pieces that are not broken, as many on a line as fit. */
  List<Line> parts(int indent, String gap, List<Line.Span> parts) {
    List<Line> lines = new ArrayList<>();
    Line.Builder line = start(indent);
    boolean first = true;
    for (Line.Span part : parts) {
      int needs = Cells.width(part.text()) + (first ? 0 : gap.length());
      if (!first && line.width() + needs > width) {
        lines.add(line.build());
        line = start(indent);
        first = true;
      }
      if (!first) {
        line.add(gap, Style.PLAIN);
      }
      line.add(part.text(), part.style());
      first = false;
    }
    lines.add(line.build());
    return lines;
  }

  /**
   * A name in a column of its own and foreign text beside it, or below when that leaves no room.
   */
  List<Line> foreign(int indent, SafeText name, int nameWidth, SafeText text, Style style) {
    List<Cells.Cell> nameCells = Cells.of(name, Style.PLAIN, ascii);
    int needs = nameCells.stream().mapToInt(Cells.Cell::width).sum();
    int column = indent + Math.max(needs, nameWidth) + 2;
    if (column <= width - LEAST_TEXT && needs <= nameWidth) {
      Line.Builder first = start(indent);
      nameCells.forEach(cell -> first.add(cell.text(), cell.style()));
      first.add(" ".repeat(column - first.width()), Style.PLAIN);
      return wrapped(first, column, Cells.of(text, style, ascii));
    }
    List<Line> lines = new ArrayList<>(wrapped(start(indent), indent, nameCells));
    if (text.length() > 0) {
      lines.addAll(wrapped(bar(indent + 2), indent + 2, Cells.of(text, style, ascii)));
    }
    return lines;
  }

  /** Foreign text behind an indent. */
  List<Line> foreign(int indent, SafeText text, Style style) {
    return wrapped(start(indent), indent, Cells.of(text, style, ascii));
  }

  /** Foreign text that goes on after words of ours; continued behind the indent. */
  List<Line> foreignAfter(String ours, Style oursStyle, int indent, SafeText text, Style style) {
    Line.Builder first = new Line.Builder().add(ours, oursStyle);
    return wrapped(first, indent, Cells.of(text, style, ascii));
  }

  private List<Line> wrapped(Line.Builder first, int column, List<Cells.Cell> cells) {
    List<Line> lines = new ArrayList<>();
    Line.Builder line = first;
    for (int from = 0; from < cells.size(); ) {
      if (from > 0) {
        lines.add(line.build());
        line = bar(column);
      }
      int to = end(cells, from, width - line.width());
      for (Cells.Cell cell : cells.subList(from, to)) {
        line.add(cell.text(), cell.style());
      }
      from = to;
    }
    lines.add(line.build());
    return lines;
  }

  /**
   * Where a line ends that begins here: after a newline, else after a space, else where it must.
   */
  private static int end(List<Cells.Cell> cells, int from, int room) {
    int used = 0;
    int afterSpace = from;
    for (int i = from; i < cells.size(); i++) {
      used += cells.get(i).width();
      if (used > room) {
        return afterSpace > from ? afterSpace : Math.max(i, from + 1);
      }
      if (cells.get(i).newline()) {
        return i + 1;
      }
      if (cells.get(i).text().equals(" ")) {
        afterSpace = i + 1;
      }
    }
    return cells.size();
  }

  private Line.Builder bar(int indent) {
    return start(indent).add(ascii ? "| " : "│ ", Style.FAINT);
  }

  private static Line.Builder start(int indent) {
    return new Line.Builder().add(" ".repeat(indent), Style.PLAIN);
  }
}
