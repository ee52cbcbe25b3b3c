package dev.assent.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The life of a run as two pure functions and one computed next step. Stateless.
 *
 * <p>No thread, clock, id or input and output in here: what it needs, a command brings.
 */
public final class RunMachine {
  /** What a requirement about a run's answer, and about no call, names as its call. */
  public static final ToolCallId OUTPUT = new ToolCallId("output");

  private RunMachine() {}

  /** The first event of a run. */
  public static RunEvent.Started start(
      RunId run, RunId root, String session, String agent, RunMode mode, @Nullable BodyRef input) {
    return new RunEvent.Started(run, root, session, agent, mode, input);
  }

  /**
   * What a command makes happen in this state; empty when it came too late to matter.
   *
   * @throws IllegalTransitionException when the command makes no sense in this state
   */
  public static List<RunEvent> decide(RunState state, RunCommand command, Instant now) {
    return switch (command) {
      case RunCommand.ModelReplied c -> modelReplied(state, c);
      case RunCommand.GateOpened c -> gateOpened(state, c);
      case RunCommand.Judged c -> List.of(judged(state, c));
      case RunCommand.Approved c -> approved(state, c);
      case RunCommand.NotApproved c -> notApproved(state, c);
      case RunCommand.AskAgain c -> List.of(gated(state, c.call(), c.bound(), c.rule()));
      case RunCommand.DenyNow c -> List.of(new RunEvent.CallDenied(c.call(), c.result(), c.rule()));
      case RunCommand.TooOld c -> List.of(new RunEvent.CallExpired(c.call(), c.result()));
      case RunCommand.Revoke c -> List.of(new RunEvent.CallRevoked(c.call(), c.result()));
      case RunCommand.UseGrant c -> List.of(granted(state, c));
      case RunCommand.StartAttempt c -> List.of(attempt(state, c, now));
      case RunCommand.Succeeded c ->
          ofAttempt(state, c.call(), c.attempt())
              ? List.of(new RunEvent.CallSucceeded(c.call(), c.attempt(), c.result()))
              : List.of();
      case RunCommand.FailedFor c ->
          ofAttempt(state, c.call(), c.attempt())
              ? List.of(new RunEvent.CallFailed(c.call(), c.attempt(), c.result(), c.code(), false))
              : List.of();
      case RunCommand.OutcomeUnknown c -> outcomeUnknown(state, c);
      case RunCommand.Suspended c ->
          mayWait(state, c.call(), c.attempt())
              ? List.of(
                  new RunEvent.CallSuspended(
                      c.call(), c.attempt(), c.requirement(), c.kind(), c.question(), c.held()))
              : List.of();
      case RunCommand.Edited c -> edited(state, c);
      case RunCommand.AskBack c ->
          state
                  .find(c.call())
                  .filter(call -> call.status() == CallStatus.GATED)
                  .filter(call -> call.rounds().stream().noneMatch(each -> asks(each, c)))
                  .isPresent()
              ? List.of(
                  new RunEvent.CallAskedBack(c.call(), c.question(), c.by(), c.at(), c.version()))
              : List.of();
      case RunCommand.AnswerBack c ->
          state
                  .find(c.call())
                  .filter(call -> call.status() == CallStatus.GATED)
                  .filter(
                      call ->
                          call.rounds().stream().limit(c.rounds()).anyMatch(ToolCall.Round::open))
                  .isPresent()
              ? List.of(new RunEvent.CallAnsweredBack(c.call(), c.rounds(), c.use(), c.answer()))
              : List.of();
      case RunCommand.Responded c ->
          gatedIn(state, c.call(), c.version())
              ? List.of(new RunEvent.CallResponded(c.call(), c.result()))
              : List.of();
      case RunCommand.Answered c ->
          asks(state, c.call(), c.requirement())
              ? List.of(
                  new RunEvent.CallAnswered(c.call(), c.requirement(), c.verdict(), c.value()))
              : List.of();
      case RunCommand.StartChild c -> List.of(child(state, c));
      case RunCommand.StartStep c ->
          mayWait(state, c.call(), c.attempt()) && !stepDone(state, c.call(), c.name())
              ? List.of(new RunEvent.StepStarted(c.call(), c.attempt(), c.name()))
              : List.of();
      case RunCommand.EndStep c ->
          mayWait(state, c.call(), c.attempt()) && !stepDone(state, c.call(), c.name())
              ? List.of(new RunEvent.StepEnded(c.call(), c.attempt(), c.name(), c.result()))
              : List.of();
      case RunCommand.Say c ->
          state.end() != null ? List.of() : List.of(new RunEvent.PersonSpoke(c.message()));
      case RunCommand.SetVariables c ->
          state.end() != null ? List.of() : List.of(new RunEvent.VariablesSet(c.variables()));
      case RunCommand.AcceptAnswer c ->
          reviews(state, c.requirement()) ? List.of(new RunEvent.Completed(c.output())) : List.of();
      case RunCommand.AskChanges c ->
          reviews(state, c.requirement())
              ? List.of(new RunEvent.ChangesAsked(c.requirement(), c.message()))
              : List.of();
      case RunCommand.Reconciled c -> reconciled(state, c);
      case RunCommand.Cancel c ->
          state.end() != null || state.cancelledBy() != null
              ? List.of()
              : List.of(new RunEvent.CancelAsked(c.by()));
      case RunCommand.Close c -> {
        List<RunEvent> events = closing(state, c.results());
        events.add(new RunEvent.Cancelled());
        yield events;
      }
      case RunCommand.CompleteGate c -> gateCompleted(state);
      case RunCommand.Fail c -> {
        List<RunEvent> events = closing(state, c.results());
        events.add(new RunEvent.Failed(c.code(), c.message()));
        yield events;
      }
    };
  }

