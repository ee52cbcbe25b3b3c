package dev.assent.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.RunId;
import dev.assent.runtime.RunUpdate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Over HTTP. */
@Tag("C7")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class RunStreamTest {
  private TestingServer server;
  private Browser ada;
  private Browser grace;

  @BeforeAll
  void start() {
    server = new TestingServer();
    ada = server.as("ada");
    grace = server.as("grace");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @AfterEach
  void quiet() {
    server.model.aloud = deltas -> {};
  }

  private String begin(String message) {
    return ada.post("/agents/bot/runs", Map.of("message", message))
        .mustBe(202)
        .json()
        .get("id")
        .asString();
  }

  private void approve(JsonNode shown) {
    grace
        .resolve(
            shown.get("id").asString(),
            Map.of(
                "version",
                shown.get("version").asInt(),
                "digest",
                shown.get("digest").asString(),
                "verdict",
                "APPROVE"))
        .mustBe(200);
  }

  private Listening listen(String run, String lastId) {
    return new Listening(ada, "/runs/" + run + "/events", lastId);
  }

  private List<JsonNode> list(String run, String lastId) {
    HttpRequest.Builder request =
        ada.request("/api/v1/runs/" + run + "/events").header("Accept", "application/json");
    if (!lastId.isEmpty()) {
      request.header("Last-Event-ID", lastId);
    }
    List<JsonNode> items = new ArrayList<>();
    ada.send(request.GET()).mustBe(200).json().get("items").forEach(items::add);
    return items;
  }

  private String paysWithApproval() {
    JsonNode asked = ada.pending("pay", "{\"amount\":5,\"vendor\":\"A\\u202Ecme\"}");
    String run = asked.get("run").asString();
    approve(asked);
    ada.until(run, "COMPLETED");
    return run;
  }

  @Test
  void aRunIsToldToItsEndAndWhoComesAgainIsTurnedAway() throws IOException {
    String run = begin("hello");

    List<Listening.Event> events;
    try (Listening stream = listen(run, "")) {
      events = stream.all();
    }

    assertThat(events)
        .extracting(Listening.Event::type)
        .containsExactly("run.started", "reply", "run.completed");
    assertThat(events).extracting(Listening.Event::name).containsOnly("update");
    assertThat(events.getLast().json().get("text").toString())
        .isEqualTo("[{\"text\":\"hello to you\"}]");
    HttpRequest.Builder again =
        ada.request("/api/v1/runs/" + run + "/events")
            .header("Last-Event-ID", events.getLast().id());
    ada.send(again.GET()).mustBe(204);
  }

  @Test
  void eachUpdateHasItsMembersAndHostileTextsAreShown() {
    List<JsonNode> items = list(paysWithApproval(), "");

    assertThat(items)
        .extracting(item -> item.get("type").asString())
        .containsExactly(
            "run.started",
            "reply",
            "call.proposed",
            "call.asked",
            "run.paused",
            "run.continued",
            "call.cleared",
            "call.started",
            "call.completed",
            "reply",
            "run.completed");
    assertThat(items).allMatch(item -> item.get("agent").asString().equals("bot"));
    assertThat(items).allMatch(item -> item.has("id") && item.has("at"));
    assertThat(items.get(1).get("text").toString()).contains("{\"hidden\":\"U+202E\"}");
    assertThat(items.get(1).get("tokens").toString()).isEqualTo("{\"input\":0,\"output\":0}");
    assertThat(items.get(2).get("call").asString()).isEqualTo("c1");
    assertThat(items.get(2).get("arguments").toString()).contains("vendor");
    JsonNode waiting = items.get(4).get("requirements").get(0);
    assertThat(waiting.get("requirement")).isEqualTo(items.get(3).get("requirement"));
    assertThat(waiting.get("kind").asString()).isEqualTo("APPROVAL");
    assertThat(waiting.get("tool").asString()).isEqualTo("pay");
    assertThat(items.get(5).size()).isEqualTo(4);
    assertThat(items.get(7).get("attempt").asInt()).isEqualTo(1);
    assertThat(items.get(8).get("status").asString()).isEqualTo("SUCCEEDED");
    assertThat(items.get(8).has("code")).isFalse();
  }

  @Test
  @Tag("C7")
  @DisplayName("joined after any id, stream and list give exactly the rest")
  void afterEachIdExactlyTheRestFollows() throws IOException {
    String run = paysWithApproval();
    List<JsonNode> whole = list(run, "");

    for (int i = 0; i < whole.size() - 1; i++) {
      String id = whole.get(i).get("id").asString();
      List<JsonNode> rest = whole.subList(i + 1, whole.size());
      assertThat(list(run, id)).isEqualTo(rest);
      try (Listening stream = listen(run, id)) {
        assertThat(stream.all()).extracting(Listening.Event::json).isEqualTo(rest);
      }
    }
    assertThat(list(run, whole.getLast().get("id").asString())).isEmpty();
    assertThat(list(run, "nonsense")).isEqualTo(whole);
  }

  @Test
  @Tag("C7")
  @DisplayName("a reader may stop at the pause and join again after it")
  void aReaderMayStopAtThePause() throws IOException {
    JsonNode asked = ada.pending("pay", "{\"amount\":6,\"vendor\":\"Acme\"}");
    String path = "/runs/" + asked.get("run").asString() + "/events?until=PAUSE";
    Listening.Event pause;
    try (Listening stream = new Listening(ada, path, "")) {
      pause = stream.all().getLast();
    }
    assertThat(pause.type()).isEqualTo("run.paused");

    approve(asked);

    try (Listening stream = new Listening(ada, path, pause.id())) {
      assertThat(stream.all())
          .extracting(Listening.Event::type)
          .startsWith("run.continued")
          .endsWith("run.completed");
    }
    assertThat(ada.get("/runs/" + asked.get("run").asString() + "/events?until=noon").status())
        .isEqualTo(400);
  }

  @Test
  void whatIsSaidComesInPiecesWithoutIdsBeforeTheReply() throws IOException {
    CountDownLatch heard = new CountDownLatch(1);
    server.model.aloud =
        deltas -> {
          deltas.accept("hel");
          await(heard);
          deltas.accept("lo to\u202E");
        };
    String run = begin("hello");

    List<Listening.Event> events;
    try (Listening stream = listen(run, "")) {
      events = stream.until(event -> event.name().equals("delta"));
      heard.countDown();
      events.addAll(stream.all());
    }

    List<Listening.Event> deltas =
        events.stream().filter(event -> event.name().equals("delta")).toList();
    assertThat(deltas.getFirst().id()).isEmpty();
    assertThat(deltas.getFirst().data())
        .isEqualTo(
            "{\"type\":\"text.delta\",\"agent\":\"bot\",\"offset\":0,"
                + "\"text\":[{\"text\":\"hel\"}]}");
    List<String> types = events.stream().map(Listening.Event::type).toList();
    assertThat(types.lastIndexOf("text.delta")).isLessThan(types.indexOf("reply"));
    assertThat(types).endsWith("reply", "run.completed");
    assertThat(list(run, "")).noneMatch(item -> item.get("type").asString().equals("text.delta"));
  }

  @Test
  @Tag("C7")
  @DisplayName("a socket that nobody reads holds no run up, and what was missed is there")
  void aSocketThatNobodyReadsHoldsNoRun() throws IOException {
    // Each of these is 20 bytes on the wire: more than all buffers between here and there hold.
    String piece = "\u202E".repeat(10_000);
    CountDownLatch connected = new CountDownLatch(1);
    server.model.aloud =
        deltas -> {
          await(connected);
          for (int i = 0; i < 20; i++) {
            deltas.accept(piece);
          }
        };
    String run = begin("\u202E".repeat(100_000));
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        sockets.add(unread("/api/v1/runs/" + run + "/events"));
      }
      connected.countDown();

      ada.until(run, "COMPLETED");
      try (Listening stream = listen(run, "")) {
        assertThat(stream.all()).extracting(Listening.Event::type).endsWith("run.completed");
      }
      assertThat(server.context.getBean(Streams.class).size())
          .as("streams that still write")
          .isGreaterThanOrEqualTo(3);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private Socket unread(String path) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(1024);
    socket.connect(new InetSocketAddress("127.0.0.1", server.port));
    String request =
        "GET "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
            + "Cookie: ASSENT_SESSION="
            + ada.cookies.get("ASSENT_SESSION")
            + "\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    // The head of the answer: the stream is open now.
    assertThat(socket.getInputStream().read()).isEqualTo('H');
    return socket;
  }

  @Test
  void aReaderWhoGoesAwayInTheMiddleIsForgottenAndTheRunGoesOn() throws IOException {
    CountDownLatch gone = new CountDownLatch(1);
    Consumer<Consumer<String>> talks =
        deltas -> {
          deltas.accept("hel");
          await(gone);
          deltas.accept("lo");
        };
    server.model.aloud = talks;
    String run = begin("hello");
    try (Listening stream = listen(run, "")) {
      stream.until(event -> event.name().equals("delta"));
    }
    gone.countDown();

    ada.until(run, "COMPLETED");

    try (var rest = server.assent.events(new RunId(run))) {
      assertThat(rest).last().isInstanceOf(RunUpdate.Completed.class);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
