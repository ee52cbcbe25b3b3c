package dev.assent.core;

import org.jspecify.annotations.Nullable;

/**
 * Text that is not the strict JSON Assent accepts, or JSON that does not have the expected shape.
 */
public final class MalformedJsonException extends AssentException {

  /** The {@link #code()} of this error. */
  public static final String CODE = "malformed-json";

  private static final long serialVersionUID = 1L;

  /**
   * Makes an error without a cause; the message is safe to show (foreign text in it passed {@link
   * SafeText}).
   */
  public MalformedJsonException(String message) {
    this(message, null);
  }

  /** Makes an error with a cause, which may be null. */
  public MalformedJsonException(String message, @Nullable Throwable cause) {
    super(CODE, message, cause);
  }
}
