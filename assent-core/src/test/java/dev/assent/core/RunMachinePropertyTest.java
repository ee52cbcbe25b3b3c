package dev.assent.core;

import static dev.assent.core.Some.NOW;
import static dev.assent.core.Some.ref;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What holds of every run, whatever it is told. */
class RunMachinePropertyTest {
  private static final int RUNS = 3_000;
  private static final int STEPS = 60;

  private final Random random = new Random(Testing.seed());

  /** How often each call was let start, and how often it was given back. */
  private final Map<ToolCallId, int[]> starts = new HashMap<>();

  @Test
  void everyPromiseOfTheMachineHoldsForRandomCommands() {
    for (int run = 0; run < RUNS; run++) {
      oneRun();
    }
  }

  private void oneRun() {
    starts.clear();
    RunEvent.Started started =
        (RunEvent.Started)
            RunMachine.start(
                Some.RUN,
                Some.RUN,
                "s",
                "bot",
                random.nextInt(4) == 0 ? RunMode.GATE : RunMode.CONVERSATION,
                ref("hello"));
    List<List<RunEvent>> history = new ArrayList<>();
    history.add(List.of(started));
    RunState state = RunMachine.first(started, List.of());
    for (int step = 0; step < STEPS; step++) {
      RunCommand command = random.nextInt(3) == 0 ? any(state) : sensible(state);
      List<RunEvent> events;
      RunState next;
      try {
        events = RunMachine.decide(state, command, NOW);
        next = events.isEmpty() ? state : RunMachine.apply(state, events);
      } catch (IllegalTransitionException refused) {
        continue;
      }
      check(state, command, events, next);
      if (!events.isEmpty()) {
        history.add(events);
      }
      state = next;
      assertThat(RunMachine.replay(history)).isEqualTo(state);
      onlyClearedCallsRun(state);
    }
    assertThat(RecordJson.read(RunState.class, RecordJson.write(state))).isEqualTo(state);
  }

  private void check(RunState before, RunCommand command, List<RunEvent> events, RunState after) {
    if (!events.isEmpty()) {
      assertThat(after.version()).isEqualTo(before.version() + 1);
    }
    if (before.end() != null) {
      assertThat(after.end()).as("an end is the end: %s", command).isEqualTo(before.end());
      assertThat(RunMachine.next(after)).isInstanceOf(RunStep.Ended.class);
    }
    if (before.cancelledBy() != null) {
      assertThat(after.cancelledBy()).isEqualTo(before.cancelledBy());
    }
    boolean newBatch = events.stream().anyMatch(RunEvent.TurnEnded.class::isInstance);
    for (ToolCall call : before.calls()) {
      ToolCall then = after.find(call.id()).orElse(null);
      if (call.status().settled() && !newBatch) {
        assertThat(then).as("settled is settled: %s", command).isEqualTo(call);
      }
      if (newBatch) {
        assertThat(call.status().settled()).as("no reply before all results").isTrue();
      }
    }
    for (RunEvent event : events) {
      attempts(before, event);
    }
    for (ToolCall call : before.calls()) {
      after.find(call.id()).ifPresent(then -> kept(call, then, command));
    }
    answers(before, command, events);
  }

  /** What people said, what steps did and what the model wrote first is not taken back. */
  private static void kept(ToolCall call, ToolCall then, RunCommand command) {
    assertThat(then.asked().size()).isGreaterThanOrEqualTo(call.asked().size());
    for (int i = 0; i < call.asked().size(); i++) {
      ToolCall.Asked asked = call.asked().get(i);
      if (!asked.open()) {
        assertThat(then.asked().get(i)).as("an answer is the answer: %s", command).isEqualTo(asked);
      }
    }
    for (ToolCall.Step step : call.steps()) {
      if (step.result() != null) {
        assertThat(then.steps()).as("done is done: %s", command).contains(step);
      }
    }
    if (call.proposed() != null) {
      assertThat(then.proposed()).isEqualTo(call.proposed());
    }
    if (call.child() != null) {
      assertThat(then.child()).as("one run carries it out: %s", command).isEqualTo(call.child());
    }
    assertThat(then.version()).isGreaterThanOrEqualTo(call.version());
  }

