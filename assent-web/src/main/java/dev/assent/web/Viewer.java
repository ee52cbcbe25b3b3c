package dev.assent.web;

import dev.assent.core.Authority;
import dev.assent.core.Principal;
import dev.assent.core.RequirementMachine;
import dev.assent.core.WhyNot;
import dev.assent.runtime.RequirementCard;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who looks, and what they may do about what they see. Immutable; made for one request, so that
 * roles are those of now.
 */
record Viewer(Principal principal, Authority authority, People people, Instant now) {

  /** Why this viewer cannot decide; absent when they can. */
  @Nullable WhyNot whyNot(RequirementCard card) {
    return RequirementMachine.whyNot(
            card.requirement(),
            card.decisions().stream().map(RequirementCard.CardDecision::decision).toList(),
            principal,
            authority,
            now)
        .orElse(null);
  }

  /** The same for a page, with the names of people. */
  @Nullable String inWords(@Nullable WhyNot why) {
    return why == null ? null : Shown.name(why.inWords(people.directory()::displayName));
  }
}
