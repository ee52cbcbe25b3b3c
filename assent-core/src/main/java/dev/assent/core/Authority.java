package dev.assent.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
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

  /** The same, asked as of another time. */
  public Authority at(Instant time) {
    return now.equals(time)
        ? this
        : new Authority(profile, directory, personOf, mandates, evidence, time);
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

  /** The mandate without which this account could not decide it now; empty when it needs none. */
  public Optional<Mandate> neededBy(Requirement requirement, Principal principal) {
    return mandates.apply(principal.id()).isEmpty()
        ? Optional.empty()
        : glass(requirement, principal)
            .or(() -> needed(requirement, principal, mandate -> mandate.covers(requirement, now)));
  }

  /**
   * The mandate by which something was decided, for those who look back: taken back since or not.
   * Whether somebody needed one, the directory of today says; a break-glass is told in any case.
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
                        .flatMap(by -> at(decision.at()).needed(requirement, by, held::contains)));
  }

  private Optional<Mandate> needed(
      Requirement requirement, Principal principal, Predicate<Mandate> usable) {
    Principal today = directory.apply(principal.id()).orElse(null);
    if (today == null || new Seat(today, today).entitles(requirement, now)) {
      return Optional.empty();
    }
    return mandates.apply(today.id()).stream()
        .filter(mandate -> mandate.kind() != Mandate.Kind.BREAK_GLASS && usable.test(mandate))
        .filter(mandate -> seat(mandate, requirement, today).isPresent())
        .findFirst();
  }

  /**
   * An authority and who decides with it.
   *
   * @param of whose it is, with the roles of today
   * @param by who decides: they themselves, or the holder of a mandate
   */
  private record Seat(Principal of, Principal by) {
    boolean in(Threshold group) {
      return group.holds(of) && !group.excludes(by);
    }

    boolean entitles(Requirement requirement, Instant at) {
      boolean reconciles =
          requirement.kind() == RequirementKind.RECONCILIATION && of.roles().contains(RECONCILER);
      return reconciles
          || requirement.terms().thresholds().stream()
              .flatMap(each -> each.alternatives().stream())
              .anyMatch(group -> in(group) && requirement.heard(group, at));
    }
  }

  /** Their own authority, and that of everybody whose mandate they hold now. */
  private List<Seat> seats(Requirement requirement, Principal today) {
    List<Seat> seats = new ArrayList<>(List.of(new Seat(today, today)));
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
    return votes(requirement, decisions)
        .of((seat, at) -> seat.entitles(requirement, at), Verdict.APPROVE, true);
  }

  /** As {@link #count}, with what each group has said. */
  public Progress progress(Requirement requirement, Collection<Decision> decisions) {
    Votes votes = votes(requirement, decisions);
    return new Progress(
        requirement.terms().thresholds().stream()
            .map(
                threshold ->
                    new Progress.Clause(
                        threshold.alternatives().stream()
                            .map(group -> votes.of(requirement, group, now))
                            .toList()))
            .toList(),
        votes.broken());
  }

  private Votes votes(Requirement requirement, Collection<Decision> decisions) {
    Votes votes = new Votes();
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
            .filter(by -> known(by) && then.whyNot(requirement, by).isEmpty())
            .ifPresent(
                by ->
                    votes.add(
                        new Vote(
                            by,
                            then.seats(requirement, by).stream()
                                .filter(seat -> known(seat.of()))
                                .toList(),
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

  /**
   * @param seats with which authority it was said
   * @param glass true when it was said by break-glass
   */
  private record Vote(Principal by, List<Seat> seats, boolean glass, Decision said) {}

  /** What people have said; somebody who says something else later has changed their mind. */
  private static final class Votes {
    private final List<Vote> all = new ArrayList<>();
    private final Map<String, Verdict> last = new HashMap<>();

    void add(Vote vote) {
      all.add(vote);
      last.put(vote.by().person(), vote.said().verdict());
    }

    private boolean stands(Vote vote) {
      return last.get(vote.by().person()) == vote.said().verdict();
    }

    /** What was said by break-glass and stands; a no before a yes. */
    @Nullable Verdict broken() {
      return all.stream()
          .filter(vote -> vote.glass() && stands(vote))
          .map(vote -> vote.said().verdict())
          .max(Comparator.comparing(Verdict.REJECT::equals))
          .orElse(null);
    }

    Progress.Group of(Requirement requirement, Threshold group, Instant now) {
      BiPredicate<Seat, Instant> fits =
          (seat, at) -> seat.in(group) && requirement.heard(group, at);
      return new Progress.Group(
          group,
          of(fits, Verdict.APPROVE, false),
          of(fits, Verdict.REJECT, false),
          requirement.heard(group, now) ? null : requirement.begins(group));
    }

    /**
     * How many people say this, each with an authority that nobody else of them says it with.
     *
     * @param fits whether it may be said with that authority at that time
     * @param glass true to count those, too, who say it by break-glass only
     */
    int of(BiPredicate<Seat, Instant> fits, Verdict verdict, boolean glass) {
      Map<String, Set<String>> authorities = new LinkedHashMap<>();
      for (Vote vote : all) {
        if (vote.said().verdict() == verdict && stands(vote)) {
          Set<String> those =
              authorities.computeIfAbsent(vote.by().person(), person -> new LinkedHashSet<>());
          vote.seats().stream()
              .filter(seat -> fits.test(seat, vote.said().at()))
              .forEach(seat -> those.add(seat.of().person()));
          if (glass && vote.glass()) {
            those.add(vote.by().person());
          }
        }
      }
      Map<String, String> taken = new HashMap<>();
      return (int)
          authorities.keySet().stream()
              .filter(person -> takes(person, authorities, taken, new HashSet<>()))
              .count();
    }

    /** Finds an authority for a person, and others for those who have it, if need be. */
    private static boolean takes(
        String person,
        Map<String, Set<String>> authorities,
        Map<String, String> taken,
        Set<String> seen) {
      for (String authority : authorities.getOrDefault(person, Set.of())) {
        if (seen.add(authority)) {
          String other = taken.get(authority);
          if (other == null || takes(other, authorities, taken, seen)) {
            taken.put(authority, person);
            return true;
          }
        }
      }
      return false;
    }
  }

  private boolean edited(Requirement requirement, Principal principal) {
    String editor = requirement.editedBy();
    return editor != null
        && (editor.equals(principal.id())
            || personOf.apply(editor).map(principal.person()::equals).orElse(true));
  }
}
