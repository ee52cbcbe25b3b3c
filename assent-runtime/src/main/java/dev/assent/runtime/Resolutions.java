package dev.assent.runtime;

import dev.assent.core.BodyRef;
import dev.assent.core.CallStatus;
import dev.assent.core.Decision;
import dev.assent.core.Message;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RunCommand;
import dev.assent.core.RunState;
import dev.assent.core.SignedDecision;
import dev.assent.core.ToolCall;
import dev.assent.core.Verdict;
import dev.assent.core.spi.Store;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over what others wrote about a run: closed requirements, ended runs of other agents,
 * messages. Each becomes a command in the draft. Belongs to the thread of one {@link RunLoop}.
 */
final class Resolutions {
  private static final Logger LOG = LoggerFactory.getLogger(Resolutions.class);

  private final Work work;
  private final Engine engine;
  private final Draft draft;
  private final CallEdits edits;
  private boolean outdated;

  Resolutions(Work work) {
    this.work = work;
    this.engine = work.engine();
    this.draft = work.draft();
    this.edits = new CallEdits(work);
  }

  /**
   * Takes all of it over; answers with a requirement that no genuine decision closes, if any. What
   * was decided by somebody of whom too little is known by now is left as it is.
   */
  @Nullable Requirement take() {
    RunState state = draft.state();
    boolean looked = state.review() != null && state.review().open();
    if (!looked && state.calls().stream().noneMatch(Resolutions::waits)) {
      return null;
    }
    state.calls().stream()
        .filter(call -> call.status() == CallStatus.SUSPENDED && call.child() != null)
        .forEach(this::child);
    for (Requirement requirement : engine.store().requirementsOf(engine.tenant(), work.run())) {
      boolean edited = requirement.editedBy() != null;
      boolean spokenOf =
          draft.rung()
              && requirement.kind() == RequirementKind.APPROVAL
              && requirement.revision() > 1;
      if ((!requirement.open() || edited || spokenOf) && !take(requirement)) {
        if (!outdated(requirement)) {
          return requirement;
        }
        outdated = true;
      }
    }
    return null;
  }

  /** True when something was decided that counts only once whoever decided it is known anew. */
  boolean outdated() {
    return outdated;
  }

  private boolean outdated(Requirement requirement) {
    SignedDecision signed = Answers.last(engine, requirement).orElse(null);
    boolean only =
        signed != null
            && signed.genuine(engine.store().keys(), engine.tenant())
            && engine.authority().outdated(requirement, signed.decision());
    if (only) {
      LOG.warn(
          "Run {}: what was said on {} waits, what is known of who said it is too old; they sign in"
              + " again",
          work.run(),
          requirement.id());
    }
    return only;
  }

  private static boolean waits(ToolCall call) {
    return call.status().waits();
  }

  /** False when the requirement was closed by nobody who could. */
  private boolean take(Requirement requirement) {
    ToolCall call = draft.state().find(requirement.call()).orElse(null);
    if (call == null) {
      return !looksAtAnswer(requirement) || answer(requirement);
    }
    return switch (call.status()) {
      case GATED -> requirement.kind() != RequirementKind.APPROVAL || approval(call, requirement);
      case IN_DOUBT ->
          requirement.kind() != RequirementKind.RECONCILIATION || doubt(call, requirement);
      case SUSPENDED -> !asks(call, requirement) || resolved(call, requirement);
      case APPROVED -> requirement.kind() != RequirementKind.APPROVAL || used(call, requirement);
      case PROPOSED, ALLOWED, EXECUTING -> true;
      case SUCCEEDED, FAILED, REFUSED, DENIED, REJECTED, EXPIRED, REVOKED, CANCELLED -> true;
    };
  }

  private static boolean asks(ToolCall call, Requirement requirement) {
    return !requirement.open()
        && call.asked(requirement.id()).filter(ToolCall.Asked::open).isPresent();
  }

  private boolean doubt(ToolCall call, Requirement requirement) {
    if (requirement.open() || call.attempts() != requirement.attempt()) {
      return true;
    }
    RunCommand command = Answers.reconciled(engine, draft, work.agentIfServed(), call, requirement);
    if (command != null) {
      draft.add(command);
    }
    return command != null;
  }

  // ---- approvals ----

