package dev.assent.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A login that is not in the browser, for example on another machine. Not thread-safe. */
final class ApiSession {
  static final JsonMapper JSON = JsonMapper.builder().build();

  private final String base;
  private final CookieManager cookies = new CookieManager();
  private final HttpClient client = HttpClient.newBuilder().cookieHandler(cookies).build();

  ApiSession(String url) {
    base = url + "/api/v1";
    send(HttpRequest.newBuilder(URI.create(base + "/me")));
  }

  JsonNode get(String path) {
    return succeeded(send(HttpRequest.newBuilder(URI.create(base + path))));
  }

  /** What is sent, as text. */
  String text(String path) {
    HttpResponse<String> response = send(HttpRequest.newBuilder(URI.create(base + path)));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body();
  }

  /** What comes back for a request without a body. */
  int status(String method, String path) {
    return send(HttpRequest.newBuilder(URI.create(base + path))
            .method(method, HttpRequest.BodyPublishers.noBody()))
        .statusCode();
  }

  JsonNode post(String path, Map<String, ?> body) {
    return succeeded(post(path, UUID.randomUUID().toString(), body));
  }

  /** The response, whatever it is. */
  HttpResponse<String> post(String path, String idempotencyKey, Map<String, ?> body) {
    return send(
        HttpRequest.newBuilder(URI.create(base + path))
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", idempotencyKey)
            .header("X-XSRF-TOKEN", token())
            .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body))));
  }

  void logIn(String name, String password) {
    post("/login", Map.of("name", name, "password", password));
  }

  /** What a stream of a run's updates sends until the server ends it, without pieces of text. */
  List<JsonNode> updates(String run, String query, String lastId) {
    return updates(run, query, lastId, () -> {});
  }

  /** The same; tells once the server has begun to answer. */
  List<JsonNode> updates(String run, String query, String lastId, Runnable begun) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + "/runs/" + run + "/events" + query))
            .header("Accept", "text/event-stream")
            .header("Last-Event-ID", lastId)
            .build();
    try (Stream<String> lines = client.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
      begun.run();
      return lines
          .filter(line -> line.startsWith("data:"))
          .map(line -> JSON.readTree(line.substring("data:".length())))
          .filter(update -> update.has("id"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The id of a new run. */
  String run(String message) {
    return post("/agents/finance_bot/runs", Map.of("message", message)).get("id").asString();
  }

  /** Rejects what this requirement is now. */
  void reject(String requirement, String reason) {
    JsonNode shown = get("/requirements/" + requirement);
    post(
        "/requirements/" + requirement + "/resolution",
        Map.of(
            "version",
            shown.get("version").asInt(),
            "digest",
            shown.get("digest").asString(),
            "verdict",
            "REJECT",
            "reason",
            reason));
  }

  private String token() {
    return cookies.getCookieStore().getCookies().stream()
        .filter(cookie -> cookie.getName().equals("XSRF-TOKEN"))
        .map(HttpCookie::getValue)
        .findFirst()
        .orElse("");
  }

  static JsonNode succeeded(HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
    return JSON.readTree(response.body());
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
