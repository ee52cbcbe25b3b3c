package dev.assent.langchain4j;

import dev.assent.core.Json;
import dev.assent.core.JsonNumber;
import dev.assent.core.JsonObject;
import dev.assent.core.MalformedJsonException;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import java.io.EOFException;
import java.util.function.UnaryOperator;

/**
 * Lets a stream of chat completions end well only after its last event, {@code [DONE]}, and turns
 * errors that come as events into failures. Used by one thread.
 */
final class WholeStream implements ServerSentEventListener {
  private static final String LAST = "[DONE]";

  private final ServerSentEventListener listener;
  private final UnaryOperator<String> withoutKey;
  private boolean begun;
  private boolean whole;
  private boolean failed;

  WholeStream(ServerSentEventListener listener, UnaryOperator<String> withoutKey) {
    this.listener = listener;
    this.withoutKey = withoutKey;
  }

  @Override
  public void onOpen(SuccessfulHttpResponse response) {
    listener.onOpen(response);
  }

  @Override
  public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
    begun = true;
    whole |= LAST.equals(event.data());
    if (failed) {
      return;
    }
    if ("error".equals(event.event()) || isError(event.data())) {
      onError(
          new ProviderHttpException(status(event.data()), withoutKey.apply(event.data()), null));
    } else {
      listener.onEvent(event, context);
    }
  }

  @Override
  public void onError(Throwable failure) {
    if (!failed) {
      failed = true;
      listener.onError(failure);
    }
  }

  @Override
  public void onClose() {
    if (whole && !failed) {
      listener.onClose();
    } else if (begun) {
      onError(new EOFException("the stream ended before " + LAST));
    } else {
      onError(new UnreadableReplyException("the answer has no events"));
    }
  }

  private static boolean isError(String data) {
    return data.contains("\"error\"") && error(data).size() > 0;
  }

  /** The status that the error names as its code; else it is the server's fault. */
  private static int status(String data) {
    return error(data).find("code").orElse(null) instanceof JsonNumber code
            && code.text().matches("[45][0-9]{2}")
        ? code.toInt()
        : 500;
  }

  private static JsonObject error(String data) {
    try {
      return Json.parse(data) instanceof JsonObject event
              && event.find("error").orElse(null) instanceof JsonObject error
          ? error
          : JsonObject.empty();
    } catch (MalformedJsonException e) {
      return JsonObject.empty();
    }
  }
}
