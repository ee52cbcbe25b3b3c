package dev.assent.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who may decide and when enough people have. Immutable, without a clock and without a lookup of
 * its own: it asks the directory it was given, each time anew, and takes the time it was given.
 * What was said before is judged as of the time at which it was said.
 *
 * @param profile which rules hold
 * @param directory finds a principal by account id, with the roles held now
 * @param personOf the human behind an account, also of a locked one
 * @param mandates those that an account holds, also those that are over
 * @param evidence how old what is known of a person may be
 * @param now as of when it is asked, by the store's clock
 */
public record Authority(
    Profile profile,
    Function<String, Optional<Principal>> directory,
    Function<String, Optional<String>> personOf,
    Function<String, List<Mandate>> mandates,
    Evidence evidence,
    Instant now) {

  private static final Function<String, List<Mandate>> NOBODY_HOLDS = account -> List.of();

  /** Where what is known of a person may be of any age. */
  public Authority(
      Profile profile,
      Function<String, Optional<Principal>> directory,
      Function<String, Optional<String>> personOf,
      Function<String, List<Mandate>> mandates,
      Instant now) {
    this(profile, directory, personOf, mandates, Evidence.ANY, now);
  }

  /** Where nobody decides for anybody, and what is known of a person may be of any age. */
  public Authority(
      Profile profile,
      Function<String, Optional<Principal>> directory,
      Function<String, Optional<String>> personOf,
      Instant now) {
    this(profile, directory, personOf, NOBODY_HOLDS, Evidence.ANY, now);
  }

  /** As the other one; a locked account has no known person. */
  public Authority(Profile profile, Function<String, Optional<Principal>> directory, Instant now) {
    this(profile, directory, id -> directory.apply(id).map(Principal::person), now);
  }

  /** The role whose holders may answer a reconciliation beside those who may approve the call. */
  public static final String RECONCILER = "reconciler";

  /** The role whose holders may break the glass: decide alone, for a short time, out loud. */
  public static final String BREAK_GLASS = "break-glass";

  /** What the votes add up to. */
  public enum Tally {
    APPROVED,
    REJECTED,
    OPEN
  }

  /** The same, asked as of another time; how old what is known of people is, is judged now. */
  public Authority at(Instant time) {
    return now.equals(time)
        ? this
        : new Authority(profile, directory, personOf, mandates, evidence.judgedAt(now), time);
  }

  /** The same, where what is known of people may be of any age. */
  private Authority ofAnyAge() {
    return new Authority(profile, directory, personOf, mandates, Evidence.ANY, now);
  }

  /**
   * True when this decision was one of somebody who may, but for what is known of them or of whose
   * authority they had, which has grown too old since: it counts once they are known anew.
   */
  public boolean outdated(Requirement requirement, Decision decision) {
    return directory
        .apply(decision.principal())
        .filter(by -> at(decision.at()).whyNot(requirement, by).isPresent())
        .filter(by -> ofAnyAge().at(decision.at()).whyNot(requirement, by).isEmpty())
        .isPresent();
  }

  /** The same, as if this mandate had been given, too. */
  public Authority with(Mandate mandate) {
    return new Authority(
        profile,
        directory,
        personOf,
        account ->
            Stream.concat(
                    mandates.apply(account).stream(),
                    Stream.of(mandate).filter(each -> each.holder().equals(account)))
                .toList(),
        evidence,
        now);
  }

  /** The same, where everybody has their own authority only. */
  public Authority own() {
    return new Authority(profile, directory, personOf, NOBODY_HOLDS, evidence, now);
  }

  /**
   * Why this principal cannot decide this requirement now; empty when they can. What the directory
   * says today counts, not what the principal brought along.
   */
  public Optional<WhyNot> whyNot(Requirement requirement, Principal principal) {
    return Optional.ofNullable(refused(requirement, principal));
  }

  private @Nullable WhyNot refused(Requirement requirement, Principal principal) {
    boolean outside = requirement.kind() == RequirementKind.EXTERNAL_EXECUTION;
    if (principal.id().equals(Decision.SYSTEM)) {
      return new WhyNot.ReservedName();
    }
    if (principal.kind() == Principal.Kind.SERVICE && !outside) {
      return new WhyNot.Service(principal.id());
    }
    Principal today = directory.apply(principal.id()).orElse(null);
    if (today == null || (today.kind() == Principal.Kind.SERVICE && !outside)) {
      return new WhyNot.UnknownAccount(principal.id());
    }
    WhyNot stale = evidence.whyNot(today.id(), now);
    if (stale != null) {
      return stale;
    }
    if (outside) {
      String takenBy = requirement.takenBy();
      return takenBy == null || takenBy.equals(today.id()) || today.kind() == Principal.Kind.PERSON
          ? threshold(requirement, today)
          : new WhyNot.BegunBy(takenBy);
    }
    WhyNot excluded = profile == Profile.SEPARATED ? excluded(requirement, today) : null;
    return excluded != null ? excluded : threshold(requirement, today);
  }

  /** Who asked for a call, or changed it, does not agree to it. */
  private @Nullable WhyNot excluded(Requirement requirement, Principal today) {
    return switch (requirement.kind()) {
      case APPROVAL ->
          edited(requirement, today) ? new WhyNot.LastEditor() : requester(requirement, today);
      case RECONCILIATION -> requester(requirement, today);
      // A question or a review is no approval: who asked for the run may well be who is asked.
      case USER_INPUT, EXTERNAL_EXECUTION, REVIEW -> null;
    };
  }

  private @Nullable WhyNot requester(Requirement requirement, Principal today) {
    // Whose request it was must be known, or the requester could hide behind a lock.
    String requester = personOf.apply(requirement.requester()).orElse(null);
    if (requester == null && !requirement.requester().equals(today.id())) {
      return new WhyNot.RequesterUnknown();
    }
    return requirement.requester().equals(today.id()) || today.person().equals(requester)
        ? new WhyNot.Requester()
        : null;
  }

  private @Nullable WhyNot threshold(Requirement requirement, Principal today) {
    if (glassOf(requirement, today).isPresent()
        || seats(requirement, today).stream().anyMatch(seat -> seat.entitles(requirement, now))) {
      return null;
    }
    WhyNot early = early(requirement, today);
    if (early != null) {
      return early;
    }
    return mandates.apply(today.id()).stream()
        .map(mandate -> whyNotBy(mandate, requirement, today))
        .filter(Objects::nonNull)
        .findFirst()
        .orElseGet(() -> new WhyNot.NoneOfThese(requirement.terms().thresholds()));
  }

  /** When their own rung of the escalation is still to come. */
  private static @Nullable WhyNot early(Requirement requirement, Principal today) {
    return requirement.terms().rungs().stream()
        .filter(group -> group.holds(today))
        .map(requirement::begins)
        .min(Instant::compareTo)
        .map(WhyNot.NotYet::new)
        .orElse(null);
  }

  /** Why a mandate that would let them decide it does not; absent when it would not anyway. */
  private @Nullable WhyNot whyNotBy(Mandate mandate, Requirement requirement, Principal today) {
    boolean before = mandate.status(now) == Mandate.Status.TO_COME;
    if (before || today.kind() != Principal.Kind.PERSON || !mandate.reaches(requirement)) {
      return null;
    }
    Principal giver =
        mandate.kind() == Mandate.Kind.BREAK_GLASS ? today : giver(mandate).orElse(null);
    boolean usable =
        giver != null
            && (giver.equals(today)
                ? today.roles().contains(BREAK_GLASS)
                : new Seat(giver, today).entitles(requirement, now));
    if (giver == null || !usable) {
      return null;
    }
    if (!mandate.covers(requirement, now)) {
      return new WhyNot.MandateOver(mandate);
    }
    if (party(requirement, today)) {
      return edited(requirement, today) ? new WhyNot.LastEditor() : requester(requirement, today);
    }
    return excludes(requirement, giver)
        ? new WhyNot.GiverExcluded(giver.id(), edited(requirement, giver))
        : null;
  }

  /**
   * The break-glass by which this account decides it now, with or without others; empty when it has
   * none that holds.
   */
  public Optional<Mandate> glass(Requirement requirement, Principal principal) {
    return mandates.apply(principal.id()).isEmpty()
        ? Optional.empty()
        : directory.apply(principal.id()).flatMap(today -> glassOf(requirement, today));
  }

  private Optional<Mandate> glassOf(Requirement requirement, Principal today) {
    if (today.kind() != Principal.Kind.PERSON || !today.roles().contains(BREAK_GLASS)) {
      return Optional.empty();
    }
    return mandates.apply(today.id()).stream()
        .filter(mandate -> mandate.kind() == Mandate.Kind.BREAK_GLASS)
        .filter(mandate -> mandate.covers(requirement, now) && !party(requirement, today))
        .findFirst();
  }

  /**
   * True when this account could decide it alone after breaking the glass, which it has not yet.
   */
  public boolean mayBreakGlass(Requirement requirement, Principal principal) {
    if (!principal.roles().contains(BREAK_GLASS)) {
      return false;
    }
    return directory
        .apply(principal.id())
        .filter(today -> today.kind() == Principal.Kind.PERSON)
        .filter(today -> today.roles().contains(BREAK_GLASS))
        .filter(today -> !party(requirement, today) && glassOf(requirement, today).isEmpty())
        .isPresent();
  }

  /** True when a mandate must not let them decide it, whatever is asked: it is their own matter. */
  private boolean party(Requirement requirement, Principal today) {
    return profile == Profile.SEPARATED
        && (edited(requirement, today) || requester(requirement, today) != null);
  }

  /**
   * The mandate by which this account would decide it now: a break-glass that holds, or one that
   * lends what they do not have; empty when all that their word can count for is their own.
   */
  public Optional<Mandate> usedBy(Requirement requirement, Principal principal) {
    return mandates.apply(principal.id()).isEmpty()
        ? Optional.empty()
        : glass(requirement, principal)
            .or(() -> lent(requirement, principal, mandate -> mandate.covers(requirement, now)));
  }

  /**
   * The mandate by which something was decided, for those who look back: taken back since or not.
   * What was their own, the directory of today says; a break-glass is told in any case.
   */
  public Optional<Mandate> usedFor(Requirement requirement, Decision decision) {
    List<Mandate> held =
        mandates.apply(decision.principal()).stream()
            .filter(mandate -> mandate.coveredThen(requirement, decision.at()))
            .toList();
    return held.isEmpty()
        ? Optional.empty()
        : held.stream()
            .filter(mandate -> mandate.kind() == Mandate.Kind.BREAK_GLASS)
            .findFirst()
            .or(
                () ->
                    directory
                        .apply(decision.principal())
                        .flatMap(
                            by ->
                                ofAnyAge()
                                    .at(decision.at())
                                    .lent(requirement, by, held::contains)));
  }

  private Optional<Mandate> lent(
      Requirement requirement, Principal principal, Predicate<Mandate> usable) {
    Principal today = directory.apply(principal.id()).orElse(null);
    if (today == null) {
      return Optional.empty();
    }
    Seat own = Seat.own(today);
    return mandates.apply(today.id()).stream()
        .filter(mandate -> mandate.kind() != Mandate.Kind.BREAK_GLASS && usable.test(mandate))
        .filter(
            mandate ->
                seat(mandate, requirement, today)
                    .filter(seat -> addsTo(own, seat, requirement))
                    .isPresent())
        .findFirst();
  }

  /** True when a word may count by this one where it would not by their own authority. */
  private boolean addsTo(Seat own, Seat lent, Requirement requirement) {
    return requirement.kind() == RequirementKind.APPROVAL
        ? !own.groups(requirement, now).containsAll(lent.groups(requirement, now))
        : !own.entitles(requirement, now);
  }

  /** Their own authority, and that of everybody whose mandate they hold now. */
  private List<Seat> seats(Requirement requirement, Principal today) {
    List<Seat> seats = new ArrayList<>(List.of(Seat.own(today)));
    for (Mandate mandate : mandates.apply(today.id())) {
      if (mandate.kind() != Mandate.Kind.BREAK_GLASS && mandate.covers(requirement, now)) {
        seat(mandate, requirement, today).ifPresent(seats::add);
      }
    }
    return seats;
  }

  private Optional<Seat> seat(Mandate mandate, Requirement requirement, Principal today) {
    return today.kind() != Principal.Kind.PERSON || party(requirement, today)
        ? Optional.empty()
        : giver(mandate)
            .filter(giver -> !excludes(requirement, giver))
            .map(giver -> new Seat(giver, today))
            .filter(seat -> seat.entitles(requirement, now));
  }

  private Optional<Principal> giver(Mandate mandate) {
    return directory
        .apply(mandate.giver())
        .filter(each -> each.kind() == Principal.Kind.PERSON)
        .filter(this::known);
  }

  private boolean excludes(Requirement requirement, Principal giver) {
    return profile == Profile.SEPARATED && excluded(requirement, giver) != null;
  }

  /**
   * Counts people, not accounts, with today's thresholds, roles and exclusions; what goes by the
   * clock, by the time of each decision, but for the age of what is known of a person, which is
   * that of now. Decisions of versions that no longer count are passed over.
   *
   * @param decisions in the order in which they were recorded
   */
  public Tally count(Requirement requirement, Collection<Decision> decisions) {
    return progress(requirement, decisions).tally();
  }

  /** How many people have approved so far, of those whose approval counts. */
  public int approvals(Requirement requirement, Collection<Decision> decisions) {
    return votes(requirement, decisions).approvals();
  }

  /**
   * As {@link #count}, with what each group has said. Each person approves with one authority for
   * all groups, their own or that of one giver, and no authority is used twice.
   */
  public Progress progress(Requirement requirement, Collection<Decision> decisions) {
    return votes(requirement, decisions).progress(now);
  }

  private Votes votes(Requirement requirement, Collection<Decision> decisions) {
    Votes votes = new Votes(requirement);
    for (Decision decision : decisions) {
      boolean votesOnIt =
          decision.verdict() == Verdict.APPROVE || decision.verdict() == Verdict.REJECT;
      if (votesOnIt
          && decision.requirement().equals(requirement.id())
          && decision.version() >= requirement.countsFrom()
          && decision.version() <= requirement.version()) {
        Authority then = at(decision.at());
        directory
            .apply(decision.principal())
            .filter(by -> then.whyNot(requirement, by).isEmpty())
            .ifPresent(
                by ->
                    votes.add(
                        new Votes.Vote(
                            by,
                            then.seats(requirement, by),
                            then.glassOf(requirement, by).isPresent(),
                            decision)));
      }
    }
    return votes;
  }

  /** True when what is known of them now is not too old. */
  private boolean known(Principal principal) {
    return evidence.whyNot(principal.id(), now) == null;
  }

  private boolean edited(Requirement requirement, Principal principal) {
    String editor = requirement.editedBy();
    return editor != null
        && (editor.equals(principal.id())
            || personOf.apply(editor).map(principal.person()::equals).orElse(true));
  }
}
