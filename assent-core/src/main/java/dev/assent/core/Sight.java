package dev.assent.core;

import java.time.Instant;

/**
 * That a person was shown a version of a requirement, once. Immutable.
 *
 * @param person whom people are counted by
 * @param principal who looked, for them
 * @param revealed true when they were also shown what is hidden of it
 */
public record Sight(
    RequirementId requirement,
    int version,
    String person,
    String principal,
    boolean revealed,
    Instant at) {

  /** Whether this is that person's, of this version, with or without what is hidden. */
  public boolean of(String somebody, int shown, boolean whole) {
    return person.equals(somebody) && version == shown && revealed == whole;
  }
}
