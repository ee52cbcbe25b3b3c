package dev.assent.runtime;

import dev.assent.core.Body;
import dev.assent.core.CallStatus;
import dev.assent.core.Digest;
import dev.assent.core.Effect;
import dev.assent.core.ExecutionCheck;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RunCommand;
import dev.assent.core.RunMachine;
import dev.assent.core.ToolCall;
import dev.assent.core.ToolCallId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * From cleared calls to attempts under way: check, intent, launch, and what became of attempts that
 * nobody works on any more. Belongs to the thread of one {@link RunLoop}.
 */
final class Execution {
  private static final Duration BACK_OFF = Duration.ofSeconds(5);

  /** Why the run cannot go on. */
  record Halt(String code, String why) {}

  private final Work work;
  private final Engine engine;
  private final Mailbox mailbox;
  private final Attempts attempts;

  Execution(Work work, Mailbox mailbox, Consumer<Attempts.End> report) {
    this.work = work;
    this.engine = work.engine();
    this.mailbox = mailbox;
    this.attempts = new Attempts(engine.executor(), report, mailbox);
  }

  /** True when no attempt executes here. */
  boolean none() {
    return attempts.none();
  }

  /** Stops waiting for what executes here; called by any thread. */
  void interrupt() {
    attempts.interrupt();
  }

  void ended(Attempts.End end) {
    attempts.ended(end);
  }

  /** Checks what is ready and lets it run; the answer says why the run cannot go on, if so. */
  @Nullable Halt execute(List<ToolCall> ready) throws InterruptedException {
    List<ToolCall> calls = ready.stream().filter(call -> !attempts.has(call)).toList();
    if (calls.isEmpty()) {
      if (work.save()) {
        awaitMail(null);
      }
      return null;
    }
    Map<ToolCallId, Body> bodies = new HashMap<>();
    String missing = work.gatherArguments(calls, bodies);
    if (missing != null) {
      return new Halt("arguments-tampered", missing);
    }
    List<ToolExecutor.Checked> go = new ArrayList<>();
    Instant later = null;
    boolean next = false;
    for (ToolCall call : calls) {
      Body arguments = Objects.requireNonNull(bodies.get(call.id()));
      ToolExecutor.Checked checked = check(call, arguments, work.takeApproval(call.id()));
      switch (checked.result()) {
        case ExecutionCheck.Result.Go passed -> {
          if (free(call)) {
            boolean now = granted(checked, passed);
            next |= !now;
            if (now) {
              go.add(checked);
            }
          }
        }
        case ExecutionCheck.Result.Later wait ->
            later = earlier(later, engine.store().now().plus(BACK_OFF));
        case ExecutionCheck.Result.NotYet wait -> later = earlier(later, wait.until());
        case ExecutionCheck.Result.Ask ask -> askAgain(checked, ask);
        case ExecutionCheck.Result.Deny deny ->
            work.add(
                new RunCommand.DenyNow(
                    call.id(), work.draft().result(call, deny.reason(), true), deny.rule()));
        case ExecutionCheck.Result.Revoked revoked ->
            work.add(Answers.revoked(engine, work.draft(), call, revoked.by()));
        case ExecutionCheck.Result.TooOld old ->
            work.add(
                new RunCommand.TooOld(
                    call.id(),
                    work.draft()
                        .result(call, "The approval was too old; it was not executed.", true)));
        case ExecutionCheck.Result.Halt halt -> {
          return new Halt(halt.code(), halt.why());
        }
      }
    }
    if (go.isEmpty() && next) {
      work.save();
    } else if (later == null || !go.isEmpty()) {
      start(go);
    } else if (work.save()) {
      tryLater(later);
    }
    return null;
  }

  private ToolExecutor.Checked check(
      ToolCall call, Body arguments, Work.@Nullable Approval approval) {
    return engine
        .executor()
        .check(
            work.agent(),
            work.state(),
            work.draft().requester(),
            call,
            arguments,
            approval,
            work.draft().grants());
  }

  private static Instant earlier(@Nullable Instant one, Instant other) {
    return one == null || other.isBefore(one) ? other : one;
  }

  /** What is cleared cannot be checked just now, or may not begin yet. */
  private void tryLater(Instant when) throws InterruptedException {
    if (attempts.none()) {
      work.postpone(when);
    } else {
      awaitMail(Duration.between(engine.store().now(), when));
    }
  }

  /**
   * False when the effect is taken: the call is denied then. The intent reserves it under a
   * condition, so it is only looked up after that was in vain.
   */
  private boolean free(ToolCall call) {
    Digest key = call.mustBeBound().effectKey();
    String taken =
        key == null || !(work.contested() || call.mustBeBound().effect() == Effect.READ_ONLY)
            ? null
            : engine.judge().taken(work.state(), call, key).orElse(null);
    if (taken != null) {
      work.add(
          new RunCommand.DenyNow(call.id(), work.draft().result(call, taken, true), "effect key"));
    }
    return taken == null;
  }

  /**
   * False when it needs a use of a grant and cannot have it in this transition: it is checked again
   * after that. A call that goes with this one took the last use, or the run is not stored: a new
   * run does not race for what others want too.
   */
  private boolean granted(ToolExecutor.Checked checked, ExecutionCheck.Result.Go passed) {
    return passed.grant() == null
        || (!work.draft().beginsRun()
            && work.draft().use(passed.grant(), Objects.requireNonNull(checked.granting())));
  }

