package dev.assent.policy;

import java.util.List;

/**
 * A name, or a pattern of names in which {@code *} stands for any characters, a slash too.
 * Immutable.
 */
record Glob(String pattern, List<String> pieces) {
  static Glob of(String pattern) {
    return new Glob(pattern, List.of(pattern.split("\\*", -1)));
  }

  /** True when it names one thing. */
  boolean exact() {
    return pieces.size() == 1;
  }

  boolean matches(String name) {
    if (exact()) {
      return name.equals(pattern);
    }
    String first = pieces.getFirst();
    String last = pieces.getLast();
    if (name.length() < first.length() + last.length()
        || !name.startsWith(first)
        || !name.endsWith(last)) {
      return false;
    }
    int from = first.length();
    int end = name.length() - last.length();
    for (String piece : pieces.subList(1, pieces.size() - 1)) {
      int at = name.indexOf(piece, from);
      if (at < 0 || at + piece.length() > end) {
        return false;
      }
      from = at + piece.length();
    }
    return true;
  }
}
