package dev.assent.core;

import java.util.Set;

/**
 * Where one tool call stands, and the whole table of where it may go from there.
 *
 * <p>Three moves stand here beside those of the design, see ADR 0003: a stricter policy denies an
 * allowed or approved call at the last moment, an approval that is too old expires, and a lost
 * attempt of an idempotent tool is tried again. ADR 0007 adds those of calls that take fields from
 * a person, are executed outside or by another agent, and of the check when a suspended call goes
 * on.
 */
public enum CallStatus {
  PROPOSED,
  GATED,
  ALLOWED,
  APPROVED,
  EXECUTING,
  SUSPENDED,
  IN_DOUBT,
  SUCCEEDED,
  FAILED,
  REFUSED,
  DENIED,
  REJECTED,
  EXPIRED,
  REVOKED,
  CANCELLED;

  /** The states that may follow this one; empty for a settled call. */
  public Set<CallStatus> next() {
    return switch (this) {
      case PROPOSED -> Set.of(ALLOWED, DENIED, GATED, REFUSED, CANCELLED);
      case GATED -> Set.of(APPROVED, REJECTED, EXPIRED, CANCELLED, GATED);
      case ALLOWED -> Set.of(EXECUTING, GATED, DENIED, CANCELLED, SUCCEEDED, FAILED, SUSPENDED);
      case APPROVED ->
          Set.of(
              EXECUTING, GATED, DENIED, EXPIRED, REVOKED, CANCELLED, SUCCEEDED, FAILED, SUSPENDED);
      case EXECUTING -> Set.of(EXECUTING, SUCCEEDED, FAILED, SUSPENDED, IN_DOUBT);
      case SUSPENDED ->
          Set.of(EXECUTING, SUCCEEDED, FAILED, EXPIRED, CANCELLED, IN_DOUBT, GATED, DENIED);
      case IN_DOUBT -> Set.of(SUCCEEDED, FAILED, APPROVED, ALLOWED);
      case SUCCEEDED, FAILED, REFUSED, DENIED, REJECTED, EXPIRED, REVOKED, CANCELLED -> Set.of();
    };
  }

  /** True when nothing follows: the call has its one result. */
  public boolean settled() {
    return next().isEmpty();
  }

  /** True while the call waits for a person or a process outside. */
  public boolean waits() {
    return switch (this) {
      case GATED, SUSPENDED, IN_DOUBT -> true;
      case PROPOSED, ALLOWED, APPROVED, EXECUTING -> false;
      case SUCCEEDED, FAILED, REFUSED, DENIED, REJECTED, EXPIRED, REVOKED, CANCELLED -> false;
    };
  }

  /** True when the executor may be asked to run the call. */
  public boolean cleared() {
    return this == ALLOWED || this == APPROVED;
  }
}
