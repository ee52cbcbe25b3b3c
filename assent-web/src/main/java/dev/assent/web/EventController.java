package dev.assent.web;

import dev.assent.core.RunId;
import dev.assent.core.spi.Store;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunCard;
import dev.assent.runtime.RunStream;
import dev.assent.runtime.RunUpdate;
import dev.assent.runtime.UpdateId;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Live events: of the inbox by the audit log, of a run by its journal; both are read anew. */
@RestController
@RequestMapping(ApiPaths.V1)
final class EventController {
  private static final int LONGEST_LIST = 1_000;

  private final Assent assent;
  private final Streams streams;

  EventController(Assent assent, Streams streams) {
    this.assent = assent;
    this.streams = streams;
  }

  @GetMapping("/events")
  SseEmitter inbox(
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastId,
      LoggedIn login,
      HttpServletResponse response) {
    unbuffered(response);
    long head = assent.store().auditHead(assent.tenant());
    return streams.open(login, new InboxSource(assent, Math.min(number(lastId, head), head)));
  }

  @GetMapping("/runs/{id}/events")
  @Nullable SseEmitter run(
      @PathVariable String id,
      @RequestParam(required = false) @Nullable String until,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastId,
      @RequestHeader(name = "Accept", defaultValue = "*/*") String accept,
      LoggedIn login,
      HttpServletResponse response)
      throws IOException {
    RunId run = Wanted.run(id);
    if (assent.store().run(assent.tenant(), run).isEmpty()) {
      throw Problem.of(404, "unknown-run", "There is no such run", "").exception();
    }
    RunCard card = assent.runCard(run);
    refuseErased(card);
    UpdateRedaction hides = new UpdateRedaction(assent, card);
    RunStream updates = updates(run, lastId, until);
    if (accept.contains(MediaType.APPLICATION_JSON_VALUE)) {
      list(updates, hides, response);
      return null;
    }
    RunSource source = new RunSource(updates, hides);
    if (source.empty()) {
      // Tells a browser's EventSource not to come again.
      response.setStatus(HttpStatus.NO_CONTENT.value());
      return null;
    }
    unbuffered(response);
    return streams.open(login, source);
  }

  private void refuseErased(RunCard card) {
    Store.StoredRun run = card.run();
    if (run.state().end() != null) {
      assent
          .erasure(run.state().session(), run.updatedAt())
          .ifPresent(
              erasure -> {
                throw Problem.of(410, "erased", "What it held was destroyed", "")
                    .with("erasedAt", erasure.at())
                    .exception();
              });
    }
  }

  private RunStream updates(RunId run, @Nullable String lastId, @Nullable String until) {
    RunStream.Until end = Wanted.oneOf(RunStream.Until.class, "until", until);
    return assent.events(
        run,
        lastId == null ? UpdateId.START : UpdateId.parse(lastId).orElse(UpdateId.START),
        end == null ? RunStream.Until.END : end);
  }

  private static void list(RunStream updates, UpdateRedaction hides, HttpServletResponse response)
      throws IOException {
    List<UpdateView> items = new ArrayList<>();
    try (updates) {
      while (items.size() < LONGEST_LIST
          && updates.poll(Duration.ZERO).orElse(null) instanceof RunUpdate.Durable durable) {
        hides.learn(durable);
        items.add(UpdateView.of(durable, hides));
      }
    }
    response.setContentType(MediaType.APPLICATION_JSON_VALUE);
    response.getOutputStream().write(WireFormat.write(new ListView<>(items)));
  }

  private static void unbuffered(HttpServletResponse response) {
    response.setHeader("X-Accel-Buffering", "no");
  }

  private static long number(@Nullable String text, long otherwise) {
    return text != null && text.matches("\\d{1,18}") ? Long.parseLong(text) : otherwise;
  }
}
