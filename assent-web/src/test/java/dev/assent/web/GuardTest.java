package dev.assent.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GuardTest {
  private static final String RUN = "{\"message\":\"hello\"}";
  private TestingServer server;

  @BeforeAll
  void start() {
    server = new TestingServer();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  @Tag("X35")
  @DisplayName("nothing but login and the API's description answers without a login")
  void nothingAnswersWithoutLogin() {
    Browser stranger = server.browser();
    Set<Operations.Operation> all = Operations.mapped(server.context);
    assertThat(all).hasSizeGreaterThan(12);

    for (Operations.Operation operation : all) {
      String path = operation.path().replaceAll("\\{[^}]+}", "x").replace("/api/v1", "");
      Browser.Answer answer =
          operation.method().equals("POST") ? stranger.post(path, "{}") : stranger.get(path);
      switch (path) {
        case "/openapi.json" -> answer.mustBe(200);
        case "/login" -> answer.mustBe(400);
        default -> assertThat(answer.mustBe(401).problem()).isEqualTo("not-logged-in");
      }
    }
  }

  @Test
  @Tag("X35")
  void requestWithoutTokenIsRefused() {
    Browser browser = server.as("ada");

    HttpRequest.Builder bare =
        browser
            .request("/api/v1/agents/bot/runs")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(RUN));
    assertThat(browser.send(bare).mustBe(403).problem()).isEqualTo("csrf");
    HttpRequest.Builder wrong = browser.posting("/agents/bot/runs", RUN);
    wrong.setHeader("X-XSRF-TOKEN", "00000000-0000-0000-0000-000000000000");
    assertThat(browser.send(wrong).mustBe(403).problem()).isEqualTo("csrf");
    HttpRequest.Builder login =
        server
            .browser()
            .request("/api/v1/login")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"ada\",\"password\":\"x\"}"));
    assertThat(browser.send(login).mustBe(403).problem()).isEqualTo("csrf");
  }

  @Test
  @Tag("X35")
  void otherSitesPagesAreRefused() {
    Browser browser = server.as("ada");

    for (String[] header :
        new String[][] {
          {"Origin", "https://evil.example"},
          {"Origin", "null"},
          {"Origin", "http://127.0.0.1:1"},
          {"Sec-Fetch-Site", "cross-site"},
          {"Sec-Fetch-Site", "same-site"}
        }) {
      Browser.Answer post =
          browser.send(browser.posting("/agents/bot/runs", RUN).header(header[0], header[1]));
      assertThat(post.mustBe(403).problem()).isEqualTo("foreign-origin");
      Browser.Answer get =
          browser.send(browser.request("/api/v1/agents").header(header[0], header[1]).GET());
      assertThat(get.mustBe(403).problem()).isEqualTo("foreign-origin");
      assertThat(get.header("Access-Control-Allow-Origin")).isEmpty();
    }
    browser
        .send(
            browser
                .posting("/agents/bot/runs", RUN)
                .header("Origin", "http://127.0.0.1:" + server.port)
                .header("Sec-Fetch-Site", "same-origin"))
        .mustBe(202);
  }

  @Test
  @Tag("X35")
  void preflightIsNotAnswered() {
    Browser stranger = server.browser();

    Browser.Answer answer =
        stranger.send(
            stranger
                .request("/api/v1/agents")
                .header("Origin", "https://evil.example")
                .header("Access-Control-Request-Method", "POST")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));

    answer.mustBe(403);
    assertThat(answer.header("Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  @Tag("X35")
  void foreignHostNameIsRefused() throws IOException {
    for (String path : new String[] {"/api/v1/me", "/", "/api/v1/openapi.json"}) {
      assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: evil.example\r\n"))
          .startsWith("HTTP/1.1 421")
          .contains("unknown-host");
    }
    assertThat(raw("GET /api/v1/openapi.json HTTP/1.1\r\nHost: LOCALHOST:1\r\n"))
        .startsWith("HTTP/1.1 200");
  }

  @Test
  void namesUnderLocalhostAreThisMachine() throws IOException {
    for (String host : new String[] {"assent.localhost", "Assent.LocalHost", "a.b-c.localhost"}) {
      assertThat(
              raw(
                  "GET /api/v1/openapi.json HTTP/1.1\r\nHost: %1$s:1\r\nOrigin: http://%1$s:1\r\n"
                      .formatted(host)))
          .as(host)
          .startsWith("HTTP/1.1 200");
    }
    for (String host :
        new String[] {
          "localhost.example",
          "assent.localhost.example",
          "evillocalhost",
          ".localhost",
          "a..localhost",
          "-a.localhost"
        }) {
      assertThat(raw("GET /api/v1/me HTTP/1.1\r\nHost: " + host + ":1\r\n"))
          .as(host)
          .matches("(?s)HTTP/1\\.1 4(21|00) .*");
    }
    assertThat(
            raw(
                "GET /api/v1/openapi.json HTTP/1.1\r\nHost: assent.localhost:1\r\n"
                    + "Origin: http://other.localhost:1\r\n"))
        .startsWith("HTTP/1.1 403")
        .contains("foreign-origin");
  }

  @Test
  void headersAreSetOnEveryAnswer() {
    Browser browser = server.as("ada");
    for (String path : new String[] {"/api/v1/agents", "/api/v1/nope", "/", "/requests/r1"}) {
      Browser.Answer answer = browser.send(browser.request(path).GET());

      assertThat(answer.header("Content-Security-Policy"))
          .isEqualTo(
              "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                  + " img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none';"
                  + " require-trusted-types-for 'script'; trusted-types 'none'");
      assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
      assertThat(answer.header("Cache-Control")).contains("no-store");
      assertThat(answer.header("Permissions-Policy")).contains("camera=()");
      assertThat(answer.header("Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
      assertThat(answer.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
    }
  }

  @Test
  void bodiesAreStrictAndBounded() {
    Browser browser = server.as("ada");
    String start = "/agents/bot/runs";

    assertThat(browser.post(start, "{\"message\":\"hello\",\"extra\":1}").mustBe(400).problem())
        .isEqualTo("malformed-json");
    assertThat(browser.post(start, "{\"message\":\"a\",\"message\":\"b\"}").mustBe(400).problem())
        .isEqualTo("malformed-json");
    assertThat(browser.post(start, "{}").mustBe(400).problem()).isEqualTo("malformed-json");
    assertThat(browser.post(start, "").mustBe(400).problem()).isEqualTo("malformed-json");
    assertThat(browser.post(start, "{\"message\":\"\\ud800\"}").mustBe(400).problem())
        .isEqualTo("malformed-json");
    assertThat(
            browser
                .post(start, "{\"message\":\"" + "x".repeat(WireFormat.LARGEST_BODY) + "\"}")
                .mustBe(413)
                .problem())
        .isEqualTo("body-too-large");
    HttpRequest.Builder form = browser.posting(start, "message=hello");
    form.setHeader("Content-Type", "application/x-www-form-urlencoded");
    assertThat(browser.send(form).mustBe(415).problem()).isEqualTo("not-json");
  }

  @Test
  void unknownThingsAreProblems() {
    Browser browser = server.as("ada");

    assertThat(browser.get("/nope").mustBe(404).problem()).isEqualTo("not-found");
    assertThat(browser.get("/runs/nope").mustBe(404).problem()).isEqualTo("unknown-run");
    assertThat(browser.get("/runs/nope/events").mustBe(404).problem()).isEqualTo("unknown-run");
    assertThat(browser.get("/requirements/nope").mustBe(404).problem())
        .isEqualTo("unknown-requirement");
    assertThat(browser.post("/agents/nope/runs", RUN).mustBe(404).problem())
        .isEqualTo("unknown-agent");
    assertThat(browser.get("/requirements?status=WRONG").mustBe(400).problem())
        .isEqualTo("invalid-parameter");
    assertThat(browser.get("/requirements?limit=0").mustBe(400).problem())
        .isEqualTo("invalid-parameter");
    assertThat(browser.get("/requirements?after=zzz").mustBe(400).problem())
        .isEqualTo("invalid-cursor");
    assertThat(browser.get("/audit?after=zzz").mustBe(400).problem())
        .isEqualTo("invalid-parameter");
    Browser.Answer wrong = browser.get("/login").mustBe(405);
    assertThat(wrong.problem()).isEqualTo("method-not-allowed");
    assertThat(wrong.header("Allow")).isEqualTo("POST");
  }

  @Test
  void pathsOfThePageGiveThePage() {
    Browser stranger = server.browser();

    for (String path : new String[] {"/", "/index.html", "/requests/r1", "/runs/a/b"}) {
      Browser.Answer page = stranger.send(stranger.request(path).GET()).mustBe(200);
      assertThat(page.header("Content-Type")).startsWith("text/html");
    }
    assertThat(stranger.send(stranger.request("/nope.js").GET()).mustBe(404).problem())
        .isEqualTo("not-found");
    assertThat(stranger.send(stranger.request("/assets/nope.js").GET()).mustBe(404).problem())
        .isEqualTo("not-found");
    assertThat(IndexPage.fitted("<script src=\"./a.js\">", "/requests/r1"))
        .isEqualTo("<script src=\"../a.js\">");
    assertThat(IndexPage.fitted("<script src=\"./a.js\">", "/"))
        .isEqualTo("<script src=\"./a.js\">");
  }

  private String raw(String head) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.port)) {
      socket
          .getOutputStream()
          .write((head + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
