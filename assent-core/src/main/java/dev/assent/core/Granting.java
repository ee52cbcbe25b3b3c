package dev.assent.core;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The grants that may serve a call which people would have to be asked about. Immutable.
 *
 * @param grants those of its tool that are not over, as they are stored
 * @param held the grant that the call took a use of; absent while it did not
 * @param call what they are held against
 * @param asked what people would be asked, also for the agents that this one works for
 */
public record Granting(
    List<Grant> grants, @Nullable GrantId held, GrantedCall call, Requirement asked) {
  public Granting {
    grants = List.copyOf(grants);
  }

  /**
   * The grant that lets the call run: one that covers it, has a use left, and whose giver's word
   * alone would be enough today. The highest risk is never served.
   */
  public Optional<Grant> serving(Authority authority, Instant now) {
    if (asked.terms().risk() == Risk.HIGH) {
      return Optional.empty();
    }
    return grants.stream()
        .filter(grant -> held == null || grant.id().equals(held))
        .filter(grant -> grant.whyNot(call, now, held != null).isEmpty())
        .filter(grant -> enough(authority, asked, grant.by(), grant.person(), grant.createdAt()))
        .filter(grant -> taken(grant, now).isPresent())
        .findFirst();
  }

  /** The grant after this call took what it needs of it; empty when there is not enough left. */
  public Optional<Grant> taken(Grant grant, Instant now) {
    return held == null ? grant.used(call, now) : grant.usedStill(call, now);
  }

  /**
   * True when the yes of this one person is all that is asked for, by an authority of their own: a
   * standing permission would outlast a mandate.
   */
  public static boolean enough(
      Authority authority, Requirement asked, String by, String person, Instant at) {
    Decision alone =
        new Decision(
            asked.id(),
            asked.version(),
            asked.digest(),
            by,
            person,
            Verdict.APPROVE,
            null,
            at,
            "grant",
            asked.digest());
    return authority.own().count(asked, List.of(alone)) == Authority.Tally.APPROVED;
  }
}