  private boolean approval(ToolCall gated, Requirement requirement) {
    ToolCall call = gated;
    if (requirement.version() > call.version()) {
      if (work.agentIfServed() == null) {
        return true;
      }
      if (!edits.take(call, requirement)) {
        return false;
      }
      call = draft.state().find(call.id()).orElseThrow();
    }
    if (requirement.open()) {
      askedBack(call, requirement);
      return true;
    }
    List<SignedDecision> decisions = engine.store().decisions(engine.tenant(), requirement.id());
    work.approval(call.id(), new Work.Approval(requirement, decisions));
    if (requirement.status() == RequirementStatus.APPROVED) {
      draft.add(
          new RunCommand.Approved(call.id(), requirement.version(), note(requirement, decisions)));
      return true;
    }
    if (requirement.status() == RequirementStatus.REVOKED) {
      // It was approved, as the log says, and that was taken back before anybody looked.
      draft.add(new RunCommand.Approved(call.id(), requirement.version(), null));
      return used(draft.state().find(call.id()).orElseThrow(), requirement);
    }
    if (requirement.status() == RequirementStatus.RESOLVED) {
      return false;
    }
    Decision last = Answers.last(decisions, requirement).map(SignedDecision::decision).orElse(null);
    if (last == null || last.verdict() != Verdict.RESPOND) {
      draft.add(Answers.notApproved(engine, draft, call, requirement));
      return true;
    }
    Decision said = genuine(requirement);
    if (said != null) {
      draft.add(
          new RunCommand.Responded(
              call.id(), requirement.version(), draft.result(call, value(said), false)));
    }
    return said != null;
  }

  /** What people who decide it asked the agent back; only what they signed is put to a model. */
  private void askedBack(ToolCall call, Requirement requirement) {
    for (SignedDecision signed : engine.store().decisions(engine.tenant(), requirement.id())) {
      Decision said = signed.decision();
      BodyRef question = said.words();
      if (said.verdict() == Verdict.ASK_BACK
          && question != null
          && signed.genuine(engine.store().keys(), engine.tenant())) {
        draft.add(
            new RunCommand.AskBack(
                call.id(), question, said.principal(), said.at(), said.version()));
      }
    }
  }

  /** Closes a call whose approval was taken back; false when nobody who could did. */
  private boolean used(ToolCall call, Requirement requirement) {
    if (requirement.status() != RequirementStatus.REVOKED || call.begun()) {
      return true;
    }
    SignedDecision signed = Answers.last(engine, requirement).orElse(null);
    // Whether they may today does not matter: what was taken back does not come again.
    if (signed == null
        || !signed.genuine(engine.store().keys(), engine.tenant())
        || signed.decision().verdict() != Verdict.REVOKE) {
      return false;
    }
    draft.add(Answers.revoked(engine, draft, call, signed.decision()));
    return true;
  }

  /** What the approver wants the model to know. */
  private static @Nullable BodyRef note(Requirement requirement, List<SignedDecision> decisions) {
    return Answers.last(decisions, requirement)
        .map(SignedDecision::decision)
        .map(Decision::words)
        .orElse(null);
  }

  // ---- questions, work outside, looks at results ----

  private boolean resolved(ToolCall call, Requirement requirement) {
    if (requirement.status() == RequirementStatus.EXPIRED
        && requirement.kind() != RequirementKind.USER_INPUT) {
      lapsed(call, requirement);
      return true;
    }
    Decision decision = genuine(requirement);
    if (decision == null) {
      return false;
    }
    Verdict verdict = decision.verdict();
    if (!closes(verdict, requirement)) {
      return false;
    }
    boolean filledIn =
        verdict == Verdict.ANSWER
            && call.asked(requirement.id()).filter(FilledIn::form).isPresent();
    if (filledIn && work.agentIfServed() == null) {
      return true; // Whether it changed the call, whoever serves the agent knows.
    }
    draft.add(new RunCommand.Answered(call.id(), requirement.id(), verdict, decision.value()));
    switch (verdict) {
      case ANSWER -> {
        if (filledIn) {
          edits.filledIn(call, decision);
        }
      }
      case DECLINE -> declined(call, requirement, decision);
      case RESULT ->
          draft.add(
              new RunCommand.Succeeded(
                  call.id(), call.attempts(), draft.result(call, value(decision), false)));
      case FAILURE ->
          draft.add(
              new RunCommand.FailedFor(
                  call.id(),
                  call.attempts(),
                  draft.result(call, "It failed: " + words(decision, "no reason was given"), true),
                  "external-failed"));
      case ACCEPT, REPLACE, CHANGES -> reviewed(call, decision);
      case APPROVE, REJECT, EDIT, RESPOND, REVOKE, ASK_BACK, TAKE ->
          throw odd(requirement, verdict);
      case HAPPENED, DID_NOT_HAPPEN, GIVE_UP -> throw odd(requirement, verdict);
    }
    return true;
  }

  /** Fields that nobody fills in: the call cannot run. A body that asked goes on by itself. */
  private void declined(ToolCall call, Requirement requirement, Decision decision) {
    boolean beforeTheBody =
        call.asked(requirement.id()).filter(asked -> asked.question() == null).isPresent();
    if (beforeTheBody) {
      draft.add(
          new RunCommand.FailedFor(
              call.id(),
              call.attempts(),
              draft.result(
                  call,
                  decision.principal().equals(Decision.SYSTEM)
                      ? "It was not executed, nobody filled in its fields in time."
                      : "It was not executed, its fields were not filled in: "
                          + words(decision, "no reason was given"),
                  true),
              "input-declined"));
    }
  }

