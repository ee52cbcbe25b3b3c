package dev.assent.core;

/**
 * A JSON string; immutable.
 *
 * @param value its characters, never with a lone surrogate
 */
public record JsonString(String value) implements Json {

  /**
   * Makes a string.
   *
   * @throws MalformedJsonException if it has a lone surrogate, which no UTF-8 text can carry
   */
  public JsonString {
    JsonWriting.requireScalars(value);
  }

  @Override
  public String toString() {
    return JsonWriting.text(this);
  }
}
