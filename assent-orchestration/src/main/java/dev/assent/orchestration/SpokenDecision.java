package dev.assent.orchestration;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A decision in a typed line. Immutable.
 *
 * @param approves yes or no
 * @param words the line as it was typed; of a no, the reason
 */
record SpokenDecision(boolean approves, String words) {
  private static final Set<String> YES = Set.of("approve", "approved", "y", "yes", "1");
  private static final Set<String> NO = Set.of("deny", "denied", "reject", "n", "no");

  /**
   * The decision in this line; empty when it is none. Only a word of approval alone approves; a no
   * may be followed by its reason.
   */
  static Optional<SpokenDecision> in(String line) {
    String words = line.strip();
    String plain = words.toLowerCase(Locale.ROOT);
    if (YES.contains(plain)) {
      return Optional.of(new SpokenDecision(true, words));
    }
    String first = plain.split("[\\s,.:;!]", 2)[0];
    return NO.contains(first) ? Optional.of(new SpokenDecision(false, words)) : Optional.empty();
  }
}
