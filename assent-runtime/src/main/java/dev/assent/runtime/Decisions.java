package dev.assent.runtime;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.AuditRecord;
import dev.assent.core.Authority;
import dev.assent.core.Body;
import dev.assent.core.BodyId;
import dev.assent.core.BodyRef;
import dev.assent.core.CallStatus;
import dev.assent.core.Decision;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Digest;
import dev.assent.core.GrantScope;
import dev.assent.core.Mandate;
import dev.assent.core.Principal;
import dev.assent.core.Profile;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementMachine;
import dev.assent.core.RequirementStatus;
import dev.assent.core.Risk;
import dev.assent.core.RunState;
import dev.assent.core.SafeText;
import dev.assent.core.SignedDecision;
import dev.assent.core.TamperedException;
import dev.assent.core.ToolCall;
import dev.assent.core.Verdict;
import dev.assent.core.WhyNot;
import dev.assent.core.spi.Committed;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.Write;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where people decide a requirement; time does in {@link Deadlines}. Thread-safe. */
final class Decisions {
  private static final Logger LOG = LoggerFactory.getLogger(Decisions.class);
  private static final int MOST_CONFLICTS = 50;
  private static final int MOST_ALIKE = 200;

  /** Lets the machine say first what else is wrong with a decision whose value does not fit. */
  private static final RequirementMachine.Given UNCHECKED =
      new RequirementMachine.Given(
          null,
          null,
          new RequirementMachine.Edit(
              new BodyRef(new BodyId("unchecked"), Digest.sha256(new byte[0])),
              Digest.sha256(new byte[0]),
              ApprovalTerms.simple("unchecked")));

  private final Engine engine;
  private final Values values;
  private final GrantMaker grants;

  Decisions(Engine engine) {
    this.engine = engine;
    this.grants = new GrantMaker(engine);
    this.values = new Values(engine);
  }

  /** Records one person's word, durably, and rings the run. */
  DecisionOutcome decide(RequirementId id, DecisionRequest request, Principal by) {
    return decide(stored(id), request, by);
  }

  /** What somebody would allow beside an approval. */
  GrantOffer offer(RequirementId id, GrantScope scope, Principal by) {
    return grants.offer(stored(id), scope, by);
  }

  /** Why this principal cannot decide it now; empty when they can. */
  Optional<WhyNot> whyNot(RequirementId id, Principal by) {
    return RequirementMachine.whyNot(
        stored(id),
        engine.store().decisions(engine.tenant(), id).stream()
            .map(SignedDecision::decision)
            .toList(),
        by,
        engine.authority(),
        engine.store().now());
  }

  /** Why a request does not fit what is asked; empty when it does. */
  Optional<String> misfit(Requirement requirement, DecisionRequest request) {
    return values.check(requirement, request) instanceof Values.Checked.Wrong wrong
        ? Optional.of(wrong.why())
        : Optional.empty();
  }

  /** A decision that can be written. */
  private record Ready(
      DecisionOutcome.Recorded recorded,
      Values.Checked.Fits given,
      GrantMaker.@Nullable Made made,
      @Nullable Write condition,
      @Nullable Mandate mandate) {}

  /** The same, on a requirement that has just been read. */
  DecisionOutcome decide(Requirement read, DecisionRequest request, Principal by) {
    return decide(read, request, by, false);
  }

  /**
   * @param knows true when the person made of the call what is decided
   */
  private DecisionOutcome decide(
      Requirement read, DecisionRequest request, Principal by, boolean knows) {
    RequirementId id = read.id();
    Requirement requirement = read;
    for (int tries = 0; tries < MOST_CONFLICTS; tries++) {
      Object prepared = prepared(requirement, request, by, knows);
      if (!(prepared instanceof Ready ready)) {
        return (DecisionOutcome) prepared;
      }
      if (written(List.of(ready))) {
        return approvedToo(ready.recorded(), request, by);
      }
      requirement = stored(id);
    }
    throw tooManyConflicts(id);
  }

  /** Requests for the very same that this one asks: each is bound to a call of its own. */
  List<Requirement> alike(Requirement one) {
    if (one.kind() != RequirementKind.APPROVAL || !one.open()) {
      return List.of();
    }
    Store.RequirementQuery query =
        Store.RequirementQuery.pending(MOST_ALIKE)
            .of(RequirementKind.APPROVAL)
            .by(one.agent(), one.tool())
            .from(null, one.requester(), null);
    return engine.store().requirements(engine.tenant(), query).items().stream()
        .filter(each -> !each.id().equals(one.id()) && alike(one, each))
        .toList();
  }

