package dev.assent.core;

import static dev.assent.core.Some.C1;
import static dev.assent.core.Some.C2;
import static dev.assent.core.Some.C3;
import static dev.assent.core.Some.NOW;
import static dev.assent.core.Some.after;
import static dev.assent.core.Some.bound;
import static dev.assent.core.Some.call;
import static dev.assent.core.Some.ref;
import static dev.assent.core.Some.results;
import static dev.assent.core.Some.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The life of a run: order in a batch, attempts, doubt and cancelling. */
class RunMachineTest {

  private static List<ToolCallId> runnable(RunState state) {
    return RunMachine.next(state) instanceof RunStep.Execute execute
        ? execute.calls().stream().map(ToolCall::id).toList()
        : List.of();
  }

  @Nested
  class Batch {

    @ParameterizedTest
    @EnumSource(
        value = CallStatus.class,
        names = {"GATED", "ALLOWED", "APPROVED", "EXECUTING", "SUSPENDED", "IN_DOUBT"})
    void anUnfinishedEarlierEffectHoldsUpWhatFollows(CallStatus earlier) {
      RunState state = run(call("c1", earlier), call("c2", CallStatus.APPROVED));

      assertThat(runnable(state)).doesNotContain(C2);
    }

    @ParameterizedTest
    @EnumSource(
        value = CallStatus.class,
        names = {
          "SUCCEEDED",
          "FAILED",
          "REFUSED",
          "DENIED",
          "REJECTED",
          "EXPIRED",
          "REVOKED",
          "CANCELLED"
        })
    void aSettledEarlierCallHoldsUpNothing(CallStatus earlier) {
      RunState state = run(call("c1", earlier), call("c2", CallStatus.APPROVED));

      assertThat(runnable(state)).containsExactly(C2);
    }

    @Test
    void oneEffectRunsAtATime() {
      RunState state =
          run(
              call("c1", CallStatus.ALLOWED),
              call("c2", CallStatus.APPROVED),
              call("c3", CallStatus.ALLOWED));

      assertThat(runnable(state)).containsExactly(C1);
    }

    @Test
    void independentCallsNeitherWaitNorHoldUp() {
      RunState state =
          run(
              call("c1", CallStatus.GATED, Effect.AT_MOST_ONCE, true),
              call("c2", CallStatus.APPROVED, Effect.AT_MOST_ONCE, true),
              call("c3", CallStatus.ALLOWED));

      assertThat(runnable(state)).containsExactly(C2, C3);
    }

    @Test
    void anIndependentCallPassesAnEffectThatIsBlocked() {
      RunState state =
          run(
              call("c1", CallStatus.IN_DOUBT),
              call("c2", CallStatus.APPROVED, Effect.AT_MOST_ONCE, true),
              call("c3", CallStatus.ALLOWED));

      assertThat(runnable(state)).containsExactly(C2);
    }

    @Test
    void readOnlyCallsRunTogetherAndHoldUpNobody() {
      RunState state =
          run(
              call("c1", CallStatus.ALLOWED, Effect.READ_ONLY, false),
              call("c2", CallStatus.APPROVED, Effect.READ_ONLY, false),
              call("c3", CallStatus.ALLOWED));

      assertThat(runnable(state)).containsExactly(C1, C2, C3);
    }

    @Test
    void aReadSeesTheEffectsBeforeIt() {
      RunState state =
          run(
              call("c1", CallStatus.GATED),
              call("c2", CallStatus.ALLOWED, Effect.READ_ONLY, false));

      assertThat(runnable(state)).isEmpty();
    }

    @Test
    void allCallsAreJudgedBeforeAnyRuns() {
      RunState state = run(call("c1", CallStatus.ALLOWED), call("c2", CallStatus.PROPOSED));

      assertThat(RunMachine.next(state))
          .isEqualTo(new RunStep.Judge(List.of(state.find(C2).orElseThrow())));
    }

    @Test
    void aRejectionDoesNotStopLaterCalls() {
      RunState state = run(call("c1", CallStatus.GATED), call("c2", CallStatus.ALLOWED));

      RunState next =
          after(
              state,
              new RunCommand.NotApproved(C1, 1, RequirementStatus.REJECTED, ref("not our vendor")));

      assertThat(next.find(C1).orElseThrow().status()).isEqualTo(CallStatus.REJECTED);
      assertThat(runnable(next)).containsExactly(C2);
    }

