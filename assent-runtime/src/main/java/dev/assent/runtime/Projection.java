package dev.assent.runtime;

import dev.assent.core.BodyId;
import dev.assent.core.BodyRef;
import dev.assent.core.Message;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.RunEvent;
import dev.assent.core.RunId;
import dev.assent.core.RunMachine;
import dev.assent.core.RunMode;
import dev.assent.core.RunState;
import dev.assent.core.RunStatus;
import dev.assent.core.ToolCall;
import dev.assent.core.ToolCallId;
import dev.assent.core.spi.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says what the journal of one run means to its readers. Not thread-safe.
 *
 * <p>The journal does not say that a run pauses: it is folded along the way, and whether the run
 * can only wait is computed from the state. An id is made of a transition's version and the place
 * of the event in it, from 1; 0 is what comes before the first event, so that an id never moves.
 */
final class Projection {
  private static final String ERASED = "(erased)";

  private final Engine engine;
  private final Cards cards;
  private final RunId run;
  private @Nullable RunState state;
  private @Nullable BodyId latest;
  private @Nullable Message spoken;

  Projection(Engine engine, Cards cards, RunId run) {
    this.engine = engine;
    this.cards = cards;
    this.run = run;
  }

  /** The version up to which it was folded. */
  long version() {
    return state == null ? 0 : state.version();
  }

  /** Whose run it is; known once something was taken. */
  String agent() {
    return Objects.requireNonNull(state).agent();
  }

  boolean ended() {
    return state != null && state.end() != null;
  }

  /** What the next transition means, without what does not lie after this id. */
  List<RunUpdate.Durable> take(Store.JournalEntry entry, UpdateId after) {
    RunState before = state;
    List<RunState> folded = fold(before, entry.events());
    RunState now = before == null ? folded.getLast() : RunMachine.closed(folded.getLast());
    state = now;
    List<RunUpdate.Durable> updates = new ArrayList<>();
    RunUpdate.Mark first = mark(entry, 0);
    if (first.id().compareTo(after) > 0 && goesOn(before, now)) {
      updates.add(new RunUpdate.Continued(first));
    }
    for (int i = 0; i < folded.size(); i++) {
      RunUpdate.Mark mark = mark(entry, i + 1);
      if (mark.id().compareTo(after) > 0) {
        RunUpdate.Durable update = update(entry.events(), i, folded.get(i), mark);
        if (!(update instanceof RunUpdate.Asked asked && silent(asked.tool(), asked.kind()))) {
          updates.add(update);
        }
      }
    }
    RunUpdate.Mark last = mark(entry, folded.size() + 1);
    if (last.id().compareTo(after) > 0 && now.status() == RunStatus.PAUSED) {
      updates.add(
          new RunUpdate.Paused(
              last,
              waiting(now).stream().filter(each -> !silent(each.tool(), each.kind())).toList()));
    }
    return updates;
  }

  private boolean silent(String tool, RequirementKind kind) {
    return engine.silent(agent(), tool, kind);
  }

  private static List<RunState> fold(@Nullable RunState before, List<RunEvent> events) {
    List<RunState> folded = new ArrayList<>(events.size());
    RunState next = before;
    for (RunEvent event : events) {
      next =
          next == null && event instanceof RunEvent.Started started
              ? RunMachine.first(started, List.of())
              : RunMachine.within(Objects.requireNonNull(next), event);
      folded.add(next);
    }
    return folded;
  }

  private static boolean goesOn(@Nullable RunState before, RunState now) {
    return before != null
        && before.status() == RunStatus.PAUSED
        && now.status() == RunStatus.RUNNING;
  }

  private RunUpdate.Mark mark(Store.JournalEntry entry, int index) {
    return new RunUpdate.Mark(new UpdateId(entry.version(), index), run, agent(), entry.at());
  }