  /**
   * The state after the events of one transition.
   *
   * @throws IllegalTransitionException when an event is not possible in this state
   */
  public static RunState apply(RunState state, List<RunEvent> transition) {
    RunState next = state;
    for (RunEvent event : transition) {
      next = within(next, event);
    }
    return closed(next);
  }

  /** The state at the end of a transition: one version further. */
  public static RunState closed(RunState state) {
    return state.nextVersion();
  }

  /** The state of a run that has just started, after the events of its first transition. */
  public static RunState first(RunEvent.Started started, List<RunEvent> rest) {
    RunState next = RunState.started(started);
    for (RunEvent event : rest) {
      next = within(next, event);
    }
    return next;
  }

  /**
   * The state after one event inside a transition; its version is still that of the transition
   * before.
   *
   * @throws IllegalTransitionException when the event is not possible in this state
   */
  public static RunState within(RunState state, RunEvent event) {
    if (state.end() != null && !(event instanceof RunEvent.OfCall)) {
      throw new IllegalTransitionException(state, "it has ended, " + event + " cannot follow");
    }
    return switch (event) {
      case RunEvent.Started e -> throw new IllegalTransitionException(state, "it has started");
      case RunEvent.TurnEnded e -> state.afterTurn(e.use());
      case RunEvent.CallProposed e ->
          state.proposing(ToolCall.proposed(e.call(), e.providerId(), e.tool()));
      case RunEvent.CallRefused e ->
          settle(state, e, CallStatus.REFUSED, call -> call.answered(e.result(), e.code()));
      case RunEvent.CallDenied e ->
          settle(state, e, CallStatus.DENIED, call -> call.answered(e.result(), "denied"))
              .refusing(tool(state, e), repeat(state, e, e.repeat()), e.result());
      case RunEvent.CallAllowed e ->
          state.with(
              e.call(), call -> call.to(CallStatus.ALLOWED).bound(e.bound(), call.version()));
      case RunEvent.GrantUsed e -> state.with(e.call(), call -> call.granted(e.grant()));
      case RunEvent.CallGated e ->
          state.with(
              e.call(),
              call ->
                  call.to(CallStatus.GATED)
                      .granted(null)
                      .bound(e.bound(), e.version())
                      .waitingFor(e.requirement()));
      case RunEvent.CallApproved e ->
          state.with(e.call(), call -> call.to(CallStatus.APPROVED).noted(e.note()));
      case RunEvent.CallEdited e ->
          state.with(
              e.call(),
              call ->
                  (filledIn(call) ? call : call.to(CallStatus.GATED))
                      .edited(e.bound(), e.version()));
      case RunEvent.CallAskedBack e ->
          state.with(
              e.call(),
              call ->
                  call.askedBack(
                      new ToolCall.Round(e.question(), e.by(), e.at(), e.version(), null)));
      case RunEvent.CallAnsweredBack e ->
          state.with(e.call(), call -> call.answeredBack(e.rounds(), e.answer())).using(e.use());
      case RunEvent.CallResponded e ->
          settle(state, e, CallStatus.REJECTED, call -> call.answered(e.result(), "responded"));
      case RunEvent.CallRejected e ->
          settle(state, e, CallStatus.REJECTED, call -> call.answered(e.result(), "rejected"))
              .refusing(tool(state, e), repeat(state, e, null), e.result());
      case RunEvent.CallExpired e ->
          settle(state, e, CallStatus.EXPIRED, call -> call.answered(e.result(), "expired"));
      case RunEvent.CallRevoked e ->
          settle(state, e, CallStatus.REVOKED, call -> call.answered(e.result(), "revoked"));
      case RunEvent.CallCancelled e ->
          settle(state, e, CallStatus.CANCELLED, call -> call.answered(e.result(), "cancelled"));
      case RunEvent.AttemptStarted e ->
          state.with(e.call(), call -> call.to(CallStatus.EXECUTING).trying(e.attempt()));
      case RunEvent.CallSucceeded e ->
          settle(state, e, CallStatus.SUCCEEDED, call -> call.answered(e.result(), null));
      case RunEvent.CallFailed e ->
          settle(state, e, CallStatus.FAILED, call -> call.answered(e.result(), e.code()));
      case RunEvent.CallSuspended e -> state.with(e.call(), call -> suspended(call, e));
      case RunEvent.CallAnswered e ->
          state.with(e.call(), call -> call.answered(e.requirement(), e.verdict(), e.value()));
      case RunEvent.ChildStarted e ->
          state.with(e.call(), call -> waiting(call).carriedOutBy(e.child()));
      case RunEvent.StepStarted e ->
          state.with(e.call(), call -> call.step(new ToolCall.Step(e.name(), e.attempt(), null)));
      case RunEvent.StepEnded e ->
          state.with(
              e.call(), call -> call.step(new ToolCall.Step(e.name(), e.attempt(), e.result())));
      case RunEvent.PersonSpoke e -> state.forgiving();
      case RunEvent.VariablesSet e -> state.variables(e.variables());
      case RunEvent.AnswerHeld e ->
          state.reviewed(new RunState.OutputReview(e.output(), e.requirement(), e.round(), true));
      case RunEvent.ChangesAsked e -> {
        RunState.OutputReview held = Objects.requireNonNull(state.review());
        yield state.reviewed(
            new RunState.OutputReview(held.output(), held.requirement(), held.round(), false));
      }
      case RunEvent.CallInDoubt e -> state.with(e.call(), call -> call.to(CallStatus.IN_DOUBT));
      case RunEvent.DoubtCleared e -> state.with(e.call(), call -> call.to(e.back()).granted(null));
      case RunEvent.CancelAsked e -> state.cancelledBy(e.by());
      case RunEvent.Completed e ->
          state.ended(new RunState.End(RunStatus.COMPLETED, e.output(), null));
      case RunEvent.Failed e ->
          state.ended(new RunState.End(RunStatus.FAILED, e.message(), e.code()));
      case RunEvent.Cancelled e -> state.ended(new RunState.End(RunStatus.CANCELLED, null, null));
    };
  }