    @Test
    void theModelIsAskedOnlyWhenEveryCallHasItsResult() {
      RunState waiting = run(call("c1", CallStatus.SUCCEEDED), call("c2", CallStatus.IN_DOUBT));
      RunState done = run(call("c1", CallStatus.SUCCEEDED), call("c2", CallStatus.REFUSED));

      assertThat(RunMachine.next(waiting)).isInstanceOf(RunStep.Pause.class);
      assertThat(RunMachine.next(done)).isInstanceOf(RunStep.CallModel.class);
    }

    @Test
    void aReplyThatNobodyAskedForIsRefused() {
      RunState state = run(call("c1", CallStatus.GATED));

      assertThatThrownBy(
              () ->
                  after(state, new RunCommand.ModelReplied(ref("again"), TokenUse.NONE, List.of())))
          .isInstanceOf(IllegalTransitionException.class);
    }
  }

  @Nested
  class Judging {

    @ParameterizedTest
    @EnumSource(
        value = CallStatus.class,
        mode = EnumSource.Mode.EXCLUDE,
        names = {"PROPOSED"})
    void onlyAProposedCallIsJudged(CallStatus status) {
      RunState state = run(call("c1", status));
      ToolCall.Bound bound = bound(Effect.AT_MOST_ONCE, false);

      for (RunCommand.Judgement judgement :
          List.of(
              new RunCommand.Judgement.Allow(bound, "rule", false),
              new RunCommand.Judgement.Gate(bound, "rule"),
              new RunCommand.Judgement.Deny(ref("no"), "rule"),
              new RunCommand.Judgement.Refuse(ref("no"), "invalid-arguments"))) {
        assertThatThrownBy(() -> after(state, new RunCommand.Judged(C1, judgement)))
            .isInstanceOf(IllegalTransitionException.class);
      }
    }

    @Test
    void anApprovalOfAnEarlierVersionChangesNothing() {
      RunState state =
          after(
              run(call("c1", CallStatus.GATED)),
              new RunCommand.AskAgain(C1, bound(Effect.AT_MOST_ONCE, false), "stricter"));

      assertThat(state.find(C1).orElseThrow().version()).isEqualTo(2);
      assertThat(RunMachine.decide(state, new RunCommand.Approved(C1, 1), NOW)).isEmpty();
      assertThat(
              RunMachine.decide(
                  state,
                  new RunCommand.NotApproved(C1, 1, RequirementStatus.REJECTED, ref("no")),
                  NOW))
          .isEmpty();
    }

    @Test
    void theSameCallIsAskedAboutUnderTheSameName() {
      RunState state = run(call("c1", CallStatus.PROPOSED));
      ToolCall.Bound bound = bound(Effect.AT_MOST_ONCE, false);

      RunState gated =
          after(state, new RunCommand.Judged(C1, new RunCommand.Judgement.Gate(bound, "rule")));
      RunState again = after(gated, new RunCommand.AskAgain(C1, bound, "stricter"));

      assertThat(again.find(C1).orElseThrow().requirement())
          .isEqualTo(gated.find(C1).orElseThrow().requirement())
          .isEqualTo(RequirementId.of(Some.RUN, C1, RequirementKind.APPROVAL, 1));
    }

    @ParameterizedTest
    @EnumSource(
        value = RequirementStatus.class,
        names = {"PENDING", "APPROVED", "RESOLVED"})
    void whatIsNoRefusalDoesNotCloseACall(RequirementStatus how) {
      RunState state = run(call("c1", CallStatus.GATED));

      assertThatThrownBy(() -> after(state, new RunCommand.NotApproved(C1, 1, how, ref("?"))))
          .isInstanceOf(IllegalTransitionException.class);
    }
  }

  @Nested
  class Gates {

    private RunState gate() {
      return RunMachine.first(
          (RunEvent.Started)
              RunMachine.start(Some.RUN, Some.RUN, "s", "bot", RunMode.GATE, ref("call")),
          List.of());
    }

