package dev.assent.runtime;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Body;
import dev.assent.core.BodyId;
import dev.assent.core.BodyRef;
import dev.assent.core.CanonicalJson;
import dev.assent.core.Decision;
import dev.assent.core.Digest;
import dev.assent.core.Form;
import dev.assent.core.Grant;
import dev.assent.core.GrantId;
import dev.assent.core.Granting;
import dev.assent.core.Json;
import dev.assent.core.JsonNull;
import dev.assent.core.JsonObject;
import dev.assent.core.Message;
import dev.assent.core.RecordJson;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RunCommand;
import dev.assent.core.RunEvent;
import dev.assent.core.RunId;
import dev.assent.core.RunMachine;
import dev.assent.core.RunMode;
import dev.assent.core.RunState;
import dev.assent.core.TokenUse;
import dev.assent.core.ToolCall;
import dev.assent.core.ToolCallId;
import dev.assent.core.Verdict;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.Write;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The next transition of a run while it is being put together: the events so far, the state after
 * them, and every row that they bring along. Not thread-safe; belongs to one {@link RunLoop}.
 */
final class Draft {
  private final boolean rung;
  private final Engine engine;
  private final String requester;
  private Instant now;
  private final List<RunEvent> events = new ArrayList<>();
  private final List<Write> writes = new ArrayList<>();
  private final List<Requirement> closed = new ArrayList<>();
  private final List<RunId> rungOnes = new ArrayList<>();
  private final Set<Long> heard = new HashSet<>();
  private final Questions questions;
  private final Consequences consequences;
  private RunState state;
  private @Nullable NewRun begun;
  private Message.@Nullable Assistant firstWords;
  private @Nullable JsonObject variables;
  private final Map<GrantId, Grant> grants = new HashMap<>();
  private final Map<BodyId, Message> spoken = new HashMap<>();

  /**
   * What is known of a call that is about to be gated.
   *
   * @param shown what the call would do, see {@link dev.assent.core.Pinned}
   */
  record Ask(
      ApprovalTerms terms,
      @Nullable Requirement earlier,
      boolean keepVotes,
      @Nullable BodyRef words,
      @Nullable BodyRef shown) {}

  /**
   * What is known of something that a call is about to wait for.
   *
   * @param question keyed hash of the question; absent where the call asks only one thing
   * @param content what is shown beside the arguments
   * @param held a result that waits for a look
   */
  record Wait(
      RequirementKind kind,
      @Nullable Digest question,
      ApprovalTerms terms,
      @Nullable BodyRef content,
      @Nullable BodyRef held) {}

  /**
   * Which run begins, and where.
   *
   * @param root itself, unless it carries a call of another run out
   * @param variables what the session's tools share; absent when nothing
   */
  record Place(
      RunId run,
      RunId root,
      RunState.@Nullable Parent parent,
      String session,
      String agent,
      RunMode mode,
      @Nullable BodyRef variables) {}

  /**
   * What a run's row holds beside its state.
   *
   * @param newSession true when nothing was said in the session before
   */
  record NewRun(Map<String, String> labels, @Nullable String idempotencyKey, boolean newSession) {}

  private Draft(Engine engine, RunState state, String requester, boolean rung) {
    this.engine = engine;
    this.rung = rung;
    this.state = state;
    this.requester = requester;
    this.now = engine.store().now();
    this.questions = new Questions(engine, this);
    this.consequences = new Consequences(engine, this, questions);
  }

  /**
   * Goes on from a stored state.
   *
   * @param rung true when the run was rung before this was read: somebody may have said something
   */
  static Draft of(Engine engine, RunState state, String requester, boolean rung) {
    return new Draft(engine, state, requester, rung);
  }

