package dev.assent.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class EventTest {
  private TestingServer server;
  private Browser ada;

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
    try (Listening inbox = new Listening(ada, "/events", "")) {
      assertThat(inbox.response.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("text/event-stream");
      first = ada.pending("wipe", "{\"disk\":\"one\"}").get("id").asString();

      List<Listening.Event> events = inbox.until(event -> event.name().equals("requirement"));

      assertThat(events.getLast().data()).isEqualTo("{\"id\":\"" + first + "\"}");
      position = events.getLast().id();
      assertThat(Long.parseLong(position)).isPositive();
    }
    String missed = ada.pending("wipe", "{\"disk\":\"two\"}").get("id").asString();

    try (Listening again = new Listening(ada, "/events", position)) {
      List<Listening.Event> events = again.until(event -> event.data().contains(missed));

      assertThat(events).noneSatisfy(event -> assertThat(event.data()).contains(first));
      assertThat(events.stream().mapToLong(event -> Long.parseLong(event.id())))
          .isSorted()
          .allMatch(id -> id > Long.parseLong(position));
    }
  }

  @Test
  void idsBeyondTheEndOrOfNoUseDoNoHarm() throws IOException {
    for (String id : new String[] {"999999999", "nonsense", "-1"}) {
      try (Listening inbox = new Listening(ada, "/events", id)) {
        String asked = ada.pending("wipe", "{\"disk\":\"three\"}").get("id").asString();
        assertThat(inbox.until(event -> event.data().contains(asked))).isNotEmpty();
      }
    }
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
