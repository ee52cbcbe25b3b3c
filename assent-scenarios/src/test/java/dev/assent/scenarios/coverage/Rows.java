package dev.assent.scenarios.coverage;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Assent must do, row by row. Immutable.
 *
 * @param texts what each id means, in the order of the page
 * @param notes what a person wrote about rows whose tests do not say it all
 */
record Rows(Map<String, String> texts, Map<String, Note> notes) {
  private static final Pattern LINE = Pattern.compile("([ABCDX][1-9]\\d?) (\\S.*)");
  private static final Pattern NOTE = Pattern.compile("(partly|later): (\\S.*)");

  /** How far the tests of a row go, and why no further. */
  record Note(Extent extent, String why) {}

  enum Extent {
    /** There are tests, and something is missing. */
    PARTLY,
    /** Nothing is there yet, as planned. */
    LATER
  }

  /**
   * Reads both files.
   *
   * @throws IllegalArgumentException when a line is not understood, or an id is unknown or twice
   */
  static Rows read(List<String> rows, List<String> states) {
    Map<String, String> texts = lines(rows);
    Map<String, Note> notes = new LinkedHashMap<>();
    lines(states)
        .forEach(
            (id, text) -> {
              if (!texts.containsKey(id)) {
                throw new IllegalArgumentException("a state of an unknown row: " + id);
              }
              Matcher note = NOTE.matcher(text);
              if (!note.matches()) {
                throw new IllegalArgumentException("neither partly nor later: " + id + " " + text);
              }
              Extent extent = note.group(1).equals("partly") ? Extent.PARTLY : Extent.LATER;
              notes.put(id, new Note(extent, note.group(2)));
            });
    return new Rows(texts, notes);
  }

  private static Map<String, String> lines(List<String> file) {
    Map<String, String> lines = new LinkedHashMap<>();
    for (String text : file) {
      if (text.isBlank() || text.startsWith("#")) {
        continue;
      }
      Matcher line = LINE.matcher(text);
      if (!line.matches()) {
        throw new IllegalArgumentException("not an id and a text: " + text);
      }
      if (lines.put(line.group(1), line.group(2)) != null) {
        throw new IllegalArgumentException("twice: " + line.group(1));
      }
    }
    return lines;
  }
}
