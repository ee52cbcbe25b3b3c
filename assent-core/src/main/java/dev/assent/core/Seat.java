package dev.assent.core;

import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * An authority and who decides with it. Immutable.
 *
 * @param of whose it is, with the roles of today
 * @param by who decides: they themselves, or the holder of a mandate
 */
record Seat(Principal of, Principal by) {
  /** Somebody with their own authority. */
  static Seat own(Principal of) {
    return new Seat(of, of);
  }

  /** True when a word with this authority is one of this group. */
  boolean in(Threshold group) {
    return group.holds(of) && !group.excludes(by);
  }

  /** True when something may be decided with it at this time. */
  boolean entitles(Requirement requirement, Instant at) {
    return reconciles(requirement) || !groups(requirement, at).isEmpty();
  }

  /** True when the role for it lets them say what became of a call. */
  boolean reconciles(Requirement requirement) {
    return requirement.kind() == RequirementKind.RECONCILIATION
        && of.roles().contains(Authority.RECONCILER);
  }

  /** The groups in which a word with it counts at this time. */
  Set<Threshold> groups(Requirement requirement, Instant at) {
    Set<Threshold> those = new LinkedHashSet<>();
    for (Threshold clause : requirement.terms().thresholds()) {
      for (Threshold group : clause.alternatives()) {
        if (in(group) && requirement.heard(group, at)) {
          those.add(group);
        }
      }
    }
    return those;
  }
}
