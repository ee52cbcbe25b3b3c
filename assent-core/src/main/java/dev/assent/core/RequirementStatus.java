package dev.assent.core;

/** Where a requirement stands; all but the first are final for its version. */
public enum RequirementStatus {
  PENDING,
  APPROVED,
  REJECTED,
  EXPIRED,
  CANCELLED,
  /** Answered, where the answer is neither yes nor no. */
  RESOLVED,
  /** Approved, and taken back before the call began. */
  REVOKED
}
