package dev.assent.core;

import java.util.List;

/**
 * A text that comes in pieces, with its secrets hidden: what may yet become part of a secret is
 * held back until more has come. Not thread-safe.
 *
 * <p>What is still held at the end is not told here: whoever reads pieces gets the whole
 * afterwards.
 */
public final class RedactedStream {
  private static final int CONTEXT = 2_048;
  private static final int LONGEST_WORD = 12;

  private final StringBuilder said = new StringBuilder();
  private int sent;

  /** Begins anew. */
  public void restart() {
    said.setLength(0);
    sent = 0;
  }

  /**
   * Takes the next piece.
   *
   * @return what can be shown now, from where the last one ended; empty when all is held back
   */
  public SafeText add(String piece, Redaction redaction) {
    said.append(piece);
    if (redaction.off()) {
      sent = said.length();
      return SafeText.of(piece);
    }
    int from = Math.max(0, sent - CONTEXT);
    String text = said.substring(from);
    List<SafeText.Secret> secrets = redaction.in(text);
    int until = settled(text, redaction);
    for (SafeText.Secret secret : secrets) {
      until = secret.to() >= until ? Math.min(until, secret.from()) : until;
    }
    int start = sent - from;
    if (until <= start) {
      return SafeText.of("");
    }
    int to = until;
    List<SafeText.Secret> here =
        secrets.stream()
            .filter(secret -> secret.to() > start && secret.to() <= to)
            .map(
                secret ->
                    new SafeText.Secret(
                        Math.max(0, secret.from() - start), secret.to() - start, secret.kind()))
            .toList();
    sent = from + until;
    return SafeText.of(text.substring(start, until), here);
  }

  /** How far the text cannot become part of something else any more. */
  private static int settled(String text, Redaction redaction) {
    int word = text.length();
    while (word > 0 && !Character.isWhitespace(text.charAt(word - 1))) {
      word--;
    }
    int held = harmless(text, word) ? text.length() : word;
    return Math.min(beforeDigits(text, held), redaction.begun(text));
  }

  /** A card's number stands in groups, of which the next may still come. */
  private static int beforeDigits(String text, int end) {
    int from = end;
    boolean digits = false;
    while (from > 0 && numeric(text.charAt(from - 1))) {
      from--;
      digits |= text.charAt(from) >= '0' && text.charAt(from) <= '9';
    }
    return digits ? from : end;
  }

  /** A short word as people write them, which nothing before it makes a secret. */
  private static boolean harmless(String text, int word) {
    int length = text.length() - word;
    if (length > LONGEST_WORD || afterName(text, word)) {
      return false;
    }
    String letters = text.substring(word);
    return letters.codePoints().allMatch(Character::isAlphabetic)
        && letters.codePoints().skip(1).noneMatch(Character::isUpperCase);
  }

  private static boolean afterName(String text, int word) {
    int before = word;
    while (before > 0 && Character.isWhitespace(text.charAt(before - 1))) {
      before--;
    }
    return before > 0 && before < text.length() && ":=>\"'".indexOf(text.charAt(before - 1)) >= 0;
  }

  private static boolean numeric(char c) {
    return c >= '0' && c <= '9' || c == ' ' || c == '-';
  }
}
