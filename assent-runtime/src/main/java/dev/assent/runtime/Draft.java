package dev.assent.runtime;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Body;
import dev.assent.core.BodyRef;
import dev.assent.core.CallStatus;
import dev.assent.core.Digest;
import dev.assent.core.Effect;
import dev.assent.core.Message;
import dev.assent.core.RecordJson;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RunCommand;
import dev.assent.core.RunEvent;
import dev.assent.core.RunMachine;
import dev.assent.core.RunMode;
import dev.assent.core.RunState;
import dev.assent.core.ToolCall;
import dev.assent.core.ToolCallId;
import dev.assent.core.spi.Write;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The next transition of a run while it is being put together: the events so far, the state after
 * them, and every row that they bring along. Not thread-safe; belongs to one {@link RunLoop}.
 */
final class Draft {
  private final Engine engine;
  private final String requester;
  private Instant now;
  private final List<RunEvent> events = new ArrayList<>();
  private final List<Write> writes = new ArrayList<>();
  private final List<Requirement> opened = new ArrayList<>();
  private final List<Requirement> closed = new ArrayList<>();
  private final Map<ToolCallId, Ask> asks = new HashMap<>();
  private RunState state;
  private @Nullable NewRun begun;
  private Message.@Nullable Assistant firstWords;

  /** What is known of a call that is about to be gated. */
  record Ask(
      ApprovalTerms terms,
      @Nullable Requirement earlier,
      boolean keepVotes,
      @Nullable BodyRef words) {}

  /** What a run's row holds beside its state. */
  record NewRun(Map<String, String> labels, @Nullable String idempotencyKey) {}

  private Draft(Engine engine, RunState state, String requester) {
    this.engine = engine;
    this.state = state;
    this.requester = requester;
    this.now = engine.store().now();
  }

  /** Goes on from a stored state. */
  static Draft of(Engine engine, RunState state, String requester) {
    return new Draft(engine, state, requester);
  }

  /** Begins a run; {@code first} is the message that it begins with. */
  static Draft begin(
      Engine engine,
      dev.assent.core.RunId run,
      String session,
      String agent,
      RunMode mode,
      Message first,
      String requester,
      NewRun row) {
    Body body = engine.newBody(RecordJson.write(new Spoken(first)));
    RunEvent.Started started = RunMachine.start(run, run, session, agent, mode, body.ref());
    Draft draft = new Draft(engine, RunMachine.first(started, List.of()), requester);
    draft.begun = row;
    draft.firstWords = first instanceof Message.Assistant words ? words : null;
    draft.events.add(started);
    draft.writes.add(new Write.PutBody(session, body));
    draft.message(first, body.ref());
    return draft;
  }

  RunState state() {
    return state;
  }

  boolean dirty() {
    return !events.isEmpty();
  }

  boolean beginsRun() {
    return begun != null;
  }

  /** The message that a gate begins with: its one call as it was handed in. */
  Message.@Nullable Assistant firstWords() {
    return firstWords;
  }

  String requester() {
    return requester;
  }

  /** When this transition happens: the time of its first event. */
  Instant now() {
    if (!dirty()) {
      now = engine.store().now();
    }
    return now;
  }

  List<Requirement> opened() {
    return opened;
  }

  List<Requirement> closed() {
    return closed;
  }

  /** Stores a body with this transition. */
  Body body(byte[] content) {
    Body body = engine.newBody(content);
    writes.add(new Write.PutBody(state.session(), body));
    return body;
  }

  BodyRef text(String text) {
    return body(text.getBytes(StandardCharsets.UTF_8)).ref();
  }

  /** The body of a message; the event that it comes with makes it a row of the session. */
  BodyRef spoken(Message message) {
    return body(RecordJson.write(new Spoken(message))).ref();
  }

  /** The body of the one tool result of a call. */
  BodyRef result(ToolCall call, String text, boolean error) {
    return spoken(
        new Message.ToolResult(call.providerId(), call.tool(), WellFormed.text(text), error));
  }

  /** Says what is known of a call before the command that gates it. */
  void asking(ToolCallId call, Ask ask) {
    asks.put(call, ask);
  }

  /** Takes a command; true when it changed something. */
  boolean add(RunCommand command) {
    List<RunEvent> decided = RunMachine.decide(state, command, now());
    for (RunEvent event : decided) {
      RunState before = state;
      state = RunMachine.within(state, event);
      events.add(event);
      bringAlong(event, before);
    }
    return !decided.isEmpty();
  }

