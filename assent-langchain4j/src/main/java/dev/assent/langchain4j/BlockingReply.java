package dev.assent.langchain4j;

import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns a stream into a blocking call: whatever threads the library uses, the caller's thread takes
 * the pieces. The first end counts; a library may report an error and then completion.
 */
final class BlockingReply implements StreamingChatResponseHandler {
  private final Thread caller = Thread.currentThread();
  private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
  private final Consumer<String> deltas;
  private volatile @Nullable StreamingHandle handle;
  private volatile boolean ended;

  private sealed interface Signal {}

  private record Piece(String text) implements Signal {}

  private record Alive() implements Signal {}

  private record Complete(ChatResponse response) implements Signal {}

  private record Failed(Throwable failure) implements Signal {}

  private BlockingReply(Consumer<String> deltas) {
    this.deltas = deltas;
  }

  /**
   * The whole reply.
   *
   * @throws TimeoutException when the model says nothing for {@code silence}
   */
  static ChatResponse of(
      StreamingChatModel model, ChatRequest request, Consumer<String> deltas, Duration silence) {
    BlockingReply reply = new BlockingReply(deltas);
    boolean whole = false;
    try {
      model.chat(request, reply);
      ChatResponse response = reply.await(silence);
      whole = true;
      return response;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the model answered", e);
    } finally {
      reply.ended = true;
      if (!whole) {
        reply.cancel();
      }
    }
  }

  private ChatResponse await(Duration silence) throws InterruptedException {
    while (true) {
      Signal signal = signals.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
      switch (signal) {
        case null -> throw new TimeoutException("the model said nothing for " + silence);
        case Piece piece -> deltas.accept(piece.text());
        case Alive alive -> {}
        case Complete complete -> {
          return complete.response();
        }
        case Failed failed -> throw unchecked(failed.failure());
      }
    }
  }

  private static RuntimeException unchecked(Throwable failure) {
    return failure instanceof RuntimeException known
        ? known
        : new IllegalStateException("the stream failed", failure);
  }

  private void cancel() {
    StreamingHandle known = handle;
    if (known != null) {
      known.cancel();
    }
  }

  @Override
  public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
    handle = context.streamingHandle();
    onPartialResponse(piece.text());
  }

  @Override
  public void onPartialResponse(String piece) {
    if (ended) {
      return;
    }
    if (Thread.currentThread() == caller) {
      deltas.accept(piece);
    } else {
      signals.add(new Piece(piece));
    }
  }

  @Override
  public void onPartialThinking(PartialThinking piece) {
    signals.add(new Alive());
  }

  @Override
  public void onPartialToolCall(PartialToolCall piece, PartialToolCallContext context) {
    handle = context.streamingHandle();
    onPartialToolCall(piece);
  }

  @Override
  public void onPartialToolCall(PartialToolCall piece) {
    signals.add(new Alive());
  }

  @Override
  public void onCompleteResponse(ChatResponse response) {
    signals.add(new Complete(response));
  }

  @Override
  public void onError(Throwable failure) {
    signals.add(new Failed(failure));
  }
}
