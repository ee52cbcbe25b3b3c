package dev.assent.runtime;

import dev.assent.core.AssentException;
import org.jspecify.annotations.Nullable;

/** A value that something needs cannot be had: nothing that needs it has begun. */
public final class InjectionException extends AssentException {
  private static final long serialVersionUID = 1L;

  InjectionException(String message) {
    this(message, null);
  }

  InjectionException(String message, @Nullable Throwable cause) {
    super("cannot-inject", message, cause);
  }
}
