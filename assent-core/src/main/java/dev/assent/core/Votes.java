package dev.assent.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What people have said about one requirement; somebody who says something else later has changed
 * their mind. For one thread.
 */
final class Votes {
  private final Requirement requirement;
  private final List<Vote> all = new ArrayList<>();
  private final Map<String, Verdict> last = new HashMap<>();

  /**
   * A word that counts.
   *
   * @param seats with which authority it was said
   * @param glass true when it was said by break-glass
   */
  record Vote(Principal by, List<Seat> seats, boolean glass, Decision said) {}

  Votes(Requirement requirement) {
    this.requirement = requirement;
  }

  void add(Vote vote) {
    all.add(vote);
    last.put(vote.by().person(), vote.said().verdict());
  }

  private boolean stands(Vote vote, Verdict verdict) {
    return vote.said().verdict() == verdict && last.get(vote.by().person()) == verdict;
  }

  /**
   * True when it may be said with that authority: it says one thing only. What its owner says goes
   * before what a holder says with it, and a no of one holder before a yes of another.
   */
  private boolean may(Vote vote, Seat seat) {
    String by = vote.by().person();
    String of = seat.of().person();
    Verdict said = vote.said().verdict();
    if (of.equals(by)) {
      return true;
    }
    Verdict owners = last.get(of);
    return owners == null
        ? said == Verdict.REJECT || all.stream().noneMatch(other -> deniesWith(other, of, by))
        : owners == said;
  }

  private boolean deniesWith(Vote other, String authority, String notBy) {
    return stands(other, Verdict.REJECT)
        && !other.by().person().equals(notBy)
        && other.seats().stream().anyMatch(seat -> seat.of().person().equals(authority));
  }

  /** How many people have approved, with or without others. */
  int approvals() {
    return saying(Verdict.APPROVE, (seat, at) -> seat.entitles(requirement, at), true);
  }

  /** What each group has said by then. */
  Progress progress(Instant now) {
    List<Threshold> groups =
        requirement.terms().thresholds().stream()
            .flatMap(clause -> clause.alternatives().stream())
            .toList();
    int[] denials =
        groups.stream()
            .mapToInt(group -> saying(Verdict.REJECT, (seat, at) -> counts(seat, group, at), false))
            .toArray();
    Seating seating = new Seating(groups.size());
    for (int i = 0; i < groups.size(); i++) {
      seat(seating, i, groups.get(i));
    }
    int[] approvals = seating.best(counts -> missing(counts, denials, now));
    List<Progress.Clause> clauses = new ArrayList<>();
    int number = 0;
    for (Threshold clause : requirement.terms().thresholds()) {
      List<Progress.Group> said = new ArrayList<>();
      for (Threshold group : clause.alternatives()) {
        Instant from = requirement.heard(group, now) ? null : requirement.begins(group);
        said.add(new Progress.Group(group, approvals[number], denials[number], from));
        number++;
      }
      clauses.add(new Progress.Clause(said));
    }
    return new Progress(clauses, broken());
  }

  private boolean counts(Seat seat, Threshold group, Instant at) {
    return seat.in(group) && requirement.heard(group, at);
  }

  private void seat(Seating seating, int number, Threshold group) {
    for (Vote vote : all) {
      if (stands(vote, Verdict.APPROVE)) {
        vote.seats().stream()
            .filter(seat -> counts(seat, group, vote.said().at()) && may(vote, seat))
            .forEach(seat -> seating.may(vote.by().person(), seat.of().person(), number));
      }
    }
  }

  /** How many more all clauses together need of those groups that can still agree. */
  private int missing(int[] approvals, int[] denials, Instant now) {
    int all = 0;
    int number = 0;
    for (Threshold clause : requirement.terms().thresholds()) {
      int least = Integer.MAX_VALUE;
      for (Threshold group : clause.alternatives()) {
        boolean asked = approvals[number] > 0 || requirement.heard(group, now);
        if (asked && !group.fails(denials[number])) {
          least = Math.min(least, Math.max(0, group.approvals() - approvals[number]));
        }
        number++;
      }
      all += least == Integer.MAX_VALUE ? 0 : least;
    }
    return all;
  }

  /** What was said by break-glass and stands; a no before a yes. */
  private @Nullable Verdict broken() {
    return all.stream()
        .filter(vote -> vote.glass() && stands(vote, vote.said().verdict()))
        .map(vote -> vote.said().verdict())
        .max(Comparator.comparing(Verdict.REJECT::equals))
        .orElse(null);
  }

  /**
   * How many people say this, each with an authority that nobody else of them says it with.
   *
   * @param fits whether it may be said with that authority at that time
   * @param glass true to count those, too, who say it by break-glass only
   */
  private int saying(Verdict verdict, BiPredicate<Seat, Instant> fits, boolean glass) {
    Map<String, Set<String>> authorities = new LinkedHashMap<>();
    for (Vote vote : all) {
      if (stands(vote, verdict)) {
        Set<String> those =
            authorities.computeIfAbsent(vote.by().person(), person -> new LinkedHashSet<>());
        vote.seats().stream()
            .filter(seat -> fits.test(seat, vote.said().at()) && may(vote, seat))
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
