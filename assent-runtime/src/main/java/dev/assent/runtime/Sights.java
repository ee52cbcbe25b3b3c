package dev.assent.runtime;

import dev.assent.core.AuditRecord;
import dev.assent.core.Mandate;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.Risk;
import dev.assent.core.Sight;
import dev.assent.core.WhyNot;
import dev.assent.core.spi.Write;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Writes down who is shown what, before it is shown, once. Thread-safe. */
final class Sights {
  private static final String CLOSED = "It is closed; what is hidden is shown only to who decides.";

  private final Engine engine;

  Sights(Engine engine) {
    this.engine = engine;
  }

  /** Durable when it returns; a person who has seen this version before costs a read. */
  void seen(Requirement requirement, Principal by) {
    if (by.kind() == Principal.Kind.PERSON) {
      note(requirement, by, false);
    }
  }

  /** Whether this person was shown all of this version. */
  boolean revealed(Requirement requirement, Principal by) {
    return before(requirement, by, true);
  }

  /** Whether all of it is shown to them: they may decide it, and had this version revealed. */
  boolean whole(Requirement requirement, Principal by) {
    return requirement.open() && whyNot(requirement, by).isEmpty() && revealed(requirement, by);
  }

  /** Why they are not given something that is hidden. */
  RuntimeFailure hiddenFrom(Requirement requirement, Principal by) {
    Optional<String> why = requirement.open() ? whyNot(requirement, by) : Optional.of(CLOSED);
    return why.map(words -> new RuntimeFailure("not-entitled", words))
        .orElseGet(
            () ->
                new RuntimeFailure(
                    "reveal-required",
                    "what is in it cannot be hidden: have what is hidden revealed first"));
  }

  /**
   * What is hidden, for somebody who may decide it; durably written down when it returns.
   *
   * @throws RuntimeFailure when there is no such requirement
   */
  Reveal reveal(RequirementId id, Principal by) {
    RequirementCard card =
        engine.cards().requirement(id).orElseThrow(() -> RuntimeFailure.unknownRequirement(id));
    Requirement requirement = card.requirement();
    if (!requirement.open()) {
      return new Reveal.Refused(CLOSED);
    }
    Optional<String> why = whyNot(requirement, by);
    if (why.isPresent()) {
      return new Reveal.Refused(why.get());
    }
    note(requirement, by, false);
    note(requirement, by, true);
    return new Reveal.Shown(card.revealed());
  }

  /** By which mandate somebody would decide it. */
  Optional<Mandate> byMandate(RequirementCard card, Principal by) {
    return engine.authority().usedBy(card.requirement(), by);
  }

  private Optional<String> whyNot(Requirement requirement, Principal by) {
    return by.kind() == Principal.Kind.PERSON
        ? engine.authority().whyNot(requirement, by).map(WhyNot::inWords)
        : Optional.of("Only a person who may decide it is shown what is hidden.");
  }

  /** Whether a yes of this person does not count before they have been shown all. */
  boolean mustReveal(Requirement requirement, Principal by) {
    return requirement.terms().risk() == Risk.HIGH
        && engine.cards().hidesSomething(requirement)
        && !revealed(requirement, by);
  }

  private void note(Requirement requirement, Principal by, boolean revealed) {
    if (before(requirement, by, revealed)) {
      return;
    }
    Instant now = engine.store().now();
    String type = revealed ? "requirement.revealed" : "requirement.seen";
    // A conflict means that the same person looked at the same moment: that is written down.
    engine
        .store()
        .commit(
            engine.tenant(),
            List.of(
                new Write.NewSight(
                    new Sight(
                        requirement.id(),
                        requirement.version(),
                        by.person(),
                        by.id(),
                        revealed,
                        now)),
                new Write.Audit(
                    AuditRecord.of(engine.tenant(), now, type)
                        .withRun(requirement.run().value(), requirement.root().value(), 1)
                        .withRequirement(requirement.id().value())
                        .withCall(requirement.call().value())
                        .withPrincipal(by.id())
                        .with("version", Integer.toString(requirement.version()))
                        .with("digest", requirement.digest().toString()))));
  }

  private boolean before(Requirement requirement, Principal by, boolean revealed) {
    return engine.store().sights(engine.tenant(), requirement.id()).stream()
        .anyMatch(sight -> sight.of(by.person(), requirement.version(), revealed));
  }
}
