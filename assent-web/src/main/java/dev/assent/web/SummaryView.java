package dev.assent.web;

import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.Risk;
import dev.assent.core.WhyNot;
import dev.assent.runtime.RequirementCard;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A requirement in a list. Immutable.
 *
 * @param escalatedAt since when those of the latest rung of its escalation are asked, too; absent
 *     while nobody else is
 */
record SummaryView(
    String id,
    RequirementKind kind,
    RequirementStatus status,
    int version,
    String run,
    String session,
    String agent,
    String toolCallId,
    String tool,
    PersonView requester,
    List<Shown.Piece> summary,
    Risk risk,
    Instant createdAt,
    @Nullable Instant deadline,
    int votes,
    int needed,
    boolean mayDecide,
    @Nullable String whyNot,
    @Nullable String whyNotCode,
    @Nullable PersonView resolvedBy,
    @Nullable Instant resolvedAt,
    @Nullable Instant escalatedAt) {

  static SummaryView of(RequirementCard card, Viewer viewer) {
    Requirement requirement = card.requirement();
    WhyNot whyNot = viewer.whyNot(card);
    return new SummaryView(
        requirement.id().value(),
        requirement.kind(),
        requirement.status(),
        requirement.version(),
        requirement.run().value(),
        Shown.name(requirement.session()),
        requirement.agent(),
        requirement.call().value(),
        Shown.name(requirement.tool()),
        viewer.people().person(requirement.requester()),
        Shown.of(card.shownSummary()),
        requirement.terms().risk(),
        requirement.createdAt(),
        requirement.deadline(),
        card.approvals(),
        card.needed(),
        whyNot == null,
        viewer.inWords(whyNot),
        whyNot == null ? null : whyNot.code(),
        viewer.people().personOrNull(requirement.closedBy()),
        requirement.closedAt(),
        requirement
            .escalatedAt(requirement.closedAt() == null ? viewer.now() : requirement.closedAt())
            .orElse(null));
  }
}
