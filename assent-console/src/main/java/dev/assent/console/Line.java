package dev.assent.console;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of the screen, not wider than it. Immutable.
 *
 * @param spans from left to right
 */
record Line(List<Span> spans) {

  /** Text of one look; holds visible characters and U+0020 only. */
  record Span(String text, Style style) {}

  Line {
    spans = List.copyOf(spans);
  }

  static Line of(Style style, String text) {
    return new Line(List.of(new Span(text, style)));
  }

  /** What is written to the terminal. */
  String paint(boolean colour) {
    StringBuilder out = new StringBuilder();
    for (Span span : spans) {
      out.append(colour ? span.style().paint(span.text()) : span.text());
    }
    return out.toString();
  }

  /** Columns that it takes. */
  int width() {
    return spans.stream().mapToInt(span -> Cells.width(span.text())).sum();
  }

  /** Collects one line; not thread-safe. */
  static final class Builder {
    private final List<Span> spans = new ArrayList<>();
    private int width;

    Builder add(String text, Style style) {
      spans.add(new Span(text, style));
      width += Cells.width(text);
      return this;
    }

    /** Columns taken so far. */
    int width() {
      return width;
    }

    Line build() {
      return new Line(spans);
    }
  }
}
