package dev.assent.web;

import dev.assent.core.Authority;
import dev.assent.core.Decision;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.Verdict;
import dev.assent.runtime.RequirementCard;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who looks, and what they may do about what they see. Immutable; made for one request, so that
 * roles are those of now.
 */
record Viewer(Principal principal, Authority authority, People people, Instant now) {

  /** Why this viewer cannot decide; absent when they can. */
  @Nullable String whyNot(RequirementCard card) {
    Requirement requirement = card.requirement();
    if (!requirement.open()) {
      return "It is closed.";
    }
    Instant deadline = requirement.deadline();
    if (deadline != null && now.isAfter(deadline)) {
      return "The deadline has passed.";
    }
    return authority
        .whyNot(requirement, principal)
        .orElse(
            card.decisions().stream()
                    .map(RequirementCard.CardDecision::decision)
                    .anyMatch(decision -> approvedBefore(requirement, decision))
                ? "You have approved it already; people are counted, not clicks."
                : null);
  }

  /** Whether what is hidden would be shown to them. */
  boolean mayReveal(RequirementCard card) {
    Requirement requirement = card.requirement();
    return principal.kind() == Principal.Kind.PERSON
        && requirement.open()
        && authority.whyNot(requirement, principal).isEmpty();
  }

  private boolean approvedBefore(Requirement requirement, Decision decision) {
    return decision.person().equals(principal.person())
        && decision.version() >= requirement.countsFrom()
        && decision.verdict() == Verdict.APPROVE;
  }
}