  /** Closes a requirement together with the call it is about. */
  void close(Requirement requirement, RequirementStatus how) {
    Requirement after = requirement.closed(how, null, now);
    writes.add(new Write.NextRequirement(after, false, now));
    writes.add(new Write.StopTimers(after.id()));
    writes.add(new Write.Audit(AuditLines.ofRequirement(engine.tenant(), after, "system", now)));
    closed.add(after);
    opened.removeIf(each -> each.id().equals(after.id()));
  }

  /**
   * Everything to be written, first the state itself.
   *
   * @param hold how the run is held; used for a run that exists
   * @param lease the lease of a run that begins; absent when it comes to rest at once
   */
  List<Write> writes(
      Write.@Nullable Hold hold, Write.@Nullable Lease lease, long ringsSeen, boolean rests) {
    RunState after = after();
    List<Write> all = new ArrayList<>(writes.size() + 3);
    // A run that somebody works on is ready for others as soon as its lease is no longer good.
    Instant ready = rests ? null : now;
    NewRun row = begun;
    if (row != null) {
      all.add(
          new Write.NewRun(
              after,
              requester,
              row.labels(),
              row.idempotencyKey(),
              rests ? null : lease,
              ready,
              now));
    } else {
      all.add(
          new Write.NextState(
              after, Objects.requireNonNull(hold), startsSomething(), ringsSeen, ready, now));
    }
    all.addAll(writes);
    all.add(new Write.Journal(after.id(), after.version(), events, now));
    all.add(new Write.Audit(AuditLines.ofRun(engine.tenant(), after, events, requester, now)));
    return all;
  }

  /** The state as it will be stored. */
  RunState after() {
    return begun != null ? state : RunMachine.closed(state);
  }

  private boolean startsSomething() {
    return events.stream().anyMatch(RunEvent.AttemptStarted.class::isInstance);
  }

  private void bringAlong(RunEvent event, RunState before) {
    if (event instanceof RunEvent.Settling settling && state.mode() == RunMode.CONVERSATION) {
      writes.add(new Write.NewMessage(state.session(), state.id(), "tool", settling.result(), now));
    }
    switch (event) {
      case RunEvent.TurnEnded e ->
          writes.add(
              new Write.NewMessage(state.session(), state.id(), "assistant", e.message(), now));
      case RunEvent.CallGated e -> open(e);
      case RunEvent.AttemptStarted e -> intent(e, call(before, e.call()));
      case RunEvent.CallSucceeded e -> effect(call(before, e.call()), Write.EffectStatus.COMMITTED);
      case RunEvent.CallFailed e -> {
        if (e.unknown()) {
          effect(call(before, e.call()), Write.EffectStatus.UNKNOWN);
        } else {
          release(call(before, e.call()));
        }
      }
      case RunEvent.CallInDoubt e -> doubt(e, call(before, e.call()));
      case RunEvent.DoubtCleared e -> release(call(before, e.call()));
      case RunEvent.Completed e -> tellEnd();
      case RunEvent.Failed e -> tellEnd();
      case RunEvent.Cancelled e -> tellEnd();
      case RunEvent.Started e -> {}
      case RunEvent.CallProposed e -> {}
      case RunEvent.CallRefused e -> {}
      case RunEvent.CallDenied e -> {}
      case RunEvent.CallAllowed e -> {}
      case RunEvent.CallApproved e -> {}
      case RunEvent.CallRejected e -> {}
      case RunEvent.CallExpired e -> {}
      case RunEvent.CallRevoked e -> {}
      case RunEvent.CallCancelled e -> {}
      case RunEvent.CallSuspended e -> {}
      case RunEvent.CancelAsked e -> {}
    }
  }

  private void open(RunEvent.CallGated event) {
    Ask ask = Objects.requireNonNull(asks.remove(event.call()), "a gated call was asked about");
    Duration open = ask.terms().deadline();
    Instant deadline = open == null ? null : now.plus(open);
    ToolCall call = call(state, event.call());
    Requirement earlier = ask.earlier();
    Requirement requirement =
        earlier == null
            ? requirement(
                event.requirement(),
                RequirementKind.APPROVAL,
                call,
                0,
                event.bound().digest(),
                ask.terms(),
                ask.words(),
                deadline)
            : earlier.askedAgain(
                event.version(), event.bound().digest(), ask.terms(), deadline, ask.keepVotes());
    writes.add(
        earlier == null
            ? new Write.NewRequirement(requirement)
            : new Write.NextRequirement(requirement, false, now));
    if (deadline != null) {
      writes.add(new Write.StartTimer(requirement.id(), "deadline", deadline));
    }
    announce(requirement);
  }

