package dev.assent.core;

/**
 * A record of the log with its place in the chain, as it is stored.
 *
 * <p>The bytes are not copied, neither in nor out, since a log has many: do not change them.
 *
 * @param position from 1, without holes, per tenant
 * @param recordBytes the stored bytes of the {@link AuditRecord}
 * @param hash {@link AuditRecord#hash(byte[])} of the bytes
 * @param chain the head of the chain up to here, see {@link AuditChain}
 */
@SuppressWarnings("ArrayRecordComponent") // compared by digest, never by equals
public record SealedAuditRecord(long position, byte[] recordBytes, Digest hash, Digest chain) {}