  /**
   * The state that a whole history leads to.
   *
   * @param history the events of each transition, oldest first
   * @throws IllegalArgumentException when the first event is not a start
   */
  public static RunState replay(List<List<RunEvent>> history) {
    if (history.isEmpty()
        || history.getFirst().isEmpty()
        || !(history.getFirst().getFirst() instanceof RunEvent.Started started)) {
      throw new IllegalArgumentException("a run's history begins with its start");
    }
    RunState state = first(started, history.getFirst().subList(1, history.getFirst().size()));
    for (List<RunEvent> transition : history.subList(1, history.size())) {
      state = apply(state, transition);
    }
    return state;
  }

  /** What is to be done next. */
  public static RunStep next(RunState state) {
    if (state.end() != null) {
      return new RunStep.Ended();
    }
    List<ToolCall> executing = those(state, call -> call.status() == CallStatus.EXECUTING);
    if (state.cancelledBy() != null) {
      return executing.isEmpty()
          ? new RunStep.CloseCancelled()
          : new RunStep.AwaitAttempts(executing);
    }
    List<ToolCall> proposed = those(state, call -> call.status() == CallStatus.PROPOSED);
    if (!proposed.isEmpty()) {
      return new RunStep.Judge(proposed);
    }
    List<ToolCall> runnable = runnable(state.calls());
    if (!runnable.isEmpty()) {
      return new RunStep.Execute(runnable);
    }
    if (!executing.isEmpty()) {
      return new RunStep.AwaitAttempts(executing);
    }
    List<ToolCall> asked = those(state, ToolCall::askedBack);
    if (!asked.isEmpty()) {
      return new RunStep.AnswerBack(asked.getFirst());
    }
    List<ToolCall> waiting = those(state, ToolCall::waits);
    if (!waiting.isEmpty() || (state.review() != null && state.review().open())) {
      return new RunStep.Pause(waiting);
    }
    return switch (state.mode()) {
      case CONVERSATION -> new RunStep.CallModel();
      case GATE -> new RunStep.CompleteGate();
    };
  }

