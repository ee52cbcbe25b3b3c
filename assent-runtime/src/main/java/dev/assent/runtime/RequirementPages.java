package dev.assent.runtime;

import dev.assent.core.Requirement;
import dev.assent.core.spi.Store;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All requirements of a query, read page by page. Immutable; each iteration reads anew.
 *
 * @param missed told of those that cannot be read
 */
record RequirementPages(
    Store store, String tenant, Store.RequirementQuery query, Consumer<Store.Unreadable> missed)
    implements Iterable<Requirement> {
  @Override
  public Iterator<Requirement> iterator() {
    return new Iterator<>() {
      private Iterator<Requirement> items = java.util.Collections.emptyIterator();
      private Store.RequirementQuery next = query;
      private boolean more = true;

      @Override
      public boolean hasNext() {
        while (!items.hasNext() && more) {
          Store.Page<Requirement> page = store.requirements(tenant, next);
          page.unreadable().forEach(missed);
          items = page.items().iterator();
          @Nullable String place = page.next();
          more = place != null;
          next = next.after(place);
        }
        return items.hasNext();
      }

      @Override
      public Requirement next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return Objects.requireNonNull(items.next());
      }
    };
  }
}
