package dev.assent.web;

import dev.assent.core.Authority;
import dev.assent.core.CallStatus;
import dev.assent.core.Decision;
import dev.assent.core.Mandate;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementMachine;
import dev.assent.core.RequirementStatus;
import dev.assent.core.ToolCall;
import dev.assent.core.WhyNot;
import dev.assent.runtime.RequirementCard;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who looks, and what they may do about what they see. Immutable; made for one request, so that
 * roles are those of now.
 */
record Viewer(Principal principal, Authority authority, People people, Instant now) {

  /** Why this viewer cannot decide; absent when they can. */
  @Nullable WhyNot whyNot(RequirementCard card) {
    return RequirementMachine.whyNot(card.requirement(), decisions(card), principal, authority, now)
        .orElse(null);
  }

  /** Whether what is hidden would be shown to them. */
  boolean mayReveal(RequirementCard card) {
    Requirement requirement = card.requirement();
    return principal.kind() == Principal.Kind.PERSON
        && requirement.open()
        && authority.whyNot(requirement, principal).isEmpty();
  }

  /** The mandate by which they would decide it; absent when they cannot, or by their own. */
  @Nullable Mandate mandate(Requirement requirement) {
    return requirement.open() && authority.whyNot(requirement, principal).isEmpty()
        ? authority.usedBy(requirement, principal).orElse(null)
        : null;
  }

  /** True when they could decide it alone after breaking the glass. */
  boolean mayBreakGlass(Requirement requirement) {
    return requirement.open() && authority.mayBreakGlass(requirement, principal);
  }

  /** Whether they would be heard; who has voted may still ask something. */
  boolean mayAskBack(RequirementCard card) {
    WhyNot whyNot = whyNot(card);
    return whyNot == null || whyNot instanceof WhyNot.AlreadyVoted;
  }

  /** True when this viewer can take an approval back that has not been used. */
  boolean mayRevoke(RequirementCard card) {
    ToolCall call = card.call();
    return card.requirement().status() == RequirementStatus.APPROVED
        && call != null
        && (call.status() == CallStatus.GATED || call.status() == CallStatus.APPROVED)
        && RequirementMachine.whyNotRevoke(
                card.requirement(), decisions(card), principal, authority)
            .isEmpty();
  }

  private static List<Decision> decisions(RequirementCard card) {
    return card.decisions().stream().map(RequirementCard.CardDecision::decision).toList();
  }

  /** The same for a page, with the names of people. */
  @Nullable String inWords(@Nullable WhyNot why) {
    return why == null ? null : Shown.name(why.inWords(people.directory()::displayName));
  }
}
