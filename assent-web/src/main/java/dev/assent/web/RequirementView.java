package dev.assent.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.assent.core.ApprovalTerms;
import dev.assent.core.Decision;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RunStatus;
import dev.assent.core.Threshold;
import dev.assent.core.ToolCall;
import dev.assent.core.Verdict;
import dev.assent.runtime.RequirementCard;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A requirement shown alone, whole. Immutable. */
record RequirementView(
    @JsonUnwrapped SummaryView summaryView,
    String digest,
    String fingerprint,
    List<Shown.Piece> message,
    String rule,
    ApprovalTerms.OnExpiry onExpiry,
    List<String> approvers,
    ArgumentsView arguments,
    List<Shown.Piece> agentsWords,
    List<DecisionView> decisions,
    @Nullable CallView call,
    RunStatus runStatus,
    @Nullable ReconciliationView reconciliation,
    List<ActivityView> activity) {

  /** What somebody said. Immutable. */
  record DecisionView(
      PersonView by, Verdict verdict, @Nullable List<Shown.Piece> reason, Instant at) {}

  /** What is in doubt. Immutable. */
  record ReconciliationView(
      int attempt,
      @Nullable Instant startedAt,
      @Nullable List<Shown.Piece> effectKey,
      List<Shown.Piece> why) {}

  /** Something that happened to it. Immutable. */
  record ActivityView(Instant at, String what, @Nullable PersonView by) {}

  static RequirementView of(RequirementCard card, Viewer viewer) {
    Requirement requirement = card.requirement();
    ToolCall call = card.call();
    boolean doubt = requirement.kind() == RequirementKind.RECONCILIATION;
    return new RequirementView(
        SummaryView.of(card, viewer),
        requirement.digest().hex(),
        requirement.digest().shortForm(),
        Shown.of(requirement.terms().message()),
        Shown.name(requirement.terms().rule()),
        requirement.terms().onExpiry(),
        requirement.terms().thresholds().stream().map(Threshold::inWords).map(Shown::name).toList(),
        ArgumentsView.of(card.arguments()),
        doubt ? List.of() : Shown.of(card.words()),
        card.decisions().stream()
            .map(
                said ->
                    new DecisionView(
                        viewer.people().person(said.decision().principal()),
                        said.decision().verdict(),
                        Shown.ofNullable(said.words()),
                        said.decision().at()))
            .toList(),
        call == null ? null : CallView.of(call, card.arguments(), card.resultText()),
        card.runStatus(),
        doubt ? reconciliation(card) : null,
        activity(card, viewer.people()));
  }

  private static ReconciliationView reconciliation(RequirementCard card) {
    ToolCall call = card.call();
    ToolCall.Attempt attempt = call == null ? null : call.attempt();
    int inDoubt = card.requirement().attempt();
    return new ReconciliationView(
        inDoubt,
        attempt != null && attempt.number() == inDoubt ? attempt.startedAt() : null,
        Shown.ofNullable(card.effectKey()),
        Shown.of(card.words()));
  }

  private static List<ActivityView> activity(RequirementCard card, People people) {
    Requirement requirement = card.requirement();
    List<ActivityView> all = new ArrayList<>();
    all.add(new ActivityView(requirement.createdAt(), "asked", null));
    for (RequirementCard.CardDecision said : card.decisions()) {
      Decision decision = said.decision();
      all.add(
          new ActivityView(
              decision.at(), inWords(decision.verdict()), people.person(decision.principal())));
    }
    Instant closedAt = requirement.closedAt();
    if (closedAt != null && requirement.closedBy() == null) {
      all.add(
          new ActivityView(
              closedAt,
              switch (requirement.status()) {
                case EXPIRED -> "expired unanswered";
                case CANCELLED -> "withdrawn";
                case PENDING, APPROVED, REJECTED, RESOLVED -> "closed";
              },
              null));
    }
    ToolCall call = card.call();
    if (call != null && call.attempt() != null) {
      all.add(
          new ActivityView(
              call.attempt().startedAt(), "attempt " + call.attempt().number() + " started", null));
    }
    all.sort(Comparator.comparing(ActivityView::at));
    return all;
  }

  private static String inWords(Verdict verdict) {
    return switch (verdict) {
      case APPROVE -> "approved";
      case REJECT -> "rejected";
      case EDIT -> "edited the arguments";
      case RESPOND -> "answered the agent instead";
      case ANSWER -> "answered";
      case DECLINE -> "declined to answer";
      case TAKE -> "began to execute it";
      case RESULT -> "brought the result";
      case FAILURE -> "reported a failure";
      case ACCEPT -> "accepted it";
      case REPLACE -> "replaced it";
      case CHANGES -> "asked for changes";
      case HAPPENED -> "said that it happened";
      case DID_NOT_HAPPEN -> "said that it did not happen";
      case GIVE_UP -> "gave up finding out";
    };
  }
}
