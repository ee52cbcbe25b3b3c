package dev.assent.core.spi;

import dev.assent.core.AssentException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A model gave no reply. */
public final class ModelException extends AssentException {
  private static final long serialVersionUID = 1L;

  private final boolean worthRetrying;
  private final @Nullable Duration retryAfter;

  /**
   * @param code stable name, for example {@code model-rate-limited}
   * @param message what went wrong and what to do
   * @param worthRetrying true when the same request may succeed later
   * @param retryAfter how long the provider asks to wait; absent when it does not say
   * @param cause what the library threw
   */
  public ModelException(
      String code,
      String message,
      boolean worthRetrying,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    super(code, message, cause);
    this.worthRetrying = worthRetrying;
    this.retryAfter = retryAfter;
  }

  /** True when the same request may succeed later. */
  public boolean worthRetrying() {
    return worthRetrying;
  }

  /** How long the provider asks to wait before the next try. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
