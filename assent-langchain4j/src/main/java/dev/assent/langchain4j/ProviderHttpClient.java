package dev.assent.langchain4j;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * LangChain4j's HTTP over the JDK's client, on the caller's thread. In place of {@code
 * JdkHttpClient}, which drops Retry-After, waits without end when an answer stalls after its
 * headers, and takes a stream that was cut for a whole one. Thread-safe.
 */
final class ProviderHttpClient implements HttpClient {
  private static final int LONGEST_PROBLEM = 64 * 1024;

  private final java.net.http.HttpClient http;
  private final Duration silence;

  ProviderHttpClient(java.net.http.HttpClient http, Duration silence) {
    this.http = http;
    this.silence = silence;
  }

  @Override
  public SuccessfulHttpResponse execute(HttpRequest request) {
    try {
      HttpResponse<InputStream> response = send(request);
      try (InputStream body = new LimitedSilence(response.body(), silence)) {
        return successful(response, body.readAllBytes());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns when the stream has ended. */
  @Override
  public void execute(
      HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
    try {
      HttpResponse<InputStream> response = send(request);
      try (InputStream body = new LimitedSilence(response.body(), silence)) {
        listener.onOpen(successful(response, null));
        WholeStream whole = new WholeStream(listener, text -> withoutKey(text, request));
        parser.parse(body, whole);
        whole.onClose();
      }
    } catch (IOException | RuntimeException e) {
      listener.onError(e);
    }
  }

  private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
    try {
      HttpResponse<InputStream> response = http.send(jdk(request), BodyHandlers.ofInputStream());
      int status = response.statusCode();
      if (status < 200 || status > 299) {
        throw new ProviderHttpException(
            status, withoutKey(problem(response), request), RetryAfter.of(response.headers()));
      }
      return response;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the model answered", e);
    }
  }

  private java.net.http.HttpRequest jdk(HttpRequest request) {
    java.net.http.HttpRequest.Builder builder =
        java.net.http.HttpRequest.newBuilder(URI.create(request.url()))
            .timeout(silence)
            .method(request.method().name(), BodyPublishers.ofString(request.body()));
    request
        .headers()
        .forEach((name, values) -> values.forEach(value -> builder.header(name, value)));
    return builder.build();
  }

  /** What a refusal says; the status counts even when its body is cut. */
  private String problem(HttpResponse<InputStream> response) {
    try (InputStream body = new LimitedSilence(response.body(), silence)) {
      return new String(body.readNBytes(LONGEST_PROBLEM), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /** Some providers quote the key that they refuse. */
  private static String withoutKey(String text, HttpRequest request) {
    String safe = text;
    for (String header : request.headers().getOrDefault("Authorization", List.of())) {
      String key = header.replaceFirst("^Bearer ", "");
      safe = key.isBlank() ? safe : safe.replace(key, "[key]");
    }
    return safe;
  }

  private static SuccessfulHttpResponse successful(
      HttpResponse<InputStream> response, byte @Nullable [] body) {
    return SuccessfulHttpResponse.builder()
        .statusCode(response.statusCode())
        .headers(response.headers().map())
        .body(body)
        .build();
  }
}