  /** Begins a run; {@code first} is the message that it begins with. */
  static Draft begin(Engine engine, Place place, Message first, String requester, NewRun row) {
    Body body = engine.newBody(RecordJson.write(new Spoken(first)));
    RunEvent.Started started =
        new RunEvent.Started(
            place.run(),
            place.root(),
            place.session(),
            place.agent(),
            place.mode(),
            body.ref(),
            place.parent(),
            place.variables());
    Draft draft = new Draft(engine, RunMachine.first(started, List.of()), requester, false);
    draft.begun = row;
    draft.firstWords = first instanceof Message.Assistant words ? words : null;
    draft.events.add(started);
    draft.writes.add(new Write.PutBody(place.session(), body));
    draft.spoken.put(body.id(), first);
    draft.message(first, body.ref());
    return draft;
  }

  RunState state() {
    return state;
  }

  boolean dirty() {
    return !events.isEmpty();
  }

  /** True when nothing was said in the session before. */
  boolean beginsSession() {
    return begun != null && begun.newSession();
  }

  boolean beginsRun() {
    return begun != null;
  }

  /** The message that a gate begins with: its one call as it was handed in. */
  Message.@Nullable Assistant firstWords() {
    return firstWords;
  }

  /** Whether there can be post for the run; what comes later rings it. */
  boolean rung() {
    return rung;
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
    return questions.opened();
  }

  List<Requirement> closed() {
    return closed;
  }

  /** True when what tools share is stored with this transition, so that none can read it yet. */
  boolean changesVariables() {
    BodyRef shared = state.variables();
    return shared != null
        && writes.stream()
            .anyMatch(
                write -> write instanceof Write.PutBody put && put.body().id().equals(shared.id()));
  }

  /** True when a rule or a grant lets a call run only with a record of it. */
  boolean audits() {
    return events.stream()
        .anyMatch(
            event ->
                event instanceof RunEvent.GrantUsed
                    || (event instanceof RunEvent.CallAllowed allowed && allowed.audited()));
  }

  /**
   * Reserves with this transition what a checked call takes of a grant; false when another call of
   * this transition took it before.
   */
  boolean use(Grant grant, Granting granting) {
    ToolCallId call = granting.call().call();
    Grant before = grants.getOrDefault(grant.id(), grant);
    Grant after = granting.taken(before, now()).orElse(null);
    if (after == null) {
      return false;
    }
    if (after.revision() != before.revision()) {
      add(new RunCommand.UseGrant(call, grant.id()));
      next(after, "used", call);
    }
    return true;
  }

  /** Grants as this transition leaves them, where it changes them. */
  Map<GrantId, Grant> grants() {
    return grants;
  }

  /** The call did not happen: what it took of a grant is free again. */
  void giveBack(GrantId id, ToolCallId call) {
    Grant before = grants.get(id);
    if (before == null) {
      before = engine.grants().genuine(id).orElse(null);
    }
    if (before != null) {
      next(before.givenBack(state.id(), call), "given back", call);
    }
  }

  private void next(Grant after, String change, ToolCallId call) {
    grants.put(after.id(), after);
    writes.add(
        new Write.NextGrant(
            after,
            AuditLines.ofGrant(engine.tenant(), after, change, requester, now())
                .withRun(state.id().value(), state.root().value(), state.version())
                .withCall(call.value())));
  }

  /** The messages that this transition stores, by their bodies. */
  Map<BodyId, Message> spoken() {
    return spoken;
  }

  /** What this transition says in the session; absent when it was stored before. */
  @Nullable List<Message> said() {
    List<Message> said = new ArrayList<>();
    for (Write write : writes) {
      if (write instanceof Write.NewMessage row) {
        Message message = spoken.get(row.body().id());
        if (message == null) {
          return null;
        }
        said.add(message);
      }
    }
    return said;
  }

  /** Writes something together with this transition. */
  void write(Write write) {
    writes.add(write);
  }

  /** This transition starts or rings another run. */
  void ring(RunId run) {
    rungOnes.add(run);
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
    Body body = body(RecordJson.write(new Spoken(message)));
    spoken.put(body.id(), message);
    return body.ref();
  }

  /** The body of the one tool result of a call. */
  BodyRef result(ToolCall call, String text, boolean error) {
    return spoken(
        new Message.ToolResult(call.providerId(), call.tool(), WellFormed.text(text), error));
  }

