package dev.assent.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * The one way in which foreign text is shown to a person: what cannot be seen is named instead of
 * obeyed.
 *
 * <p>Immutable. The text is a list of segments: {@link Plain} text that may be shown as it is
 * (escape it for the medium all the same: HTML, Markdown, a shell), {@link Hidden} code points of
 * which only the number may be shown, and, where a {@link Redaction} made it, {@link Redacted}
 * secrets. Hidden are:
 *
 * <ul>
 *   <li>controls, CR, TAB, ESC and newline included (a renderer may break the line after showing a
 *       newline);
 *   <li>format characters: bidirectional overrides and isolates, zero-width characters and joiners
 *       (also in emoji: safe over pretty), soft hyphens, byte order marks, tags;
 *   <li>line and paragraph separators and every blank but U+0020, also those that are not called
 *       blank (Hangul fillers, the empty Braille pattern, blank hieroglyphs, the null notehead);
 *   <li>variation selectors and all other characters that Unicode calls default-ignorable;
 *   <li>lone surrogates, private use, noncharacters and unassigned characters. What is unassigned
 *       depends on the Unicode version of the running JDK: a character newer than the JDK is
 *       hidden;
 *   <li>combining marks beyond the {@value #MAX_MARKS}th in a row, and those with nothing visible
 *       before them, which would join the text around.
 * </ul>
 *
 * <p>Look-alike letters of other alphabets are visible characters and are shown.
 *
 * @see <a href="https://www.unicode.org/reports/tr36/">UTR 36, Unicode Security Considerations</a>
 * @see <a href="https://trojansource.codes/">Trojan Source</a>
 */
public final class SafeText {

  /** How many combining marks in a row are shown on one base character. */
  public static final int MAX_MARKS = 4;

  private static final String MARKER = "<U+";
  private static final String BRACKET = "[secret: ";

  private final List<Segment> segments;
  private final int length;

  private SafeText(List<Segment> segments, int length) {
    this.segments = List.copyOf(segments);
    this.length = length;
  }

  /** A piece of the text. */
  public sealed interface Segment permits Plain, Hidden, Redacted {}

  /**
   * Visible characters and U+0020 only.
   *
   * @param text never empty
   */
  public record Plain(String text) implements Segment {}

  /**
   * One character that must not be shown as itself.
   *
   * @param codePoint its number; U+000A is a newline
   */
  public record Hidden(int codePoint) implements Segment {

    /** Its name in plain text, such as {@code <U+202E>}. */
    @Override
    public String toString() {
      return "<U+%04X>".formatted(codePoint);
    }
  }

  /**
   * A secret that stands here and is not shown, see {@link Redaction}.
   *
   * @param kind what it looks like, in words of ours, such as {@code AWS access key}
   * @param length how many characters (code points) it has
   * @param unseen how many of them would be {@link Hidden}: a secret hides nothing else
   * @param hidden which those are, each once
   */
  public record Redacted(String kind, int length, int unseen, List<Hidden> hidden)
      implements Segment {
    public Redacted {
      hidden = List.copyOf(hidden);
    }

    static Redacted of(String secret, String kind) {
      SafeText whole = SafeText.of(secret);
      List<Hidden> all =
          whole.segments().stream()
              .filter(Hidden.class::isInstance)
              .map(Hidden.class::cast)
              .toList();
      return new Redacted(kind, whole.length(), all.size(), all.stream().distinct().toList());
    }

    /** In plain text, such as {@code [secret: AWS access key, 20 characters]}. */
    @Override
    public String toString() {
      StringBuilder out = new StringBuilder(BRACKET).append(kind).append(", ");
      out.append(String.format(Locale.ROOT, "%,d", length));
      out.append(length == 1 ? " character" : " characters");
      if (unseen > 0) {
        out.append(", ").append(unseen).append(" of them hidden:");
        hidden.forEach(each -> out.append(' ').append(each));
      }
      return out.append(']').toString();
    }
  }

  /**
   * The beginning of a text, and how much is missing.
   *
   * @param shown what may be shown
   * @param more how many characters (code points) follow that are not in {@code shown}; 0 means
   *     that this is the whole
   */
  public record Excerpt(SafeText shown, int more) {

    /** Whether nothing was cut. */
    public boolean whole() {
      return more == 0;
    }

    /**
     * What to show after the text, such as {@code … (9,760 more characters)}; empty when nothing
     * was cut. Set it apart from the text where the medium can: foreign text may imitate it.
     */
    public String note() {
      return switch (more) {
        case 0 -> "";
        case 1 -> "… (1 more character)";
        default -> String.format(Locale.ROOT, "… (%,d more characters)", more);
      };
    }

    /** The text with its note in one line. */
    @Override
    public String toString() {
      return shown + note();
    }
  }

  /** Makes foreign text safe to show. Any string is allowed, also one that is not valid Unicode. */
  public static SafeText of(String text) {
    Objects.requireNonNull(text, "text");
    return new Sorter(text).sort();
  }

  /**
   * The same with these places redacted.
   *
   * @param secrets in order, not overlapping
   */
  static SafeText of(String text, List<Secret> secrets) {
    Joined joined = join();
    int from = 0;
    for (Secret secret : secrets) {
      joined.add(text.substring(from, secret.from()));
      joined.add(Redacted.of(text.substring(secret.from(), secret.to()), secret.kind()));
      from = secret.to();
    }
    return joined.add(text.substring(from)).text();
  }

  /** A place in a text where a secret stands: from here to before there, in UTF-16 units. */
  record Secret(int from, int to, String kind) {}

  /** Begins a text that is put together. */
  public static Joined join() {
    return new Joined();
  }

  /** A text that is put together. Not thread-safe. */
  public static final class Joined {
    private final List<Segment> segments = new ArrayList<>();
    private final StringBuilder pending = new StringBuilder();
    private int length;

    private Joined() {}

    /** More text, which may be hostile. */
    public Joined add(String text) {
      pending.append(text);
      return this;
    }

    /** A secret. */
    Joined add(Redacted secret) {
      flush();
      segments.add(secret);
      length += secret.length();
      return this;
    }

    /** What has been redacted already. */
    public Joined add(SafeText text) {
      flush();
      put(text);
      return this;
    }

    /** What it has become. */
    public SafeText text() {
      flush();
      return new SafeText(segments, length);
    }

    private void flush() {
      put(SafeText.of(pending.toString()));
      pending.setLength(0);
    }

    private void put(SafeText text) {
      for (Segment next : text.segments) {
        if (next instanceof Plain plain
            && !segments.isEmpty()
            && segments.getLast() instanceof Plain before) {
          segments.set(segments.size() - 1, new Plain(before.text() + plain.text()));
        } else {
          segments.add(next);
        }
      }
      length += text.length;
    }
  }

  /** Whether a character of the text between others shows nothing and parts nothing. */
  static boolean ignorable(int codePoint) {
    return Character.getType(codePoint) == Character.FORMAT || Sorter.blank(codePoint);
  }

  /** The pieces in order; empty for an empty text. Two {@link Plain} never follow each other. */
  public List<Segment> segments() {
    return segments;
  }

  /** How many characters (code points) the original has, hidden ones included. */
  public int length() {
    return length;
  }

  /** Whether anything is hidden, also inside of what is redacted. */
  public boolean hasHidden() {
    return segments.stream()
        .anyMatch(
            segment ->
                switch (segment) {
                  case Hidden hidden -> true;
                  case Redacted redacted -> redacted.unseen() > 0;
                  case Plain plain -> false;
                });
  }

  /** Whether anything is redacted. */
  public boolean hasSecrets() {
    return segments.stream().anyMatch(Redacted.class::isInstance);
  }

  /**
   * The first characters, with the number of those left out; never cuts silently. A redacted secret
   * is kept whole, so that there may be more than asked for.
   *
   * @param maxCodePoints how many characters (code points) to keep, hidden ones included
   * @throws IllegalArgumentException if it is negative
   */
  public Excerpt cut(int maxCodePoints) {
    if (maxCodePoints < 0) {
      throw new IllegalArgumentException(
          "Cannot keep " + maxCodePoints + " characters; pass 0 or more.");
    }
    if (length <= maxCodePoints) {
      return new Excerpt(this, 0);
    }
    List<Segment> kept = new ArrayList<>();
    int left = maxCodePoints;
    int whole = maxCodePoints;
    for (int i = 0; left > 0; i++) {
      Segment segment = segments.get(i);
      switch (segment) {
        case Hidden hidden -> {
          kept.add(hidden);
          left--;
        }
        case Redacted secret -> {
          kept.add(secret);
          whole += Math.max(0, secret.length() - left);
          left -= Math.min(left, secret.length());
        }
        case Plain plain -> {
          String text = plain.text();
          int count = text.codePointCount(0, text.length());
          kept.add(
              count <= left
                  ? plain
                  : new Plain(text.substring(0, text.offsetByCodePoints(0, left))));
          left -= Math.min(left, count);
        }
      }
    }
    return new Excerpt(new SafeText(kept, whole), length - whole);
  }

  /**
   * One line of plain text with {@code <U+202E>} in place of a hidden character.
   *
   * <p>Nobody can write such a mark: a {@code <} that stands before a literal {@code U+} is itself
   * shown as {@code <U+003C>}, so the literal text {@code <U+202E>} reads {@code <U+003C>U+202E>},
   * and the original can always be told. In the same way nobody can write {@code [secret: }.
   */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(length + 16);
    for (Segment segment : segments) {
      switch (segment) {
        case Plain plain ->
            out.append(
                plain.text().replace(MARKER, "<U+003C>U+").replace(BRACKET, "<U+005B>secret: "));
        case Hidden hidden -> out.append(hidden);
        case Redacted secret -> out.append(secret);
      }
    }
    return out.toString();
  }

  /**
   * The original text in which words stand for each secret: for programs. It may be hostile, and
   * anybody can write such words.
   */
  public String masked() {
    StringBuilder out = new StringBuilder(length + 16);
    for (Segment segment : segments) {
      switch (segment) {
        case Plain plain -> out.append(plain.text());
        case Hidden hidden -> out.appendCodePoint(hidden.codePoint());
        case Redacted secret -> out.append(secret);
      }
    }
    return out.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SafeText that && segments.equals(that.segments);
  }

  @Override
  public int hashCode() {
    return segments.hashCode();
  }

  /** One pass that sorts characters into visible and hidden. */
  private static final class Sorter {
    private final String text;
    private final List<Segment> segments = new ArrayList<>();
    private int plainFrom;
    private int marks = MAX_MARKS;
    private int length;

    Sorter(String text) {
      this.text = text;
    }

    SafeText sort() {
      for (int i = 0; i < text.length(); length++) {
        int codePoint = text.codePointAt(i);
        int next = i + Character.charCount(codePoint);
        if (!visible(codePoint)) {
          plainUntil(i);
          segments.add(new Hidden(codePoint));
          plainFrom = next;
        }
        i = next;
      }
      plainUntil(text.length());
      return new SafeText(segments, length);
    }

    private void plainUntil(int end) {
      if (plainFrom < end) {
        segments.add(new Plain(text.substring(plainFrom, end)));
      }
    }

    private boolean visible(int codePoint) {
      if (codePoint >= ' ' && codePoint < 0x7F) {
        marks = codePoint == ' ' ? MAX_MARKS : 0;
        return true;
      }
      int type = Character.getType(codePoint);
      if (invisible(type, codePoint)) {
        marks = MAX_MARKS;
        return false;
      }
      return switch (type) {
        case Character.NON_SPACING_MARK,
            Character.ENCLOSING_MARK,
            Character.COMBINING_SPACING_MARK ->
            marks++ < MAX_MARKS;
        default -> {
          marks = 0;
          yield true;
        }
      };
    }

    private static boolean invisible(int type, int codePoint) {
      return switch (type) {
        case Character.CONTROL,
            Character.FORMAT,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR,
            Character.SPACE_SEPARATOR,
            Character.UNASSIGNED,
            Character.PRIVATE_USE,
            Character.SURROGATE ->
            true;
        default -> blank(codePoint);
      };
    }

    /**
     * Letters, marks and symbols that show nothing; the rest of Default_Ignorable_Code_Point is in
     * the categories.
     */
    private static boolean blank(int c) {
      return switch (c) {
        case 0x034F, // combining grapheme joiner
            0x115F, // Hangul fillers
            0x1160,
            0x3164,
            0xFFA0,
            0x17B4, // Khmer inherent vowels
            0x17B5,
            0x2800, // empty Braille pattern
            0xFFFC, // object replacement
            0x13441, // blank hieroglyphs
            0x13442,
            0x16FE4, // Khitan filler
            0x1D159 -> // null notehead
            true;
        default ->
            c >= 0x180B && c <= 0x180F // Mongolian variation selectors
                || c >= 0xFE00 && c <= 0xFE0F // variation selectors
                || c >= 0xE0000 && c <= 0xE0FFF; // tags, more variation selectors, reserved
      };
    }
  }
}