    @Test
    void aGateIsOneCall() {
      RunState open = after(gate(), new RunCommand.GateOpened(new RunCommand.Proposed("p", "pay")));

      assertThatThrownBy(
              () -> after(open, new RunCommand.GateOpened(new RunCommand.Proposed("q", "pay"))))
          .isInstanceOf(IllegalTransitionException.class);
    }

    @Test
    void aConversationTakesNoCallFromOutside() {
      assertThatThrownBy(
              () -> after(run(), new RunCommand.GateOpened(new RunCommand.Proposed("q", "pay"))))
          .isInstanceOf(IllegalTransitionException.class);
    }

    @Test
    void aGateIsNotCompletedBeforeItsCallIsSettled() {
      RunState open = after(gate(), new RunCommand.GateOpened(new RunCommand.Proposed("p", "pay")));

      assertThatThrownBy(() -> after(open, new RunCommand.CompleteGate()))
          .isInstanceOf(IllegalTransitionException.class);
    }
  }

  @Nested
  class Attempts {

    @ParameterizedTest
    @EnumSource(
        value = CallStatus.class,
        mode = EnumSource.Mode.EXCLUDE,
        names = {"ALLOWED", "APPROVED", "SUSPENDED"})
    void onlyAClearedCallStarts(CallStatus status) {
      RunState state = run(call("c1", status));

      assertThatThrownBy(() -> after(state, new RunCommand.StartAttempt(C1, NOW)))
          .isInstanceOf(IllegalTransitionException.class);
    }

    @Test
    void anAttemptOfAnAtMostOnceToolIsNotStartedTwice() {
      RunState executing =
          after(run(call("c1", CallStatus.APPROVED)), new RunCommand.StartAttempt(C1, NOW));

      assertThatThrownBy(() -> after(executing, new RunCommand.StartAttempt(C1, NOW)))
          .isInstanceOf(IllegalTransitionException.class);
    }

    @Test
    void aLostAttemptOfAnIdempotentToolIsTriedAgain() {
      RunState executing =
          after(
              run(call("c1", CallStatus.APPROVED, Effect.IDEMPOTENT, false)),
              new RunCommand.StartAttempt(C1, NOW));

      RunState again = after(executing, new RunCommand.StartAttempt(C1, NOW));

      assertThat(again.find(C1).orElseThrow().attempt())
          .isEqualTo(new ToolCall.Attempt(2, NOW, NOW, CallStatus.APPROVED));
    }

    @Test
    void anEndOfAnotherAttemptChangesNothing() {
      RunState second =
          after(
              run(call("c1", CallStatus.APPROVED, Effect.IDEMPOTENT, false)),
              new RunCommand.StartAttempt(C1, NOW),
              new RunCommand.StartAttempt(C1, NOW));

      for (int attempt : new int[] {0, 1, 3}) {
        assertThat(
                RunMachine.decide(second, new RunCommand.Succeeded(C1, attempt, ref("paid")), NOW))
            .isEmpty();
        assertThat(
                RunMachine.decide(
                    second, new RunCommand.FailedFor(C1, attempt, ref("no"), "x"), NOW))
            .isEmpty();
        assertThat(
                RunMachine.decide(
                    second, new RunCommand.OutcomeUnknown(C1, attempt, ref("?"), ref("?")), NOW))
            .isEmpty();
      }
    }

    @Test
    void aResultNeedsAnAttemptUnlessTheToolOnlyReads() {
      RunState effect = run(call("c1", CallStatus.APPROVED));
      RunState read = run(call("c1", CallStatus.APPROVED, Effect.READ_ONLY, false));
      RunCommand result = new RunCommand.Succeeded(C1, 0, ref("seen"));

      assertThat(RunMachine.decide(effect, result, NOW)).isEmpty();
      assertThat(after(read, result).find(C1).orElseThrow().status())
          .isEqualTo(CallStatus.SUCCEEDED);
    }

    @Test
    void theOnlyResultStays() {
      RunState done =
          after(
              run(call("c1", CallStatus.ALLOWED)),
              new RunCommand.StartAttempt(C1, NOW),
              new RunCommand.Succeeded(C1, 1, ref("paid")));

      assertThat(RunMachine.decide(done, new RunCommand.Succeeded(C1, 1, ref("paid twice")), NOW))
          .isEmpty();
      assertThat(RunMachine.decide(done, new RunCommand.FailedFor(C1, 1, ref("no"), "x"), NOW))
          .isEmpty();
    }