  private void askAgain(ToolExecutor.Checked checked, ExecutionCheck.Result.Ask ask) {
    ToolCall call = checked.call();
    Requirement earlier = checked.requirement();
    if (earlier == null) {
      RequirementId id = RunMachine.approvalOf(work.state(), call.id());
      earlier = engine.store().requirement(engine.tenant(), id).orElse(null);
    }
    int version = call.version() + 1;
    Draft draft = work.draft();
    draft.asking(
        call.id(),
        new Draft.Ask(
            ask.terms(), earlier, ask.keepVotes(), draft.text(ask.why()), checked.shown(draft)));
    draft.add(
        new RunCommand.AskAgain(
            call.id(), checked.rebound(engine.judge(), version), ask.terms().rule()));
  }

  /** Writes the intents, then lets the bodies run, each on a thread of its own. */
  private void start(List<ToolExecutor.Checked> go) {
    Map<ToolCallId, Instant> until = new HashMap<>();
    for (ToolExecutor.Checked checked : go) {
      if (!HandOver.handOver(work.draft(), checked)) {
        intent(checked, until);
      }
    }
    if (!harmless(go) && !work.saveAndHold()) {
      return;
    }
    for (ToolExecutor.Checked checked : go) {
      Instant end = until.get(checked.call().id());
      if (end != null) {
        attempts.launch(work.state(), checked, end, Duration.between(engine.store().now(), end));
      }
    }
  }

  /**
   * True when all that is drafted may be lost while these run: they read only, nobody was asked
   * about them nor wants a record of them first, and what they say soon enough is saved with it.
   */
  private boolean harmless(List<ToolExecutor.Checked> go) {
    return work.draft().dirty()
        && !work.draft().changesVariables()
        && !work.draft().audits()
        && (work.draft().beginsRun() || work.lease().held())
        && go.stream()
            .map(ToolExecutor.Checked::call)
            .allMatch(
                call ->
                    call.mustBeBound().effect() == Effect.READ_ONLY
                        && call.status() == CallStatus.ALLOWED
                        && call.asked().isEmpty());
  }

  private void intent(ToolExecutor.Checked checked, Map<ToolCallId, Instant> until) {
    ToolCall call = checked.call();
    ToolCall.Attempt lost = call.status() == CallStatus.EXECUTING ? call.attempt() : null;
    // A repeated attempt ends when the first one would have: that is the window for repeating.
    Instant end = lost == null ? work.draft().now().plus(checked.timeLimit()) : lost.until();
    until.put(call.id(), end);
    if (call.mustBeBound().effect() != Effect.READ_ONLY) {
      work.add(new RunCommand.StartAttempt(call.id(), end));
    }
  }

  /** Waits for attempts; opens doubt about those that nobody works on. */
  void await(List<ToolCall> executing) throws InterruptedException {
    List<ToolCall> orphans = executing.stream().filter(call -> !attempts.has(call)).toList();
    Instant now = engine.store().now();
    Instant wake = null;
    for (ToolCall orphan : orphans) {
      Instant until = Objects.requireNonNull(orphan.attempt()).until();
      if (orphan.mustBeBound().effect() == Effect.IDEMPOTENT
          && work.state().cancelledBy() == null
          && now.isBefore(until)
          && work.served()) {
        retryIdempotent(orphan);
        return;
      }
      if (now.isBefore(until)) {
        wake = wake == null || until.isBefore(wake) ? until : wake;
      } else {
        unknown(orphan, "The process that executed the call ended before it reported an outcome.");
      }
    }
    boolean settledSome = work.state().calls(CallStatus.EXECUTING).count() < executing.size();
    if (work.finished() || settledSome || !work.save()) {
      return;
    }
    if (attempts.none()) {
      work.postpone(Objects.requireNonNull(wake));
      return;
    }
    awaitMail(wake == null ? null : Duration.between(now, wake));
  }

  private void retryIdempotent(ToolCall orphan) {
    Map<ToolCallId, Body> bodies = new HashMap<>();
    String missing = work.gatherArguments(List.of(orphan), bodies);
    if (missing != null) {
      unknown(orphan, missing);
      return;
    }
    ToolExecutor.Checked checked =
        check(orphan, Objects.requireNonNull(bodies.get(orphan.id())), null);
    if (checked.result() instanceof ExecutionCheck.Result.Go passed && granted(checked, passed)) {
      start(List.of(checked));
    } else {
      unknown(orphan, "The call may not be tried again: its check does not pass any more.");
    }
  }

  /** Waits for mail, or for the first time limit. */
  void awaitMail(@Nullable Duration atMost) throws InterruptedException {
    long wait = attempts.nanosLeft(atMost == null ? Long.MAX_VALUE : Math.max(1, atMost.toNanos()));
    if (mailbox.await(wait)) {
      return;
    }
    for (Attempts.GivenUp overdue : attempts.giveUpOverdue()) {
      work.state()
          .find(overdue.call())
          .filter(call -> call.attempts() == overdue.attempt())
          .ifPresent(call -> unknown(call, "The tool's time limit passed."));
    }
  }

  private void unknown(ToolCall call, String why) {
    work.add(Answers.unknown(work.draft(), call, why));
  }
}
