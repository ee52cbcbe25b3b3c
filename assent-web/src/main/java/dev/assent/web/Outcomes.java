package dev.assent.web;

import dev.assent.core.DecisionOutcome;
import dev.assent.core.Reasons;
import dev.assent.core.RequirementStatus;
import dev.assent.core.WhyNot;
import dev.assent.runtime.ClaimOutcome;
import dev.assent.runtime.GrantOffer;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Says a refused decision as a problem; the table of docs/api.md. Immutable. */
record Outcomes(People people) {

  /**
   * Returns when the decision counts.
   *
   * @throws ProblemException otherwise
   */
  void refuse(DecisionOutcome outcome) {
    Problem problem = problem(outcome);
    if (problem != null) {
      throw problem.exception();
    }
  }

  /**
   * Returns when it is claimed, given or given back.
   *
   * @throws ProblemException otherwise
   */
  void refuse(ClaimOutcome claimed) {
    if (claimed instanceof ClaimOutcome.Refused refused) {
      throw problem(refused).exception();
    }
  }

  private Problem problem(ClaimOutcome.Refused refused) {
    String why = Shown.name(refused.why().inWords(people.directory()::displayName));
    return switch (refused.why()) {
      case WhyNot.ClaimedBy claim ->
          Problem.of(409, "claimed", "Somebody else sees to it", why)
              .with("claimedBy", people.person(claim.by()))
              .with("until", claim.until());
      case WhyNot.Closed closed -> closed(closed.how(), closed.by(), closed.at());
      default ->
          Problem.of(403, "not-entitled", "It cannot be claimed so", why)
              .with("reason", refused.why().code());
    };
  }

  private @Nullable Problem problem(DecisionOutcome outcome) {
    return switch (outcome) {
      case DecisionOutcome.Recorded o -> null;
      case DecisionOutcome.Repeated o -> null;
      case DecisionOutcome.KeyReused o ->
          Problem.of(
              422,
              "idempotency-key-reused",
              "This key was used for another decision",
              "Choose a new key for each decision.");
      case DecisionOutcome.AlreadyClosed o -> closed(o.how(), o.by(), o.at());
      case DecisionOutcome.StaleVersion o ->
          Problem.of(
                  409,
                  "stale-version",
                  "Another version is to be decided now",
                  "What you saw has changed. Look again before you decide.")
              .with("version", o.requirement().version())
              .with("shownVersion", o.shown());
      case DecisionOutcome.DigestMismatch o ->
          Problem.of(
              409,
              "digest-mismatch",
              "What was shown is not what is stored",
              "Nothing was decided. Load it again; if it happens again, tell the administrator.");
      case DecisionOutcome.NotEntitled o ->
          Problem.of(
                  403,
                  "not-entitled",
                  "Your decision does not count",
                  Shown.name(o.reason().inWords(people.directory()::displayName)))
              .with("reason", o.reason().code());
      case DecisionOutcome.TooLate o ->
          closed(
              RequirementStatus.EXPIRED, null, Objects.requireNonNull(o.requirement().deadline()));
      case DecisionOutcome.Invalid o -> problem(o);
    };
  }

  private Problem problem(DecisionOutcome.Invalid o) {
    String why = Shown.name(o.why());
    return switch (o.code()) {
      case "typed-confirmation-required" ->
          Problem.of(422, o.code(), "Type the tool's name to approve", why);
      case "reveal-required" ->
          Problem.of(422, o.code(), "Have what is hidden revealed first", why);
      case "already-begun" -> Problem.of(409, o.code(), "The call has begun", why);
      case "already-taken" ->
          Problem.of(409, o.code(), "Somebody has begun with it", why)
              .with("takenBy", people.personOrNull(o.requirement().takenBy()));
      case Reasons.REQUIRED, Reasons.UNKNOWN ->
          // Says which reasons there are, where codes are asked for.
          Problem.of(422, o.code(), "A reason is asked for here", why)
              .with("reasons", ReasonsView.of(o.requirement().terms().reasons()));
      case GrantOffer.REFUSED, GrantOffer.NOT_SHOWN ->
          Problem.of(422, o.code(), "That cannot be allowed", why);
      default -> invalid(o);
    };
  }

  /** Says where in the value it is wrong, if it is there. */
  private static Problem invalid(DecisionOutcome.Invalid outcome) {
    if (outcome.mistakes().isEmpty()) {
      return Resolution.invalid(
          List.of(Resolution.Mistake.of("verdict", Shown.name(outcome.why()))));
    }
    return Resolution.invalid(
        outcome.mistakes().stream()
            .map(
                wrong ->
                    new Resolution.Mistake(
                        "value", Shown.name(wrong.path()), Shown.name(wrong.message())))
            .toList());
  }

  private Problem closed(RequirementStatus how, @Nullable String by, Instant at) {
    Problem problem =
        switch (how) {
          case EXPIRED ->
              Problem.of(409, "expired", "The deadline has passed", "Nothing was decided.");
          case CANCELLED ->
              Problem.of(409, "withdrawn", "The run was cancelled", "Nothing is to be decided.");
          case APPROVED, REJECTED, RESOLVED, REVOKED, PENDING ->
              Problem.of(
                  409,
                  "already-resolved",
                  "It was decided before",
                  Shown.name(
                      new WhyNot.Closed(how, by, at).inWords(people.directory()::displayName)));
        };
    return problem
        .with("resolvedBy", people.personOrNull(by))
        .with("resolvedAt", at)
        .with("requirementStatus", how);
  }
}
