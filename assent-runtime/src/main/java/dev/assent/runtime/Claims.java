package dev.assent.runtime;

import dev.assent.core.Authority;
import dev.assent.core.Claim;
import dev.assent.core.Decision;
import dev.assent.core.Mandate;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementMachine;
import dev.assent.core.SignedDecision;
import dev.assent.core.WhyNot;
import dev.assent.core.spi.Committed;
import dev.assent.core.spi.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who sees to what. Thread-safe. */
final class Claims {
  static final Duration LONGEST = Duration.ofDays(7);
  private static final int MOST_CONFLICTS = 50;

  private final Engine engine;

  Claims(Engine engine) {
    this.engine = engine;
  }

  /**
   * Has {@code to} see to it for so long; nobody else decides it meanwhile.
   *
   * @param lends true to let them decide it with the authority of {@code by}, by a mandate for it
   *     alone and as long, given in the same transaction
   * @throws RuntimeFailure when there is no such requirement or account, the time is none, or there
   *     cannot be such a mandate
   */
  ClaimOutcome claim(RequirementId id, Principal by, String to, Duration lease, boolean lends) {
    if (lease.isNegative() || lease.isZero() || lease.compareTo(LONGEST) > 0) {
      throw new RuntimeFailure(
          "lease-out-of-bounds", "something is claimed for more than nothing, at most " + LONGEST);
    }
    Principal whom =
        engine
            .directory()
            .find(to)
            .orElseThrow(() -> new RuntimeFailure("unknown-account", "there is no account " + to));
    for (int tries = 0; tries < MOST_CONFLICTS; tries++) {
      Requirement now = stored(id);
      Instant at = engine.store().now();
      Mandate lent = lends ? engine.mandates().lent(id, to, at, at.plus(lease), by) : null;
      Authority authority = engine.authority();
      Optional<WhyNot> whyNot =
          RequirementMachine.whyNotClaim(
              now, said(id), by, whom, lent == null ? authority : authority.with(lent), at);
      if (whyNot.isPresent()) {
        return new ClaimOutcome.Refused(now, whyNot.get());
      }
      Claim claim = new Claim(whom.id(), whom.person(), at.plus(lease), by.id());
      Requirement after = written(now, claim, by, at, lent);
      if (after != null) {
        return new ClaimOutcome.Done(after);
      }
    }
    throw conflicts(id);
  }

  /** Gives it back, so that anybody who may can decide it. */
  ClaimOutcome release(RequirementId id, Principal by) {
    for (int tries = 0; tries < MOST_CONFLICTS; tries++) {
      Requirement now = stored(id);
      Instant at = engine.store().now();
      Optional<WhyNot> whyNot = RequirementMachine.whyNotRelease(now, by, at);
      if (whyNot.isPresent()) {
        return new ClaimOutcome.Refused(now, whyNot.get());
      }
      Requirement after = now.claim() == null ? now : written(now, null, by, at, null);
      if (after != null) {
        return new ClaimOutcome.Done(after);
      }
    }
    throw conflicts(id);
  }

  /** Absent when somebody else changed it meanwhile. */
  private @Nullable Requirement written(
      Requirement before, @Nullable Claim claim, Principal by, Instant at, @Nullable Mandate lent) {
    Requirement after = before.claimed(claim);
    List<Write> writes = new ArrayList<>();
    if (lent != null) {
      writes.add(engine.mandates().given(lent));
    }
    writes.add(new Write.NextRequirement(after, after.closesAtDeadline(), at));
    writes.add(new Write.Audit(AuditLines.ofClaim(engine.tenant(), after, by.id(), at)));
    if (engine.store().commit(engine.tenant(), writes) instanceof Committed.Conflict) {
      return null;
    }
    if (lent != null) {
      engine.changed(new Change(Change.Kind.MANDATE, lent.id().value()));
    }
    engine.changed(new Change(Change.Kind.REQUIREMENT, after.id().value()));
    return after;
  }

  private List<Decision> said(RequirementId id) {
    return engine.store().decisions(engine.tenant(), id).stream()
        .map(SignedDecision::decision)
        .toList();
  }

  private Requirement stored(RequirementId id) {
    return engine
        .store()
        .requirement(engine.tenant(), id)
        .orElseThrow(() -> RuntimeFailure.unknownRequirement(id));
  }

  private static RuntimeFailure conflicts(RequirementId id) {
    return new RuntimeFailure(
        "too-many-conflicts", "requirement " + id + " could not be written; try again");
  }
}
