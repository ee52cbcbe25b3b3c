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
      case RunStep.Pause pause -> answer(pick(pause.waiting()));
      case RunStep.CallModel ask -> replied();
      case RunStep.CompleteGate complete ->
          state.calls().isEmpty() ? opened() : new RunCommand.CompleteGate();
      case RunStep.CloseCancelled close -> new RunCommand.Close(Some.results(state));
      case RunStep.Ended ended -> any(state);
    };
  }

  private RunCommand any(RunState state) {
    ToolCallId call = new ToolCallId("c" + (1 + random.nextInt(Math.max(1, state.nextCall()))));
    int attempt = random.nextInt(4);
    int version = random.nextInt(4);
    return switch (random.nextInt(22)) {
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
      case 16 -> new RunCommand.Suspended(call, attempt, new RequirementId("asked"));
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
    return new RunCommand.ModelReplied(ref("reply"), new TokenUse(1, 1), calls);
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
    return call.mustBeBound().effect() == Effect.READ_ONLY
        ? new RunCommand.Succeeded(call.id(), 0, ref("seen"))
        : new RunCommand.StartAttempt(call.id(), NOW);
  }

  private RunCommand end(ToolCall call) {
    int attempt = call.attempts();
    return switch (random.nextInt(5)) {
      case 0 -> new RunCommand.Succeeded(call.id(), attempt, ref("done"));
      case 1 -> new RunCommand.FailedFor(call.id(), attempt, ref("no"), "not-executed");
      case 2 -> new RunCommand.Suspended(call.id(), attempt, new RequirementId("asked"));
      default -> new RunCommand.OutcomeUnknown(call.id(), attempt, ref("?"), ref("lost"));
    };
  }

  private RunCommand answer(ToolCall call) {
    return switch (call.status()) {
      case GATED ->
          random.nextInt(4) == 0
              ? new RunCommand.NotApproved(
                  call.id(), call.version(), RequirementStatus.REJECTED, ref("no"))
              : new RunCommand.Approved(call.id(), call.version());
      case SUSPENDED -> new RunCommand.StartAttempt(call.id(), NOW);
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
