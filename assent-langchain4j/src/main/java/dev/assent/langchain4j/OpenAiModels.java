package dev.assent.langchain4j;

import dev.assent.core.spi.Model;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Models behind an OpenAI-compatible address. The key goes into the request's header and nowhere
 * else: no text of a model or of its errors has it.
 */
public final class OpenAiModels {
  /** The variable with the key. */
  public static final String KEY = "OPENAI_API_KEY";

  /** The variable with the address, such as {@code https://host/v1}; OpenAI's when not set. */
  public static final String BASE_URL = "OPENAI_BASE_URL";

  /** The variable with the model's name; {@link #DEFAULT_MODEL} when not set. */
  public static final String MODEL = "OPENAI_MODEL";

  /** The model when none is named. */
  public static final String DEFAULT_MODEL = "gpt-4o-mini";

  private static final String OPENAI = "https://api.openai.com/v1";
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private OpenAiModels() {}

  /**
   * The model that the environment names; empty when it has neither key nor address. An address
   * without a key is a server of one's own that asks for none.
   *
   * @throws IllegalArgumentException when a variable cannot be what it should be
   */
  public static Optional<Model> fromEnvironment() {
    return fromEnvironment(System.getenv());
  }

  /** The same, from these variables. */
  public static Optional<Model> fromEnvironment(Map<String, String> variables) {
    return fromEnvironment(variables, LangChain4jModel.SILENCE);
  }

  static Optional<Model> fromEnvironment(Map<String, String> variables, Duration silence) {
    Optional<String> key = value(variables, KEY);
    Optional<String> address = value(variables, BASE_URL);
    if (key.isEmpty() && address.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        LangChain4jModel.of(
            OpenAiStreamingChatModel.builder()
                .httpClientBuilder(new Http(silence))
                .baseUrl(checkedAddress(address.orElse(OPENAI)))
                .apiKey(key.map(OpenAiModels::checkedKey).orElse(null))
                .modelName(value(variables, MODEL).orElse(DEFAULT_MODEL))
                .build(),
            silence));
  }

  private static Optional<String> value(Map<String, String> variables, String name) {
    return Optional.ofNullable(variables.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }

  /** The JDK quotes a header that it refuses, so it must never see a bad one. */
  private static String checkedKey(String key) {
    if (!key.chars().allMatch(c -> c > ' ' && c <= '~')) {
      throw new IllegalArgumentException(
          KEY + " has characters that no key has. Copy it again, without blanks or quotes around");
    }
    return key;
  }

  /** Its text is not shown: it may hold a password. */
  private static String checkedAddress(String address) {
    try {
      URI uri = URI.create(address);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (http && uri.getHost() != null && uri.getUserInfo() == null && uri.getQuery() == null) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      // falls through: refused below, without quoting it
    }
    throw new IllegalArgumentException(
        BASE_URL
            + " is not an http or https address without user and query. Set one, such as "
            + OPENAI);
  }

  /** Builds the client with our limits, whatever LangChain4j would set. */
  private static final class Http implements HttpClientBuilder {
    private final Duration silence;

    Http(Duration silence) {
      this.silence = silence;
    }

    @Override
    public @Nullable Duration connectTimeout() {
      return CONNECT;
    }

    @Override
    public HttpClientBuilder connectTimeout(Duration ignored) {
      return this;
    }

    @Override
    public @Nullable Duration readTimeout() {
      return silence;
    }

    @Override
    public HttpClientBuilder readTimeout(Duration ignored) {
      return this;
    }

    /** HTTP/1.1, since with 2 the JDK asks plain servers for an upgrade that some cannot answer. */
    @Override
    public dev.langchain4j.http.client.HttpClient build() {
      HttpClient http =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(CONNECT)
              .build();
      return new ProviderHttpClient(http, silence);
    }
  }
}