  /** Computed many times in a transition, and mostly none. */
  private static List<ToolCall> those(RunState state, Predicate<ToolCall> wanted) {
    List<ToolCall> found = new ArrayList<>();
    for (ToolCall call : state.calls()) {
      if (wanted.test(call)) {
        found.add(call);
      }
    }
    return found;
  }

  /** Cleared calls that no earlier call with an effect holds up. */
  private static List<ToolCall> runnable(List<ToolCall> batch) {
    List<ToolCall> runnable = new ArrayList<>();
    boolean heldUp = false;
    for (ToolCall call : batch) {
      boolean independent = call.bound() != null && call.bound().independent();
      if (call.ready() && (independent || !heldUp)) {
        runnable.add(call);
      }
      heldUp |= !call.status().settled() && !call.holdsUpNobody();
    }
    return runnable;
  }

  private static List<RunEvent> modelReplied(RunState state, RunCommand.ModelReplied reply) {
    if (!(next(state) instanceof RunStep.CallModel)) {
      throw new IllegalTransitionException(state, "no reply of the model was asked for");
    }
    List<RunEvent> events = new ArrayList<>();
    events.add(new RunEvent.TurnEnded(reply.message(), reply.use()));
    int number = state.nextCall();
    for (RunCommand.Proposed call : reply.calls()) {
      events.add(proposal(number++, call));
    }
    reply.said().forEach(message -> events.add(new RunEvent.PersonSpoke(message)));
    if (reply.calls().isEmpty() && reply.said().isEmpty()) {
      int round = state.review() == null ? 1 : state.review().round() + 1;
      events.add(
          reply.review()
              ? new RunEvent.AnswerHeld(reply.message(), reviewOf(state, round), round)
              : new RunEvent.Completed(reply.message()));
    }
    return events;
  }

  private static List<RunEvent> gateOpened(RunState state, RunCommand.GateOpened command) {
    if (state.mode() != RunMode.GATE || state.nextCall() != 1) {
      throw new IllegalTransitionException(state, "only a new gate takes a call, and only one");
    }
    return List.of(proposal(state.nextCall(), command.call()));
  }

  private static List<RunEvent> gateCompleted(RunState state) {
    if (state.calls().isEmpty() || !(next(state) instanceof RunStep.CompleteGate)) {
      throw new IllegalTransitionException(state, "the call of the gate is not settled");
    }
    return List.of(new RunEvent.Completed(null));
  }

  private static RunEvent proposal(int number, RunCommand.Proposed call) {
    return new RunEvent.CallProposed(ToolCallId.numbered(number), call.providerId(), call.tool());
  }

