package dev.assent.policy;

import com.google.re2j.Pattern;
import dev.assent.core.SafeText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What conditions ask about text. Thread-safe; the time is linear in the text. */
final class Texts {
  private static final int MOST_PATTERNS = 1_000;
  private static final int LONGEST_PATTERN = 500;
  private static final int MOST_ITEMS = 10_000;
  private static final int MOST_STEPS = 2_000;
  private static final Map<String, Pattern> PATTERNS = new ConcurrentHashMap<>();

  private Texts() {}

  /**
   * True when a piece of the text fits; RE2, which never backtracks.
   *
   * @throws IllegalArgumentException when it is no pattern, or too big a one
   */
  static boolean matches(String text, String pattern) {
    Pattern known = PATTERNS.get(pattern);
    if (known == null) {
      known = compile(pattern);
      if (PATTERNS.size() < MOST_PATTERNS) {
        PATTERNS.put(pattern, known);
      }
    }
    Work.spend(text.length() * 4L);
    return known.matcher(text).find();
  }

  private static Pattern compile(String pattern) {
    if (pattern.length() > LONGEST_PATTERN) {
      throw new IllegalArgumentException("a pattern of more than " + LONGEST_PATTERN + " letters");
    }
    Pattern compiled = Pattern.compile(pattern);
    if (compiled.programSize() > MOST_STEPS) {
      throw new IllegalArgumentException("a pattern of more than " + MOST_STEPS + " steps");
    }
    return compiled;
  }

  /** True when it has characters that nobody sees. */
  static boolean hidden(String text) {
    Work.spend(text.length());
    return SafeText.of(text).hasHidden();
  }

  /** What is seen of it, stripped. */
  static String visible(String text) {
    Work.spend(text.length());
    StringBuilder seen = new StringBuilder();
    for (SafeText.Segment segment : SafeText.of(text).segments()) {
      if (segment instanceof SafeText.Plain plain) {
        seen.append(plain.text());
      }
    }
    return seen.toString().strip();
  }

  /** True when a text or name anywhere inside holds one of the words, in any case. */
  static boolean mentions(@Nullable Object where, Collection<?> words) {
    List<String> wanted =
        words.stream().map(word -> ((String) word).toLowerCase(Locale.ROOT)).toList();
    return holds(where, wanted);
  }

  private static boolean holds(@Nullable Object where, List<String> wanted) {
    if (where instanceof String text) {
      Work.spend((long) text.length() * wanted.size());
      String seen = visible(text).toLowerCase(Locale.ROOT);
      return wanted.stream().anyMatch(seen::contains);
    }
    if (where instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .anyMatch(entry -> holds(entry.getKey(), wanted) || holds(entry.getValue(), wanted));
    }
    return where instanceof Collection<?> items
        && items.stream().anyMatch(item -> holds(item, wanted));
  }

  /** Both texts, as long as the result is no bomb. */
  static String joined(String a, String b) {
    if ((long) a.length() + b.length() > Work.MOST_TEXT) {
      throw Work.giveUp();
    }
    Work.spend((long) a.length() + b.length());
    return a + b;
  }

  /** Both lists, as long as the result is no bomb. */
  static List<Object> joined(List<?> a, List<?> b) {
    if (a.size() + b.size() > MOST_ITEMS) {
      throw Work.giveUp();
    }
    Work.spend((a.size() + b.size()) / 8L);
    List<Object> both = new ArrayList<>(a.size() + b.size());
    both.addAll(a);
    both.addAll(b);
    return both;
  }
}
