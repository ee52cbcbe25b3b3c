package dev.assent.core;

import java.math.BigDecimal;

/**
 * A small immutable JSON tree that keeps what was written: the order of keys and the exact text of
 * numbers.
 *
 * <p>Every value is immutable and safe to share between threads. Values that could not be written
 * as strict JSON (strings with lone surrogates, numbers beyond the limits) cannot be made. Two
 * objects are equal when they have equal members in any order; two numbers are equal when their
 * text is, see {@link JsonNumber#sameValue(JsonNumber)} for the value.
 *
 * <p>{@code toString()} is compact JSON.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259, JSON</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7493">RFC 7493, I-JSON</a>
 */
public sealed interface Json
    permits JsonObject, JsonArray, JsonString, JsonNumber, JsonBoolean, JsonNull {

  /** The deepest nesting of objects and arrays that is read or written; a scalar has depth 0. */
  int MAX_DEPTH = 64;

  /**
   * Reads one JSON value, strictly.
   *
   * @throws MalformedJsonException if the text is not one JSON value, or has a duplicate key, a
   *     lone surrogate (also as an escape), NaN or infinity, content after the value, a number
   *     beyond the limits of {@link JsonNumber}, or nesting deeper than {@link #MAX_DEPTH}
   */
  static Json parse(String text) {
    return JsonReading.parse(text, MAX_DEPTH);
  }

  /**
   * Reads one JSON value from UTF-8 bytes, strictly.
   *
   * @throws MalformedJsonException as {@link #parse(String)}, and if the bytes are not UTF-8 or
   *     start with a byte order mark
   */
  static Json parse(byte[] utf8) {
    return JsonReading.parse(utf8, MAX_DEPTH);
  }

  /** A string. */
  static JsonString of(String value) {
    return new JsonString(value);
  }

  /** A whole number. */
  static JsonNumber of(long value) {
    return new JsonNumber(Long.toString(value));
  }

  /** An exact decimal number. */
  static JsonNumber of(BigDecimal value) {
    return new JsonNumber(value.toString());
  }

  /** True or false. */
  static JsonBoolean of(boolean value) {
    return value ? JsonBoolean.TRUE : JsonBoolean.FALSE;
  }

  /** What this value is called in messages, such as {@code a string}. */
  default String kind() {
    return switch (this) {
      case JsonObject object -> "an object";
      case JsonArray array -> "an array";
      case JsonString string -> "a string";
      case JsonNumber number -> "a number";
      case JsonBoolean bool -> "a boolean";
      case JsonNull nothing -> "null";
    };
  }
}
