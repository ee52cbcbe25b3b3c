package dev.assent.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.AssentException;
import dev.assent.core.Effect;
import dev.assent.core.Message;
import dev.assent.core.RequiresApproval;
import dev.assent.core.TokenUse;
import dev.assent.core.Tool;
import dev.assent.core.spi.Model;
import dev.assent.runtime.Agent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AssentServerTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String CHOSEN = "a password of my own";

  @TempDir Path folder;
  private ServerOptions options;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final Payments payments = new Payments();
  private final Map<String, String> cookies = new TreeMap<>();

  @BeforeEach
  void choose() {
    options = ServerOptions.in(folder.resolve("data")).onPort(0);
  }

  /** A tool that a person has to allow. */
  static final class Payments {
    final List<String> made = new CopyOnWriteArrayList<>();

    @Tool(value = "Pays", effect = Effect.AT_MOST_ONCE)
    @RequiresApproval
    String pay(String vendor) {
      made.add(vendor);
      return "paid " + vendor;
    }
  }

  /** Pays whom it is told to. */
  static final class Payer implements Model {
    @Override
    public String name() {
      return "payer";
    }

    @Override
    public Reply call(Request request, Consumer<String> deltas) {
      Message last = request.messages().getLast();
      return new Reply(
          last instanceof Message.User user
              ? new Message.Assistant(
                  "", List.of(new Message.Call("1", "pay", "{\"vendor\":\"" + user.text() + "\"}")))
              : new Message.Assistant(last.text(), List.of()),
          TokenUse.NONE);
    }
  }

  private AssentServer start() {
    said.reset();
    return AssentServer.start(
        options,
        new PrintStream(said, true, StandardCharsets.UTF_8),
        Agent.named("payer").model(new Payer()).tools(payments).build());
  }

  private String output() {
    return said.toString(StandardCharsets.UTF_8);
  }

  private String oneTimePassword() {
    Matcher password = Pattern.compile("password  (\\S+)").matcher(output());
    assertThat(password.find()).as(output()).isTrue();
    return password.group(1);
  }

  @Test
  void pauseAndSessionSurviveARestart() throws Exception {
    String requirement;
    String run;
    String digest;
    try (AssentServer server = start()) {
      assertThat(output())
          .contains("name      admin")
          .contains("profile solo")
          .contains("in a browser open http://assent.localhost:" + server.port() + ", ")
          .endsWith("ready on http://127.0.0.1:" + server.port() + System.lineSeparator());
      get(server, "/me", 401);
      post(server, "/login", Map.of("name", "admin", "password", oneTimePassword()), 200);
      post(server, "/password", Map.of("current", oneTimePassword(), "replacement", CHOSEN), 200);
      assertThat(get(server, "/me", 200).get("profile").asString()).isEqualTo("SOLO");
      run = post(server, "/agents/payer/runs", Map.of("message", "Acme"), 202).get("id").asString();
      JsonNode shown = waiting(server, run);
      requirement = shown.get("id").asString();
      digest = shown.get("digest").asString();
    }

    try (AssentServer server = start()) {
      assertThat(output()).doesNotContain("password").contains("ready on");
      assertThat(get(server, "/me", 200).get("principal").get("name").asString())
          .isEqualTo("admin");
      JsonNode after =
          post(
              server,
              "/requirements/" + requirement + "/resolution",
              Map.of("version", 1, "digest", digest, "verdict", "APPROVE"),
              200);
      assertThat(after.get("status").asString()).isEqualTo("APPROVED");
      assertThat(completed(server, run).get("output").toString()).contains("paid Acme");
      assertThat(payments.made).containsExactly("Acme");
      assertThat(get(server, "/audit/verify", 200).get("intact").asBoolean()).isTrue();
    }
  }

  @Test
  void filesAreTheOwnersOnly() throws Exception {
    try (AssentServer server = start()) {
      Path data = options.data();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
          .isEqualTo("rwx------");
      for (String file : new String[] {"assent.db", "assent.key"}) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(file))))
            .as(file + " of " + server.url())
            .isEqualTo("rw-------");
      }
    }
  }

  @Test
  void networkIsRefused() {
    ServerOptions open = new ServerOptions(options.data(), "0.0.0.0", 0, null, java.util.Set.of());

    assertThatThrownBy(() -> AssentServer.start(open))
        .isInstanceOf(AssentException.class)
        .hasMessageContaining("this machine only");
    assertThat(options.data()).doesNotExist();
  }

  @Test
  void secondServerIsToldWhoHoldsTheData() {
    try (AssentServer server = start()) {
      assertThat(server.port()).isPositive();
      ByteArrayOutputStream err = new ByteArrayOutputStream();

      int code = run(err, "--data", options.data().toString(), "--port", "0");

      assertThat(code).isEqualTo(3);
      assertThat(err.toString(StandardCharsets.UTF_8))
          .contains("[store-held]")
          .doesNotContain("Exception")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void takenPortIsNamed() {
    try (AssentServer server = start()) {
      ByteArrayOutputStream err = new ByteArrayOutputStream();

      int code =
          run(
              err,
              "--data",
              folder.resolve("other").toString(),
              "--port",
              Integer.toString(server.port()));

      assertThat(code).isEqualTo(3);
      assertThat(err.toString(StandardCharsets.UTF_8))
          .isEqualTo(
              "assent: Port "
                  + server.port()
                  + " is taken. Stop what listens there, or choose another by --port (0 takes any"
                  + " free one). [port-in-use]"
                  + System.lineSeparator());
    }
  }

  @Test
  void wrongOptionsAreExplained() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();

    assertThat(run(err, "--wrong")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("--wrong").contains("Usage:");
  }

  @Test
  void secondPersonSeparatesDuties() throws Exception {
    try (AssentServer server = start()) {
      assertThat(output()).contains("profile solo").contains(server.url());
    }
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    said.reset();

    int code =
        run(
            err,
            "account",
            "--data",
            options.data().toString(),
            "add",
            "grace",
            "--role",
            "finance");

    assertThat(code).as(err.toString(StandardCharsets.UTF_8)).isZero();
    assertThat(output()).matches("one-time password of grace: \\S+\\s+");
    try (AssentServer server = start()) {
      assertThat(output()).contains("profile separated").contains(server.url());
    }
  }

  private int run(ByteArrayOutputStream err, String... args) {
    return ServerCommand.run(
        args,
        new PrintStream(said, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private JsonNode waiting(AssentServer server, String run) throws Exception {
    for (int i = 0; i < 400; i++) {
      JsonNode waits = get(server, "/runs/" + run, 200).get("waitsFor");
      if (!waits.isEmpty()) {
        return get(server, "/requirements/" + waits.get(0).asString(), 200);
      }
      Thread.sleep(25);
    }
    throw new AssertionError("run " + run + " asks nothing");
  }

  private JsonNode completed(AssentServer server, String run) throws Exception {
    for (int i = 0; i < 400; i++) {
      JsonNode view = get(server, "/runs/" + run, 200);
      if (view.get("status").asString().equals("COMPLETED")) {
        return view;
      }
      Thread.sleep(25);
    }
    throw new AssertionError("run " + run + " does not end");
  }

  private JsonNode get(AssentServer server, String path, int status) throws Exception {
    return send(request(server, path).GET(), status);
  }

  private JsonNode post(AssentServer server, String path, Object body, int status)
      throws Exception {
    return send(
        request(server, path)
            .header("Content-Type", "application/json")
            .header("X-XSRF-TOKEN", cookies.getOrDefault("XSRF-TOKEN", ""))
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body))),
        status);
  }

  private HttpRequest.Builder request(AssentServer server, String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.url() + "/api/v1" + path));
    cookies.forEach((name, value) -> request.header("Cookie", name + "=" + value));
    return request;
  }

  private JsonNode send(HttpRequest.Builder request, int status) throws Exception {
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    for (String cookie : response.headers().allValues("Set-Cookie")) {
      String[] pair = cookie.substring(0, cookie.indexOf(';')).split("=", 2);
      cookies.put(pair[0], pair[1]);
    }
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return JSON.readTree(response.body());
  }
}
