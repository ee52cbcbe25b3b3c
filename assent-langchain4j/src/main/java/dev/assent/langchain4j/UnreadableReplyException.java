package dev.assent.langchain4j;

import java.io.IOException;

/** The provider's answer is no stream of events at all. */
final class UnreadableReplyException extends IOException {
  private static final long serialVersionUID = 1L;

  UnreadableReplyException(String message) {
    super(message);
  }
}
