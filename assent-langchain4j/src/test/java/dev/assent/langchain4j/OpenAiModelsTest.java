package dev.assent.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.assent.core.spi.Model;
import dev.assent.core.spi.ModelException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiModelsTest {
  private static final String KEY = LoopbackProvider.KEY;

  private final LoopbackProvider provider = LoopbackProvider.start();

  @AfterEach
  void close() {
    provider.close();
  }

  @Test
  void emptyEnvironmentNamesNoModel() {
    assertThat(OpenAiModels.fromEnvironment(Map.of())).isEmpty();
    assertThat(OpenAiModels.fromEnvironment(Map.of(OpenAiModels.KEY, " "))).isEmpty();
  }

  @Test
  void keyAloneNamesTheDefaultModel() {
    Model model = OpenAiModels.fromEnvironment(Map.of(OpenAiModels.KEY, KEY)).orElseThrow();

    assertThat(model.name()).isEqualTo("gpt-4o-mini");
  }

  @Test
  void keyAddressAndModelGoOverTheWireInHttp11WithoutUpgrade() {
    provider.answers(LoopbackReply.text("Hello."));

    OpenAiModels.fromEnvironment(provider.environment())
        .orElseThrow()
        .call(Wire.request(), piece -> {});

    LoopbackRequest request = provider.lastRequest();
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path()).isEqualTo("/v1/chat/completions");
    assertThat(request.headers())
        .containsEntry("authorization", "Bearer " + KEY)
        .doesNotContainKeys("upgrade", "http2-settings");
    assertThat(request.json().string("model")).isEqualTo("loopback");
    assertThat(request.stream()).isTrue();
  }

  @Test
  void serverWithoutKeyGetsNone() {
    provider.answers(LoopbackReply.text("Hello."));

    OpenAiModels.fromEnvironment(Map.of(OpenAiModels.BASE_URL, provider.baseUrl() + "/"))
        .orElseThrow()
        .call(Wire.request(), piece -> {});

    assertThat(provider.lastRequest().headers()).doesNotContainKey("authorization");
    assertThat(provider.lastRequest().path()).isEqualTo("/v1/chat/completions");
  }

  @Test
  void keyAppearsInNoTextOfTheModelItsErrorsAndTheLog() {
    String echo = "{\"error\":{\"message\":\"Incorrect key " + KEY + "\"}}";
    List<LoopbackReply> replies =
        List.of(
            LoopbackReply.status(401, "Incorrect key " + KEY),
            LoopbackReply.status(500, KEY),
            LoopbackReply.events(echo),
            LoopbackReply.events(KEY, "[DONE]"),
            LoopbackReply.body("text/plain", KEY),
            LoopbackReply.cut());
    ByteArrayOutputStream logged = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
    try {
      for (LoopbackReply reply : replies) {
        provider.answers(reply);
        Model model = OpenAiModels.fromEnvironment(provider.environment()).orElseThrow();

        ModelException failure =
            catchThrowableOfType(
                ModelException.class, () -> model.call(Wire.request(), piece -> {}));

        assertThat(stackTrace(failure)).contains("ModelException").doesNotContain(KEY);
        assertThat(model.toString()).isEqualTo("LangChain4jModel[loopback]");
      }
    } finally {
      System.setErr(before);
    }
    assertThat(logged.toString(StandardCharsets.UTF_8)).doesNotContain(KEY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sk-se\ncret", "sk-se cret", "sk-secret\u00e9"})
  void keyThatNoHeaderCanCarryIsRefusedWithoutQuotingIt(String key) {
    assertThatThrownBy(() -> OpenAiModels.fromEnvironment(Map.of(OpenAiModels.KEY, key)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("OPENAI_API_KEY")
        .hasMessageNotContaining("sk-");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"host/v1", "ftp://host", "https://u:secret@host", "https://host?k=secret", "a b"})
  void addressThatIsNoneIsRefusedWithoutQuotingIt(String address) {
    assertThatThrownBy(() -> OpenAiModels.fromEnvironment(Map.of(OpenAiModels.BASE_URL, address)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasNoCause()
        .hasMessageContaining("OPENAI_BASE_URL")
        .hasMessageNotContaining("secret");
  }

  private static String stackTrace(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
