package dev.assent.web;

import dev.assent.core.AuditRecord;
import dev.assent.core.RunId;
import dev.assent.core.SealedAuditRecord;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.Store.JournalEntry;
import dev.assent.core.spi.Store.StoredRun;
import dev.assent.runtime.Assent;
import dev.assent.runtime.Change;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Live events: of the inbox by the audit log, of a run by its journal; both are read anew. */
@RestController
@RequestMapping(ApiPaths.V1)
final class EventController {
  private static final int BATCH = 500;
  private static final int LONGEST_LIST = 10_000;

  private final Assent assent;
  private final Streams streams;

  EventController(Assent assent, Streams streams) {
    this.assent = assent;
    this.streams = streams;
  }

  /** All that an event of the inbox says. */
  record Pointer(String id) {}

  @GetMapping("/events")
  SseEmitter inbox(
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastId,
      LoggedIn login,
      HttpServletResponse response) {
    unbuffered(response);
    long head = assent.store().auditHead(assent.tenant());
    return streams.open(login, change -> true, new Inbox(Math.min(number(lastId, head), head)));
  }

  @GetMapping("/runs/{id}/events")
  @Nullable SseEmitter run(
      @PathVariable String id,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastId,
      @RequestHeader(name = "Accept", defaultValue = "*/*") String accept,
      LoggedIn login,
      HttpServletResponse response)
      throws IOException {
    RunId run = Wanted.run(id);
    StoredRun stored = stored(run);
    long after = number(lastId, 0);
    if (accept.contains(MediaType.APPLICATION_JSON_VALUE)) {
      list(run, after, response);
      return null;
    }
    if (ended(stored) && after >= stored.state().version()) {
      // Tells a browser's EventSource not to come again.
      response.setStatus(HttpStatus.NO_CONTENT.value());
      return null;
    }
    unbuffered(response);
    return streams.open(
        login,
        change -> change.kind() == Change.Kind.RUN && change.id().equals(run.value()),
        new Journal(run, after));
  }

  private void list(RunId run, long after, HttpServletResponse response) throws IOException {
    List<JournalEntry> entries = assent.store().journal(assent.tenant(), run, after, LONGEST_LIST);
    response.setContentType(MediaType.APPLICATION_JSON_VALUE);
    response
        .getOutputStream()
        .write(WireFormat.write(new ListView<>(entries.stream().map(JournalView::of).toList())));
  }

  private StoredRun stored(RunId run) {
    return assent
        .store()
        .run(assent.tenant(), run)
        .orElseThrow(() -> Problem.of(404, "unknown-run", "There is no such run", "").exception());
  }

  private static boolean ended(StoredRun run) {
    return run.state().end() != null;
  }

  private static void unbuffered(HttpServletResponse response) {
    response.setHeader("X-Accel-Buffering", "no");
  }

  private static long number(@Nullable String text, long otherwise) {
    return text != null && text.matches("\\d{1,18}") ? Long.parseLong(text) : otherwise;
  }

  /** What was sealed after a position; of several changes of one thing only the last is told. */
  private final class Inbox implements Streams.Source {
    private long position;

    Inbox(long position) {
      this.position = position;
    }

    @Override
    public boolean send(SseEmitter to) throws IOException {
      List<SealedAuditRecord> records;
      do {
        records = assent.store().audit(assent.tenant(), position, BATCH);
        for (Map.Entry<Event, Long> event : events(records).entrySet()) {
          to.send(
              SseEmitter.event()
                  .id(event.getValue().toString())
                  .name(event.getKey().kind())
                  .data(json(new Pointer(event.getKey().id()))));
        }
        position = records.isEmpty() ? position : records.getLast().position();
      } while (records.size() == BATCH);
      return true;
    }

    private static Map<Event, Long> events(List<SealedAuditRecord> records) {
      Map<Event, Long> events = new LinkedHashMap<>();
      for (SealedAuditRecord sealed : records) {
        AuditRecord record = AuditRecord.read(sealed.recordBytes());
        Event event = Event.of(record);
        if (event != null) {
          events.remove(event);
          events.put(event, sealed.position());
        }
      }
      return events;
    }
  }

  private record Event(String kind, String id) {
    static @Nullable Event of(AuditRecord record) {
      if (record.requirement() != null) {
        return new Event("requirement", record.requirement());
      }
      return record.run() == null ? null : new Event("run", record.run());
    }
  }

  /** The transitions of one run; ends with it. */
  private final class Journal implements Streams.Source {
    private final RunId run;
    private long sequence;

    Journal(RunId run, long sequence) {
      this.run = run;
      this.sequence = sequence;
    }

    @Override
    public boolean send(SseEmitter to) throws IOException {
      StoredRun before = stored(run);
      Store store = assent.store();
      List<JournalEntry> entries;
      do {
        entries = store.journal(assent.tenant(), run, sequence, BATCH);
        for (JournalEntry entry : entries) {
          to.send(
              SseEmitter.event()
                  .id(Long.toString(entry.version()))
                  .name("journal")
                  .data(json(JournalView.of(entry))));
          sequence = entry.version();
        }
      } while (entries.size() == BATCH);
      return !ended(before);
    }
  }

  private static String json(Object value) {
    return new String(WireFormat.write(value), java.nio.charset.StandardCharsets.UTF_8);
  }
}