  /** An answer that is held ends the run only when that very look lets it; people are heard. */
  private static void answers(RunState before, RunCommand command, List<RunEvent> events) {
    boolean completes = events.stream().anyMatch(RunEvent.Completed.class::isInstance);
    RunState.OutputReview held = before.review();
    if (completes && held != null && held.open()) {
      assertThat(command)
          .isInstanceOfSatisfying(
              RunCommand.AcceptAnswer.class,
              accepted -> assertThat(accepted.requirement()).isEqualTo(held.requirement()));
    }
    if (command instanceof RunCommand.ModelReplied reply) {
      assertThat(completes && (reply.review() || !reply.said().isEmpty()))
          .as("neither past a person's look nor past their words")
          .isFalse();
    }
    if (command instanceof RunCommand.Answered answered && !events.isEmpty()) {
      assertThat(before.find(answered.call()).orElseThrow().asked(answered.requirement()))
          .get()
          .matches(ToolCall.Asked::open);
    }
  }

  /** At most once: an attempt starts from a clearance, and each clearance is good for one. */
  private void attempts(RunState before, RunEvent event) {
    if (event instanceof RunEvent.AttemptStarted e) {
      ToolCall call = before.find(e.call()).orElseThrow();
      int[] counts = starts.computeIfAbsent(e.call(), id -> new int[2]);
      counts[0]++;
      assertThat(before.cancelledBy()).as("cancelled runs nothing").isNull();
      assertThat(before.end()).as("an ended run starts nothing").isNull();
      assertThat(e.attempt().number()).isEqualTo(call.attempts() + 1);
      assertThat(call.child()).as("another agent carries it out").isNull();
      if (call.status() == CallStatus.SUSPENDED) {
        assertThat(call.asked()).as("it starts again with all answers").isNotEmpty();
        assertThat(call.asked()).noneMatch(ToolCall.Asked::open);
      }
      assertThat(call.status())
          .isIn(
              CallStatus.ALLOWED, CallStatus.APPROVED, CallStatus.SUSPENDED, CallStatus.EXECUTING);
      if (call.status() == CallStatus.EXECUTING) {
        assertThat(call.mustBeBound().effect()).isEqualTo(Effect.IDEMPOTENT);
        counts[1]++;
      }
      assertThat(counts[0]).as("starts of %s", call).isLessThanOrEqualTo(1 + counts[1]);
    }
    if (event instanceof RunEvent.CallSuspended e && e.attempt() > 0) {
      // The body was unwound: an answer, or asking anew, lets it start again.
      starts.computeIfAbsent(e.call(), id -> new int[2])[1]++;
    }
    if (event instanceof RunEvent.DoubtCleared e) {
      starts.computeIfAbsent(e.call(), id -> new int[2])[1]++;
      assertThat(before.end()).isNull();
    }
  }

  /** The rules of a batch, told a second time. */
  private static void onlyClearedCallsRun(RunState state) {
    if (!(RunMachine.next(state) instanceof RunStep.Execute execute)) {
      return;
    }
    assertThat(state.cancelledBy()).isNull();
    assertThat(state.calls(CallStatus.PROPOSED)).isEmpty();
    assertThat(execute.calls()).isNotEmpty();
    for (ToolCall call : execute.calls()) {
      assertThat(call.ready()).isTrue();
      if (!call.mustBeBound().independent()) {
        for (ToolCall earlier : state.calls().subList(0, state.calls().indexOf(call))) {
          assertThat(
                  earlier.status().settled()
                      || earlier.mustBeBound().independent()
                      || earlier.mustBeBound().effect() == Effect.READ_ONLY)
              .as("%s waits for %s", call, earlier)
              .isTrue();
        }
      }
    }
  }

  /** What the interpreter would say next. */
  private RunCommand sensible(RunState state) {
    return switch (RunMachine.next(state)) {
      case RunStep.Judge judge -> judged(pick(judge.calls()).id());
      case RunStep.Execute execute -> executing(pick(execute.calls()));
      case RunStep.AwaitAttempts await -> end(pick(await.calls()));
      case RunStep.AnswerBack back -> answerBack(back.call().id());
      case RunStep.Pause pause ->
          pause.waiting().isEmpty() ? look(state) : answer(pick(pause.waiting()));
      case RunStep.CallModel ask -> replied();
      case RunStep.CompleteGate complete ->
          state.calls().isEmpty() ? opened() : new RunCommand.CompleteGate();
      case RunStep.CloseCancelled close -> new RunCommand.Close(Some.results(state));
      case RunStep.Ended ended -> any(state);
    };
  }

  private RunCommand askBack(ToolCallId call, int version) {
    return new RunCommand.AskBack(call, ref("why? " + random.nextInt(9)), "ada", NOW, version);
  }

