package dev.assent.core;

import java.util.Collection;
import java.util.List;

/**
 * What verifying an audit log found; immutable.
 *
 * <p>The chain shows that no record was changed, removed, repeated, put in or moved. Who can
 * rewrite the whole table can make a new chain too, and the last records can be cut off: only
 * checkpoints, kept elsewhere, show that.
 *
 * @see AuditChain
 */
public sealed interface AuditVerification {

  /**
   * Everything fits.
   *
   * @param records how many were verified
   * @param head of the chain after the last one
   */
  record Intact(long records, Digest head) implements AuditVerification {}

  /**
   * Something does not fit; what stands before {@code firstBadPosition} does.
   *
   * @param firstBadPosition where the log first is not as it was sealed
   * @param problem what is wrong there, safe to show
   */
  record Broken(long firstBadPosition, String problem) implements AuditVerification {}

  /** Verifies the whole log of a tenant, without checkpoints. */
  static AuditVerification verify(String tenant, Iterable<SealedAuditRecord> records) {
    return verify(AuditChain.start(tenant), List.of(), records);
  }

  /**
   * Verifies a log in one pass. Kept in memory are the counters of the runs seen, not the records.
   *
   * @param from the trusted end after which the records begin; where it is not the start, a run may
   *     be in the middle of its counter
   * @param checkpoints ends that are known to be true; the log must agree with each of them and
   *     reach them
   * @param records in order of their position
   * @throws IllegalArgumentException if a checkpoint is of another tenant
   */
  static AuditVerification verify(
      AuditChain from, Collection<AuditChain> checkpoints, Iterable<SealedAuditRecord> records) {
    return new AuditWalk(from, checkpoints).over(records);
  }
}
