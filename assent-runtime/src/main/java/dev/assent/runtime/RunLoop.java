package dev.assent.runtime;

import dev.assent.core.AssentException;
import dev.assent.core.Body;
import dev.assent.core.BodyId;
import dev.assent.core.BodyRef;
import dev.assent.core.CallStatus;
import dev.assent.core.Effect;
import dev.assent.core.ExecutionCheck;
import dev.assent.core.Message;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RunCommand;
import dev.assent.core.RunId;
import dev.assent.core.RunMachine;
import dev.assent.core.RunState;
import dev.assent.core.RunStep;
import dev.assent.core.ToolCall;
import dev.assent.core.ToolCallId;
import dev.assent.core.spi.Committed;
import dev.assent.core.spi.Model;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one interpreter: works on one run until it ends or can only wait. Runs on a thread of its
 * own; {@link #ring} and {@link #report} are called by others.
 *
 * <p>It asks the machine what is next, does it, and puts what came of it into a {@link Draft}. A
 * draft is committed before anything outside happens: before a tool runs, before the model is
 * asked, before anybody is told that the run waits.
 */
final class RunLoop implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(RunLoop.class);
  private static final int MOST_CONFLICTS = 20;
  private static final Duration BACK_OFF = Duration.ofSeconds(5);

  private sealed interface Mail {
    record Rung() implements Mail {}

    record Ended(Attempts.End end) implements Mail {}
  }

  private final Engine engine;
  private final RunId run;
  private final BlockingQueue<Mail> mail = new LinkedBlockingQueue<>();
  private final RunLease lease;
  private final Attempts attempts;
  private final Map<ToolCallId, Body> arguments = new HashMap<>();
  private final Map<ToolCallId, Requirement> approvals = new HashMap<>();
  private final List<Attempts.End> unsavedEnds = new ArrayList<>();
  private @Nullable Consumer<Draft> unsavedReply;
  private final CompletableFuture<RunState> started = new CompletableFuture<>();
  private final CompletableFuture<RunState> rested = new CompletableFuture<>();
  private final boolean beginning;
  private Draft draft;
  private Message.@Nullable Assistant asked;
  private int conflicts;
  private boolean finished;
  private boolean heldElsewhere;
  private @Nullable Requirement forged;
  private @Nullable Throwable failure;

  @SuppressWarnings("NullAway") // the draft of an existing run is read first of all, in run()
  RunLoop(Engine engine, RunId run, @Nullable Draft first) {
    this.engine = engine;
    this.run = run;
    this.lease = new RunLease(engine, run);
    this.attempts = new Attempts(engine.executor(), this::report);
    this.beginning = first != null;
    this.draft = first;
    this.asked = first == null ? null : first.firstWords();
  }

  RunId runId() {
    return run;
  }

  /** Completes when the run's beginning is durable. */
  CompletableFuture<RunState> started() {
    return started;
  }

  /** Completes with the state in which the run came to rest here. */
  CompletableFuture<RunState> rested() {
    return rested;
  }

  /** Whoever waits for it here waits in vain: this process is closing. */
  void abandon() {
    rested.completeExceptionally(
        new RuntimeFailure("closed", "this Assent is closed; run " + run + " goes on elsewhere"));
  }

  RunLease lease() {
    return lease;
  }

  /** Makes it look at the store again; false when it has finished and will not. */
  synchronized boolean ring() {
    return !finished && mail.add(new Mail.Rung());
  }

  void report(Attempts.End end) {
    synchronized (this) {
      if (!finished) {
        mail.add(new Mail.Ended(end));
        return;
      }
    }
    engine.late(run, end, false);
  }

  @Override
  public void run() {
    try {
      if (!beginning) {
        read();
      }
      while (!finished) {
        step();
      }
    } catch (Throwable e) {
      failed(e);
    } finally {
      List<Mail> left = new ArrayList<>();
      synchronized (this) {
        finished = true;
        mail.drainTo(left);
      }
      engine.finished(this);
      leftOver(left);
      if (failure == null) {
        rested.complete(draft.state());
      } else {
        rested.completeExceptionally(failure);
      }
    }
  }

  private void failed(Throwable e) {
    if (e instanceof StoreException || e instanceof AssentException) {
      LOG.error("Run {} stops here for now: {}", run, e.getMessage());
    } else {
      LOG.error("Run {} stops here for now", run, e);
    }
    started.completeExceptionally(e);
    failure = e;
    try {
      engine.avoid(run, BACK_OFF);
      if (draft != null && (lease.held() || !beginning)) {
        postpone(engine.store().now().plus(BACK_OFF));
      }
    } catch (RuntimeException giving) {
      LOG.warn("Run {}: its lease could not be given back: {}", run, giving.getMessage());
    }
  }

  private void leftOver(List<Mail> left) {
    if (engine.closed()) {
      return;
    }
    boolean later = heldElsewhere || failure != null;
    unsavedEnds.forEach(end -> engine.late(run, end, later));
    for (Mail each : left) {
      switch (each) {
        case Mail.Ended ended -> engine.late(run, ended.end(), later);
        case Mail.Rung rung -> {
          if (failure == null) {
            engine.drive(run);
          }
        }
      }
    }
  }

  private void step() throws InterruptedException {
    takeMail();
    if (engine.closed()) {
      wrapUp();
      return;
    }
    Requirement doubtful = forged;
    if (doubtful != null && draft.state().end() == null) {
      halt(
          "forged-decision",
          "requirement "
              + doubtful.id()
              + " was closed, but no genuine decision of somebody entitled closes it");
      return;
    }
    switch (RunMachine.next(draft.state())) {
      case RunStep.Judge judge -> {
        if (served()) {
          judge(judge.calls());
        }
      }
      case RunStep.Execute execute -> {
        if (served()) {
          execute(execute.calls());
        }
      }
      case RunStep.AwaitAttempts await -> awaitAttempts(await.calls());
      case RunStep.Pause pause -> rest();
      case RunStep.CallModel ask -> {
        if (served()) {
          callModel();
        }
      }
      case RunStep.CompleteGate complete -> draft.add(new RunCommand.CompleteGate());
      case RunStep.CloseCancelled close -> closeAll(results -> new RunCommand.Close(results));
      case RunStep.Ended ended -> rest();
    }
  }

  /** True when this process can serve the run's agent; otherwise it leaves the run alone. */
  private boolean served() {
    if (engine.agents().containsKey(draft.state().agent())) {
      return true;
    }
    lease.give(engine.store().now());
    finished = true;
    return false;
  }

  private @Nullable Agent agentIfServed() {
    return engine.agents().get(draft.state().agent());
  }

  /** On closing nothing new is started, but what ended is written and what executes may end. */
  private void wrapUp() throws InterruptedException {
    if (draft.dirty() && !commit()) {
      return;
    }
    if (attempts.none()) {
      lease.give(engine.store().now());
      finished = true;
    } else {
      awaitMail(null);
    }
  }

  private Agent agent() {
    return Objects.requireNonNull(engine.agents().get(draft.state().agent()));
  }

  // ---- what others wrote ----

  private void read() {
    boolean mine = lease.held();
    Store.StoredRun stored = lease.read();
    if (mine && !lease.held()) {
      forgetWhatWasHeard();
    }
    approvals.clear();
    forged = null;
    draft = Draft.of(engine, stored.state(), stored.requester());
    if (lease.elsewhere(stored)) {
      heldElsewhere = true;
      finished = true;
      return;
    }
    if (stored.cancelAskedBy() != null) {
      draft.add(new RunCommand.Cancel(stored.cancelAskedBy()));
    }
    answers(stored.state());
    unsavedEnds.forEach(end -> Answers.ended(engine, draft, end));
    if (unsavedReply != null) {
      unsavedReply.accept(draft);
    }
  }

  /** Another process has the run. What was heard here counts no more; what was done here does. */
  private void forgetWhatWasHeard() {
    LOG.warn("Run {}: its lease was lost to another process", run);
    unsavedReply = null;
    asked = null;
    arguments.clear();
  }

  /** Takes over what people decided on the calls that wait. */
  private void answers(RunState state) {
    List<ToolCall> waiting =
        state.calls().stream()
            .filter(c -> c.status() == CallStatus.GATED || c.status() == CallStatus.IN_DOUBT)
            .toList();
    if (waiting.isEmpty()) {
      return;
    }
    Map<ToolCallId, ToolCall> byId = new HashMap<>();
    waiting.forEach(call -> byId.put(call.id(), call));
    for (Requirement requirement : engine.store().requirementsOf(engine.tenant(), run)) {
      ToolCall call = byId.get(requirement.call());
      if (call != null && !requirement.open()) {
        answer(call, requirement);
      }
    }
  }

  private void answer(ToolCall call, Requirement requirement) {
    if (requirement.kind() == RequirementKind.RECONCILIATION) {
      if (call.status() == CallStatus.IN_DOUBT && call.attempts() == requirement.attempt()) {
        RunCommand command = Answers.reconciled(engine, draft, agentIfServed(), call, requirement);
        if (command == null) {
          forged = requirement;
        } else {
          draft.add(command);
        }
      }
    } else if (call.status() == CallStatus.GATED) {
      approvals.put(call.id(), requirement);
      draft.add(
          requirement.status() == RequirementStatus.APPROVED
              ? new RunCommand.Approved(call.id(), requirement.version())
              : Answers.notApproved(engine, draft, call, requirement));
    }
  }

  private void takeMail() {
    boolean rung = false;
    for (Mail next = mail.poll(); next != null; next = mail.poll()) {
      rung |= take(next);
    }
    if (rung && !draft.beginsRun()) {
      lookAgain();
    }
  }

  private boolean take(Mail next) {
    return switch (next) {
      case Mail.Rung rung -> true;
      case Mail.Ended ended -> {
        ended(ended.end());
        yield false;
      }
    };
  }

  /** Reads anew; what is drafted and not saved is drafted again on top. */
  private void lookAgain() {
    if (!draft.dirty() || commit()) {
      read();
    }
  }

  // ---- the steps ----

  private void judge(List<ToolCall> calls) {
    Message.Assistant words = asked;
    if (words == null) {
      words = History.lastAssistant(engine, draft.state());
    }
    List<ToolCall> batch = draft.state().calls();
    for (ToolCall call : calls) {
      String written = words.calls().get(batch.indexOf(call)).arguments();
      Body stored = engine.judge().judge(draft, agent(), call, written, words.text());
      if (stored != null) {
        arguments.put(call.id(), stored);
      }
      batch = draft.state().calls();
    }
  }

  private void execute(List<ToolCall> cleared) throws InterruptedException {
    List<ToolCall> calls = cleared.stream().filter(call -> !attempts.has(call)).toList();
    if (calls.isEmpty()) {
      if (!draft.dirty() || commit()) {
        awaitMail(null);
      }
      return;
    }
    Map<ToolCallId, Body> bodies = new HashMap<>();
    String missing = gatherArguments(calls, bodies);
    if (missing != null) {
      halt("arguments-tampered", missing);
      return;
    }
    List<ToolExecutor.Checked> go = new ArrayList<>();
    boolean later = false;
    for (ToolCall call : calls) {
      ToolExecutor.Checked checked =
          engine
              .executor()
              .check(
                  agent(),
                  draft.state(),
                  draft.requester(),
                  call,
                  Objects.requireNonNull(bodies.get(call.id())),
                  approvals.remove(call.id()));
      switch (checked.result()) {
        case ExecutionCheck.Result.Go passed -> {
          if (free(call)) {
            go.add(checked);
          }
        }
        case ExecutionCheck.Result.Later wait -> later = true;
        case ExecutionCheck.Result.Ask ask -> askAgain(checked, ask);
        case ExecutionCheck.Result.Deny deny ->
            draft.add(
                new RunCommand.DenyNow(
                    call.id(), draft.result(call, deny.reason(), true), deny.rule()));
        case ExecutionCheck.Result.TooOld old ->
            draft.add(
                new RunCommand.TooOld(
                    call.id(),
                    draft.result(call, "The approval was too old; it was not executed.", true)));
        case ExecutionCheck.Result.Halt halt -> {
          halt(halt.code(), halt.why());
          return;
        }
      }
    }
    if (!later || !go.isEmpty()) {
      start(go);
    } else if (!draft.dirty() || commit()) {
      tryLater();
    }
  }

  /** What is cleared cannot be checked just now. */
  private void tryLater() throws InterruptedException {
    if (attempts.none()) {
      postpone(engine.store().now().plus(BACK_OFF));
    } else {
      awaitMail(BACK_OFF);
    }
  }

  /** False when the effect is taken: the call is denied then. */
  private boolean free(ToolCall call) {
    var key = call.mustBeBound().effectKey();
    String taken = key == null ? null : engine.judge().taken(draft.state(), call, key).orElse(null);
    if (taken != null) {
      draft.add(new RunCommand.DenyNow(call.id(), draft.result(call, taken, true), "effect key"));
    }
    return taken == null;
  }

  private void askAgain(ToolExecutor.Checked checked, ExecutionCheck.Result.Ask ask) {
    ToolCall call = checked.call();
    Requirement earlier = checked.requirement();
    if (earlier == null) {
      RequirementId id = RunMachine.approvalOf(draft.state(), call.id());
      earlier = engine.store().requirement(engine.tenant(), id).orElse(null);
    }
    int version = call.version() + 1;
    draft.asking(
        call.id(), new Draft.Ask(ask.terms(), earlier, ask.keepVotes(), draft.text(ask.why())));
    draft.add(
        new RunCommand.AskAgain(
            call.id(), checked.rebound(engine.judge(), version), ask.terms().rule()));
  }

  /** Writes the intents, then lets the bodies run, each on a thread of its own. */
  private void start(List<ToolExecutor.Checked> go) {
    Map<ToolCallId, Instant> until = new HashMap<>();
    for (ToolExecutor.Checked checked : go) {
      ToolCall call = checked.call();
      ToolCall.Attempt lost = call.status() == CallStatus.EXECUTING ? call.attempt() : null;
      // A repeated attempt ends when the first one would have: that is the window for repeating.
      Instant end = lost == null ? draft.now().plus(limit(call)) : lost.until();
      until.put(call.id(), end);
      if (call.mustBeBound().effect() != Effect.READ_ONLY) {
        draft.add(new RunCommand.StartAttempt(call.id(), end));
      }
    }
    if (draft.dirty() ? !commit() : !hold()) {
      return;
    }
    for (ToolExecutor.Checked checked : go) {
      Instant end = Objects.requireNonNull(until.get(checked.call().id()));
      attempts.launch(draft.state(), checked, end, Duration.between(engine.store().now(), end));
    }
  }

  private Duration limit(ToolCall call) {
    return agent()
        .tool(call.tool())
        .map(tool -> tool.spec().timeLimit())
        .orElse(Duration.ofMinutes(1));
  }

  private void awaitAttempts(List<ToolCall> executing) throws InterruptedException {
    List<ToolCall> orphans = executing.stream().filter(call -> !attempts.has(call)).toList();
    Instant now = engine.store().now();
    Instant wake = null;
    for (ToolCall orphan : orphans) {
      Instant until = Objects.requireNonNull(orphan.attempt()).until();
      if (orphan.mustBeBound().effect() == Effect.IDEMPOTENT
          && draft.state().cancelledBy() == null
          && now.isBefore(until)
          && served()) {
        retryIdempotent(orphan);
        return;
      }
      if (now.isBefore(until)) {
        wake = wake == null || until.isBefore(wake) ? until : wake;
      } else {
        unknown(orphan, "The process that executed the call ended before it reported an outcome.");
      }
    }
    if (finished || draft.state().calls(CallStatus.EXECUTING).count() < executing.size()) {
      return;
    }
    if (draft.dirty() && !commit()) {
      return;
    }
    if (attempts.none()) {
      postpone(Objects.requireNonNull(wake));
      return;
    }
    awaitMail(wake == null ? null : Duration.between(now, wake));
  }

  private void retryIdempotent(ToolCall orphan) {
    Map<ToolCallId, Body> bodies = new HashMap<>();
    String missing = gatherArguments(List.of(orphan), bodies);
    if (missing != null) {
      unknown(orphan, missing);
      return;
    }
    ToolExecutor.Checked checked =
        engine
            .executor()
            .check(
                agent(),
                draft.state(),
                draft.requester(),
                orphan,
                Objects.requireNonNull(bodies.get(orphan.id())),
                null);
    if (checked.result() instanceof ExecutionCheck.Result.Go) {
      start(List.of(checked));
    } else {
      unknown(orphan, "The call may not be tried again: its check does not pass any more.");
    }
  }

  /** Waits for the end of an attempt, a ring, or the first time limit. */
  private void awaitMail(@Nullable Duration atMost) throws InterruptedException {
    long wait = attempts.nanosLeft(atMost == null ? Long.MAX_VALUE : Math.max(1, atMost.toNanos()));
    Mail next = mail.poll(wait, TimeUnit.NANOSECONDS);
    if (next != null) {
      mail.add(next);
      return;
    }
    for (Attempts.GivenUp overdue : attempts.giveUpOverdue()) {
      draft
          .state()
          .find(overdue.call())
          .filter(call -> call.attempts() == overdue.attempt())
          .ifPresent(call -> unknown(call, "The tool's time limit passed."));
    }
  }

  private void ended(Attempts.End end) {
    attempts.ended(end);
    unsavedEnds.add(end);
    Answers.ended(engine, draft, end);
  }

  private void unknown(ToolCall call, String why) {
    draft.add(Answers.unknown(draft, call, why));
  }

  private void callModel() throws InterruptedException {
    if (draft.dirty() ? !commit() : !hold()) {
      return;
    }
    Model model = agent().model().orElse(null);
    if (model == null) {
      halt("no-model", "agent '" + agent().name() + "' has no model; give it one or use gate()");
      return;
    }
    Model.Request request = History.request(engine, agent(), draft.state());
    LiveText live = engine.liveTexts().begin(run, draft.state().version());
    ModelCall.Outcome outcome = ModelCall.of(engine.retry(), model, request, live, engine::closed);
    switch (outcome) {
      case ModelCall.Outcome.Replied replied -> {
        Message.Assistant message = WellFormed.reply(replied.reply().message());
        Consumer<Draft> input =
            into -> {
              if (RunMachine.next(into.state()) instanceof RunStep.CallModel) {
                into.add(
                    new RunCommand.ModelReplied(
                        into.spoken(message),
                        replied.reply().use(),
                        message.calls().stream()
                            .map(call -> new RunCommand.Proposed(call.providerId(), call.tool()))
                            .toList()));
              }
            };
        asked = message;
        unsavedReply = input;
        input.accept(draft);
      }
      case ModelCall.Outcome.GaveUp gaveUp -> halt(gaveUp.code(), gaveUp.message());
      case ModelCall.Outcome.Stopped stopped -> {
        lease.give(engine.store().now());
        finished = true;
      }
    }
  }

  /** Ends the run with an error, once nothing executes any more: no outcome is left open. */
  private void halt(String code, String why) throws InterruptedException {
    List<ToolCall> executing = draft.state().calls(CallStatus.EXECUTING).toList();
    if (!executing.isEmpty()) {
      awaitAttempts(executing);
      return;
    }
    LOG.error("Run {} fails: {}: {}", run, code, why);
    BodyRef message = draft.text(why);
    closeAll(results -> new RunCommand.Fail(code, message, results));
  }

  private void closeAll(java.util.function.Function<Map<ToolCallId, BodyRef>, RunCommand> command) {
    Map<ToolCallId, BodyRef> results = new HashMap<>();
    for (ToolCall call : draft.state().calls()) {
      if (call.status().next().contains(CallStatus.CANCELLED)) {
        results.put(
            call.id(), draft.result(call, "The run ended; the call was not executed.", true));
      }
    }
    if (!results.isEmpty()) {
      openRequirements().forEach(each -> draft.close(each, RequirementStatus.CANCELLED));
    }
    draft.add(command.apply(results));
  }

  /** What the draft asks and what was asked before, without doubts: those stay. */
  private Collection<Requirement> openRequirements() {
    Map<RequirementId, Requirement> open = new LinkedHashMap<>();
    if (!draft.beginsRun()) {
      engine
          .store()
          .requirementsOf(engine.tenant(), run)
          .forEach(each -> open.put(each.id(), each));
    }
    draft.opened().forEach(each -> open.put(each.id(), each));
    open.values().removeIf(each -> !each.open() || each.kind() == RequirementKind.RECONCILIATION);
    return open.values();
  }

  // ---- the store ----

  /** Puts in the stored arguments of these calls; says what is wrong when they cannot be had. */
  private @Nullable String gatherArguments(List<ToolCall> calls, Map<ToolCallId, Body> found) {
    Map<BodyId, ToolCallId> missing = new HashMap<>();
    for (ToolCall call : calls) {
      Body known = arguments.remove(call.id());
      if (known != null) {
        found.put(call.id(), known);
      } else {
        missing.put(call.mustBeBound().arguments().id(), call.id());
      }
    }
    try {
      engine
          .store()
          .bodies(engine.tenant(), missing.keySet())
          .forEach((id, body) -> found.put(Objects.requireNonNull(missing.get(id)), body));
    } catch (StoreException e) {
      throw e;
    } catch (AssentException e) {
      return "The stored arguments cannot be read: " + e.getMessage();
    }
    return found.size() < calls.size() ? "The stored arguments of a tool call are gone." : null;
  }

  /** Has the lease; false when all must be looked at anew first. */
  private boolean hold() {
    boolean held = lease.take(draft.state().version());
    if (!held) {
      conflict();
    }
    return held;
  }

  /**
   * Writes the draft; false when something else was written first and all must be looked at anew.
   */
  private boolean commit() {
    if (lease.commit(draft) instanceof Committed.Conflict conflict) {
      if (draft.beginsRun()) {
        throw Answers.cannotBegin(draft, conflict);
      }
      conflict();
      return false;
    }
    conflicts = 0;
    unsavedEnds.clear();
    unsavedReply = null;
    Draft done = draft;
    draft = Draft.of(engine, done.after(), done.requester());
    started.complete(draft.state());
    engine.committed(done);
    return true;
  }

  private void conflict() {
    if (++conflicts > MOST_CONFLICTS) {
      throw new RuntimeFailure(
          "too-many-conflicts", "run " + run + " could not be written after many tries");
    }
    arguments.clear();
    read();
  }

  /** The run can only wait, or has ended. */
  private void rest() {
    if (draft.dirty()) {
      if (!commit()) {
        return;
      }
    } else if (lease.held() || lease.rung()) {
      // A ring that changed nothing is answered too, or the run would stay due for ever.
      if (!hold()) {
        return;
      }
      lease.give(null);
    }
    synchronized (this) {
      finished = mail.isEmpty();
    }
  }

  /** Leaves the run alone until then, or until it is rung. */
  private void postpone(Instant readyAt) {
    if (hold()) {
      lease.give(readyAt);
    }
    finished = true;
  }
}
