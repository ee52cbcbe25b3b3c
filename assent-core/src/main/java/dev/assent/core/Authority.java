package dev.assent.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who may decide and when enough people have. Immutable, without a clock and without a lookup of
 * its own: it asks the directory it was given, each time anew, and takes the time it was given.
 * What was said before is judged as of the time at which it was said.
 *
 * @param profile which rules hold
 * @param directory finds a principal by account id, with the roles held now
 * @param personOf the human behind an account, also of a locked one
 * @param evidence how old what is known of a person may be
 * @param now as of when it is asked, by the store's clock
 */
public record Authority(
    Profile profile,
    Function<String, Optional<Principal>> directory,
    Function<String, Optional<String>> personOf,
    Evidence evidence,
    Instant now) {

  /** Where what is known of a person may be of any age. */
  public Authority(
      Profile profile,
      Function<String, Optional<Principal>> directory,
      Function<String, Optional<String>> personOf,
      Instant now) {
    this(profile, directory, personOf, Evidence.ANY, now);
  }

  /** As the other one; a locked account has no known person. */
  public Authority(Profile profile, Function<String, Optional<Principal>> directory, Instant now) {
    this(profile, directory, id -> directory.apply(id).map(Principal::person), now);
  }

  /** The role whose holders may answer a reconciliation beside those who may approve the call. */
  public static final String RECONCILER = "reconciler";

  /** What the votes add up to. */
  public enum Tally {
    APPROVED,
    REJECTED,
    OPEN
  }

  /** The same, asked as of another time. */
  public Authority at(Instant time) {
    return now.equals(time) ? this : new Authority(profile, directory, personOf, evidence, time);
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
    if (excluded != null) {
      return excluded;
    }
    if (requirement.kind() == RequirementKind.RECONCILIATION
        && today.roles().contains(RECONCILER)) {
      return null;
    }
    return threshold(requirement, today);
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
    List<Threshold> thresholds = requirement.terms().thresholds();
    List<Threshold> theirs =
        thresholds.stream()
            .flatMap(each -> each.alternatives().stream())
            .filter(group -> group.holds(today))
            .toList();
    return theirs.stream().anyMatch(group -> requirement.heard(group, now))
        ? null
        : theirs.stream()
            .map(requirement::begins)
            .min(Instant::compareTo)
            .<WhyNot>map(WhyNot.NotYet::new)
            .orElseGet(() -> new WhyNot.NoneOfThese(thresholds));
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
    Votes votes = votes(requirement, decisions);
    Set<String> people = new HashSet<>();
    for (Threshold threshold : requirement.terms().thresholds()) {
      for (Threshold group : threshold.alternatives()) {
        people.addAll(votes.of(requirement, group, Verdict.APPROVE));
      }
    }
    return people.size();
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
            .toList());
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
            .filter(principal -> evidence.whyNot(principal.id(), now) == null)
            .filter(principal -> then.whyNot(requirement, principal).isEmpty())
            .ifPresent(principal -> votes.add(principal, decision));
      }
    }
    return votes;
  }

  /** What people have said; somebody who says something else later has changed their mind. */
  private static final class Votes {
    private record Vote(Principal by, Decision said) {}

    private final List<Vote> all = new ArrayList<>();
    private final Map<String, Verdict> last = new HashMap<>();

    void add(Principal by, Decision said) {
      all.add(new Vote(by, said));
      last.put(by.person(), said.verdict());
    }

    Progress.Group of(Requirement requirement, Threshold group, Instant now) {
      return new Progress.Group(
          group,
          of(requirement, group, Verdict.APPROVE).size(),
          of(requirement, group, Verdict.REJECT).size(),
          requirement.heard(group, now) ? null : requirement.begins(group));
    }

    /** People whose word this is, said from an account of the group, when it was heard. */
    Set<String> of(Requirement requirement, Threshold group, Verdict verdict) {
      Set<String> people = new HashSet<>();
      for (Vote vote : all) {
        if (vote.said().verdict() == verdict
            && last.get(vote.by().person()) == verdict
            && group.holds(vote.by())
            && requirement.heard(group, vote.said().at())) {
          people.add(vote.by().person());
        }
      }
      return people;
    }
  }

  private boolean edited(Requirement requirement, Principal principal) {
    String editor = requirement.editedBy();
    return editor != null
        && (editor.equals(principal.id())
            || personOf.apply(editor).map(principal.person()::equals).orElse(true));
  }
}