  private boolean alike(Requirement one, Requirement other) {
    return other.kind() == RequirementKind.APPROVAL
        && other.agent().equals(one.agent())
        && other.tool().equals(one.tool())
        && other.requester().equals(one.requester())
        && other.terms().equals(one.terms())
        && arguments(one).isPresent()
        && arguments(one).equals(arguments(other))
        && engine.cards().pin(one).equals(engine.cards().pin(other));
  }

  private Optional<String> arguments(Requirement asked) {
    try {
      return engine
          .store()
          .body(engine.tenant(), asked.arguments().id())
          .filter(body -> body.ref().equals(asked.arguments()))
          .map(Body::text);
    } catch (TamperedException e) {
      return Optional.empty(); // What cannot be read is like nothing, and must not hide this one.
    }
  }

  /**
   * Decides a request and others for the very same in one act: a decision for each, bound by its
   * own version and digest, all of them or none. The answer is that of the first, or of the one
   * that could not be decided.
   */
  DecisionOutcome decide(
      RequirementId id, DecisionRequest request, List<Alike> also, Principal by) {
    for (int tries = 0; tries < MOST_CONFLICTS; tries++) {
      Requirement first = stored(id);
      if (request.verdict() != Verdict.APPROVE && request.verdict() != Verdict.REJECT) {
        return new DecisionOutcome.Invalid(
            first, "invalid-resolution", "only a yes or no can be said to several at once");
      }
      List<Ready> all = new ArrayList<>();
      Object prepared = prepared(first, request, by, false);
      if (!(prepared instanceof Ready one)) {
        return (DecisionOutcome) prepared;
      }
      all.add(one);
      for (Alike other : also) {
        Requirement next = stored(other.id());
        if (next.id().equals(id) || !alike(first, next)) {
          return new DecisionOutcome.Invalid(
              next, "not-alike", "request " + other.id() + " is not for the very same");
        }
        // What is hidden of it is the very same, too.
        Object too = prepared(next, toOther(request, other), by, true);
        if (!(too instanceof Ready ready)) {
          return (DecisionOutcome) too;
        }
        all.add(ready);
      }
      if (written(all)) {
        return all.getFirst().recorded();
      }
    }
    throw tooManyConflicts(id);
  }

  private static DecisionRequest toOther(DecisionRequest request, Alike other) {
    return new DecisionRequest(
            other.version(),
            other.digest(),
            request.verdict(),
            request.words(),
            request.typed(),
            request.idempotencyKey())
        .withReason(request.reasonCode());
  }

  private static RuntimeFailure tooManyConflicts(RequirementId id) {
    return new RuntimeFailure(
        "too-many-conflicts", "requirement " + id + " could not be written; try again");
  }

  /**
   * What can be written, or the outcome that says why not.
   *
   * @param knows true when the person was shown the very same before, or made of it what it is
   */
  private Object prepared(
      Requirement requirement, DecisionRequest request, Principal by, boolean knows) {
    Values.Checked checked = values.check(requirement, request);
    Values.Checked.Fits fits =
        switch (checked) {
          case Values.Checked.Fits good -> good;
          case Values.Checked.Wrong wrong -> null;
        };
    Authority authority = engine.authority();
    DecisionRequest remembered = fits == null ? request : fits.request();
    DecisionOutcome outcome =
        RequirementMachine.decide(
            requirement,
            earlier(requirement.id(), remembered),
            remembered,
            by,
            fits == null ? UNCHECKED : fits.given(),
            authority,
            authority.now());
    if (!(outcome instanceof DecisionOutcome.Recorded open)) {
      return outcome;
    }
    DecisionOutcome.Recorded recorded =
        new DecisionOutcome.Recorded(
            open.requirement(), open.decision().withRequest(keyed(open.decision().request())));
    if (fits == null) {
      Values.Checked.Wrong wrong = (Values.Checked.Wrong) checked;
      return new DecisionOutcome.Invalid(
          requirement, "invalid-resolution", wrong.why(), wrong.mistakes());
    }
    Write condition = null;
    if (request.verdict() == Verdict.REVOKE) {
      condition = unlessBegun(requirement);
      if (condition == null) {
        return new DecisionOutcome.Invalid(
            requirement,
            "already-begun",
            "the call has begun, or is over: what was approved cannot be taken back any more");
      }
    }
    GrantMaker.Made made = null;
    if (request.always() != null) {
      switch (grants.make(requirement, request, recorded, by)) {
        case GrantMaker.Result.Refused refused -> {
          return new DecisionOutcome.Invalid(requirement, refused.code(), refused.why());
        }
        case GrantMaker.Made given -> made = given;
      }
    }
    if (!knows && lets(recorded.decision()) && engine.sights().mustReveal(requirement, by)) {
      return new DecisionOutcome.Invalid(
          requirement,
          "reveal-required",
          "it is of high risk and something of it is hidden: have it revealed, then decide");
    }
    DecisionOutcome.Invalid lacks =
        approvesToo(request)
            ? RequirementMachine.lacksReason(recorded.requirement(), request).orElse(null)
            : null;
    if (lacks != null) {
      return lacks;
    }
    return untyped(recorded.requirement(), request)
        ? new DecisionOutcome.Invalid(
            requirement,
            "typed-confirmation-required",
            "your edit approves a call of high risk: type the tool's name, " + requirement.tool())
        : new Ready(
            recorded, fits, made, condition, authority.usedBy(requirement, by).orElse(null));
  }

