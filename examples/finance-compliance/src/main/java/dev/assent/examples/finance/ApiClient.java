package dev.assent.examples.finance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A person's browser, as far as the HTTP API needs one: cookies, the token against forgery, JSON.
 * For one thread. The login outlives the server's process, so the address may change.
 */
final class ApiClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final JsonMapper MAPPER = JsonMapper.shared();

  private final CookieManager cookies = new CookieManager();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .cookieHandler(cookies)
          .connectTimeout(TIMEOUT)
          .build();
  private URI api;

  ApiClient(URI server) {
    this.api = server.resolve("/api/v1/");
  }

  /** The server is here now. */
  void moveTo(URI server) {
    this.api = server.resolve("/api/v1/");
  }

  /** Logs in with a one-time password and chooses another. */
  void firstLogin(String name, String oneTimePassword, String chosen) {
    try {
      get("me");
    } catch (ApiException e) {
      if (e.status() != 401) {
        throw e;
      }
    }
    post("login", Map.of("name", name, "password", oneTimePassword), null);
    post("password", Map.of("current", oneTimePassword, "replacement", chosen), null);
  }

  JsonNode get(String path) {
    return send(HttpRequest.newBuilder(api.resolve(path)).GET());
  }

  JsonNode post(String path, Map<String, ?> body, @Nullable String idempotencyKey) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(api.resolve(path))
            .header("Content-Type", "application/json")
            .header("X-XSRF-TOKEN", token())
            .POST(HttpRequest.BodyPublishers.ofString(MAPPER.writeValueAsString(body)));
    if (idempotencyKey != null) {
      request.header("Idempotency-Key", idempotencyKey);
    }
    return send(request);
  }

  private String token() {
    return cookies.getCookieStore().getCookies().stream()
        .filter(cookie -> cookie.getName().equals("XSRF-TOKEN"))
        .map(HttpCookie::getValue)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the server gave no XSRF-TOKEN"));
  }

  private JsonNode send(HttpRequest.Builder request) {
    HttpResponse<String> response = exchange(request.timeout(TIMEOUT).build());
    String body = response.body();
    if (response.statusCode() >= 400) {
      throw new ApiException(
          response.statusCode(),
          response.request().method()
              + " "
              + response.uri().getPath()
              + " answered "
              + response.statusCode()
              + " "
              + body);
    }
    return body.isEmpty() ? MAPPER.createObjectNode() : MAPPER.readTree(body);
  }

  private HttpResponse<String> exchange(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException("no answer to " + request.method() + " " + request.uri(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
