package dev.assent.core;

/** What one person says about one requirement. Silence is none of these. */
public enum Verdict {
  APPROVE,
  REJECT,
  /** Of a call in doubt: it happened, with this result. */
  HAPPENED,
  /** Of a call in doubt: it did not happen, so it may be tried again. */
  DID_NOT_HAPPEN,
  /** Of a call in doubt: nobody will find out; the model is told so. */
  GIVE_UP;

  /** The kinds of requirement that this verdict answers. */
  public RequirementKind answers() {
    return switch (this) {
      case APPROVE, REJECT -> RequirementKind.APPROVAL;
      case HAPPENED, DID_NOT_HAPPEN, GIVE_UP -> RequirementKind.RECONCILIATION;
    };
  }
}