  /** What was decided before; an earlier request with this content is known again. */
  private List<Decision> earlier(RequirementId id, DecisionRequest request) {
    Digest stored = keyed(request.content());
    return engine.store().decisions(engine.tenant(), id).stream()
        .map(SignedDecision::decision)
        .map(each -> each.request().equals(stored) ? each.withRequest(request.content()) : each)
        .toList();
  }

  /** Who reads the database must not find out by trying what somebody wrote. */
  private Digest keyed(Digest content) {
    return Digest.ofBytes(engine.store().keys().mac("assent-request", content.bytes()));
  }

  /** In solo an edit is an approval too, and asks for as much; else nothing of it is kept. */
  private boolean untyped(Requirement edited, DecisionRequest request) {
    return approvesToo(request)
        && edited.terms().risk() == Risk.HIGH
        && !edited.tool().equals(request.typed());
  }

  private boolean approvesToo(DecisionRequest request) {
    return request.verdict() == Verdict.EDIT && engine.authority().profile() == Profile.SOLO;
  }

  /** Whether the call may run because of it. */
  private boolean lets(Decision decision) {
    return decision.verdict() == Verdict.APPROVE
        || decision.verdict() == Verdict.EDIT && engine.authority().profile() == Profile.SOLO;
  }

  /** In solo the editor approves what they made of the call in the same act. */
  private DecisionOutcome approvedToo(
      DecisionOutcome.Recorded edited, DecisionRequest request, Principal by) {
    Requirement now = edited.requirement();
    if (!approvesToo(request)) {
      return edited;
    }
    boolean why = now.terms().reasons() != null;
    return decide(
        now,
        new DecisionRequest(
                now.version(),
                now.digest(),
                Verdict.APPROVE,
                why ? request.words() : null,
                request.typed(),
                "edit-" + edited.decision().request().shortForm() + "-" + now.version())
            .withReason(request.reasonCode()),
        by,
        true);
  }

  private Requirement stored(RequirementId id) {
    return engine
        .store()
        .requirement(engine.tenant(), id)
        .orElseThrow(() -> RuntimeFailure.unknownRequirement(id));
  }

  /** What the intent of the call changes; absent when there is one, or the call is over. */
  private @Nullable Write unlessBegun(Requirement requirement) {
    return engine
        .store()
        .run(engine.tenant(), requirement.run())
        .map(Store.StoredRun::state)
        .filter(run -> run.end() == null)
        .filter(
            run ->
                run.find(requirement.call())
                    .filter(call -> call.status().cleared() || call.status().waits())
                    .filter(call -> call.status() != CallStatus.IN_DOUBT && !call.begun())
                    .isPresent())
        .map(run -> new Write.ExpectRun(run.id(), run.version()))
        .orElse(null);
  }

  /** Writes all of them in one transaction; false when something was written first. */
  private boolean written(List<Ready> all) {
    List<Write> writes = new ArrayList<>();
    all.forEach(each -> writes.addAll(writes(each)));
    if (engine.store().commit(engine.tenant(), writes) instanceof Committed.Conflict) {
      return false;
    }
    for (Ready each : all) {
      Requirement after = each.recorded().requirement();
      if (each.mandate() != null && each.mandate().kind() == Mandate.Kind.BREAK_GLASS) {
        LOG.warn(
            "Break-glass: {} said {} to {}, mandate {}",
            SafeText.of(each.mandate().holder()),
            each.recorded().decision().verdict(),
            after.id(),
            each.mandate().id());
      }
      engine.changed(new Change(Change.Kind.REQUIREMENT, after.id().value()));
      if (each.made() != null) {
        engine.changed(new Change(Change.Kind.GRANT, each.made().write().grant().id().value()));
      }
      if (rings(each.recorded())) {
        engine.ring(after);
      }
    }
    return true;
  }