  private void doubt(RunEvent.CallInDoubt event, ToolCall call) {
    effect(call, Write.EffectStatus.IN_DOUBT);
    ApprovalTerms terms =
        engine
            .store()
            .requirement(engine.tenant(), Objects.requireNonNull(call.requirement()))
            .map(Requirement::terms)
            .orElseGet(() -> ApprovalTerms.simple("reconciliation"));
    announceNew(
        requirement(
            event.requirement(),
            RequirementKind.RECONCILIATION,
            call,
            event.attempt(),
            attemptDigest(call, event.attempt()),
            new ApprovalTerms(
                terms.rule(),
                terms.thresholds(),
                terms.risk(),
                "Find out whether this call happened.",
                terms.summary(),
                null,
                null,
                ApprovalTerms.OnExpiry.KEEP),
            event.why(),
            null));
  }

  /** What a reconciliation is signed over. */
  static Digest attemptDigest(ToolCall call, int attempt) {
    return Digest.over(
        "assent-attempt-1",
        call.mustBeBound().digest().bytes(),
        Integer.toString(attempt).getBytes(StandardCharsets.UTF_8));
  }

  private Requirement requirement(
      RequirementId id,
      RequirementKind kind,
      ToolCall call,
      int attempt,
      Digest digest,
      ApprovalTerms terms,
      @Nullable BodyRef words,
      @Nullable Instant deadline) {
    return new Requirement(
        id,
        kind,
        state.id(),
        state.root(),
        state.session(),
        state.agent(),
        call.id(),
        call.tool(),
        attempt,
        1,
        1,
        1,
        digest,
        terms,
        requester,
        call.mustBeBound().arguments(),
        words,
        now,
        deadline,
        RequirementStatus.PENDING,
        null,
        null);
  }

  private void announceNew(Requirement requirement) {
    writes.add(new Write.NewRequirement(requirement));
    announce(requirement);
  }

  private void announce(Requirement requirement) {
    writes.add(
        new Write.Audit(AuditLines.ofRequirement(engine.tenant(), requirement, requester, now)));
    opened.add(requirement);
  }

  private void intent(RunEvent.AttemptStarted event, ToolCall before) {
    ToolCall.Bound bound = before.mustBeBound();
    RequirementId approval = before.requirement();
    if (before.status() == CallStatus.APPROVED && approval != null) {
      writes.add(new Write.Expect(approval, before.version(), RequirementStatus.APPROVED));
    }
    Digest key = bound.effectKey();
    if (key != null && before.status().cleared()) {
      writes.add(
          new Write.ReserveEffect(key, state.id(), event.call(), event.attempt().number(), now));
    }
  }

  private void effect(ToolCall before, Write.EffectStatus status) {
    Digest key = before.mustBeBound().effectKey();
    if (key != null && before.mustBeBound().effect() != Effect.READ_ONLY) {
      writes.add(new Write.SettleEffect(key, state.id(), before.id(), status, now));
    }
  }

  private void release(ToolCall before) {
    Digest key = before.mustBeBound().effectKey();
    if (key != null && before.mustBeBound().effect() != Effect.READ_ONLY) {
      writes.add(new Write.ReleaseEffect(key, state.id(), before.id()));
    }
  }

  private void tellEnd() {
    for (String listener : engine.listeners()) {
      writes.add(new Write.Tell(listener, "run.ended", state.id().value(), now));
    }
  }

  private void message(Message first, BodyRef body) {
    String role = first instanceof Message.User ? "user" : "assistant";
    writes.add(new Write.NewMessage(state.session(), state.id(), role, body, now));
  }

  private static ToolCall call(RunState in, ToolCallId id) {
    return in.find(id).orElseThrow();
  }

  /** The name of a body that holds nothing but a message. */
  record Spoken(Message message) {}

  static Message spoken(Body body) {
    return RecordJson.read(Spoken.class, body.content()).message();
  }
}
