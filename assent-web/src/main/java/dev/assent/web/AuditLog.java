package dev.assent.web;

import dev.assent.core.SealedAuditRecord;
import dev.assent.core.spi.Store;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** The whole audit log, read piece by piece. Immutable; each iteration reads anew. */
record AuditLog(Store store, String tenant) implements Iterable<SealedAuditRecord> {
  private static final int BATCH = 1_000;

  @Override
  public Iterator<SealedAuditRecord> iterator() {
    return new Iterator<>() {
      private List<SealedAuditRecord> batch = store.audit(tenant, 0, BATCH);
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