  private RunUpdate.Durable update(
      List<RunEvent> events, int at, RunState now, RunUpdate.Mark mark) {
    return switch (events.get(at)) {
      case RunEvent.Started e -> new RunUpdate.Started(mark, e.session(), question(e));
      case RunEvent.TurnEnded e -> new RunUpdate.Replied(mark, text(e.message()), e.use());
      case RunEvent.CallProposed e ->
          new RunUpdate.ToolCallProposed(mark, e.call(), e.tool(), written(events, at));
      case RunEvent.CallAllowed e -> cleared(mark, e, now, null);
      case RunEvent.CallApproved e -> cleared(mark, e, now, e.requirement());
      case RunEvent.DoubtCleared e ->
          cleared(mark, e, now, RunMachine.reconciliationOf(now, e.call(), e.attempt()));
      case RunEvent.GrantUsed e ->
          new RunUpdate.Granted(mark, e.call(), call(now, e.call()).tool(), e.grant());
      case RunEvent.CallGated e -> asked(mark, e, now);
      case RunEvent.CallSuspended e -> asked(mark, e, now);
      case RunEvent.CallInDoubt e -> asked(mark, e, now);
      case RunEvent.CallEdited e ->
          new RunUpdate.Edited(mark, e.call(), call(now, e.call()).tool(), e.version(), e.by());
      case RunEvent.CallAskedBack e ->
          new RunUpdate.AskedBack(mark, e.call(), call(now, e.call()).tool(), e.by());
      case RunEvent.CallAnsweredBack e ->
          new RunUpdate.AnsweredBack(
              mark, e.call(), call(now, e.call()).tool(), e.answer().after() != null);
      case RunEvent.CallAnswered e ->
          new RunUpdate.Answered(
              mark, e.call(), call(now, e.call()).tool(), e.requirement(), e.verdict());
      case RunEvent.ChildStarted e ->
          new RunUpdate.HandedOver(mark, e.call(), call(now, e.call()).tool(), e.child());
      case RunEvent.StepStarted e -> step(mark, e, now, e.name(), false);
      case RunEvent.StepEnded e -> step(mark, e, now, e.name(), true);
      case RunEvent.PersonSpoke e -> new RunUpdate.Said(mark, text(e.message()));
      case RunEvent.ChangesAsked e -> new RunUpdate.Said(mark, text(e.message()));
      case RunEvent.VariablesSet e -> new RunUpdate.VariablesSet(mark);
      case RunEvent.AnswerHeld e ->
          new RunUpdate.AnswerHeld(mark, e.requirement(), text(e.output()), e.round());
      case RunEvent.CallResponded e -> completed(mark, e, now);
      case RunEvent.AttemptStarted e ->
          new RunUpdate.ToolCallStarted(
              mark, e.call(), call(now, e.call()).tool(), e.attempt().number());
      case RunEvent.CallRefused e -> completed(mark, e, now);
      case RunEvent.CallDenied e -> completed(mark, e, now);
      case RunEvent.CallRejected e -> completed(mark, e, now);
      case RunEvent.CallExpired e -> completed(mark, e, now);
      case RunEvent.CallRevoked e -> completed(mark, e, now);
      case RunEvent.CallCancelled e -> completed(mark, e, now);
      case RunEvent.CallSucceeded e -> completed(mark, e, now);
      case RunEvent.CallFailed e -> completed(mark, e, now);
      case RunEvent.CancelAsked e -> new RunUpdate.CancelAsked(mark, e.by());
      case RunEvent.Completed e -> new RunUpdate.Completed(mark, output(now));
      case RunEvent.Failed e -> new RunUpdate.Failed(mark, e.code(), output(now));
      case RunEvent.Cancelled e -> new RunUpdate.Cancelled(mark);
    };
  }

  private static RunUpdate.Durable step(
      RunUpdate.Mark mark, RunEvent.OfCall event, RunState now, String name, boolean done) {
    return new RunUpdate.Stepped(mark, event.call(), call(now, event.call()).tool(), name, done);
  }

  private static RunUpdate.Durable cleared(
      RunUpdate.Mark mark, RunEvent.OfCall event, RunState now, @Nullable RequirementId by) {
    return new RunUpdate.ToolCallCleared(mark, event.call(), call(now, event.call()).tool(), by);
  }

