package dev.assent.web;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** Reads the events of one connection. */
final class Listening implements AutoCloseable {
  private final InputStream in;
  private final BufferedReader reader;
  final HttpResponse<InputStream> response;

  /** One event; its id is its own, or empty. */
  record Event(String id, String name, String data) {
    JsonNode json() {
      return Browser.JSON.readTree(data);
    }

    String type() {
      return json().get("type").asString();
    }
  }

  Listening(Browser as, String path, String lastId) {
    HttpRequest.Builder request =
        as.request("/api/v1" + path).header("Accept", "text/event-stream");
    if (!lastId.isEmpty()) {
      request.header("Last-Event-ID", lastId);
    }
    response = as.open(request.GET());
    in = response.body();
    reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  /** Events up to the first that fits; all of them when the stream ends before. */
  List<Event> until(Predicate<Event> last) throws IOException {
    List<Event> events = new ArrayList<>();
    String id = "";
    String name = "";
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.isEmpty()) {
        id = "";
        name = "";
      } else if (line.startsWith("id:")) {
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

  /** All events to the end of the stream. */
  List<Event> all() throws IOException {
    return until(event -> false);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
