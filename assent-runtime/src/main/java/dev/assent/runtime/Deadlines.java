package dev.assent.runtime;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Decision;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementMachine;
import dev.assent.core.Threshold;
import dev.assent.core.spi.Committed;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.Write;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What becomes of a requirement by time alone: people are reminded, others are asked, it expires.
 * Thread-safe; called for timers that are due, by whichever process sees them first.
 */
final class Deadlines {
  private final Engine engine;
  private final Decisions decisions;

  Deadlines(Engine engine, Decisions decisions) {
    this.engine = engine;
    this.decisions = decisions;
  }

  /** Does what this timer is for; a timer that is not late does nothing. */
  void due(Store.StoredTimer timer) {
    switch (timer.kind()) {
      case Timers.REMINDER -> remind(timer.requirement());
      case Timers.ESCALATION -> escalate(timer.requirement(), timer.due());
      default -> expire(timer.requirement());
    }
  }

  /** Lets a requirement expire whose deadline has passed; does nothing when it has not. */
  private void expire(RequirementId id) {
    Requirement requirement = engine.store().requirement(engine.tenant(), id).orElse(null);
    Instant now = engine.store().now();
    if (requirement == null || early(requirement, now)) {
      return;
    }
    List<Write> writes = new ArrayList<>();
    Requirement after =
        requirement.kind() == RequirementKind.USER_INPUT
            ? decisions.unanswered(requirement, now, writes)
            : RequirementMachine.expire(requirement, now);
    if (after.revision() != requirement.revision()) {
      writes.add(new Write.NextRequirement(after, false, now));
      writes.add(new Write.Ring(after.run(), now));
      if (after.terms().onExpiry() == ApprovalTerms.OnExpiry.CANCEL_RUN && cancellable(after)) {
        writes.add(new Write.AskCancel(after.run(), "deadline", now));
      }
      writes.add(
          new Write.Audit(AuditLines.ofRequirement(engine.tenant(), after, Decision.SYSTEM, now)));
    }
    writes.add(new Write.StopTimers(id));
    if (engine.store().commit(engine.tenant(), writes) instanceof Committed.Done && !after.open()) {
      engine.changed(new Change(Change.Kind.REQUIREMENT, id.value()));
      engine.ring(after);
    }
  }

  /** Tells people again of what still waits. */
  private void remind(RequirementId id) {
    Write once = new Write.StopTimer(id, Timers.REMINDER);
    if (engine.store().commit(engine.tenant(), List.of(once)) instanceof Committed.Done) {
      engine
          .store()
          .requirement(engine.tenant(), id)
          .filter(Requirement::open)
          .ifPresent(engine::remind);
    }
  }

  /**
   * Asks those who may decide it from now on, and says so in the audit log. Whether they may, its
   * terms and the time say: a timer is a row that anybody may have written.
   *
   * @param due when the timer was due: rungs from then on were not told yet
   */
  private void escalate(RequirementId id, Instant due) {
    Requirement requirement = engine.store().requirement(engine.tenant(), id).orElse(null);
    if (requirement == null) {
      return;
    }
    Instant now = engine.store().now();
    Instant deadline = requirement.deadline();
    boolean over =
        !requirement.open()
            || (deadline != null && requirement.closesAtDeadline() && now.isAfter(deadline));
    List<Threshold> begun =
        over
            ? List.of()
            : requirement.terms().rungs().stream()
                .filter(group -> !requirement.begins(group).isBefore(due))
                .filter(group -> !requirement.begins(group).isAfter(now))
                .toList();
    List<Write> writes = new ArrayList<>();
    writes.add(new Write.StopTimer(id, Timers.ESCALATION));
    if (!over) {
      requirement
          .nextRung(now)
          .ifPresent(next -> writes.add(new Write.StartTimer(id, Timers.ESCALATION, next)));
    }
    Requirement after = begun.isEmpty() ? requirement : requirement.escalated();
    if (!begun.isEmpty()) {
      writes.add(new Write.NextRequirement(after, false, now));
      writes.add(new Write.Audit(AuditLines.ofEscalation(engine.tenant(), after, begun, now)));
    }
    if (engine.store().commit(engine.tenant(), writes) instanceof Committed.Done
        && !begun.isEmpty()) {
      engine.escalated(after);
    }
  }

  private boolean cancellable(Requirement requirement) {
    return engine
        .store()
        .run(engine.tenant(), requirement.run())
        .filter(run -> run.state().end() == null && run.cancelAskedBy() == null)
        .isPresent();
  }

  /** True when the deadline of this version is still to come, or is this very millisecond. */
  private static boolean early(Requirement requirement, Instant now) {
    return requirement.open()
        && requirement.deadline() != null
        && !now.isAfter(requirement.deadline());
  }
}
