package dev.assent.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
    if (request.verdict() == Verdict.REVOKE && requirement.status() == RequirementStatus.APPROVED) {
      return revoked(requirement, earlier, request, by, given, authority.at(now), now);
    }
    if (!requirement.open()) {
      return new DecisionOutcome.AlreadyClosed(
          requirement, requirement.closedBy(), closedAt(requirement), requirement.status());
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
    WhyNot whyNot = now(requirement, by, authority, now).orElse(null);
    if (whyNot != null) {
      return new DecisionOutcome.NotEntitled(requirement, whyNot);
    }
    if (request.verdict() == Verdict.REVOKE) {
      return new DecisionOutcome.Invalid(
          requirement, "not-approved", "nothing is approved yet that could be revoked; reject it");
    }
    if (request.verdict() == Verdict.APPROVE
        && requirement.terms().risk() == Risk.HIGH
        && !requirement.tool().equals(request.typed())) {
      return new DecisionOutcome.Invalid(
          requirement,
          "typed-confirmation-required",
          "this call is of high risk: type the tool's name, " + requirement.tool());
    }
    Reasons.Lack lack =
        Reasons.lacks(requirement.terms().reasons(), request.verdict(), request).orElse(null);
    boolean approvesToo = request.verdict() == Verdict.EDIT && authority.profile() == Profile.SOLO;
    if (lack != null && !approvesToo) {
      return new DecisionOutcome.Invalid(requirement, lack.code(), lack.why());
    }
    if (request.verdict().needsValue() && request.value() == null) {
      return new DecisionOutcome.Invalid(
          requirement, "invalid-resolution", request.verdict() + " says nothing without a value");
    }
    if (request.verdict() == Verdict.TAKE && requirement.takenBy() != null) {
      return new DecisionOutcome.Invalid(
          requirement, "already-taken", requirement.takenBy() + " has begun with it");
    }
    Decision decision = said(requirement, request, by, given, now);
    Requirement after = after(requirement, earlier, decision, authority, given);
    WhyNot.AlreadyVoted said = lastWord(requirement, earlier, by).orElse(null);
    if (after.open()
        && after.version() == requirement.version()
        && said != null
        && said.verdict() == request.verdict()) {
      return new DecisionOutcome.Invalid(requirement, said.code(), said.inWords());
    }
    return new DecisionOutcome.Recorded(after, decision);
  }

  /**
   * Why this principal cannot decide it now; empty when {@link #decide} would hear them. Who has
   * voted may still change their mind; that is told here, too.
   *
   * @param earlier all decisions recorded so far
   * @param now by the store's clock
   */
  public static Optional<WhyNot> whyNot(
      Requirement requirement,
      List<Decision> earlier,
      Principal by,
      Authority authority,
      Instant now) {
    if (!requirement.open()) {
      return Optional.of(
          new WhyNot.Closed(requirement.status(), requirement.closedBy(), closedAt(requirement)));
    }
    if (requirement.closesAtDeadline() && overdue(requirement, now)) {
      return Optional.of(new WhyNot.PastDeadline(Objects.requireNonNull(requirement.deadline())));
    }
    return now(requirement, by, authority, now)
        .or(
            () ->
                lastWord(requirement, earlier, by)
                    .filter(said -> !more(requirement, by, authority, said, now))
                    .map(said -> (WhyNot) said));
  }

  /** True when they broke the glass since they said it: the same word would say more now. */
  private static boolean more(
      Requirement requirement,
      Principal by,
      Authority authority,
      WhyNot.AlreadyVoted said,
      Instant now) {
    return authority
        .at(now)
        .glass(requirement, by)
        .filter(opened -> said.at().isBefore(opened.begins()))
        .isPresent();
  }

  /** Why they cannot decide what is open and in time. */
  private static Optional<WhyNot> now(
      Requirement requirement, Principal by, Authority authority, Instant now) {
    Claim claim = requirement.claim();
    boolean claimed =
        claim != null
            && claim.holds(now)
            && !claim.person().equals(by.person())
            && decides(requirement, claim, authority.at(now));
    return authority
        .at(now)
        .whyNot(requirement, by)
        .or(
            () ->
                // Who breaks the glass does not wait for somebody who is not there.
                claimed && claim != null && authority.at(now).glass(requirement, by).isEmpty()
                    ? Optional.of(new WhyNot.ClaimedBy(claim.by(), claim.until()))
                    : Optional.empty());
  }

  /** Who claimed it and lost the right to decide it, or the mandate for it, holds nobody up. */
  private static boolean decides(Requirement requirement, Claim claim, Authority authority) {
    return authority
        .directory()
        .apply(claim.by())
        .filter(by -> authority.whyNot(requirement, by).isEmpty())
        .isPresent();
  }

  /**
   * Why this principal cannot claim it, for themselves or for somebody else; empty when they can.
   * Who would see to it must be somebody who could decide it. Who gives it away must be, too, or be
   * the one who claimed it or gave it before.
   *
   * @param earlier all decisions recorded so far
   * @param to who would see to it
   * @param now by the store's clock
   */
  public static Optional<WhyNot> whyNotClaim(
      Requirement requirement,
      List<Decision> earlier,
      Principal by,
      Principal to,
      Authority authority,
      Instant now) {
    Requirement asked = holdsClaim(requirement, by) ? requirement.claimed(null) : requirement;
    Optional<WhyNot> whyNot = whyNot(asked, earlier, to, authority, now);
    return whyNot.isPresent() || asked != requirement || by.person().equals(to.person())
        ? whyNot
        : whyNot(asked, earlier, by, authority, now)
            .filter(why -> !(why instanceof WhyNot.AlreadyVoted));
  }

  /**
   * Why this principal cannot give back what is claimed; empty when they can: who claimed it, who
   * gave it to them, and whose claim has lapsed.
   */
  public static Optional<WhyNot> whyNotRelease(Requirement requirement, Principal by, Instant now) {
    Claim claim = requirement.claim();
    return claim == null || !claim.holds(now) || holdsClaim(requirement, by)
        ? Optional.empty()
        : Optional.of(new WhyNot.ClaimedBy(claim.by(), claim.until()));
  }

  private static boolean holdsClaim(Requirement requirement, Principal by) {
    Claim claim = requirement.claim();
    return claim != null && (claim.person().equals(by.person()) || claim.setBy().equals(by.id()));
  }

  /**
   * What an edit lacks that approves in the same act, as it does in solo: the reason for a yes
   * under the terms of what it makes of the call. Empty when nothing.
   */
  public static Optional<DecisionOutcome.Invalid> lacksReason(
      Requirement edited, DecisionRequest request) {
    return Reasons.lacks(edited.terms().reasons(), Verdict.APPROVE, request)
        .map(lack -> new DecisionOutcome.Invalid(edited, lack.code(), lack.why()));
  }

  private static Instant closedAt(Requirement requirement) {
    return Objects.requireNonNull(requirement.closedAt(), "a closed requirement has a time");
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

  private static Decision said(
      Requirement requirement, DecisionRequest request, Principal by, Given given, Instant now) {
    return new Decision(
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
        given.value(),
        request.reasonCode());
  }

  /** Whether the call has begun, whoever commits this looks in the same transaction. */
  private static DecisionOutcome revoked(
      Requirement requirement,
      List<Decision> earlier,
      DecisionRequest request,
      Principal by,
      Given given,
      Authority authority,
      Instant now) {
    if (request.version() != requirement.version()) {
      return new DecisionOutcome.StaleVersion(requirement, request.version());
    }
    if (!request.digest().equals(requirement.digest())) {
      return new DecisionOutcome.DigestMismatch(requirement);
    }
    WhyNot whyNot = whyNotRevoke(requirement, earlier, by, authority).orElse(null);
    if (whyNot != null) {
      return new DecisionOutcome.NotEntitled(requirement, whyNot);
    }
    Decision decision = said(requirement, request, by, given, now);
    return new DecisionOutcome.Recorded(
        closed(requirement, RequirementStatus.REVOKED, decision), decision);
  }

  /**
   * Why this principal cannot take the approval back: those who may decide it can, and so can who
   * has approved it, whatever they may decide today. Whether the call has begun is not looked at.
   */
  public static Optional<WhyNot> whyNotRevoke(
      Requirement requirement, List<Decision> earlier, Principal by, Authority authority) {
    return authority
        .whyNot(requirement, by)
        .filter(
            why ->
                !why.lacksAuthority()
                    || earlier.stream()
                        .noneMatch(
                            d -> d.verdict() == Verdict.APPROVE && d.person().equals(by.person())));
  }

  /** What this person said last of what is to be decided; nobody has to say it twice. */
  private static Optional<WhyNot.AlreadyVoted> lastWord(
      Requirement requirement, List<Decision> earlier, Principal by) {
    return requirement.kind() != RequirementKind.APPROVAL
        ? Optional.empty()
        : earlier.stream()
            .filter(d -> d.person().equals(by.person()) && d.version() >= requirement.countsFrom())
            .filter(d -> d.verdict() == Verdict.APPROVE || d.verdict() == Verdict.REJECT)
            .reduce((before, later) -> later)
            .map(d -> new WhyNot.AlreadyVoted(d.verdict(), d.at()));
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
            edit.arguments(), edit.digest(), edit.terms(), decision.principal(), decision.at());
      }
      case RESPOND, DECLINE -> closed(requirement, RequirementStatus.REJECTED, decision);
      case TAKE -> requirement.taken(decision.principal());
      case ASK_BACK -> requirement.spokenOf();
      case REVOKE -> throw new IllegalStateException("only what is approved is revoked");
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