  private void reviewed(ToolCall call, Decision decision) {
    BodyRef held = Objects.requireNonNull(call.result(), "a result was held");
    Message.ToolResult made =
        (Message.ToolResult)
            Draft.spoken(engine.store().body(engine.tenant(), held.id()).orElseThrow());
    BodyRef counts =
        switch (decision.verdict()) {
          case REPLACE -> draft.result(call, value(decision), false);
          case CHANGES ->
              draft.result(
                  call,
                  made.text()
                      + "\n\nA person looked at this result and asks for changes: "
                      + words(decision, "no reason was given")
                      + (call.attempts() > 0 ? " (The call itself was executed.)" : ""),
                  false);
          default -> held;
        };
    draft.add(new RunCommand.Succeeded(call.id(), call.attempts(), counts));
  }

  private void lapsed(ToolCall call, Requirement requirement) {
    if (requirement.takenBy() != null) {
      draft.add(
          Answers.unknown(
              draft,
              call,
              requirement.takenBy() + " began with the call and did not report back."));
    } else if (requirement.kind() == RequirementKind.REVIEW) {
      draft.add(
          new RunCommand.FailedFor(
              call.id(),
              call.attempts(),
              draft.result(call, "It was executed; nobody looked at its result in time.", true),
              "review-expired"));
    } else {
      draft.add(
          new RunCommand.TooOld(
              call.id(), draft.result(call, "Nobody executed it in time.", true)));
    }
  }

  // ---- the answer of the run ----

  private boolean looksAtAnswer(Requirement requirement) {
    RunState.OutputReview held = draft.state().review();
    return held != null && held.open() && held.requirement().equals(requirement.id());
  }

  private boolean answer(Requirement requirement) {
    RunState.OutputReview held = Objects.requireNonNull(draft.state().review());
    if (requirement.status() == RequirementStatus.EXPIRED) {
      new Ending(work).fail("review-expired", "Nobody looked at the answer in time.");
      return true;
    }
    Decision decision = genuine(requirement);
    if (decision == null || !closes(decision.verdict(), requirement)) {
      return false;
    }
    switch (decision.verdict()) {
      case ACCEPT -> draft.accept(requirement.id(), held.output(), null);
      case REPLACE -> draft.accept(requirement.id(), held.output(), value(decision));
      case CHANGES ->
          draft.add(
              new RunCommand.AskChanges(
                  requirement.id(),
                  draft.spoken(
                      new Message.User(
                          "Please change your answer: "
                              + words(decision, "no reason was given")))));
      default -> throw odd(requirement, decision.verdict());
    }
    return true;
  }

  // ---- runs of other agents ----

  private void child(ToolCall call) {
    RunState child =
        engine
            .store()
            .run(engine.tenant(), Objects.requireNonNull(call.child()))
            .map(Store.StoredRun::state)
            .orElse(null);
    if (child == null || child.end() == null) {
      return;
    }
    String output = Optional.ofNullable(engine.cards().output(child)).orElse("");
    String code = child.end().code();
    if (code != null && engine.impatient() && ChannelFailure.isCode(code)) {
      // The model must not get round it by another way.
      work.unreachable(new Execution.Halt(code, output));
      return;
    }
    draft.add(
        switch (child.end().status()) {
          case COMPLETED ->
              new RunCommand.Succeeded(call.id(), 0, draft.result(call, output, false));
          case FAILED ->
              new RunCommand.FailedFor(
                  call.id(),
                  0,
                  draft.result(call, "The agent failed: " + output, true),
                  "agent-failed");
          case CANCELLED, RUNNING, PAUSED ->
              new RunCommand.FailedFor(
                  call.id(),
                  0,
                  draft.result(call, "The agent's work was cancelled.", true),
                  "agent-cancelled");
        });
  }

  // ---- decisions ----

  /** The decision that closed it, when it is this system's and of somebody who may, today too. */
  private @Nullable Decision genuine(Requirement requirement) {
    SignedDecision signed = Answers.last(engine, requirement).orElse(null);
    if (signed == null || !signed.genuine(engine.store().keys(), engine.tenant())) {
      return null;
    }
    Decision decision = signed.decision();
    boolean sameQuestion =
        decision.digest().equals(requirement.digest())
            && requirement.requester().equals(draft.requester());
    if (decision.principal().equals(Decision.SYSTEM)) {
      return sameQuestion ? decision : null;
    }
    Principal by = engine.directory().find(decision.principal()).orElse(null);
    return sameQuestion
            && by != null
            && engine.authority().at(decision.at()).whyNot(requirement, by).isEmpty()
        ? decision
        : null;
  }

  private String value(Decision decision) {
    BodyRef given = decision.value();
    return given == null ? "" : draft.stored(given);
  }

  private String words(Decision decision, String otherwise) {
    return Answers.words(engine, decision).orElse(otherwise);
  }

  /** False for a word on another kind of question, and for one that closes nothing. */
  private static boolean closes(Verdict verdict, Requirement requirement) {
    return verdict.answers() == requirement.kind() && verdict != Verdict.TAKE;
  }

  private static IllegalStateException odd(Requirement requirement, Verdict verdict) {
    return new IllegalStateException(verdict + " does not close " + requirement.id());
  }
}
