package dev.assent.core;

import java.math.BigDecimal;

/**
 * A JSON number by its exact text; immutable. It never passes through floating point.
 *
 * <p>Limits: at most {@value #MAX_DIGITS} significant digits (from the first to the last that is
 * not zero), an exponent as written and of the value ({@code d.ddd} times ten to the exponent)
 * within plus or minus {@value #MAX_EXPONENT}, at most {@value #MAX_LENGTH} characters.
 *
 * @param text as written, such as {@code 1.50} or {@code 1e3}
 */
public record JsonNumber(String text) implements Json {

  /** The most significant digits that a number may have. */
  public static final int MAX_DIGITS = 64;

  /** The largest absolute decimal exponent. */
  public static final int MAX_EXPONENT = 64;

  /** The longest text of a number, zeros included, in characters. */
  public static final int MAX_LENGTH = 256;

  /**
   * Makes a number of its text.
   *
   * @throws MalformedJsonException if the text is not a JSON number, or beyond the limits
   */
  public JsonNumber {
    new Scan(text).check();
  }

  /** The exact value. */
  public BigDecimal decimal() {
    return new BigDecimal(text);
  }

  /** Whether the other number is the same decimal, as 1 and 1.0 are. */
  public boolean sameValue(JsonNumber other) {
    return decimal().compareTo(other.decimal()) == 0;
  }

  /**
   * The value as a {@code long}.
   *
   * @throws MalformedJsonException if it has a fraction or does not fit
   */
  public long toLong() {
    try {
      return decimal().longValueExact();
    } catch (ArithmeticException e) {
      throw new MalformedJsonException(
          "The number " + text + " is not a whole number of 64 bits. Send one without a fraction.",
          e);
    }
  }

  /**
   * The value as an {@code int}.
   *
   * @throws MalformedJsonException if it has a fraction or does not fit
   */
  public int toInt() {
    try {
      return decimal().intValueExact();
    } catch (ArithmeticException e) {
      throw new MalformedJsonException(
          "The number " + text + " is not a whole number of 32 bits. Send one without a fraction.",
          e);
    }
  }

  @Override
  public String toString() {
    return text;
  }

  /**
   * One pass over the text: the grammar of RFC 8259, digits and exponents counted without
   * arithmetic on them.
   */
  private static final class Scan {
    private final String text;
    private int position;
    private int digits;
    private int firstNonZero = -1;
    private int lastNonZero = -1;

    Scan(String text) {
      this.text = text;
    }

    void check() {
      if (text.length() > MAX_LENGTH) {
        throw tooBig("more than " + MAX_LENGTH + " characters");
      }
      skip('-');
      int start = position;
      int whole = digits();
      if (whole == 0 || whole > 1 && text.charAt(start) == '0') {
        throw notANumber();
      }
      if (skip('.') && digits() == 0) {
        throw notANumber();
      }
      int written = exponent();
      if (position != text.length()) {
        throw notANumber();
      }
      limits(whole, written);
    }

    private void limits(int whole, int written) {
      int significant = firstNonZero < 0 ? 0 : lastNonZero - firstNonZero + 1;
      if (significant > MAX_DIGITS) {
        throw tooBig(significant + " significant digits, more than " + MAX_DIGITS);
      }
      int ofTheValue = firstNonZero < 0 ? 0 : whole - 1 - firstNonZero + written;
      if (Math.abs(written) > MAX_EXPONENT || Math.abs(ofTheValue) > MAX_EXPONENT) {
        throw tooBig("an exponent beyond plus or minus " + MAX_EXPONENT);
      }
    }

    private int digits() {
      int start = position;
      for (; position < text.length() && isDigit(text.charAt(position)); position++, digits++) {
        if (text.charAt(position) != '0') {
          firstNonZero = firstNonZero < 0 ? digits : firstNonZero;
          lastNonZero = digits;
        }
      }
      return position - start;
    }

    private int exponent() {
      if (!skip('e') && !skip('E')) {
        return 0;
      }
      boolean negative = skip('-');
      if (!negative) {
        skip('+');
      }
      int start = position;
      int value = 0;
      for (; position < text.length() && isDigit(text.charAt(position)); position++) {
        value = Math.min(1000, value * 10 + text.charAt(position) - '0');
      }
      if (position == start) {
        throw notANumber();
      }
      return negative ? -value : value;
    }

    private boolean skip(char wanted) {
      boolean found = position < text.length() && text.charAt(position) == wanted;
      position += found ? 1 : 0;
      return found;
    }

    private static boolean isDigit(char c) {
      return c >= '0' && c <= '9';
    }

    private MalformedJsonException notANumber() {
      return new MalformedJsonException(
          "Not a JSON number: " + shown() + ". Write it in digits, such as -12.50.");
    }

    private MalformedJsonException tooBig(String what) {
      return new MalformedJsonException(
          "The number " + shown() + " has " + what + ". Round it, or send it as a string.");
    }

    private String shown() {
      return SafeText.of(text).cut(80).toString();
    }
  }
}
