package dev.assent.runtime;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.BodyRef;
import dev.assent.core.CanonicalJson;
import dev.assent.core.Digest;
import dev.assent.core.Grant;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RunEvent;
import dev.assent.core.RunMachine;
import dev.assent.core.ToolCall;
import dev.assent.core.ToolCallId;
import dev.assent.core.Verdict;
import dev.assent.core.spi.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The requirements that one transition opens. Belongs to one {@link Draft}. */
final class Questions {
  private final Engine engine;
  private final Draft draft;
  private final Map<ToolCallId, Draft.Ask> asks = new HashMap<>();
  private final Map<ToolCallId, Draft.Wait> waits = new HashMap<>();
  private final List<Requirement> opened = new ArrayList<>();
  private Agent.@Nullable Review review;
  private @Nullable String replyText;

  Questions(Engine engine, Draft draft) {
    this.engine = engine;
    this.draft = draft;
  }

  void asking(ToolCallId call, Draft.Ask ask) {
    asks.put(call, ask);
  }

  void waiting(ToolCallId call, Draft.Wait wait) {
    waits.put(call, wait);
  }

  void notWaiting(ToolCallId call) {
    waits.remove(call);
  }

  void reviewing(Agent.@Nullable Review by, String text) {
    review = by;
    replyText = text;
  }

  List<Requirement> opened() {
    return opened;
  }

  void closed(RequirementId id) {
    opened.removeIf(each -> each.id().equals(id));
  }

  void wait(RunEvent.CallSuspended event, ToolCall after) {
    Draft.Wait wait = Objects.requireNonNull(waits.remove(event.call()), "a suspended call waits");
    Digest digest =
        Requirement.asked(event.requirement(), after.mustBeBound().digest(), wait.content());
    announceNew(
        requirement(
            event.requirement(),
            wait.kind(),
            after,
            wait.kind() == RequirementKind.REVIEW ? look(after.tool()) : event.attempt(),
            digest,
            wait.terms(),
            null,
            deadline(wait.terms()),
            wait.content()));
  }

  /** Which look in a row it is at a result of this tool in this run, from 1. */
  private int look(String tool) {
    int look = 1;
    for (Requirement each : engine.store().requirementsOf(engine.tenant(), draft.state().id())) {
      if (each.kind() == RequirementKind.REVIEW && each.tool().equals(tool) && !each.open()) {
        boolean again =
            Answers.last(engine, each)
                .filter(signed -> signed.decision().verdict() == Verdict.CHANGES)
                .isPresent();
        look = again ? look + 1 : 1;
      }
    }
    return look;
  }

  void look(RunEvent.AnswerHeld event) {
    Agent.Review wanted = Objects.requireNonNull(review, "a held answer is looked at");
    BodyRef shown =
        draft
            .body(
                CanonicalJson.of(
                    JsonObject.of(
                        "output", Json.of(Objects.requireNonNull(replyText, "the reply")))))
            .ref();
    announceNew(
        new Requirement(
            event.requirement(),
            RequirementKind.REVIEW,
            draft.state().id(),
            draft.state().root(),
            draft.state().session(),
            draft.state().agent(),
            RunMachine.OUTPUT,
            RunMachine.OUTPUT.value(),
            event.round(),
            1,
            1,
            1,
            Requirement.asked(event.requirement(), shown.commitment(), shown),
            wanted.terms(),
            draft.requester(),
            shown,
            null,
            draft.now(),
            deadline(wanted.terms()),
            RequirementStatus.PENDING,
            null,
            null,
            shown,
            null,
            null,
            null));
  }

  private @Nullable Instant deadline(ApprovalTerms terms) {
    Duration open = terms.deadline();
    return open == null ? null : terms.after(draft.now(), open);
  }