  private RunUpdate.Durable asked(RunUpdate.Mark mark, RunEvent.OfCall event, RunState now) {
    RunUpdate.Waiting waiting = waiting(now, call(now, event.call()));
    return new RunUpdate.Asked(
        mark, waiting.call(), waiting.tool(), waiting.requirement(), waiting.kind());
  }

  private RunUpdate.Durable completed(RunUpdate.Mark mark, RunEvent.Settling event, RunState now) {
    ToolCall call = call(now, event.call());
    return new RunUpdate.ToolCallCompleted(
        mark, call.id(), call.tool(), call.status(), text(event.result()), call.code());
  }

  private static List<RunUpdate.Waiting> waiting(RunState now) {
    List<RunUpdate.Waiting> all = new ArrayList<>();
    for (ToolCall call : now.calls()) {
      // A call that another agent carries out waits for that agent's run, which tells of itself.
      if (call.waits() && call.child() == null) {
        all.add(waiting(now, call));
      }
    }
    RunState.OutputReview review = now.review();
    if (review != null && review.open()) {
      all.add(
          new RunUpdate.Waiting(
              review.requirement(),
              RequirementKind.REVIEW,
              RunMachine.OUTPUT,
              RunMachine.OUTPUT.value()));
    }
    return all;
  }

  private static RunUpdate.Waiting waiting(RunState now, ToolCall call) {
    return switch (call.status()) {
      case GATED ->
          waiting(call, Objects.requireNonNull(call.requirement()), RequirementKind.APPROVAL);
      case IN_DOUBT ->
          waiting(
              call,
              RunMachine.reconciliationOf(now, call.id(), call.attempts()),
              RequirementKind.RECONCILIATION);
      case SUSPENDED -> {
        ToolCall.Asked open =
            call.asked().stream()
                .filter(ToolCall.Asked::open)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(call.id() + " asks nothing"));
        yield waiting(call, open.requirement(), open.kind());
      }
      case PROPOSED, ALLOWED, APPROVED, EXECUTING -> throw waitsNot(call);
      case SUCCEEDED, FAILED, REFUSED, DENIED, REJECTED, EXPIRED, REVOKED, CANCELLED ->
          throw waitsNot(call);
    };
  }

  private static RunUpdate.Waiting waiting(
      ToolCall call, RequirementId requirement, RequirementKind kind) {
    return new RunUpdate.Waiting(requirement, kind, call.id(), call.tool());
  }

  private static IllegalArgumentException waitsNot(ToolCall call) {
    return new IllegalArgumentException(
        "call " + call.id() + " waits for nothing: " + call.status());
  }

  private static ToolCall call(RunState in, ToolCallId id) {
    return in.find(id).orElseThrow();
  }

  private String output(RunState now) {
    return Objects.requireNonNullElse(cards.output(now), "");
  }

  private @Nullable String question(RunEvent.Started event) {
    BodyRef input = event.input();
    return input == null || event.mode() == RunMode.GATE ? null : text(input);
  }

  /** The arguments of a proposed call, from the message that the calls before it came with. */
  private String written(List<RunEvent> events, int at) {
    int place = 0;
    for (int i = at - 1; i >= 0; i--) {
      BodyRef message =
          switch (events.get(i)) {
            case RunEvent.TurnEnded e -> e.message();
            case RunEvent.Started e -> e.input();
            default -> null;
          };
      if (message != null) {
        int number = place;
        return spoken(message)
            .filter(Message.Assistant.class::isInstance)
            .map(words -> ((Message.Assistant) words).calls().get(number).arguments())
            .orElse(ERASED);
      }
      place += events.get(i) instanceof RunEvent.CallProposed ? 1 : 0;
    }
    return ERASED;
  }

  private String text(BodyRef ref) {
    return spoken(ref).map(Message::text).orElse(ERASED);
  }

  /** The last one is kept: several updates of a transition speak of the same message. */
  private Optional<Message> spoken(BodyRef ref) {
    if (!ref.id().equals(latest)) {
      spoken = engine.store().body(engine.tenant(), ref.id()).map(Draft::spoken).orElse(null);
      latest = ref.id();
    }
    return Optional.ofNullable(spoken);
  }
}
