package dev.assent.core;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The canonical form {@code assent-c14n-1}: one sequence of bytes for each JSON value, to be
 * stored, shown, hashed and run.
 *
 * <p>It is RFC 8785 (JCS): no white space, keys sorted by their UTF-16 code units, the string
 * escapes and the number format of ECMAScript, UTF-8. The one departure: RFC 8785 rounds every
 * number to a double, so that 9007199254740993 becomes 9007199254740992. Here
 *
 * <ol>
 *   <li>a number whose ECMAScript text is the same decimal is written as that text: {@code 1.0},
 *       {@code 1e0} and {@code 10e-1} are {@code 1}, {@code -0} is {@code 0}, {@code 1e21} is
 *       {@code 1e+21};
 *   <li>any other keeps its exact value, in plain digits: an optional minus sign, whole digits
 *       without leading zeros (a single 0 if there are none), and, if there is a fraction, a point
 *       and its digits without trailing zeros; never an exponent. So {@code 333333333.33333329}
 *       stays, where RFC 8785 has {@code 333333333.3333333}.
 * </ol>
 *
 * <p>Equal decimals give equal bytes and different decimals different bytes, whatever way they were
 * written; the canonical form of a canonical form is itself. All functions are pure.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8785">RFC 8785, JSON Canonicalization Scheme</a>
 */
public final class CanonicalJson {

  /** The name of this form, stored beside what was hashed. */
  public static final String NAME = "assent-c14n-1";

  /**
   * A whole number of at most so many characters is exact in a double and is its own ECMAScript
   * text.
   */
  private static final int SURELY_EXACT = 15;

  private static final MathContext ONE_DIGIT = new MathContext(1, RoundingMode.HALF_EVEN);

  private CanonicalJson() {}

  /**
   * The canonical bytes, in UTF-8.
   *
   * @throws MalformedJsonException if the value was made by code and is nested deeper than {@link
   *     Json#MAX_DEPTH}
   */
  public static byte[] of(Json json) {
    return text(json).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The canonical text.
   *
   * @throws MalformedJsonException if the value was made by code and is nested deeper than {@link
   *     Json#MAX_DEPTH}
   */
  public static String text(Json json) {
    StringBuilder out = new StringBuilder();
    write(json, out, 0);
    return out.toString();
  }

  private static void write(Json json, StringBuilder out, int depth) {
    JsonWriting.requireDepth(depth, json);
    switch (json) {
      case JsonObject object -> writeObject(object, out, depth);
      case JsonArray array -> writeArray(array, out, depth);
      case JsonString string -> JsonWriting.quote(string.value(), out);
      case JsonNumber number -> out.append(number(number.text()));
      case JsonBoolean bool -> out.append(bool.value());
      case JsonNull nothing -> out.append("null");
    }
  }

  private static void writeObject(JsonObject object, StringBuilder out, int depth) {
    List<Map.Entry<String, Json>> sorted =
        object.members().entrySet().stream().sorted(Map.Entry.comparingByKey()).toList();
    out.append('{');
    for (int i = 0; i < sorted.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      JsonWriting.quote(sorted.get(i).getKey(), out);
      out.append(':');
      write(sorted.get(i).getValue(), out, depth + 1);
    }
    out.append('}');
  }

  private static void writeArray(JsonArray array, StringBuilder out, int depth) {
    List<Json> elements = array.elements();
    out.append('[');
    for (int i = 0; i < elements.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      write(elements.get(i), out, depth + 1);
    }
    out.append(']');
  }

  private static String number(String text) {
    if (surelyCanonical(text)) {
      return text;
    }
    BigDecimal exact = new BigDecimal(text);
    String ecma = ecmaScript(exact.doubleValue());
    return new BigDecimal(ecma).compareTo(exact) == 0
        ? ecma
        : exact.stripTrailingZeros().toPlainString();
  }

  private static boolean surelyCanonical(String text) {
    if (text.length() > SURELY_EXACT) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (i > 0 || c != '-')) {
        return false;
      }
    }
    return !text.equals("-0");
  }

  /**
   * The text that ECMAScript gives a finite double.
   *
   * @see <a href="https://tc39.es/ecma262/#sec-numeric-types-number-tostring">ECMA-262,
   *     Number::toString</a>
   */
  static String ecmaScript(double value) {
    if (!Double.isFinite(value)) {
      throw new MalformedJsonException(
          "JSON has no " + value + ". Send a finite number or a string.");
    }
    if (value == 0) {
      return "0";
    }
    if (value < 0) {
      return "-" + ecmaScript(-value);
    }
    BigDecimal shortest = shortest(value);
    return layOut(shortest.unscaledValue().toString(), shortest.precision() - shortest.scale());
  }

  /**
   * The shortest decimal that reads back as this double; Java's own text has two digits where one
   * is enough.
   */
  private static BigDecimal shortest(double value) {
    BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    if (decimal.precision() != 2) {
      return decimal;
    }
    BigDecimal oneDigit = decimal.round(ONE_DIGIT).stripTrailingZeros();
    return oneDigit.doubleValue() == value ? oneDigit : decimal;
  }

  /**
   * Lays out {@code digits}, the point after {@code point} of them, in the five cases of the
   * specification.
   */
  private static String layOut(String digits, int point) {
    int count = digits.length();
    if (count <= point && point <= 21) {
      return digits + "0".repeat(point - count);
    }
    if (0 < point && point <= 21) {
      return digits.substring(0, point) + "." + digits.substring(point);
    }
    if (-6 < point && point <= 0) {
      return "0." + "0".repeat(-point) + digits;
    }
    String fraction = count == 1 ? "" : "." + digits.substring(1);
    int exponent = point - 1;
    return digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + Math.abs(exponent);
  }
}
