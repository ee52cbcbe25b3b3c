package dev.assent.runtime;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.AuditRecord;
import dev.assent.core.Body;
import dev.assent.core.Decision;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Digest;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementMachine;
import dev.assent.core.RunState;
import dev.assent.core.SignedDecision;
import dev.assent.core.ToolCall;
import dev.assent.core.spi.Committed;
import dev.assent.core.spi.Write;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The one place where a requirement is decided or expires. Thread-safe. */
final class Decisions {
  private static final int MOST_CONFLICTS = 50;

  private final Engine engine;

  Decisions(Engine engine) {
    this.engine = engine;
  }

  /** Records one person's word, durably, and rings the run. */
  DecisionOutcome decide(RequirementId id, DecisionRequest request, Principal by) {
    return decide(stored(id), request, by);
  }

  /** The same, on a requirement that has just been read. */
  DecisionOutcome decide(Requirement read, DecisionRequest request, Principal by) {
    RequirementId id = read.id();
    Requirement requirement = read;
    for (int tries = 0; tries < MOST_CONFLICTS; tries++) {
      List<Decision> earlier =
          engine.store().decisions(engine.tenant(), id).stream()
              .map(SignedDecision::decision)
              .toList();
      String text = request.words();
      Body words =
          text == null || text.isEmpty()
              ? null
              : engine.newBody(text.getBytes(StandardCharsets.UTF_8));
      DecisionOutcome outcome =
          RequirementMachine.decide(
              requirement,
              earlier,
              request,
              by,
              words == null ? null : words.ref(),
              engine.authority(),
              engine.store().now());
      if (!(outcome instanceof DecisionOutcome.Recorded recorded)) {
        return outcome;
      }
      if (written(recorded, words)) {
        return outcome;
      }
      requirement = stored(id);
    }
    throw new RuntimeFailure(
        "too-many-conflicts", "requirement " + id + " could not be written; try again");
  }

  private Requirement stored(RequirementId id) {
    return engine
        .store()
        .requirement(engine.tenant(), id)
        .orElseThrow(() -> RuntimeFailure.unknownRequirement(id));
  }

  private boolean written(
      DecisionOutcome.Recorded recorded, @org.jspecify.annotations.Nullable Body words) {
    Requirement after = recorded.requirement();
    Decision decision = recorded.decision();
    List<Write> writes = new ArrayList<>();
    if (words != null) {
      writes.add(new Write.PutBody(after.session(), words));
    }
    writes.add(new Write.NextRequirement(after, after.closesAtDeadline(), decision.at()));
    writes.add(
        new Write.NewDecision(
            SignedDecision.sign(engine.store().keys(), engine.tenant(), decision)));
    if (!after.open()) {
      if (after.deadline() != null) {
        writes.add(new Write.StopTimers(after.id()));
      }
      writes.add(new Write.Ring(after.run(), decision.at()));
    }
    writes.add(new Write.Audit(AuditLines.ofDecision(engine.tenant(), after, decision)));
    if (engine.store().commit(engine.tenant(), writes) instanceof Committed.Conflict) {
      return false;
    }
    engine.changed(new Change(Change.Kind.REQUIREMENT, after.id().value()));
    if (!after.open()) {
      ring(after);
    }
    return true;
  }

  /** Lets a requirement expire whose deadline has passed; does nothing when it has not. */
  void expire(RequirementId id) {
    Requirement requirement = engine.store().requirement(engine.tenant(), id).orElse(null);
    Instant now = engine.store().now();
    if (requirement == null || early(requirement, now)) {
      return;
    }
    Requirement after = RequirementMachine.expire(requirement, now);
    List<Write> writes = new ArrayList<>();
    if (after.revision() != requirement.revision()) {
      writes.add(new Write.NextRequirement(after, false, now));
      writes.add(new Write.Ring(after.run(), now));
      if (after.terms().onExpiry() == ApprovalTerms.OnExpiry.CANCEL_RUN && cancellable(after)) {
        writes.add(new Write.AskCancel(after.run(), "deadline", now));
      }
      writes.add(new Write.Audit(AuditLines.ofRequirement(engine.tenant(), after, "system", now)));
    }
    writes.add(new Write.StopTimers(id));
    if (engine.store().commit(engine.tenant(), writes) instanceof Committed.Done && !after.open()) {
      engine.changed(new Change(Change.Kind.REQUIREMENT, id.value()));
      ring(after);
    }
  }

  private boolean cancellable(Requirement requirement) {
    return engine
        .store()
        .run(engine.tenant(), requirement.run())
        .filter(run -> run.state().end() == null && run.cancelAskedBy() == null)
        .isPresent();
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

  /** True when the deadline of this version is still to come, or is this very millisecond. */
  private static boolean early(Requirement requirement, Instant now) {
    return requirement.open()
        && requirement.deadline() != null
        && !now.isAfter(requirement.deadline());
  }

  private void ring(Requirement closed) {
    if (engine.agents().containsKey(closed.agent())) {
      engine.drive(closed.run());
    }
  }
}
