package dev.assent.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.assent.core.Message;
import dev.assent.core.spi.Model.Reply;
import dev.assent.core.spi.ModelException;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StreamingTest {
  @Test
  void piecesComeOnTheCallersThreadWhileTheModelTalks() {
    try (LoopbackProvider provider = LoopbackProvider.start()) {
      provider.answers(LoopbackReply.text("Pa", "id", "."));
      List<String> pieces = new ArrayList<>();

      Reply reply =
          Wire.STREAMED
              .to(provider)
              .call(Wire.request(new Message.User("Pay")), onThisThread(pieces::add));

      assertThat(pieces).containsExactly("Pa", "id", ".");
      assertThat(reply.message().text()).isEqualTo("Paid.");
    }
  }

  @Test
  void aPieceArrivesBeforeTheReplyIsWhole() {
    try (LoopbackProvider provider = LoopbackProvider.start()) {
      CountDownLatch seen = new CountDownLatch(1);
      String[] rest = {LoopbackReply.textEvent("Pay")};
      provider.answers(LoopbackReply.stalled(seen, rest));

      // The server holds the end back until the piece was seen, then closes too early.
      ModelException failure =
          catchThrowableOfType(
              ModelException.class,
              () -> Wire.STREAMED.to(provider).call(Wire.request(), piece -> seen.countDown()));

      assertThat(seen.getCount()).isZero();
      assertThat(failure.code()).isEqualTo("model-connection-cut");
    }
  }

  @Test
  void modelWithThreadsOfItsOwnBlocksTheCallerAndTalksOnItsThread() {
    List<String> pieces = new ArrayList<>();
    StreamingChatModel foreign =
        model(
            handler ->
                Thread.ofVirtual()
                    .start(
                        () -> {
                          handler.onPartialResponse("Pa");
                          handler.onPartialResponse("id");
                          handler.onCompleteResponse(whole("Paid"));
                        }));

    Reply reply = LangChain4jModel.of(foreign).call(Wire.request(), onThisThread(pieces::add));

    assertThat(pieces).containsExactly("Pa", "id");
    assertThat(reply.message().text()).isEqualTo("Paid");
  }

  @Test
  void theFirstEndCounts() {
    StreamingChatModel confused =
        model(
            handler -> {
              handler.onError(new IllegalStateException("odd"));
              handler.onCompleteResponse(whole("Paid"));
            });

    ModelException failure =
        catchThrowableOfType(
            ModelException.class,
            () -> LangChain4jModel.of(confused).call(Wire.request(), piece -> {}));

    assertThat(failure.code()).isEqualTo("model-failed");
    assertThat(failure.worthRetrying()).isFalse();
  }

  @Test
  void modelThatNeverEndsIsGivenUp() {
    LangChain4jModel mute = LangChain4jModel.of(model(handler -> {}), Duration.ofMillis(50));

    ModelException failure =
        catchThrowableOfType(ModelException.class, () -> mute.call(Wire.request(), piece -> {}));

    assertThat(failure.code()).isEqualTo("model-timeout");
  }

  @Test
  void whatTheTakerOfPiecesThrowsIsThrownToTheCaller() {
    try (LoopbackProvider provider = LoopbackProvider.start()) {
      provider.answers(LoopbackReply.text("Pa", "id"));
      IllegalStateException own = new IllegalStateException("screen is gone");

      assertThatThrownBy(
              () ->
                  Wire.STREAMED
                      .to(provider)
                      .call(
                          Wire.request(),
                          piece -> {
                            throw own;
                          }))
          .isSameAs(own);
    }
  }

  @Test
  void interruptedCallEndsAndStaysInterrupted() throws Exception {
    for (Wire wire : Wire.values()) {
      try (LoopbackProvider provider = LoopbackProvider.start()) {
        provider.answers(LoopbackReply.after(new CountDownLatch(1), LoopbackReply.text("late")));
        CompletableFuture<ModelException> failure = new CompletableFuture<>();
        AtomicReference<Boolean> flag = new AtomicReference<>();
        Thread caller =
            Thread.ofVirtual()
                .start(
                    () -> {
                      try {
                        wire.ask(provider);
                      } catch (ModelException e) {
                        flag.set(Thread.currentThread().isInterrupted());
                        failure.complete(e);
                      }
                    });
        provider.awaitRequests(1);

        caller.interrupt();

        assertThat(failure.get().code()).as(wire.name()).isEqualTo("model-interrupted");
        assertThat(flag.get()).isTrue();
      }
    }
  }

  private static Consumer<String> onThisThread(Consumer<String> taker) {
    Thread caller = Thread.currentThread();
    return piece -> {
      assertThat(Thread.currentThread()).isSameAs(caller);
      taker.accept(piece);
    };
  }

  private static ChatResponse whole(String text) {
    return ChatResponse.builder().aiMessage(AiMessage.from(text)).build();
  }

  private static StreamingChatModel model(Consumer<StreamingChatResponseHandler> behaviour) {
    return new StreamingChatModel() {
      @Override
      public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        behaviour.accept(handler);
      }
    };
  }
}
