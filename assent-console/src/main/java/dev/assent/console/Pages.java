package dev.assent.console;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Lines that are shown a screenful at a time, above a prompt. Not thread-safe. */
final class Pages {
  private static final int LEAST = 4;
  private static final int PROMPT_ROWS = 3;
  private static final String WIPE = "\r\u001b[K";
  private static final String UP = "\u001b[A";

  private final Tty tty;
  private final Deque<Line> waiting = new ArrayDeque<>();
  private int cardLines;
  private int promptRows;
  private int promptColumns;

  Pages(Tty tty) {
    this.tty = tty;
  }

  Typesetter typesetter() {
    return new Typesetter(tty.columns(), tty.ascii());
  }

  /** The card comes first. */
  void card(List<Line> lines) {
    waiting.addAll(lines);
    cardLines = lines.size();
  }

  /** Details come after what is left of the card; asked for again they begin anew. */
  void details(List<Line> lines) {
    while (waiting.size() > cardLines) {
      waiting.removeLast();
    }
    waiting.addAll(lines);
  }

  /** Whether lines are left. */
  boolean more() {
    return !waiting.isEmpty();
  }

  /** Whether every line of the card has been on the screen. */
  boolean wholeCardShown() {
    return cardLines == 0;
  }

  /** Shows the next screenful. */
  void turn() {
    List<Line> page = new ArrayList<>();
    int room = Math.max(LEAST, tty.rows() - PROMPT_ROWS - 1);
    while (page.size() < room && !waiting.isEmpty()) {
      page.add(waiting.removeFirst());
      cardLines = Math.max(0, cardLines - 1);
    }
    say(page);
  }

  /** Shows lines in place of the prompt. */
  void say(List<Line> lines) {
    wipePrompt();
    StringBuilder out = new StringBuilder();
    for (Line line : lines) {
      out.append(line.paint(tty.colour())).append('\n');
    }
    tty.write(out.toString());
  }

  /** Shows what can be chosen; the cursor stays behind it. */
  void prompt(List<Choice> choices) {
    ask(choices.stream().map(Choice::label).toList());
  }

  /** The same with labels alone. */
  void ask(List<String> labels) {
    List<Line.Span> parts = new ArrayList<>();
    if (more()) {
      int left = waiting.size();
      parts.add(
          new Line.Span(
              "[space] " + left + (left == 1 ? " more line" : " more lines"), Style.STRONG));
    }
    labels.forEach(label -> parts.add(new Line.Span(label, Style.PLAIN)));
    Line.Span last = parts.removeLast();
    parts.add(new Line.Span(last.text() + " > ", last.style()));
    List<Line> lines = typesetter().parts(1, "  ", parts);
    StringBuilder out = new StringBuilder();
    for (Line line : lines) {
      out.append(out.isEmpty() ? "" : "\n").append(line.paint(tty.colour()));
    }
    promptRows = lines.size();
    promptColumns = tty.columns();
    tty.write(out.toString());
  }

  /** Leaves the prompt where it is: something is typed below it. */
  void promptStays() {
    promptRows = 0;
  }

  /** Takes the prompt away where the terminal can, else ends its line. */
  void wipePrompt() {
    if (promptRows == 0) {
      return;
    }
    // After a change of size nobody knows where the prompt begins.
    tty.write(
        tty.wipes() && promptColumns == tty.columns()
            ? WIPE + (UP + WIPE).repeat(promptRows - 1)
            : "\n");
    promptRows = 0;
  }
}
