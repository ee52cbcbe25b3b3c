package dev.assent.runtime;

import dev.assent.core.Requirement;
import dev.assent.core.WhyNot;

/** What came of claiming a requirement, giving it to somebody, or giving it back. Immutable. */
public sealed interface ClaimOutcome {
  /** The requirement as it stands now. */
  Requirement requirement();

  /** It is so. */
  record Done(Requirement requirement) implements ClaimOutcome {}

  /** It is not, for this reason: of who asked, or of who would see to it. */
  record Refused(Requirement requirement, WhyNot why) implements ClaimOutcome {}
}
