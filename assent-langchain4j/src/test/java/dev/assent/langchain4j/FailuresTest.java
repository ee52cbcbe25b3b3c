package dev.assent.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.assent.core.spi.ModelException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class FailuresTest {
  private static final String HTTP_DATE = "Sun, 06 Nov 1994 08:49:37 GMT";

  private final LoopbackProvider provider = LoopbackProvider.start();

  @AfterEach
  void close() {
    provider.close();
  }

  private ModelException failure(Wire wire, LoopbackReply reply) {
    provider.answers(reply);
    ModelException failure = catchThrowableOfType(ModelException.class, () -> wire.ask(provider));
    assertThat(failure).as("the failure").isNotNull();
    assertThat(provider.requests()).as("requests, none repeated here").hasSize(1);
    return failure;
  }

  @ParameterizedTest
  @CsvSource({
    "400, model-rejected, false",
    "401, model-unauthorized, false",
    "403, model-unauthorized, false",
    "404, model-not-found, false",
    "408, model-timeout, true",
    "422, model-rejected, false",
    "429, model-rate-limited, true",
    "500, model-unavailable, true",
    "503, model-unavailable, true",
    "529, model-unavailable, true"
  })
  void statusSaysWhetherTryingAgainHelps(int status, String code, boolean worthRetrying) {
    for (Wire wire : Wire.values()) {
      try (LoopbackProvider own = LoopbackProvider.start()) {
        own.answers(LoopbackReply.status(status, "no \u202Ereason"));

        ModelException failure = catchThrowableOfType(ModelException.class, () -> wire.ask(own));

        assertThat(failure.code()).as(wire.name()).isEqualTo(code);
        assertThat(failure.worthRetrying()).isEqualTo(worthRetrying);
        assertThat(failure.retryAfter()).isNull();
        assertThat(failure).hasMessageContaining("no <U+202E>reason");
        assertThat(own.requests()).hasSize(1);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Retry-After|17|PT17S",
        "Retry-After|Sun, 06 Nov 1994 08:50:37 GMT|PT1M",
        "retry-after-ms|1500|PT1.5S",
        "Retry-After|Sun, 06 Nov 1994 08:40:37 GMT|",
        "Retry-After|-3|",
        "Retry-After|soon|"
      })
  void retryAfterIsPassedOn(String header, String value, Duration wait) {
    ModelException failure =
        failure(
            Wire.STREAMED,
            LoopbackReply.status(429, "slow down", "Date", HTTP_DATE, header, value));

    assertThat(failure.retryAfter()).isEqualTo(wait);
  }

  @ParameterizedTest
  @EnumSource
  void connectionCutBeforeTheAnswerIsWorthRetrying(Wire wire) {
    ModelException failure = failure(wire, LoopbackReply.cut());

    assertThat(failure.code()).isEqualTo("model-connection-cut");
    assertThat(failure.worthRetrying()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void connectionCutInsideTheAnswerIsWorthRetrying(Wire wire) {
    ModelException failure =
        failure(wire, LoopbackReply.cutInTheMiddle(LoopbackReply.text("Paid", " in", " full.")));

    assertThat(failure.code()).isEqualTo("model-connection-cut");
    assertThat(failure.worthRetrying()).isTrue();
  }

  @Test
  void streamThatEndsTooEarlyIsNoReply() {
    ModelException failure =
        failure(Wire.STREAMED, LoopbackReply.events(LoopbackReply.textEvent("Pay every")));

    assertThat(failure.code()).isEqualTo("model-connection-cut");
    assertThat(failure.worthRetrying()).isTrue();
  }

  @Test
  void errorInsideAStreamIsNoReply() {
    ModelException failure =
        failure(
            Wire.STREAMED,
            LoopbackReply.events(
                LoopbackReply.textEvent("Pay"),
                "{\"error\":{\"message\":\"busy\",\"code\":429}}",
                "[DONE]"));

    assertThat(failure.code()).isEqualTo("model-rate-limited");
    assertThat(failure).hasMessageContaining("busy");
  }

  @ParameterizedTest
  @EnumSource
  void malformedBodyIsNoReply(Wire wire) {
    ModelException failure =
        failure(wire, LoopbackReply.body("application/json", "{\"choices\": [}"));

    assertThat(failure.code()).isEqualTo("model-bad-reply");
    assertThat(failure.worthRetrying()).isTrue();
  }

  @Test
  void malformedEventIsNoReply() {
    ModelException failure =
        failure(Wire.STREAMED, LoopbackReply.events("{\"choices\": [}", "[DONE]"));

    assertThat(failure.code()).isEqualTo("model-bad-reply");
  }

  @ParameterizedTest
  @EnumSource
  void emptyChoicesAreNoReply(Wire wire) {
    ModelException failure = failure(wire, LoopbackReply.noChoices());

    assertThat(failure.code())
        .isEqualTo(wire == Wire.STREAMED ? "model-empty-reply" : "model-unavailable");
    assertThat(failure.worthRetrying()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void nobodyListeningIsWorthRetrying(Wire wire) {
    provider.close();

    ModelException failure = catchThrowableOfType(ModelException.class, () -> wire.ask(provider));

    assertThat(failure.code()).isEqualTo("model-unreachable");
    assertThat(failure.worthRetrying()).isTrue();
  }

  @Test
  void silenceBeforeTheAnswerIsGivenUp() {
    CountDownLatch never = new CountDownLatch(1);
    provider.answers(LoopbackReply.after(never, LoopbackReply.text("late")));

    assertTimeout();
  }

  @Test
  void silenceInsideTheAnswerIsGivenUp() {
    CountDownLatch never = new CountDownLatch(1);
    provider.answers(LoopbackReply.stalled(never, LoopbackReply.textEvent("Pay")));

    assertTimeout();
  }

  private void assertTimeout() {
    var model =
        OpenAiModels.fromEnvironment(provider.environment(), Duration.ofMillis(200)).orElseThrow();

    ModelException failure =
        catchThrowableOfType(ModelException.class, () -> model.call(Wire.request(), piece -> {}));

    assertThat(failure.code()).isEqualTo("model-timeout");
    assertThat(failure.worthRetrying()).isTrue();
  }
}
