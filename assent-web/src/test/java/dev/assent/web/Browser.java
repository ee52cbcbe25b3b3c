package dev.assent.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Keeps cookies as a browser does and sends the token as the page does. Not thread-safe. */
final class Browser {
  static final JsonMapper JSON = JsonMapper.builder().build();

  final Map<String, String> cookies = new HashMap<>();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String base;

  Browser(int port) {
    this.base = "http://127.0.0.1:" + port;
  }

  /** What came back. */
  record Answer(int status, String body, HttpResponse<?> response) {
    JsonNode json() {
      return JSON.readTree(body);
    }

    /** The last part of the problem's type. */
    String problem() {
      assertThat(response.headers().firstValue("Content-Type"))
          .as(body)
          .hasValue("application/problem+json");
      String type = json().get("type").asString();
      return type.substring(type.lastIndexOf('/') + 1);
    }

    Answer mustBe(int expected) {
      assertThat(status).as(body).isEqualTo(expected);
      return this;
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  Answer get(String path) {
    return send(request("/api/v1" + path).GET());
  }

  Answer post(String path, Object body) {
    return post(path, JSON.writeValueAsString(body));
  }

  Answer post(String path, String body) {
    return send(posting(path, body));
  }

  /** A decision with a key of its own. */
  Answer resolve(String requirement, Map<String, ?> body) {
    return resolve(requirement, body, UUID.randomUUID().toString());
  }

  Answer resolve(String requirement, Map<String, ?> body, String key) {
    return send(
        posting("/requirements/" + requirement + "/resolution", JSON.writeValueAsString(body))
            .header("Idempotency-Key", key));
  }

  HttpRequest.Builder posting(String path, String body) {
    if (!cookies.containsKey("XSRF-TOKEN")) {
      get("/me");
    }
    return request("/api/v1" + path)
        .header("Content-Type", "application/json")
        .header("X-XSRF-TOKEN", cookies.getOrDefault("XSRF-TOKEN", ""))
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
    if (!cookies.isEmpty()) {
      request.header(
          "Cookie",
          String.join(
              "; ",
              cookies.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList()));
    }
    return request;
  }

  Answer send(HttpRequest.Builder request) {
    HttpResponse<String> response = send(request, HttpResponse.BodyHandlers.ofString());
    return new Answer(response.statusCode(), response.body(), response);
  }

  HttpResponse<InputStream> open(HttpRequest.Builder request) {
    return send(request, HttpResponse.BodyHandlers.ofInputStream());
  }

  private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> as) {
    try {
      HttpResponse<T> response = client.send(request.build(), as);
      response.headers().allValues("Set-Cookie").forEach(this::keep);
      return response;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void keep(String header) {
    HttpCookie cookie = HttpCookie.parse(header).getFirst();
    if (cookie.getMaxAge() == 0) {
      cookies.remove(cookie.getName());
    } else {
      cookies.put(cookie.getName(), cookie.getValue());
    }
  }

  /** Starts a run whose model calls this tool with these arguments, and waits for its pause. */
  JsonNode pending(String tool, String arguments) {
    String run =
        post("/agents/bot/runs", Map.of("message", tool + " " + arguments))
            .mustBe(202)
            .json()
            .get("id")
            .asString();
    return waiting(run);
  }

  /** The first requirement that a run waits for. */
  JsonNode waiting(String run) {
    for (int i = 0; i < 400; i++) {
      JsonNode waits = get("/runs/" + run).mustBe(200).json().get("waitsFor");
      if (!waits.isEmpty()) {
        return get("/requirements/" + waits.get(0).asString()).mustBe(200).json();
      }
      pause();
    }
    throw new AssertionError("run " + run + " asks nothing: " + get("/runs/" + run).body());
  }

  /** The run once it has this status. */
  JsonNode until(String run, String status) {
    for (int i = 0; i < 400; i++) {
      JsonNode view = get("/runs/" + run).mustBe(200).json();
      if (view.get("status").asString().equals(status)) {
        return view;
      }
      pause();
    }
    throw new AssertionError(get("/runs/" + run).body());
  }

  static void pause() {
    try {
      Thread.sleep(25);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