  private RunCommand answerBack(ToolCallId call) {
    return new RunCommand.AnswerBack(
        call,
        1 + random.nextInt(3),
        new TokenUse(3, 2),
        new ToolCall.RoundAnswer(ref("because"), null, NOW, 1, null, null));
  }

  private RunCommand any(RunState state) {
    ToolCallId call = new ToolCallId("c" + (1 + random.nextInt(Math.max(1, state.nextCall()))));
    int attempt = random.nextInt(4);
    int version = random.nextInt(4);
    return switch (random.nextInt(37)) {
      case 34, 35 -> askBack(call, version);
      case 36 -> answerBack(call);
      case 22 -> new RunCommand.Edited(call, bound(), version, "ada");
      case 23 -> new RunCommand.Responded(call, version, ref("instead"));
      case 24, 25 -> new RunCommand.Answered(call, someAsked(state, call), verdict(), value());
      case 26 -> new RunCommand.StartChild(call, new RunId("child-" + random.nextInt(3)));
      case 27 -> new RunCommand.StartStep(call, attempt, "s" + random.nextInt(2));
      case 28 ->
          new RunCommand.EndStep(
              call, attempt, "s" + random.nextInt(2), ref("did " + random.nextInt(9)));
      case 29 -> new RunCommand.Say(ref("by the way"));
      case 30 -> new RunCommand.SetVariables(ref("{}"));
      case 31 -> new RunCommand.AcceptAnswer(someLook(state), ref("mine"));
      case 32 -> new RunCommand.AskChanges(someLook(state), ref("shorter"));
      case 33 -> suspended(call, attempt);
      case 0 -> replied();
      case 1 -> opened();
      case 2 -> judged(call);
      case 3, 4 -> new RunCommand.Approved(call, version);
      case 5 ->
          new RunCommand.NotApproved(
              call,
              version,
              RequirementStatus.values()[random.nextInt(RequirementStatus.values().length)],
              ref("no"));
      case 6 -> new RunCommand.AskAgain(call, bound(), "stricter");
      case 7 -> new RunCommand.DenyNow(call, ref("denied"), "rule");
      case 8 -> new RunCommand.TooOld(call, ref("old"));
      case 9 -> new RunCommand.Revoke(call, ref("revoked"));
      case 10, 11, 12 -> new RunCommand.StartAttempt(call, NOW);
      case 13 -> new RunCommand.Succeeded(call, attempt, ref("done"));
      case 14 -> new RunCommand.FailedFor(call, attempt, ref("failed"), "not-executed");
      case 15 -> new RunCommand.OutcomeUnknown(call, attempt, ref("unknown"), ref("lost"));
      case 16 -> suspended(call, attempt);
      case 17 ->
          new RunCommand.Reconciled(
              call,
              attempt,
              Verdict.values()[random.nextInt(Verdict.values().length)],
              ref("found out"));
      case 18 -> new RunCommand.CompleteGate();
      case 19 ->
          random.nextInt(8) == 0
              ? new RunCommand.Cancel("ada")
              : new RunCommand.Approved(call, version);
      case 20 ->
          random.nextInt(8) == 0
              ? new RunCommand.Close(Some.results(state))
              : new RunCommand.StartAttempt(call, NOW);
      default ->
          random.nextInt(8) == 0
              ? new RunCommand.Fail("broken", ref("why"), Some.results(state))
              : new RunCommand.StartAttempt(call, NOW);
    };
  }