    @Test
    void aSuspensionThatComesAfterDoubtChangesNothing() {
      RunState doubt =
          after(
              run(call("c1", CallStatus.APPROVED)),
              new RunCommand.StartAttempt(C1, NOW),
              new RunCommand.OutcomeUnknown(C1, 1, ref("?"), ref("lost")));

      assertThat(
              RunMachine.decide(
                  doubt, new RunCommand.Suspended(C1, 1, new RequirementId("r")), NOW))
          .isEmpty();
    }
  }

  @Nested
  class Doubt {

    private RunState lost(CallStatus from) {
      return after(
          run(call("c1", from), call("c2", CallStatus.APPROVED)),
          new RunCommand.StartAttempt(C1, NOW),
          new RunCommand.OutcomeUnknown(C1, 1, ref("told"), ref("connection reset")));
    }

    private RunState reconciled(RunState state, Verdict verdict) {
      return after(state, new RunCommand.Reconciled(C1, 1, verdict, ref("found out")));
    }

    @Test
    void anUnknownOutcomeOfAnApprovedCallIsInDoubtAndBlocks() {
      RunState state = lost(CallStatus.APPROVED);

      assertThat(state.find(C1).orElseThrow().status()).isEqualTo(CallStatus.IN_DOUBT);
      assertThat(RunMachine.next(state)).isInstanceOf(RunStep.Pause.class);
      assertThat(state.status()).isEqualTo(RunStatus.PAUSED);
    }

    @Test
    void anUnknownOutcomeOfAnAllowedCallFailsAndSaysSo() {
      RunState started =
          after(run(call("c1", CallStatus.ALLOWED)), new RunCommand.StartAttempt(C1, NOW));

      assertThat(
              RunMachine.decide(
                  started, new RunCommand.OutcomeUnknown(C1, 1, ref("told"), ref("reset")), NOW))
          .containsExactly(new RunEvent.CallFailed(C1, 1, ref("told"), "outcome-unknown", true));
    }

    @Test
    void whatHappenedSucceeded() {
      RunState state = reconciled(lost(CallStatus.APPROVED), Verdict.HAPPENED);

      assertThat(state.find(C1).orElseThrow().status()).isEqualTo(CallStatus.SUCCEEDED);
      assertThat(state.find(C1).orElseThrow().result()).isEqualTo(ref("found out"));
      assertThat(runnable(state)).containsExactly(C2);
    }

    @Test
    void whatDidNotHappenIsClearedAsItWas() {
      RunState state = reconciled(lost(CallStatus.APPROVED), Verdict.DID_NOT_HAPPEN);

      assertThat(state.find(C1).orElseThrow().status()).isEqualTo(CallStatus.APPROVED);
      RunState again = after(state, new RunCommand.StartAttempt(C1, NOW));
      assertThat(again.find(C1).orElseThrow().attempts()).isEqualTo(2);
    }

    @Test
    void givingUpFailsWithUnknownOutcome() {
      RunState state = reconciled(lost(CallStatus.APPROVED), Verdict.GIVE_UP);

      assertThat(state.find(C1).orElseThrow().status()).isEqualTo(CallStatus.FAILED);
      assertThat(state.find(C1).orElseThrow().code()).isEqualTo("outcome-unknown");
    }

    @Test
    void anAnswerAboutAnotherAttemptChangesNothing() {
      RunState state = lost(CallStatus.APPROVED);

      assertThat(
              RunMachine.decide(
                  state, new RunCommand.Reconciled(C1, 2, Verdict.DID_NOT_HAPPEN, ref("no")), NOW))
          .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
        value = Verdict.class,
        names = {"APPROVE", "REJECT"})
    void aDoubtIsNotApprovedOrRejected(Verdict verdict) {
      RunState state = lost(CallStatus.APPROVED);

      assertThatThrownBy(() -> reconciled(state, verdict))
          .isInstanceOf(IllegalTransitionException.class);
    }

