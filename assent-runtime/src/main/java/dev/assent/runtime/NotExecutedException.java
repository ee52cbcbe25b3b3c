package dev.assent.runtime;

import dev.assent.core.AssentException;
import org.jspecify.annotations.Nullable;

/** Thrown by a tool's body: it surely did nothing outside. Only this counts as a plain failure. */
public class NotExecutedException extends AssentException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what went wrong, for the model and the approver
   */
  public NotExecutedException(String message) {
    this(message, null);
  }

  /**
   * @param message what went wrong, for the model and the approver
   * @param cause why
   */
  public NotExecutedException(String message, @Nullable Throwable cause) {
    super("not-executed", message, cause);
  }
}
