package dev.assent.web;

import dev.assent.core.AuditRecord;
import dev.assent.core.SealedAuditRecord;
import dev.assent.core.spi.Write;
import dev.assent.runtime.Assent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** What was sealed after a position; of several changes of one thing only the last is told. */
final class InboxSource implements Streams.Source {
  private static final int BATCH = 500;
  private static final Duration GATHER = Duration.ofMillis(20);

  private final Assent assent;
  private final Semaphore bell = new Semaphore(0);
  private final AutoCloseable watching;
  private volatile boolean closed;
  private long position;

  InboxSource(Assent assent, long position) {
    this.assent = assent;
    this.position = position;
    this.watching = assent.onChange(change -> ring());
  }

  /** All that an event of the inbox says. */
  record Pointer(String id) {}

  private record Event(String kind, String id) {
    static @Nullable Event of(AuditRecord record) {
      if (record.requirement() != null) {
        return new Event("requirement", record.requirement());
      }
      String mandate = record.details().get(Write.MANDATE_ID);
      if (record.type().equals(Write.MANDATE) && mandate != null) {
        return new Event("mandate", mandate);
      }
      return record.run() == null ? null : new Event("run", record.run());
    }
  }

  @Override
  public boolean send(SseEmitter to) throws IOException {
    List<SealedAuditRecord> records;
    do {
      records = assent.store().audit(assent.tenant(), position, BATCH);
      for (Map.Entry<Event, Long> event : events(records).entrySet()) {
        byte[] data = WireFormat.write(new Pointer(event.getKey().id()));
        to.send(
            SseEmitter.event()
                .id(event.getValue().toString())
                .name(event.getKey().kind())
                .data(new String(data, StandardCharsets.UTF_8)));
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

  private void ring() {
    if (bell.availablePermits() == 0) {
      bell.release();
    }
  }

  @Override
  public boolean await(Duration atMost) throws InterruptedException {
    boolean rung = bell.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS);
    if (rung && !closed) {
      Thread.sleep(GATHER);
      bell.drainPermits();
    }
    return rung;
  }

  @Override
  public void close() {
    closed = true;
    ring();
    Streams.leave(watching);
  }
}
