package dev.assent.core;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of payment cards: of a known issuer, with a right last digit. Stateless. */
final class CardNumbers {
  private static final int SHORTEST = 13;
  private static final int LONGEST = 19;
  private static final Pattern DIGITS =
      Pattern.compile("(?<![A-Za-z0-9])(?<![0-9]\\.)[0-9][0-9 -]{11,}[0-9](?![A-Za-z0-9])");

  private CardNumbers() {}

  /** Adds those of a text; the digits may stand in groups. */
  static void in(String text, List<SafeText.Secret> found) {
    Matcher run = DIGITS.matcher(text);
    while (run.find()) {
      int from = run.start();
      while (from < run.end()) {
        int end = card(text, from, run.end());
        if (end > 0) {
          found.add(new SafeText.Secret(from, end, "payment card number"));
        }
        from = end > 0 ? end : groupEnd(text, from, run.end());
        while (from < run.end() && !digit(text.charAt(from))) {
          from++;
        }
      }
    }
  }

  private static int groupEnd(String text, int from, int most) {
    int end = from;
    while (end < most && digit(text.charAt(end))) {
      end++;
    }
    return end;
  }

  /** Where the card number ends that begins here; 0 when none does. */
  private static int card(String text, int from, int most) {
    StringBuilder digits = new StringBuilder(LONGEST);
    int end = 0;
    for (int i = from; i < most && digits.length() < LONGEST; i++) {
      char c = text.charAt(i);
      if (digit(c)) {
        digits.append(c);
        boolean whole = i + 1 == most || !digit(text.charAt(i + 1));
        if (whole && digits.length() >= SHORTEST && issued(digits) && luhn(digits)) {
          end = i + 1;
        }
      } else if (!digit(text.charAt(i - 1))) {
        break; // two that part: another number
      }
    }
    return end;
  }

  /**
   * Whether an issuer gives out such numbers of this length.
   *
   * @see <a href="https://www.iso.org/standard/70484.html">ISO/IEC 7812-1</a>
   */
  private static boolean issued(CharSequence digits) {
    int length = digits.length();
    int two = Integer.parseInt(digits, 0, 2, 10);
    int four = Integer.parseInt(digits, 0, 4, 10);
    boolean visa = two / 10 == 4 && (length == 13 || length == 16 || length == 19);
    boolean mastercard = length == 16 && (two >= 51 && two <= 55 || four >= 2221 && four <= 2720);
    boolean amex = length == 15 && (two == 34 || two == 37);
    boolean diners =
        length == 14 && (two == 36 || two == 38 || four / 10 >= 300 && four / 10 <= 305);
    boolean discover =
        length >= 16 && (four == 6011 || two == 65 || four / 10 >= 644 && four / 10 <= 649);
    boolean others = length >= 16 && (two == 62 || two == 35);
    return visa || mastercard || amex || diners || discover || others;
  }

  private static boolean luhn(CharSequence digits) {
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int twice = 2 * digit;
      sum += i % 2 == 0 ? digit : twice > 9 ? twice - 9 : twice;
    }
    return sum % 10 == 0;
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }
}
