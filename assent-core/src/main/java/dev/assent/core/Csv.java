package dev.assent.core;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rows for a spreadsheet: hidden characters are made visible, and nothing is taken for a formula.
 * Stateless.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>
 */
public final class Csv {
  private static final String FORMULA = "=+-@\t\r";

  private Csv() {}

  /** One row with its line end; an absent field is empty. */
  public static String row(@Nullable Object... fields) {
    return Arrays.stream(fields).map(Csv::field).collect(Collectors.joining(",", "", "\r\n"));
  }

  private static String field(@Nullable Object value) {
    if (value instanceof Number) {
      return value.toString();
    }
    String text =
        value instanceof SafeText safe
            ? safe.toString()
            : SafeText.of(Objects.toString(value, "")).toString();
    boolean formula = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0;
    return "\"" + (formula ? "'" : "") + text.replace("\"", "\"\"") + "\"";
  }
}
