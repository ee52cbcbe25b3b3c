package dev.assent.core;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The end of a tenant's chain of audit records: where the next one is sealed, and what a checkpoint
 * signs.
 *
 * <p>Immutable. The head at position n is {@code Digest.over("assent-chain-1", head n-1, hash n, n
 * as 8 bytes)}, big-endian; the head at position 0 is {@code Digest.over("assent-chain-genesis-1",
 * tenant in UTF-8)}.
 *
 * @param tenant whose log it is
 * @param position of the last record; 0 when there is none
 * @param head the digest of everything up to there
 * @see AuditVerification
 */
public record AuditChain(String tenant, long position, Digest head) {

  private static final String DOMAIN = "assent-chain-1";
  private static final String GENESIS = "assent-chain-genesis-1";

  /**
   * Makes an end that was stored or signed.
   *
   * @throws IllegalArgumentException if the position is negative
   */
  public AuditChain {
    if (position < 0) {
      throw new IllegalArgumentException("A position counts from 0, not " + position + ".");
    }
  }

  /** The chain of a tenant before its first record. */
  public static AuditChain start(String tenant) {
    return new AuditChain(tenant, 0, Digest.over(GENESIS, tenant.getBytes(StandardCharsets.UTF_8)));
  }

  /** Seals the next record by its stored bytes, which are not copied. */
  public SealedAuditRecord seal(byte[] recordBytes) {
    Digest hash = AuditRecord.hash(recordBytes);
    return new SealedAuditRecord(position + 1, recordBytes, hash, next(hash));
  }

  /** The end after a record that {@link #seal} made; nothing is checked. */
  public AuditChain after(SealedAuditRecord last) {
    return new AuditChain(tenant, last.position(), last.chain());
  }

  /** The head when a record of this hash comes next. */
  Digest next(Digest hash) {
    byte[] place = ByteBuffer.allocate(Long.BYTES).putLong(position + 1).array();
    return Digest.over(DOMAIN, head.bytes(), hash.bytes(), place);
  }
}