  void open(RunEvent.CallGated event) {
    Draft.Ask ask =
        Objects.requireNonNull(asks.remove(event.call()), "a gated call was asked about");
    Instant deadline = deadline(ask.terms());
    ToolCall call = Draft.call(draft.state(), event.call());
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
                deadline,
                null)
            : earlier.askedAgain(
                event.version(),
                event.bound().digest(),
                ask.terms(),
                deadline,
                ask.keepVotes(),
                draft.now());
    requirement =
        changed(requirement.proposing(call.mustBeBound().arguments()), call).showing(ask.shown());
    draft.write(
        earlier == null
            ? new Write.NewRequirement(requirement)
            : new Write.NextRequirement(requirement, false, draft.now()));
    announce(requirement);
  }

  /** The agent answered what it was asked back, and changed nothing: who decides is told. */
  void answered(Requirement requirement) {
    Requirement after = requirement.spokenOf();
    draft.write(new Write.NextRequirement(after, false, draft.now()));
    draft.write(
        new Write.Audit(
            AuditLines.ofRequirement(engine.tenant(), after, draft.requester(), draft.now())));
    opened.add(after);
  }

  /** With what somebody changed by the call's form: they are its last editor. */
  private Requirement changed(Requirement requirement, ToolCall call) {
    BodyRef from = call.proposed();
    return from == null
        ? requirement
        : FilledIn.editor(engine, call)
            .map(by -> requirement.changedTo(call.mustBeBound().arguments(), from, by))
            .orElse(requirement);
  }

  void doubt(RunEvent.CallInDoubt event, ToolCall call) {
    // A call that ran on a grant was approved, in advance, where the grant was given.
    RequirementId approval =
        call.grant() == null
            ? Objects.requireNonNull(call.requirement())
            : engine.grants().genuine(call.grant()).map(Grant::from).orElse(null);
    ApprovalTerms terms =
        Optional.ofNullable(approval)
            .flatMap(id -> engine.store().requirement(engine.tenant(), id))
            .map(Requirement::terms)
            .orElseGet(() -> ApprovalTerms.simple("reconciliation"));
    announceNew(
        requirement(
            event.requirement(),
            RequirementKind.RECONCILIATION,
            call,
            event.attempt(),
            Draft.attemptDigest(call, event.attempt()),
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
            null,
            null));
  }

  private Requirement requirement(
      RequirementId id,
      RequirementKind kind,
      ToolCall call,
      int attempt,
      Digest digest,
      ApprovalTerms terms,
      @Nullable BodyRef words,
      @Nullable Instant deadline,
      @Nullable BodyRef content) {
    // Only an approval is asked in later versions, and counts from the one it begins with.
    int version = kind == RequirementKind.APPROVAL ? Math.max(1, call.version()) : 1;
    return new Requirement(
        id,
        kind,
        draft.state().id(),
        draft.state().root(),
        draft.state().session(),
        draft.state().agent(),
        call.id(),
        call.tool(),
        attempt,
        1,
        version,
        version,
        digest,
        terms,
        draft.requester(),
        call.mustBeBound().arguments(),
        words,
        draft.now(),
        deadline,
        RequirementStatus.PENDING,
        null,
        null,
        content,
        null,
        null,
        null);
  }

  private void announceNew(Requirement requirement) {
    draft.write(new Write.NewRequirement(requirement));
    announce(requirement);
  }

  private void announce(Requirement requirement) {
    Instant deadline = requirement.deadline();
    if (deadline != null) {
      draft.write(new Write.StartTimer(requirement.id(), Timers.DEADLINE, deadline));
    }
    Duration remind = requirement.terms().remindAfter();
    Instant again = remind == null ? null : requirement.terms().after(draft.now(), remind);
    if (again != null && (deadline == null || again.isBefore(deadline))) {
      draft.write(new Write.StartTimer(requirement.id(), Timers.REMINDER, again));
    }
    requirement
        .nextRung(draft.now())
        .ifPresent(
            next -> draft.write(new Write.StartTimer(requirement.id(), Timers.ESCALATION, next)));
    draft.write(
        new Write.Audit(
            AuditLines.ofRequirement(
                engine.tenant(), requirement, draft.requester(), draft.now())));
    opened.add(requirement);
  }
}
