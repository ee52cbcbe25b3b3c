package dev.assent.web;

import dev.assent.runtime.RunStream;
import dev.assent.runtime.RunUpdate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The updates of one run, as far as its reader wants them. */
final class RunSource implements Streams.Source {
  private static final int BATCH = 500;

  private final RunStream updates;
  private final UpdateRedaction hides;
  private @Nullable RunUpdate next;

  RunSource(RunStream updates, UpdateRedaction hides) {
    this.updates = updates;
    this.hides = hides;
    try {
      this.next = updates.poll(Duration.ZERO).orElse(null);
    } catch (RuntimeException e) {
      updates.close();
      throw e;
    }
  }

  /** True when there is nothing to send, now or later. */
  boolean empty() {
    return next == null && updates.ended();
  }

  @Override
  public boolean send(SseEmitter to) throws IOException {
    for (int i = 0; i < BATCH && next != null; i++) {
      hides.learn(next);
      if (!(next instanceof RunUpdate.TextDelta delta) || hides.says(delta)) {
        to.send(event(next));
      }
      next = updates.poll(Duration.ZERO).orElse(null);
    }
    return !empty();
  }

  private SseEmitter.SseEventBuilder event(RunUpdate update) {
    String data =
        new String(WireFormat.write(UpdateView.of(update, hides)), StandardCharsets.UTF_8);
    return switch (update) {
      case RunUpdate.TextDelta delta -> SseEmitter.event().name("delta").data(data);
      case RunUpdate.Durable durable ->
          SseEmitter.event().id(durable.id().toString()).name("update").data(data);
    };
  }

  @Override
  public boolean await(Duration atMost) {
    if (next == null) {
      next = updates.poll(atMost).orElse(null);
    }
    return next != null;
  }

  @Override
  public void close() {
    updates.close();
  }
}