  /** Whether the run has to look at it: also at what leaves the requirement open. */
  private static boolean rings(DecisionOutcome.Recorded recorded) {
    Verdict verdict = recorded.decision().verdict();
    return !recorded.requirement().open() || verdict == Verdict.EDIT || verdict == Verdict.ASK_BACK;
  }

  private List<Write> writes(Ready ready) {
    Requirement after = ready.recorded().requirement();
    Decision decision = ready.recorded().decision();
    Values.Checked.Fits given = ready.given();
    GrantMaker.Made made = ready.made();
    Write condition = ready.condition();
    List<Write> writes = new ArrayList<>();
    if (condition != null) {
      writes.add(condition);
    }
    for (Body body : new @Nullable Body[] {given.words(), given.value()}) {
      if (body != null) {
        writes.add(new Write.PutBody(after.session(), body));
      }
    }
    writes.add(new Write.NextRequirement(after, after.closesAtDeadline(), decision.at()));
    writes.add(
        new Write.NewDecision(
            SignedDecision.sign(engine.store().keys(), engine.tenant(), decision)));
    if (!after.open() && timed(after)) {
      writes.add(new Write.StopTimers(after.id()));
    }
    // An edit keeps deadline and times; other rules may ask others in the end.
    Optional<Instant> rung =
        decision.verdict() == Verdict.EDIT ? after.nextRung(decision.at()) : Optional.empty();
    rung.ifPresent(next -> writes.add(new Write.StartTimer(after.id(), Timers.ESCALATION, next)));
    if (rings(ready.recorded())) {
      writes.add(new Write.Ring(after.run(), decision.at()));
    }
    Mandate mandate = ready.mandate();
    writes.add(new Write.Audit(AuditLines.ofDecision(engine.tenant(), after, decision, mandate)));
    if (mandate != null && mandate.kind() == Mandate.Kind.BREAK_GLASS) {
      writes.add(new Write.Audit(AuditLines.ofGlass(engine.tenant(), after, decision, mandate)));
    }
    if (made != null) {
      writes.add(made.write());
    }
    return writes;
  }

  private static boolean timed(Requirement requirement) {
    return requirement.deadline() != null
        || requirement.terms().remindAfter() != null
        || !requirement.terms().rungs().isEmpty();
  }

  /**
   * A question that nobody answered is closed by a decision of its own, so that it can be proved.
   *
   * @param writes what goes with it is added here
   */
  Requirement unanswered(Requirement requirement, Instant now, List<Write> writes) {
    // A timer is a row that anybody may have written: whether it is late, the deadline says.
    if (RequirementMachine.expire(requirement, now).open()) {
      return requirement;
    }
    Body fallback =
        requirement.terms().onExpiry() == ApprovalTerms.OnExpiry.FALLBACK
            ? values.fallback(requirement).orElse(null)
            : null;
    if (fallback != null) {
      writes.add(new Write.PutBody(requirement.session(), fallback));
    }
    Decision decision =
        new Decision(
            requirement.id(),
            requirement.version(),
            requirement.digest(),
            Decision.SYSTEM,
            Decision.SYSTEM,
            fallback == null ? Verdict.DECLINE : Verdict.ANSWER,
            null,
            now,
            Timers.DEADLINE,
            requirement.digest(),
            fallback == null ? null : fallback.ref());
    writes.add(
        new Write.NewDecision(
            SignedDecision.sign(engine.store().keys(), engine.tenant(), decision)));
    return requirement.closed(RequirementStatus.EXPIRED, Decision.SYSTEM, now);
  }

  /**
   * Frees an effect key whose outcome stayed unknown; false when it is not held so by this call.
   */
  boolean clearEffect(ToolCall call, RunState run, Principal by) {
    ToolCall.Bound bound = call.bound();
    Digest key = bound == null ? null : bound.effectKey();
    if (key == null
        || engine
            .store()
            .effect(engine.tenant(), key)
            .filter(held -> held.status() == Write.EffectStatus.UNKNOWN)
            .isEmpty()) {
      return false;
    }
    Instant now = engine.store().now();
    return engine
            .store()
            .commit(
                engine.tenant(),
                List.of(
                    new Write.ReleaseEffect(key, run.id(), call.id()),
                    new Write.Audit(
                        AuditRecord.of(engine.tenant(), now, "effect.cleared")
                            .withRun(run.id().value(), run.root().value(), 1)
                            .withCall(call.id().value())
                            .withPrincipal(by.id())
                            .with("effect", key.toString()))))
        instanceof Committed.Done;
  }
}