  /** Runs that this transition starts or rings. */
  List<RunId> rungOnes() {
    return rungOnes;
  }

  /**
   * Lets a call wait; what it waits for is asked in the same transition. False when the attempt
   * does not count any more.
   */
  boolean suspend(ToolCall call, int attempt, Wait wait) {
    RequirementId id = RunMachine.askedOf(state, call, wait.kind());
    questions.waiting(call.id(), wait);
    boolean waiting =
        add(
            new RunCommand.Suspended(
                call.id(), attempt, id, wait.kind(), wait.question(), wait.held()));
    questions.notWaiting(call.id());
    return waiting;
  }

  /** Has another agent carry a call out, in a run that begins with this transition. */
  void startChild(ToolCall call, AgentTool tool, JsonObject arguments) {
    RunId child = new RunId(engine.newId());
    add(new RunCommand.StartChild(call.id(), child));
    Draft first =
        begin(
            engine,
            new Place(
                child,
                state.root(),
                new RunState.Parent(state.id(), call.id()),
                child.ownSession(),
                tool.agent(),
                RunMode.CONVERSATION,
                null),
            new Message.User(arguments.string(AgentTool.TASK)),
            requester,
            new NewRun(Map.of(), null, true));
    writes.addAll(first.writes(null, null, 0, false));
    rungOnes.add(child);
  }

  /** The model's reply; with a review a person looks at the answer before it counts. */
  void replied(Message.Assistant message, TokenUse use, Agent.@Nullable Review reviewedBy) {
    questions.reviewing(reviewedBy, message.text());
    List<BodyRef> said = new ArrayList<>();
    if (message.calls().isEmpty()) {
      for (Store.StoredNotice notice : Queued.waiting(engine, this)) {
        Queued.message(engine, notice).ifPresent(said::add);
        heard(notice);
      }
    }
    add(
        new RunCommand.ModelReplied(
            spoken(message),
            use,
            message.calls().stream()
                .map(call -> new RunCommand.Proposed(call.providerId(), call.tool()))
                .toList(),
            reviewedBy != null,
            said));
  }

  /** What tools share, as it stands in this transition. */
  JsonObject variables() {
    JsonObject known = variables;
    if (known == null) {
      BodyRef stored = state.variables();
      known =
          stored == null
              ? JsonObject.empty()
              : engine
                  .store()
                  .body(engine.tenant(), stored.id())
                  .map(body -> (JsonObject) Json.parse(body.content()))
                  .orElse(JsonObject.empty());
      variables = known;
    }
    return known;
  }

  /** Takes over what a tool changed; {@code null} takes a name out. */
  void changeVariables(Map<String, Json> changes) {
    JsonObject next = variables();
    for (Map.Entry<String, Json> change : changes.entrySet()) {
      next =
          change.getValue() instanceof JsonNull
              ? next.without(change.getKey())
              : next.with(change.getKey(), change.getValue());
    }
    if (!next.equals(variables())) {
      add(new RunCommand.SetVariables(body(CanonicalJson.of(next)).ref()));
      variables = next;
    }
  }

  /** A person let the answer count; in their own words, if there are some. */
  void accept(RequirementId look, BodyRef output, @Nullable String instead) {
    BodyRef counts = output;
    if (instead != null) {
      counts = spoken(new Message.Assistant(WellFormed.text(instead), List.of()));
      writes.add(new Write.NewMessage(state.session(), state.id(), "assistant", counts, now));
    }
    if (add(new RunCommand.AcceptAnswer(look, counts))) {
      Queued.leave(engine, this);
    }
  }

  /** Takes over what a person said; it is taken out of the run's post in the same transition. */
  void say(RunCommand.Say said, Store.StoredNotice notice) {
    if (add(said)) {
      heard(notice);
    }
  }

  /** It is taken out of the run's post with this transition. */
  void heard(Store.StoredNotice notice) {
    heard.add(notice.id());
    writes.add(new Write.Told(notice.id()));
  }

