package dev.assent.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.assent.core.RunEvent;
import dev.assent.core.Tag;
import dev.assent.core.spi.Store.JournalEntry;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One transition of a run. Immutable; ids, names and rules only, no bodies.
 *
 * @param sequence counts from 1 in the run
 */
record JournalView(long sequence, Instant at, List<EventView> events) {

  /** One event. Immutable; what an event has not is left out. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record EventView(
      String type,
      @Nullable String call,
      @Nullable String requirement,
      @Nullable Integer attempt,
      @Nullable List<Shown.Piece> about) {}

  static JournalView of(JournalEntry entry) {
    return new JournalView(
        entry.version(), entry.at(), entry.events().stream().map(JournalView::event).toList());
  }

  private static EventView event(RunEvent event) {
    return switch (event) {
      case RunEvent.Started e -> plain(event, e.agent());
      case RunEvent.TurnEnded e -> plain(event, null);
      case RunEvent.CallProposed e -> call(e, null, null, e.tool());
      case RunEvent.CallRefused e -> call(e, null, null, e.code());
      case RunEvent.CallDenied e -> call(e, null, null, e.rule());
      case RunEvent.CallAllowed e -> call(e, null, null, e.rule());
      case RunEvent.CallGated e -> call(e, e.requirement().value(), null, e.rule());
      case RunEvent.CallApproved e -> call(e, e.requirement().value(), null, null);
      case RunEvent.CallRejected e -> call(e, null, null, null);
      case RunEvent.CallExpired e -> call(e, null, null, null);
      case RunEvent.CallRevoked e -> call(e, null, null, null);
      case RunEvent.CallCancelled e -> call(e, null, null, null);
      case RunEvent.AttemptStarted e -> call(e, null, e.attempt().number(), null);
      case RunEvent.CallSucceeded e -> call(e, null, e.attempt(), null);
      case RunEvent.CallFailed e -> call(e, null, e.attempt(), e.code());
      case RunEvent.CallSuspended e -> call(e, e.requirement().value(), e.attempt(), null);
      case RunEvent.CallInDoubt e -> call(e, e.requirement().value(), e.attempt(), null);
      case RunEvent.DoubtCleared e -> call(e, null, e.attempt(), e.back().name());
      case RunEvent.CancelAsked e -> plain(event, e.by());
      case RunEvent.Completed e -> plain(event, null);
      case RunEvent.Failed e -> plain(event, e.code());
      case RunEvent.Cancelled e -> plain(event, null);
    };
  }

  private static EventView plain(RunEvent event, @Nullable String about) {
    return new EventView(type(event), null, null, null, Shown.ofNullable(about));
  }

  private static EventView call(
      RunEvent.OfCall event,
      @Nullable String requirement,
      @Nullable Integer attempt,
      @Nullable String about) {
    return new EventView(
        type(event), event.call().value(), requirement, attempt, Shown.ofNullable(about));
  }

  private static String type(RunEvent event) {
    Tag tag = event.getClass().getAnnotation(Tag.class);
    return tag == null ? event.getClass().getSimpleName() : tag.value();
  }
}
