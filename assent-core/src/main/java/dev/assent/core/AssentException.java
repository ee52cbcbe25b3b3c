package dev.assent.core;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The one unchecked base of all errors that Assent throws on purpose; expected refusals are values,
 * not exceptions.
 *
 * <p>Immutable apart from what {@link Throwable} itself allows. The message names what is wrong,
 * where, and what to do about it.
 */
public class AssentException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String code;

  /**
   * Makes an error.
   *
   * @param code stable, machine-readable, lower case with hyphens, such as {@code malformed-json}
   * @param message for people: what, where, what to do
   * @param cause what led here, or null
   */
  public AssentException(String code, String message, @Nullable Throwable cause) {
    super(Objects.requireNonNull(message, "message"), cause);
    this.code = Objects.requireNonNull(code, "code");
  }

  /** The stable code of this kind of error; it does not change between versions, messages may. */
  public final String code() {
    return code;
  }
}