    @Test
    void theLateOutcomeOfTheSameAttemptStillCounts() {
      RunState state =
          after(lost(CallStatus.APPROVED), new RunCommand.Succeeded(C1, 1, ref("paid")));

      assertThat(state.find(C1).orElseThrow().status()).isEqualTo(CallStatus.SUCCEEDED);
    }

    @Test
    void doubtSurvivesCancelAndIsNeverTriedAgain() {
      RunState cancelled = after(lost(CallStatus.APPROVED), new RunCommand.Cancel("ada"));
      RunState closed = after(cancelled, new RunCommand.Close(results(cancelled)));

      assertThat(closed.status()).isEqualTo(RunStatus.CANCELLED);
      assertThat(closed.find(C1).orElseThrow().status()).isEqualTo(CallStatus.IN_DOUBT);
      assertThat(closed.find(C2).orElseThrow().status()).isEqualTo(CallStatus.CANCELLED);
      RunState settled = reconciled(closed, Verdict.DID_NOT_HAPPEN);
      assertThat(settled.find(C1).orElseThrow().status()).isEqualTo(CallStatus.FAILED);
      assertThat(settled.find(C1).orElseThrow().code()).isEqualTo("not-executed");
    }
  }

  @Nested
  class Cancelling {

    @ParameterizedTest
    @EnumSource(
        value = CallStatus.class,
        names = {"PROPOSED", "GATED", "ALLOWED", "APPROVED", "SUSPENDED"})
    void aCancelledRunStartsNothing(CallStatus status) {
      RunState state = after(run(call("c1", status)), new RunCommand.Cancel("ada"));

      assertThat(RunMachine.next(state)).isInstanceOf(RunStep.CloseCancelled.class);
      assertThatThrownBy(() -> after(state, new RunCommand.StartAttempt(C1, NOW)))
          .isInstanceOf(IllegalTransitionException.class);
      RunState closed = after(state, new RunCommand.Close(results(state)));
      assertThat(closed.find(C1).orElseThrow().status()).isEqualTo(CallStatus.CANCELLED);
      assertThat(closed.find(C1).orElseThrow().result()).isNotNull();
      assertThat(closed.status()).isEqualTo(RunStatus.CANCELLED);
    }

    @Test
    void whatExecutesIsWaitedFor() {
      RunState state = after(run(call("c1", CallStatus.EXECUTING)), new RunCommand.Cancel("ada"));

      assertThat(RunMachine.next(state)).isInstanceOf(RunStep.AwaitAttempts.class);
      RunState done = after(state, new RunCommand.Succeeded(C1, 1, ref("paid")));
      assertThat(RunMachine.next(done)).isInstanceOf(RunStep.CloseCancelled.class);
    }

    @Test
    void askingTwiceIsOnce() {
      RunState state = after(run(), new RunCommand.Cancel("ada"));

      assertThat(RunMachine.decide(state, new RunCommand.Cancel("bob"), NOW)).isEmpty();
      assertThat(state.cancelledBy()).isEqualTo("ada");
    }

    @Test
    void closingACallNeedsItsResult() {
      RunState state = run(call("c1", CallStatus.GATED));

      assertThatThrownBy(() -> after(state, new RunCommand.Close(Map.of())))
          .isInstanceOf(IllegalTransitionException.class);
    }

    @Test
    void anEndedRunTakesNoOtherEnd() {
      RunState ended = after(run(), new RunCommand.Close(Map.of()));

      assertThatThrownBy(() -> after(ended, new RunCommand.Close(Map.of())))
          .isInstanceOf(IllegalTransitionException.class);
      assertThatThrownBy(() -> after(ended, new RunCommand.Fail("code", ref("why"), Map.of())))
          .isInstanceOf(IllegalTransitionException.class);
      assertThat(RunMachine.decide(ended, new RunCommand.Cancel("ada"), NOW)).isEmpty();
    }
  }

  @Nested
  class Names {

    @Test
    @Tag("C16")
    void theStatusesAreNamedAsOnTheWire() {
      assertThat(RunStatus.values())
          .extracting(Enum::name)
          .containsExactly("RUNNING", "PAUSED", "COMPLETED", "FAILED", "CANCELLED");
    }
  }
}
