package dev.assent.mcp;

import org.jspecify.annotations.Nullable;

/** A server was called and did not say that all is well: nobody knows what it did. */
final class ServerFailure extends Exception {
  private static final long serialVersionUID = 1L;

  ServerFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
