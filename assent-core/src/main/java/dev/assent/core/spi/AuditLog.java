package dev.assent.core.spi;

import dev.assent.core.SealedAuditRecord;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * The audit log of a tenant, read piece by piece. Immutable; each iteration reads anew.
 *
 * @param after position after which it begins; 0 for all of it
 */
public record AuditLog(Store store, String tenant, long after)
    implements Iterable<SealedAuditRecord> {
  private static final int BATCH = 1_000;

  @Override
  public Iterator<SealedAuditRecord> iterator() {
    return new Iterator<>() {
      private List<SealedAuditRecord> batch = store.audit(tenant, after, BATCH);
      private int at;

      @Override
      public boolean hasNext() {
        if (at == batch.size() && batch.size() == BATCH) {
          batch = store.audit(tenant, batch.getLast().position(), BATCH);
          at = 0;
        }
        return at < batch.size();
      }

      @Override
      public SealedAuditRecord next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return batch.get(at++);
      }
    };
  }
}
