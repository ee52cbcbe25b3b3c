package dev.assent.runtime;

import dev.assent.core.BodyRef;
import dev.assent.core.CallStatus;
import dev.assent.core.Digest;
import dev.assent.core.Effect;
import dev.assent.core.Form;
import dev.assent.core.GrantId;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RunEvent;
import dev.assent.core.RunId;
import dev.assent.core.RunMode;
import dev.assent.core.RunState;
import dev.assent.core.ToolCall;
import dev.assent.core.spi.Write;

/**
 * What each event of a run brings along: rows beside the run's own. Belongs to one {@link Draft}.
 */
final class Consequences {
  private final Engine engine;
  private final Draft draft;
  private final Questions questions;

  Consequences(Engine engine, Draft draft, Questions questions) {
    this.engine = engine;
    this.draft = draft;
    this.questions = questions;
  }

  /** Adds the rows. {@code before} is the state that the event changed. */
  void bringAlong(RunEvent event, RunState before) {
    if (event instanceof RunEvent.Settling settling
        && draft.state().mode() == RunMode.CONVERSATION) {
      message("tool", settling.result());
    }
    if (event instanceof RunEvent.Settling settling) {
      forgetSecrets(Draft.call(before, settling.call()));
    }
    switch (event) {
      case RunEvent.TurnEnded e -> message("assistant", e.message());
      case RunEvent.GrantUsed e -> {} // the use is reserved where the call was checked
      case RunEvent.CallGated e -> {
        free(Draft.call(before, e.call()));
        giveBack(Draft.call(before, e.call()));
        questions.open(e);
      }
      case RunEvent.AttemptStarted e -> intent(e, Draft.call(before, e.call()));
      case RunEvent.CallSucceeded e ->
          effect(Draft.call(before, e.call()), Write.EffectStatus.COMMITTED);
      case RunEvent.CallFailed e -> {
        if (e.unknown()) {
          effect(Draft.call(before, e.call()), Write.EffectStatus.UNKNOWN);
        } else {
          release(Draft.call(before, e.call()));
          if (e.code().equals("not-executed") || e.code().equals("input-declined")) {
            giveBack(Draft.call(before, e.call()));
          }
        }
      }
      case RunEvent.CallInDoubt e -> {
        effect(Draft.call(before, e.call()), Write.EffectStatus.IN_DOUBT);
        questions.doubt(e, Draft.call(before, e.call()));
      }
      case RunEvent.DoubtCleared e -> {
        release(Draft.call(before, e.call()));
        giveBack(Draft.call(before, e.call()));
      }
      case RunEvent.CallSuspended e -> {
        expectApproval(Draft.call(before, e.call()));
        if (e.held() != null) {
          effect(Draft.call(before, e.call()), Write.EffectStatus.COMMITTED);
        }
        questions.wait(e, Draft.call(draft.state(), e.call()));
      }
      case RunEvent.CallDenied e -> {
        free(Draft.call(before, e.call()));
        giveBack(Draft.call(before, e.call()));
      }
      case RunEvent.CallExpired e -> free(Draft.call(before, e.call()));
      case RunEvent.CallCancelled e -> {
        free(Draft.call(before, e.call()));
        giveBack(Draft.call(before, e.call()));
        cancelChild(Draft.call(before, e.call()));
      }
      case RunEvent.PersonSpoke e -> message("user", e.message());
      case RunEvent.ChangesAsked e -> message("user", e.message());
      case RunEvent.AnswerHeld e -> questions.look(e);
      case RunEvent.Completed e -> ended();
      case RunEvent.Failed e -> ended();
      case RunEvent.Cancelled e -> ended();
      case RunEvent.Started e -> {}
      case RunEvent.CallProposed e -> {}
      case RunEvent.CallRefused e -> {}
      case RunEvent.CallAllowed e -> {}
      case RunEvent.CallApproved e -> {}
      case RunEvent.CallEdited e -> {}
      case RunEvent.CallAskedBack e -> {}
      case RunEvent.CallAnsweredBack e -> {}
      case RunEvent.CallResponded e -> {}
      case RunEvent.CallRejected e -> {}
      case RunEvent.CallRevoked e -> {}
      case RunEvent.CallAnswered e -> {}
      case RunEvent.ChildStarted e -> expectApproval(Draft.call(before, e.call()));
      case RunEvent.StepStarted e -> {}
      case RunEvent.StepEnded e -> {}
      case RunEvent.VariablesSet e -> {}
      case RunEvent.CancelAsked e -> {}
    }
  }

