package dev.assent.core;

/**
 * JSON true or false; immutable.
 *
 * @param value which of the two
 */
public record JsonBoolean(boolean value) implements Json {

  /** JSON {@code true}. */
  public static final JsonBoolean TRUE = new JsonBoolean(true);

  /** JSON {@code false}. */
  public static final JsonBoolean FALSE = new JsonBoolean(false);

  @Override
  public String toString() {
    return Boolean.toString(value);
  }
}
