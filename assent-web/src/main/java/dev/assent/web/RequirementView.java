package dev.assent.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.assent.core.ApprovalTerms;
import dev.assent.core.Attachment;
import dev.assent.core.Claim;
import dev.assent.core.Decision;
import dev.assent.core.Form;
import dev.assent.core.Pinned;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RunMachine;
import dev.assent.core.RunStatus;
import dev.assent.core.Sight;
import dev.assent.core.Threshold;
import dev.assent.core.ToolCall;
import dev.assent.core.Verdict;
import dev.assent.runtime.RequirementCard;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A requirement shown alone, whole. Immutable.
 *
 * @param mayReveal true when something is hidden that the viewer may have revealed
 * @param revealed true when the viewer was shown all of this version, now or before
 * @param byMandate the mandate by which the viewer would decide it; absent when they cannot, or
 *     have all of it themselves
 * @param mayBreakGlass true when the viewer could decide it alone after breaking the glass
 */
record RequirementView(
    @JsonUnwrapped SummaryView summaryView,
    String digest,
    String fingerprint,
    List<Shown.Piece> message,
    String rule,
    ApprovalTerms.OnExpiry onExpiry,
    List<String> approvers,
    List<ProgressView> progress,
    ArgumentsView arguments,
    List<Shown.Piece> agentsWords,
    List<DecisionView> decisions,
    @Nullable CallView call,
    RunStatus runStatus,
    @Nullable ReconciliationView reconciliation,
    @Nullable FormView form,
    @Nullable ReviewView review,
    @Nullable ExternalView external,
    @Nullable EditView edit,
    boolean mayRevoke,
    @Nullable ClaimView claim,
    @Nullable Instant notBefore,
    @Nullable PinnedView pinned,
    boolean mayReveal,
    boolean revealed,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ErasedView erased,
    List<ActivityView> activity,
    List<AlikeView> alike,
    @Nullable AskBackView askBack,
    @Nullable ReasonsView reasons,
    MandateView.@Nullable Used byMandate,
    boolean mayBreakGlass) {

  /** Another open request for the very same, to be decided in the same act. Immutable. */
  record AlikeView(String id, int version, String digest, String run) {
    static AlikeView of(Requirement other) {
      return new AlikeView(
          other.id().value(), other.version(), other.digest().hex(), other.run().value());
    }
  }

  /**
   * What somebody said. Immutable.
   *
   * @param value what they gave; absent when nothing, and when it is not shown
   * @param hidden true when they gave something secret, which nobody is shown
   * @param reasonCode which of the reasons that the rules name; absent where none was given
   * @param byMandate by which they said it; absent when it was by their own authority
   */
  record DecisionView(
      PersonView by,
      Verdict verdict,
      int version,
      @Nullable List<Shown.Piece> reason,
      @Nullable List<Shown.Piece> value,
      boolean hidden,
      Instant at,
      @Nullable String reasonCode,
      MandateView.@Nullable Used byMandate) {
    static DecisionView of(RequirementCard card, RequirementCard.CardDecision said, People people) {
      Decision decision = said.decision();
      return new DecisionView(
          people.person(decision.principal()),
          decision.verdict(),
          decision.version(),
          said.words() == null ? null : Shown.of(card.shown(said.words())),
          said.value() == null ? null : Shown.of(card.shownValue(said)),
          decision.value() != null && said.value() == null,
          decision.at(),
          decision.reasonCode(),
          MandateView.Used.of(said.mandate(), people));
    }
  }

  /**
   * An output that waits for a person's look. Immutable.
   *
   * @param text the exact text, to begin a replacement with; never shown as it is; where secrets
   *     are hidden a text stands for each
   * @param round counts from 1
   * @param rounds at most so many looks; absent where they are not counted
   * @param mayAskChanges false in the last round
   */
  record ReviewView(
      List<Shown.Piece> output,
      String text,
      boolean ofTheRun,
      int round,
      @Nullable Integer rounds,
      boolean mayAskChanges) {
    static @Nullable ReviewView of(RequirementCard card) {
      String output = card.output();
      if (output == null) {
        return null;
      }
      Requirement requirement = card.requirement();
      boolean ofTheRun = requirement.call().equals(RunMachine.OUTPUT);
      int round = ofTheRun ? requirement.attempt() : 1;
      Integer looks = card.looks();
      return new ReviewView(
          Shown.of(card.shown(output)),
          card.shown(output).masked(),
          ofTheRun,
          round,
          looks,
          looks == null || round < looks);
    }
  }

  /** A call that is executed outside. Immutable; {@code takenBy} is who has begun with it. */
  record ExternalView(List<Shown.Piece> instructions, @Nullable PersonView takenBy) {
    static @Nullable ExternalView of(Requirement requirement, People people) {
      return requirement.kind() == RequirementKind.EXTERNAL_EXECUTION
          ? new ExternalView(
              Shown.of(requirement.terms().message()), people.personOrNull(requirement.takenBy()))
          : null;
    }
  }

  /**
   * An attachment of what the call would do. Immutable.
   *
   * @param number from 1, to have it by
   * @param sha256 of its bytes, which an approval covers
   * @param access what the viewer is given of it
   */
  record AttachmentView(
      int number,
      List<Shown.Piece> name,
      String mediaType,
      long size,
      String sha256,
      Access access) {

    /** What somebody is given of an attachment. */
    enum Access {
      /** All of it. */
      WHOLE,
      /** A text in which secrets are hidden. */
      REDACTED,
      /** Nothing, before it is revealed to who may decide. */
      NONE
    }

    private static Access access(Attachment of, boolean whole) {
      return whole ? Access.WHOLE : of.text() ? Access.REDACTED : Access.NONE;
    }

    static List<AttachmentView> of(RequirementCard card, Pinned pinned, boolean whole) {
      List<AttachmentView> all = new ArrayList<>();
      for (Attachment each : pinned.attachments()) {
        all.add(
            new AttachmentView(
                all.size() + 1,
                Shown.of(card.shown(each.name())),
                Shown.name(each.mediaType()),
                each.size(),
                each.hash().hex(),
                access(each, whole)));
      }
      return all;
    }
  }

  /** What the call would do; {@code preview} is absent when only its state is looked at. */
  record PinnedView(@Nullable List<Shown.Piece> preview, List<AttachmentView> attachments) {
    static @Nullable PinnedView of(RequirementCard card, boolean whole) {
      Pinned pinned = card.pinned();
      if (pinned == null) {
        return null;
      }
      String preview = pinned.preview();
      return new PinnedView(
          preview == null ? null : Shown.of(card.shown(preview)),
          AttachmentView.of(card, pinned, whole));
    }
  }

  /** Who sees to it, and who said so. Immutable. */
  record ClaimView(PersonView by, Instant until, PersonView setBy) {
    static @Nullable ClaimView of(@Nullable Claim claim, Viewer viewer) {
      return claim == null || !claim.holds(viewer.now())
          ? null
          : new ClaimView(
              viewer.people().person(claim.by()),
              claim.until(),
              viewer.people().person(claim.setBy()));
    }
  }

  /** What is in doubt. Immutable. */
  record ReconciliationView(
      int attempt,
      @Nullable Instant startedAt,
      @Nullable List<Shown.Piece> effectKey,
      List<Shown.Piece> why) {}

  /** Something that happened to it. Immutable. */
  record ActivityView(Instant at, String what, @Nullable PersonView by) {}

  static RequirementView of(
      RequirementCard card,
      List<Sight> sights,
      @Nullable ErasedView erased,
      Viewer viewer,
      List<Requirement> alike) {
    Requirement requirement = card.requirement();
    ToolCall call = card.call();
    Form form = card.form();
    boolean doubt = requirement.kind() == RequirementKind.RECONCILIATION;
    boolean revealed =
        sights.stream()
            .anyMatch(sight -> sight.of(viewer.principal().person(), requirement.version(), true));
    return new RequirementView(
        SummaryView.of(card, viewer),
        requirement.digest().hex(),
        requirement.digest().shortForm(),
        Shown.of(requirement.terms().message()),
        Shown.name(requirement.terms().rule()),
        requirement.terms().onExpiry(),
        requirement.terms().thresholds().stream().map(Threshold::inWords).map(Shown::name).toList(),
        ProgressView.of(card.progress()),
        ArgumentsView.of(card.arguments(), card.redaction()),
        doubt ? List.of() : Shown.of(card.shown(card.words())),
        card.decisions().stream()
            .map(said -> DecisionView.of(card, said, viewer.people()))
            .toList(),
        call == null
            ? null
            : CallView.of(call, card.arguments(), card.resultText(), card.redaction()),
        card.runStatus(),
        doubt ? reconciliation(card) : null,
        form == null ? null : FormView.of(form, card),
        ReviewView.of(card),
        ExternalView.of(requirement, viewer.people()),
        EditView.of(card, viewer.people()),
        viewer.mayRevoke(card),
        ClaimView.of(requirement.claim(), viewer),
        card.notBefore().orElse(null),
        PinnedView.of(card, revealed && viewer.mayReveal(card)),
        card.hidesSomething() && viewer.mayReveal(card),
        revealed,
        erased,
        activity(card, sights, viewer.people()),
        alike.stream().map(AlikeView::of).toList(),
        AskBackView.of(card, viewer.mayAskBack(card), viewer.people()),
        ReasonsView.of(requirement.terms().reasons()),
        MandateView.Used.of(viewer.mandate(requirement), viewer.people()),
        viewer.mayBreakGlass(requirement));
  }

  private static ReconciliationView reconciliation(RequirementCard card) {
    ToolCall call = card.call();
    ToolCall.Attempt attempt = call == null ? null : call.attempt();
    int inDoubt = card.requirement().attempt();
    return new ReconciliationView(
        inDoubt,
        attempt != null && attempt.number() == inDoubt ? attempt.startedAt() : null,
        card.effectKey() == null ? null : Shown.of(card.shown(card.effectKey())),
        Shown.of(card.shown(card.words())));
  }

  private static List<ActivityView> activity(
      RequirementCard card, List<Sight> sights, People people) {
    Requirement requirement = card.requirement();
    List<ActivityView> all = new ArrayList<>();
    all.add(new ActivityView(requirement.createdAt(), "asked", null));
    for (RequirementCard.CardDecision said : card.decisions()) {
      Decision decision = said.decision();
      all.add(
          new ActivityView(
              decision.at(),
              inWords(decision.verdict()) + (said.brokeGlass() ? " by break-glass" : ""),
              people.person(decision.principal())));
    }
    for (Sight sight : sights) {
      all.add(
          new ActivityView(
              sight.at(),
              (sight.revealed() ? "had version %d revealed" : "saw version %d")
                  .formatted(sight.version()),
              people.person(sight.principal())));
    }
    for (RequirementCard.CardRound round : card.rounds()) {
      RequirementCard.CardAnswer answer = round.answer();
      if (answer != null) {
        all.add(
            new ActivityView(
                answer.at(),
                answer.after() == null
                    ? "the agent answered"
                    : "the agent answered with version " + answer.version(),
                null));
      }
    }
    Instant closedAt = requirement.closedAt();
    if (closedAt != null && requirement.closedBy() == null) {
      all.add(
          new ActivityView(
              closedAt,
              switch (requirement.status()) {
                case EXPIRED -> "expired unanswered";
                case CANCELLED -> "withdrawn";
                case PENDING, APPROVED, REJECTED, RESOLVED, REVOKED -> "closed";
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
      case REVOKE -> "revoked the approval";
      case ASK_BACK -> "asked the agent back";
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
