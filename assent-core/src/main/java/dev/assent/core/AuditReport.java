package dev.assent.core;

import java.time.Instant;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an auditor is told of a log: whether it is whole, and how far checkpoints prove that nobody
 * with the database wrote it anew. Immutable.
 *
 * @param verification of chain, counters and checkpoints
 * @param coveredTo position of the newest checkpoint; 0 when there is none
 * @param coveredAt when it was signed; absent when there is none
 * @param uncovered how many records came after it
 * @param uncoveredSince time of the first of those; absent when there is none
 */
public record AuditReport(
    AuditVerification verification,
    long coveredTo,
    @Nullable Instant coveredAt,
    long uncovered,
    @Nullable Instant uncoveredSince) {

  /**
   * Reads a whole log once.
   *
   * @param checkpoints those that were kept; of other tenants too
   * @param trusted the public key that must have signed them, see {@link AuditSigner#publicKey}
   * @throws AssentException with code {@code audit-checkpoint-forged} when another key signed one
   */
  public static AuditReport of(
      String tenant,
      Iterable<SealedAuditRecord> records,
      Collection<AuditCheckpoint> checkpoints,
      String trusted) {
    List<AuditCheckpoint> own =
        checkpoints.stream().filter(each -> each.end().tenant().equals(tenant)).toList();
    for (AuditCheckpoint each : own) {
      if (!each.genuine(trusted)) {
        throw new AssentException(
            "audit-checkpoint-forged",
            "The checkpoint of position "
                + each.end().position()
                + ", made at "
                + each.at()
                + ", was not signed by the key "
                + trusted
                + ". Pass the right key, or take the checkpoint out and ask who put it in.",
            null);
      }
    }
    AuditCheckpoint newest =
        own.stream()
            .max(java.util.Comparator.comparingLong(each -> each.end().position()))
            .orElse(null);
    long covered = newest == null ? 0 : newest.end().position();
    Noting noting = new Noting(records, covered + 1);
    AuditVerification verified =
        AuditVerification.verify(
            AuditChain.start(tenant), own.stream().map(AuditCheckpoint::end).toList(), noting);
    boolean intact = verified instanceof AuditVerification.Intact;
    return new AuditReport(
        verified,
        intact ? covered : 0,
        intact && newest != null ? newest.at() : null,
        intact ? ((AuditVerification.Intact) verified).records() - covered : 0,
        intact ? noting.since : null);
  }

  /** Notes the time of one record that passes. */
  private static final class Noting implements Iterable<SealedAuditRecord> {
    private final Iterable<SealedAuditRecord> records;
    private final long wanted;
    private @Nullable Instant since;

    private Noting(Iterable<SealedAuditRecord> records, long wanted) {
      this.records = records;
      this.wanted = wanted;
    }

    @Override
    public Iterator<SealedAuditRecord> iterator() {
      Iterator<SealedAuditRecord> all = records.iterator();
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return all.hasNext();
        }

        @Override
        public SealedAuditRecord next() {
          SealedAuditRecord record = Objects.requireNonNull(all.next());
          if (record.position() == wanted) {
            since = time(record);
          }
          return record;
        }
      };
    }

    private static @Nullable Instant time(SealedAuditRecord record) {
      try {
        return AuditRecord.read(record.recordBytes()).at();
      } catch (AssentException | IllegalArgumentException e) {
        return null; // the verification names it
      }
    }
  }
}