  private static RunEvent judged(RunState state, RunCommand.Judged command) {
    ToolCallId call = command.call();
    if (state.find(call).filter(c -> c.status() == CallStatus.PROPOSED).isEmpty()) {
      throw new IllegalTransitionException(state, "tool call " + call + " has been judged");
    }
    return switch (command.judgement()) {
      case RunCommand.Judgement.Refuse j -> new RunEvent.CallRefused(call, j.result(), j.code());
      case RunCommand.Judgement.Deny j ->
          new RunEvent.CallDenied(call, j.result(), j.rule(), j.repeat());
      case RunCommand.Judgement.Allow j ->
          new RunEvent.CallAllowed(call, j.bound(), j.rule(), j.audited());
      case RunCommand.Judgement.Gate j -> gated(state, call, j.bound(), j.rule());
    };
  }

  private static RunEvent gated(
      RunState state, ToolCallId call, ToolCall.Bound bound, String rule) {
    int version = state.find(call).map(ToolCall::version).orElse(0) + 1;
    return new RunEvent.CallGated(call, bound, version, approvalOf(state, call), rule);
  }

  /** The one approval of a call, however often it is asked again. */
  public static RequirementId approvalOf(RunState state, ToolCallId call) {
    return RequirementId.of(state.id(), call, RequirementKind.APPROVAL, 1);
  }

  /** The reconciliation of one attempt of a call. */
  public static RequirementId reconciliationOf(RunState state, ToolCallId call, int attempt) {
    return RequirementId.of(state.id(), call, RequirementKind.RECONCILIATION, attempt);
  }

  /** The look at an answer of a run, in this round. */
  public static RequirementId reviewOf(RunState state, int round) {
    return RequirementId.of(state.id(), OUTPUT, RequirementKind.REVIEW, round);
  }

  /** What a call asks next: questions and reviews are numbered through. */
  public static RequirementId askedOf(RunState state, ToolCall call, RequirementKind kind) {
    int round = 1 + (int) call.asked().stream().filter(each -> each.kind() == kind).count();
    return RequirementId.of(state.id(), call.id(), kind, round);
  }

  private static boolean reviews(RunState state, RequirementId requirement) {
    RunState.OutputReview held = state.review();
    return state.end() == null
        && held != null
        && held.open()
        && held.requirement().equals(requirement);
  }

  private static boolean asks(ToolCall.Round round, RunCommand.AskBack command) {
    return round.question().id().equals(command.question().id());
  }

  private static boolean asks(RunState state, ToolCallId call, RequirementId requirement) {
    return state
        .find(call)
        .filter(c -> c.status() == CallStatus.SUSPENDED)
        .flatMap(c -> c.asked(requirement))
        .filter(ToolCall.Asked::open)
        .isPresent();
  }

  /** True for what executes in this attempt, and for what has no intent of its own. */
  private static boolean mayWait(RunState state, ToolCallId id, int attempt) {
    return executing(state, id, attempt)
        || state.find(id).filter(call -> call.ready() && attempt == call.attempts()).isPresent();
  }

  private static ToolCall waiting(ToolCall call) {
    return call.status() == CallStatus.SUSPENDED ? call : call.to(CallStatus.SUSPENDED);
  }

  private static ToolCall suspended(ToolCall call, RunEvent.CallSuspended event) {
    RequirementKind kind = event.kind();
    ToolCall waiting = waiting(call);
    ToolCall holding = event.held() == null ? waiting : waiting.holding(event.held());
    // The first stored form knew no kinds, and nothing that could ask.
    return kind == null
        ? holding.waitingFor(event.requirement())
        : holding.asking(
            new ToolCall.Asked(
                event.requirement(), kind, event.question(), event.attempt(), null, null));
  }

  private static List<RunEvent> edited(RunState state, RunCommand.Edited command) {
    return state
            .find(command.call())
            .filter(c -> c.status() == CallStatus.GATED || filledIn(c))
            .filter(c -> c.version() < command.version())
            .isPresent()
        ? List.of(
            new RunEvent.CallEdited(
                command.call(), command.bound(), command.version(), command.by()))
        : List.of();
  }

