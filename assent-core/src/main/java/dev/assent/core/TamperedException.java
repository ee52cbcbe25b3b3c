package dev.assent.core;

import org.jspecify.annotations.Nullable;

/**
 * Encrypted bytes that are not those that were written for this place: changed, cut, or moved from
 * another.
 */
public final class TamperedException extends AssentException {

  /** The {@link #code()} of this error. */
  public static final String CODE = "tampered";

  private static final long serialVersionUID = 1L;

  /**
   * Makes an error.
   *
   * @param what what was read, such as {@code session key}
   * @param cause what found it, or null
   */
  public TamperedException(String what, @Nullable Throwable cause) {
    super(
        CODE,
        "The stored "
            + what
            + " is not what was written for this place: it was changed, cut or moved. Do not use"
            + " it; restore the store from a backup and look for who can write to it.",
        cause);
  }
}
