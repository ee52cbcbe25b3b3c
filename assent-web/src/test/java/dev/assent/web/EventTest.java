package dev.assent.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class EventTest {
  private TestingServer server;
  private Browser ada;

  private record Event(String id, String name, String data) {}

  /** Reads events of one connection. */
  private final class Listening implements AutoCloseable {
    private final InputStream in;
    private final BufferedReader reader;
    final HttpResponse<InputStream> response;

    Listening(String path, String lastId) {
      HttpRequest.Builder request =
          ada.request("/api/v1" + path).header("Accept", "text/event-stream");
      if (!lastId.isEmpty()) {
        request.header("Last-Event-ID", lastId);
      }
      response = ada.open(request.GET());
      in = response.body();
      reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    /** Events up to the first that fits; all of them when the stream ends before. */
    List<Event> until(Predicate<Event> last) throws IOException {
      List<Event> events = new ArrayList<>();
      String id = "";
      String name = "";
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.startsWith("id:")) {
          id = line.substring(3).strip();
        } else if (line.startsWith("event:")) {
          name = line.substring(6).strip();
        } else if (line.startsWith("data:")) {
          events.add(new Event(id, name, line.substring(5).strip()));
          if (last.test(events.getLast())) {
            return events;
          }
        }
      }
      return events;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  @BeforeAll
  void start() {
    server = new TestingServer();
    ada = server.as("ada");
  }

  @AfterAll
  void stop() {
    long before = System.nanoTime();
    server.close();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void inboxTellsWhatChangedAndGoesOnWhereItStopped() throws IOException {
    String first;
    String position;
    try (Listening inbox = new Listening("/events", "")) {
      assertThat(inbox.response.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("text/event-stream");
      first = ada.pending("wipe", "{\"disk\":\"one\"}").get("id").asString();

      List<Event> events = inbox.until(event -> event.name().equals("requirement"));

      assertThat(events.getLast().data()).isEqualTo("{\"id\":\"" + first + "\"}");
      position = events.getLast().id();
      assertThat(Long.parseLong(position)).isPositive();
    }
    String missed = ada.pending("wipe", "{\"disk\":\"two\"}").get("id").asString();

    try (Listening again = new Listening("/events", position)) {
      List<Event> events = again.until(event -> event.data().contains(missed));

      assertThat(events).noneSatisfy(event -> assertThat(event.data()).contains(first));
      assertThat(events.stream().mapToLong(event -> Long.parseLong(event.id())))
          .isSorted()
          .allMatch(id -> id > Long.parseLong(position));
    }
  }

  @Test
  void idsBeyondTheEndOrOfNoUseDoNoHarm() throws IOException {
    for (String id : new String[] {"999999999", "nonsense", "-1"}) {
      try (Listening inbox = new Listening("/events", id)) {
        String asked = ada.pending("wipe", "{\"disk\":\"three\"}").get("id").asString();
        assertThat(inbox.until(event -> event.data().contains(asked))).isNotEmpty();
      }
    }
  }

  @Test
  void journalOfARunIsToldToItsEnd() throws IOException {
    String run =
        ada.post("/agents/bot/runs", Map.of("message", "hello")).json().get("id").asString();

    List<Event> events;
    try (Listening journal = new Listening("/runs/" + run + "/events", "0")) {
      events = journal.until(event -> false);
    }

    assertThat(events.getFirst().id()).isEqualTo("1");
    assertThat(events.getFirst().data()).contains("run.started");
    assertThat(events.getLast().data()).contains("run.completed");
    String last = events.getLast().id();
    HttpRequest.Builder again =
        ada.request("/api/v1/runs/" + run + "/events").header("Last-Event-ID", last).GET();
    ada.send(again).mustBe(204);
    HttpRequest.Builder list =
        ada.request("/api/v1/runs/" + run + "/events").header("Accept", "application/json").GET();
    JsonNode items = ada.send(list).mustBe(200).json().get("items");
    assertThat(items).hasSameSizeAs(events);
  }

  @Test
  void readerWhoReadsNothingHoldsUpNobody() throws IOException {
    List<Socket> idle = new ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(1024);
        socket.connect(new java.net.InetSocketAddress("127.0.0.1", server.port));
        socket
            .getOutputStream()
            .write(
                ("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: 0\r\nCookie:"
                        + " ASSENT_SESSION="
                        + ada.cookies.get("ASSENT_SESSION")
                        + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        idle.add(socket);
      }
      long before = System.nanoTime();
      for (int i = 0; i < 20; i++) {
        ada.pending("wipe", "{\"disk\":\"busy\"}");
      }
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }
}
