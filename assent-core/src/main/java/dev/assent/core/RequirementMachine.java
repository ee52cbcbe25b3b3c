package dev.assent.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The life of a requirement as pure functions. Stateless. */
public final class RequirementMachine {
  private RequirementMachine() {}

  /**
   * What a decision brings to be stored with it. Immutable.
   *
   * @param words the body of the request's words
   * @param value the body of the request's value
   * @param edit what an edit makes of the requirement; present for an edit
   */
  public record Given(@Nullable BodyRef words, @Nullable BodyRef value, @Nullable Edit edit) {
    /** Only words, or nothing. */
    public static Given words(@Nullable BodyRef words) {
      return new Given(words, null, null);
    }
  }

  /** The call with other arguments, as the rules judged it. Immutable. */
  public record Edit(BodyRef arguments, Digest digest, ApprovalTerms terms) {}

  /**
   * Takes one person's word.
   *
   * @param earlier all decisions recorded so far
   * @param given what is stored with the decision
   * @param now by the store's clock, in whole milliseconds
   */
  public static DecisionOutcome decide(
      Requirement requirement,
      List<Decision> earlier,
      DecisionRequest request,
      Principal by,
      Given given,
      Authority authority,
      Instant now) {
    for (Decision decision : earlier) {
      if (decision.principal().equals(by.id())
          && decision.idempotencyKey().equals(request.idempotencyKey())) {
        return decision.request().equals(request.content())
            ? new DecisionOutcome.Repeated(requirement, decision)
            : new DecisionOutcome.KeyReused(requirement);
      }
    }
    if (!requirement.open()) {
      return new DecisionOutcome.AlreadyClosed(
          requirement,
          requirement.closedBy(),
          Objects.requireNonNull(requirement.closedAt(), "a closed requirement has a time"),
          requirement.status());
    }
    if (request.version() != requirement.version()) {
      return new DecisionOutcome.StaleVersion(requirement, request.version());
    }
    if (!request.digest().equals(requirement.digest())) {
      return new DecisionOutcome.DigestMismatch(requirement);
    }
    if (requirement.closesAtDeadline() && overdue(requirement, now)) {
      return new DecisionOutcome.TooLate(requirement);
    }
    if (request.verdict().answers() != requirement.kind()) {
      return new DecisionOutcome.Invalid(
          requirement,
          "invalid-resolution",
          request.verdict() + " does not answer a requirement of kind " + requirement.kind());
    }
    String whyNot = authority.whyNot(requirement, by).orElse(null);
    if (whyNot != null) {
      return new DecisionOutcome.NotEntitled(requirement, whyNot);
    }
    if (request.verdict() == Verdict.APPROVE
        && requirement.terms().risk() == Risk.HIGH
        && !requirement.tool().equals(request.typed())) {
      return new DecisionOutcome.Invalid(
          requirement,
          "typed-confirmation-required",
          "this call is of high risk: type the tool's name, " + requirement.tool());
    }
    if (request.verdict().needsValue() && request.value() == null) {
      return new DecisionOutcome.Invalid(
          requirement, "invalid-resolution", request.verdict() + " says nothing without a value");
    }
    if (request.verdict() == Verdict.TAKE && requirement.takenBy() != null) {
      return new DecisionOutcome.Invalid(
          requirement, "already-taken", requirement.takenBy() + " has begun with it");
    }
    Decision decision =
        new Decision(
            requirement.id(),
            requirement.version(),
            requirement.digest(),
            by.id(),
            by.person(),
            request.verdict(),
            given.words(),
            now,
            request.idempotencyKey(),
            request.content(),
            given.value());
    Requirement after = after(requirement, earlier, decision, authority, given);
    if (after.open()
        && requirement.kind() == RequirementKind.APPROVAL
        && after.version() == requirement.version()
        && said(requirement, earlier, decision)) {
      return new DecisionOutcome.Invalid(
          requirement, "already-voted", "you have said so before; people are counted, not clicks");
    }
    return new DecisionOutcome.Recorded(after, decision);
  }

  /** The requirement after its deadline has passed; the same one when it has not. */
  public static Requirement expire(Requirement requirement, Instant now) {
    return requirement.open() && requirement.closesAtDeadline() && overdue(requirement, now)
        ? requirement.closed(RequirementStatus.EXPIRED, null, now)
        : requirement;
  }

  private static boolean overdue(Requirement requirement, Instant now) {
    Instant deadline = requirement.deadline();
    return deadline != null && now.isAfter(deadline);
  }

  /** True when this person's latest word is the same. */
  private static boolean said(Requirement requirement, List<Decision> earlier, Decision now) {
    return earlier.stream()
        .filter(d -> d.person().equals(now.person()) && d.version() >= requirement.countsFrom())
        .reduce((before, later) -> later)
        .filter(d -> d.verdict() == now.verdict())
        .isPresent();
  }

  private static Requirement after(
      Requirement requirement,
      List<Decision> earlier,
      Decision decision,
      Authority authority,
      Given given) {
    return switch (decision.verdict()) {
      case APPROVE, REJECT -> counted(requirement, earlier, decision, authority);
      case EDIT -> {
        Edit edit = Objects.requireNonNull(given.edit(), "an edit was judged");
        yield requirement.edited(
            edit.arguments(), edit.digest(), edit.terms(), decision.principal());
      }
      case RESPOND, DECLINE -> closed(requirement, RequirementStatus.REJECTED, decision);
      case TAKE -> requirement.taken(decision.principal());
      case ANSWER, RESULT, FAILURE, ACCEPT, REPLACE, CHANGES ->
          closed(requirement, RequirementStatus.RESOLVED, decision);
      case HAPPENED, DID_NOT_HAPPEN, GIVE_UP ->
          closed(requirement, RequirementStatus.RESOLVED, decision);
    };
  }

  private static Requirement counted(
      Requirement requirement, List<Decision> earlier, Decision decision, Authority authority) {
    List<Decision> all = new ArrayList<>(earlier);
    all.add(decision);
    return switch (authority.count(requirement, all)) {
      case APPROVED -> closed(requirement, RequirementStatus.APPROVED, decision);
      case REJECTED -> closed(requirement, RequirementStatus.REJECTED, decision);
      case OPEN -> requirement.voted();
    };
  }

  private static Requirement closed(
      Requirement requirement, RequirementStatus how, Decision decision) {
    return requirement.closed(how, decision.principal(), decision.at());
  }
}