  private RunCommand replied() {
    List<RunCommand.Proposed> calls = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      calls.add(new RunCommand.Proposed("p" + i, "tool"));
    }
    return new RunCommand.ModelReplied(
        ref("reply"),
        new TokenUse(1, 1),
        calls,
        random.nextInt(3) == 0,
        random.nextInt(4) == 0 ? List.of(ref("wait")) : List.of());
  }

  private RunCommand refusedOrEdited(ToolCall call) {
    return switch (random.nextInt(3)) {
      case 0 ->
          new RunCommand.NotApproved(
              call.id(), call.version(), RequirementStatus.REJECTED, ref("no"));
      case 1 -> new RunCommand.Responded(call.id(), call.version(), ref("instead"));
      default -> new RunCommand.Edited(call.id(), bound(), call.version() + 1, "ada");
    };
  }

  private RunCommand look(RunState state) {
    return random.nextBoolean()
        ? new RunCommand.AcceptAnswer(someLook(state), ref("fine"))
        : new RunCommand.AskChanges(someLook(state), ref("shorter"));
  }

  private RequirementId someLook(RunState state) {
    RunState.OutputReview held = state.review();
    return held == null || random.nextInt(4) == 0
        ? RunMachine.reviewOf(state, 1 + random.nextInt(3))
        : held.requirement();
  }

  private RequirementId someAsked(RunState state, ToolCallId id) {
    List<ToolCall.Asked> asked = state.find(id).map(ToolCall::asked).orElse(List.of());
    return asked.isEmpty() || random.nextInt(4) == 0
        ? new RequirementId("asked-" + random.nextInt(4))
        : pick(asked).requirement();
  }

  private Verdict verdict() {
    return Verdict.values()[random.nextInt(Verdict.values().length)];
  }

  private BodyRef value() {
    return random.nextBoolean() ? ref("{}") : null;
  }

  /** A question of a body, fields before it, work outside, or a look at its result. */
  private RunCommand suspended(ToolCallId call, int attempt) {
    RequirementKind kind =
        pick(
            List.of(
                RequirementKind.USER_INPUT,
                RequirementKind.USER_INPUT,
                RequirementKind.EXTERNAL_EXECUTION,
                RequirementKind.REVIEW));
    return new RunCommand.Suspended(
        call,
        attempt,
        new RequirementId("asked-" + random.nextInt(1_000)),
        kind,
        kind == RequirementKind.USER_INPUT && random.nextBoolean() ? Some.digest("question") : null,
        kind == RequirementKind.REVIEW ? ref("held") : null);
  }

  private static RunCommand opened() {
    return new RunCommand.GateOpened(new RunCommand.Proposed("p", "tool"));
  }

  private RunCommand judged(ToolCallId call) {
    return new RunCommand.Judged(
        call,
        switch (random.nextInt(6)) {
          case 0 -> new RunCommand.Judgement.Refuse(ref("refused"), "invalid-arguments");
          case 1 -> new RunCommand.Judgement.Deny(ref("denied"), "rule");
          case 2, 3 -> new RunCommand.Judgement.Allow(bound(), "rule", random.nextBoolean());
          default -> new RunCommand.Judgement.Gate(bound(), "rule");
        });
  }

  private RunCommand executing(ToolCall call) {
    if (random.nextInt(6) == 0) {
      return random.nextBoolean()
          ? suspended(call.id(), call.attempts())
          : new RunCommand.StartChild(call.id(), new RunId("child"));
    }
    return call.mustBeBound().effect() == Effect.READ_ONLY
        ? new RunCommand.Succeeded(call.id(), 0, ref("seen"))
        : new RunCommand.StartAttempt(call.id(), NOW);
  }

  private RunCommand end(ToolCall call) {
    int attempt = call.attempts();
    return switch (random.nextInt(8)) {
      case 0 -> new RunCommand.Succeeded(call.id(), attempt, ref("done"));
      case 1 -> new RunCommand.FailedFor(call.id(), attempt, ref("no"), "not-executed");
      case 2, 3 -> suspended(call.id(), attempt);
      case 4 -> new RunCommand.StartStep(call.id(), attempt, "s" + random.nextInt(2));
      case 5 -> new RunCommand.EndStep(call.id(), attempt, "s" + random.nextInt(2), ref("did"));
      default -> new RunCommand.OutcomeUnknown(call.id(), attempt, ref("?"), ref("lost"));
    };
  }

  private RunCommand answer(ToolCall call) {
    return switch (call.status()) {
      case GATED ->
          random.nextInt(4) == 0
              ? refusedOrEdited(call)
              : new RunCommand.Approved(call.id(), call.version());
      case SUSPENDED ->
          call.asked().stream()
              .filter(ToolCall.Asked::open)
              .findFirst()
              .<RunCommand>map(
                  asked ->
                      new RunCommand.Answered(
                          call.id(), asked.requirement(), Verdict.ANSWER, value()))
              .orElseGet(
                  () -> new RunCommand.Succeeded(call.id(), call.attempts(), ref("brought back")));
      default ->
          new RunCommand.Reconciled(
              call.id(),
              call.attempts(),
              List.of(Verdict.HAPPENED, Verdict.DID_NOT_HAPPEN, Verdict.GIVE_UP)
                  .get(random.nextInt(3)),
              ref("found out"));
    };
  }

  private ToolCall.Bound bound() {
    return Some.bound(
        Effect.values()[random.nextInt(Effect.values().length)], random.nextInt(4) == 0);
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