  /** The call does not go on as it was: what it reserved is free again. */
  private void free(ToolCall before) {
    if (before.status() == CallStatus.SUSPENDED && before.attempts() > 0) {
      release(before);
    }
  }

  /**
   * The use that the call took of a grant is free again, unless something of the call was done: a
   * step, a result that somebody looks at, work outside or of another agent.
   */
  private void giveBack(ToolCall before) {
    GrantId grant = before.grant();
    boolean nothingDone =
        before.steps().isEmpty()
            && before.result() == null
            && before.child() == null
            && before.asked().stream()
                .noneMatch(asked -> asked.kind() == RequirementKind.EXTERNAL_EXECUTION);
    if (grant != null && nothingDone) {
      draft.giveBack(grant, before.id());
    }
  }

  private void forgetSecrets(ToolCall call) {
    for (ToolCall.Asked asked : call.asked()) {
      BodyRef value = asked.value();
      if (asked.kind() == RequirementKind.USER_INPUT
          && value != null
          && engine.forms().of(asked.requirement()).filter(Form::secret).isPresent()) {
        draft.write(new Write.EraseBody(value.id()));
      }
    }
  }

  private void cancelChild(ToolCall before) {
    RunId child = before.child();
    if (child != null
        && engine
            .store()
            .run(engine.tenant(), child)
            .filter(run -> run.state().end() == null && run.cancelAskedBy() == null)
            .isPresent()) {
      draft.write(new Write.AskCancel(child, "parent", draft.now()));
      draft.ring(child);
    }
  }

  private void intent(RunEvent.AttemptStarted event, ToolCall before) {
    expectApproval(before);
    ToolCall.Bound bound = before.mustBeBound();
    Digest key = bound.effectKey();
    // A suspended call kept what its first attempt reserved.
    boolean first =
        before.status().cleared()
            || (before.status() == CallStatus.SUSPENDED && before.attempts() == 0);
    if (key != null && first && !kept(key, before)) {
      draft.write(
          new Write.ReserveEffect(
              key, draft.state().id(), event.call(), event.attempt().number(), draft.now()));
    }
  }

  /** What an earlier attempt has done in a step keeps the effect for this call. */
  private boolean kept(Digest key, ToolCall before) {
    return !before.steps().isEmpty()
        && engine
            .store()
            .effect(engine.tenant(), key)
            .filter(held -> held.run().equals(draft.state().id()))
            .filter(held -> held.call().equals(before.id()))
            .isPresent();
  }

  private void expectApproval(ToolCall before) {
    RequirementId approval = before.requirement();
    if (before.status() == CallStatus.APPROVED && approval != null) {
      draft.write(new Write.Expect(approval, before.version(), RequirementStatus.APPROVED));
    }
  }

  private void effect(ToolCall before, Write.EffectStatus status) {
    Digest key = before.mustBeBound().effectKey();
    if (key != null && before.mustBeBound().effect() != Effect.READ_ONLY && before.attempts() > 0) {
      draft.write(
          new Write.SettleEffect(key, draft.state().id(), before.id(), status, draft.now()));
    }
  }

  private void release(ToolCall before) {
    Digest key = before.mustBeBound().effectKey();
    if (key == null
        || before.mustBeBound().effect() == Effect.READ_ONLY
        || before.attempts() == 0) {
      return;
    }
    // What a step has done stays done, whatever became of the rest.
    draft.write(
        before.steps().isEmpty()
            ? new Write.ReleaseEffect(key, draft.state().id(), before.id())
            : new Write.SettleEffect(
                key, draft.state().id(), before.id(), Write.EffectStatus.UNKNOWN, draft.now()));
  }

  private void ended() {
    RunState.Parent parent = draft.state().parent();
    if (parent != null) {
      draft.write(new Write.Ring(parent.run(), draft.now()));
      draft.ring(parent.run());
      return;
    }
    for (String listener : engine.listeners()) {
      draft.write(new Write.Tell(listener, "run.ended", draft.state().id().value(), draft.now()));
    }
  }

  private void message(String role, BodyRef body) {
    draft.write(
        new Write.NewMessage(draft.state().session(), draft.state().id(), role, body, draft.now()));
  }
}
