package dev.assent.core.spi;

import dev.assent.core.AssentException;
import org.jspecify.annotations.Nullable;

/** A store could not be opened, read or written. Its code says why, its message what to do. */
public final class StoreException extends AssentException {
  private static final long serialVersionUID = 1L;

  /**
   * @param code {@code store-held}, {@code store-foreign}, {@code store-full}, {@code store-newer},
   *     {@code store-broken} or {@code store-closed}; of one row that somebody else wrote {@code
   *     run-…} or {@code requirement-…} with {@code changed}, {@code unsigned} or {@code
   *     rolled-back}, or {@code run-copied}
   * @param message what is wrong and what to do
   * @param cause what the driver threw
   */
  public StoreException(String code, String message, @Nullable Throwable cause) {
    super(code, message, cause);
  }
}
