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
   * Takes one person's word.
   *
   * @param earlier all decisions recorded so far
   * @param words the body of the request's words, to be stored with the decision
   * @param now by the store's clock, in whole milliseconds
   */
  public static DecisionOutcome decide(
      Requirement requirement,
      List<Decision> earlier,
      DecisionRequest request,
      Principal by,
      @Nullable BodyRef words,
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
    Decision decision =
        new Decision(
            requirement.id(),
            requirement.version(),
            requirement.digest(),
            by.id(),
            by.person(),
            request.verdict(),
            words,
            now,
            request.idempotencyKey(),
            request.content());
    Requirement after = after(requirement, earlier, decision, authority);
    if (after.open() && said(requirement, earlier, decision)) {
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

  /** True when this person's same word counts already. */
  private static boolean said(Requirement requirement, List<Decision> earlier, Decision now) {
    return earlier.stream()
        .anyMatch(
            d ->
                d.person().equals(now.person())
                    && d.version() >= requirement.countsFrom()
                    && d.verdict() == now.verdict());
  }

  private static Requirement after(
      Requirement requirement, List<Decision> earlier, Decision decision, Authority authority) {
    if (requirement.kind() == RequirementKind.RECONCILIATION) {
      return requirement.closed(RequirementStatus.RESOLVED, decision.principal(), decision.at());
    }
    List<Decision> all = new ArrayList<>(earlier);
    all.add(decision);
    return switch (authority.count(requirement, all)) {
      case APPROVED ->
          requirement.closed(RequirementStatus.APPROVED, decision.principal(), decision.at());
      case REJECTED ->
          requirement.closed(RequirementStatus.REJECTED, decision.principal(), decision.at());
      case OPEN -> requirement.voted();
    };
  }
}