  /** True for what this transition has taken over already. */
  boolean hasHeard(Store.StoredNotice notice) {
    return heard.contains(notice.id());
  }

  /** A message that the run does not hear any more becomes one of its session. */
  void unheard(BodyRef message) {
    writes.add(new Write.NewMessage(state.session(), state.id(), "user", message, now));
  }

  /** The text of a stored body; what was erased is said to be. */
  String stored(BodyRef ref) {
    return engine.store().body(engine.tenant(), ref.id()).map(Body::text).orElse("(erased)");
  }

  /** The answer to a question, for the model; a secret is none of its business. */
  String shownAnswer(ToolCall.Asked asked) {
    return engine.forms().of(asked.requirement()).filter(Form::secret).isPresent()
        ? "(a secret)"
        : stored(Objects.requireNonNull(asked.value()));
  }

  /** True when nobody answered and the declared answer was used. */
  boolean fellBack(ToolCall.Asked asked) {
    return asked.verdict() == Verdict.ANSWER
        && engine.store().decisions(engine.tenant(), asked.requirement()).stream()
            .anyMatch(signed -> signed.decision().principal().equals(Decision.SYSTEM));
  }

  /** Says what is known of a call before the command that gates it. */
  void asking(ToolCallId call, Ask ask) {
    questions.asking(call, ask);
  }

  /** Takes a command; true when it changed something. */
  boolean add(RunCommand command) {
    List<RunEvent> decided = RunMachine.decide(state, command, now());
    for (RunEvent event : decided) {
      RunState before = state;
      state = RunMachine.within(state, event);
      events.add(event);
      consequences.bringAlong(event, before);
    }
    return !decided.isEmpty();
  }

  /** Has who decides told of an answer that changes nothing of what is decided. */
  void answered(Requirement requirement) {
    questions.answered(requirement);
  }

  /** Closes a requirement together with the call it is about. */
  void close(Requirement requirement, RequirementStatus how) {
    Requirement after = requirement.closed(how, null, now);
    writes.add(new Write.NextRequirement(after, false, now));
    writes.add(new Write.StopTimers(after.id()));
    writes.add(new Write.Audit(AuditLines.ofRequirement(engine.tenant(), after, "system", now)));
    closed.add(after);
    questions.closed(after.id());
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
              after,
              Objects.requireNonNull(hold),
              startsSomething(),
              ends(),
              ringsSeen,
              ready,
              now));
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

  private boolean ends() {
    return events.stream()
        .anyMatch(
            event ->
                event instanceof RunEvent.Completed
                    || event instanceof RunEvent.Failed
                    || event instanceof RunEvent.Cancelled);
  }

  private boolean startsSomething() {
    return events.stream()
        .anyMatch(
            event ->
                event instanceof RunEvent.AttemptStarted
                    || event instanceof RunEvent.ChildStarted
                    || (event instanceof RunEvent.CallSuspended suspended
                        && suspended.kind() == RequirementKind.EXTERNAL_EXECUTION));
  }

  /** What a reconciliation is signed over. */
  static Digest attemptDigest(ToolCall call, int attempt) {
    return attemptDigest(call.mustBeBound().digest(), attempt);
  }

  /** The same, of a call with this digest. */
  static Digest attemptDigest(Digest call, int attempt) {
    return Digest.over(
        "assent-attempt-1",
        call.bytes(),
        Integer.toString(attempt).getBytes(StandardCharsets.UTF_8));
  }

  private void message(Message first, BodyRef body) {
    String role = first instanceof Message.User ? "user" : "assistant";
    writes.add(new Write.NewMessage(state.session(), state.id(), role, body, now));
  }

  static ToolCall call(RunState in, ToolCallId id) {
    return in.find(id).orElseThrow();
  }

  /** The name of a body that holds nothing but a message. */
  record Spoken(Message message) {}

  static Message spoken(Body body) {
    return RecordJson.read(Spoken.class, body.content()).message();
  }
}