  /** True of a call whose fields a person has filled in and whose body has not begun. */
  private static boolean filledIn(ToolCall call) {
    return call.answered() && !call.begun();
  }

  private static String tool(RunState state, RunEvent.OfCall event) {
    return state.find(event.call()).map(ToolCall::tool).orElse("");
  }

  private static @Nullable Digest repeat(
      RunState state, RunEvent.OfCall event, @Nullable Digest said) {
    if (said != null) {
      return said;
    }
    return state.find(event.call()).map(ToolCall::bound).map(ToolCall.Bound::repeat).orElse(null);
  }

  private static List<RunEvent> approved(RunState state, RunCommand.Approved command) {
    return gatedIn(state, command.call(), command.version())
        ? List.of(
            new RunEvent.CallApproved(
                command.call(), approvalOf(state, command.call()), command.note()))
        : List.of();
  }

  private static List<RunEvent> notApproved(RunState state, RunCommand.NotApproved command) {
    if (!gatedIn(state, command.call(), command.version())) {
      return List.of();
    }
    ToolCallId call = command.call();
    return switch (command.how()) {
      case REJECTED -> List.of(new RunEvent.CallRejected(call, command.result()));
      case EXPIRED -> List.of(new RunEvent.CallExpired(call, command.result()));
      case CANCELLED -> List.of(new RunEvent.CallCancelled(call, command.result()));
      case PENDING, APPROVED, RESOLVED, REVOKED ->
          throw new IllegalTransitionException(state, command.how() + " is not a refusal");
    };
  }

  private static boolean gatedIn(RunState state, ToolCallId call, int version) {
    return state
        .find(call)
        .filter(c -> c.status() == CallStatus.GATED && c.version() == version)
        .isPresent();
  }

  /** The call, in a run that may start something. */
  private static ToolCall startable(RunState state, ToolCallId id) {
    if (state.cancelledBy() != null || state.end() != null) {
      throw new IllegalTransitionException(state, "a cancelled or ended run starts nothing");
    }
    ToolCall call =
        state
            .find(id)
            .orElseThrow(() -> new IllegalTransitionException(state, "no such open call"));
    if (call.child() != null) {
      throw new IllegalTransitionException(call, "another agent carries it out");
    }
    return call;
  }

  private static RunEvent granted(RunState state, RunCommand.UseGrant command) {
    ToolCall call = startable(state, command.call());
    boolean goesOn = call.ready() || call.status() == CallStatus.EXECUTING;
    if (!goesOn || call.requirement() != null) {
      throw new IllegalTransitionException(call, "people are asked about it, or it is not cleared");
    }
    if (call.grant() != null && !call.grant().equals(command.grant())) {
      throw new IllegalTransitionException(call, "it has a use of the grant " + call.grant());
    }
    return new RunEvent.GrantUsed(command.call(), command.grant());
  }

  private static RunEvent child(RunState state, RunCommand.StartChild command) {
    ToolCall call = startable(state, command.call());
    if (!call.ready()) {
      throw new IllegalTransitionException(call, "only a cleared call is handed to an agent");
    }
    return new RunEvent.ChildStarted(command.call(), command.child());
  }

  private static boolean stepDone(RunState state, ToolCallId id, String name) {
    return state.find(id).stream()
        .flatMap(call -> call.steps().stream())
        .anyMatch(step -> step.name().equals(name) && step.result() != null);
  }

  private static RunEvent attempt(RunState state, RunCommand.StartAttempt command, Instant now) {
    ToolCall call = startable(state, command.call());
    if (call.status() == CallStatus.SUSPENDED && !call.answered()) {
      throw new IllegalTransitionException(call, "it waits for an answer");
    }
    if (call.status() == CallStatus.EXECUTING && call.mustBeBound().effect() != Effect.IDEMPOTENT) {
      throw new IllegalTransitionException(call, "only an idempotent tool is tried again");
    }
    return new RunEvent.AttemptStarted(
        call.id(),
        new ToolCall.Attempt(call.attempts() + 1, now, command.until(), call.clearance()));
  }

  /** True while this very attempt executes. */
  private static boolean executing(RunState state, ToolCallId id, int attempt) {
    return state
        .find(id)
        .filter(call -> call.status() == CallStatus.EXECUTING && call.attempts() == attempt)
        .isPresent();
  }

  /** True while the attempt executes, here or outside. */
  private static boolean underWay(ToolCall call, int attempt) {
    return call.attempts() == attempt
        && (call.status() == CallStatus.EXECUTING || call.status() == CallStatus.SUSPENDED);
  }

  /** True when the attempt is the latest one and its outcome is still open. */
  private static boolean ofAttempt(RunState state, ToolCallId id, int attempt) {
    return state
        .find(id)
        .filter(
            call ->
                switch (call.status()) {
                  case EXECUTING, IN_DOUBT, SUSPENDED -> call.attempts() == attempt;
                  case ALLOWED, APPROVED ->
                      attempt == 0 && call.mustBeBound().effect() == Effect.READ_ONLY;
                  case PROPOSED, GATED -> false;
                  case SUCCEEDED, FAILED, REFUSED, DENIED, REJECTED, EXPIRED, REVOKED, CANCELLED ->
                      false;
                })
        .isPresent();
  }

  private static List<RunEvent> outcomeUnknown(RunState state, RunCommand.OutcomeUnknown command) {
    ToolCallId id = command.call();
    ToolCall call = state.find(id).orElse(null);
    if (call == null || call.attempt() == null || !underWay(call, command.attempt())) {
      return List.of();
    }
    CallStatus from = call.attempt().from();
    // A person let it run, by name or by a standing word: a person finds out.
    if (from == CallStatus.APPROVED || call.grant() != null) {
      return List.of(
          new RunEvent.CallInDoubt(
              id,
              command.attempt(),
              reconciliationOf(state, id, command.attempt()),
              command.why()));
    }
    return List.of(
        new RunEvent.CallFailed(id, command.attempt(), command.result(), "outcome-unknown", true));
  }

  private static List<RunEvent> reconciled(RunState state, RunCommand.Reconciled command) {
    ToolCallId id = command.call();
    ToolCall call = state.find(id).orElse(null);
    if (call == null || call.status() != CallStatus.IN_DOUBT || call.attempt() == null) {
      return List.of();
    }
    int attempt = call.attempt().number();
    if (attempt != command.attempt()) {
      return List.of();
    }
    return switch (command.verdict()) {
      case HAPPENED -> List.of(new RunEvent.CallSucceeded(id, attempt, command.result()));
      case GIVE_UP ->
          List.of(new RunEvent.CallFailed(id, attempt, command.result(), "outcome-unknown", true));
      case DID_NOT_HAPPEN ->
          state.end() != null || state.cancelledBy() != null
              ? List.of(
                  new RunEvent.CallFailed(id, attempt, command.result(), "not-executed", false))
              : List.of(new RunEvent.DoubtCleared(id, attempt, call.attempt().from()));
      case APPROVE, REJECT, EDIT, RESPOND, REVOKE, ASK_BACK, ANSWER, DECLINE ->
          throw new IllegalTransitionException(call, "a doubt is not approved or rejected");
      case TAKE, RESULT, FAILURE, ACCEPT, REPLACE, CHANGES ->
          throw new IllegalTransitionException(call, "a doubt is not approved or rejected");
    };
  }

  /** A call in doubt or under way stays: what it did is not undone by ending the run. */
  private static List<RunEvent> closing(RunState state, Map<ToolCallId, BodyRef> results) {
    List<RunEvent> events = new ArrayList<>();
    for (ToolCall call : state.calls()) {
      if (call.status().next().contains(CallStatus.CANCELLED)) {
        BodyRef result = results.get(call.id());
        if (result == null) {
          throw new IllegalTransitionException(call, "closing it needs a result message");
        }
        events.add(new RunEvent.CallCancelled(call.id(), result));
      }
    }
    return events;
  }

  private static RunState settle(
      RunState state,
      RunEvent.Settling event,
      CallStatus to,
      java.util.function.UnaryOperator<ToolCall> answer) {
    return state.with(event.call(), call -> answer.apply(call.to(to)));
  }
}
