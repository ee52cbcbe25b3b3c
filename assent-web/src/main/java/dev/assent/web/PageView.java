package dev.assent.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.assent.core.spi.Store;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the rows. Immutable.
 *
 * @param next hands on to the rows after these; absent at the end
 * @param total how many there are in all; absent where nobody counted
 * @param unreadable what belongs among the items and could not be read
 */
record PageView<T>(
    List<T> items,
    @Nullable String next,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long total,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Missing> unreadable) {
  PageView {
    items = List.copyOf(items);
    unreadable = List.copyOf(unreadable);
  }

  /** All of them could be read. */
  PageView(List<T> items, @Nullable String next, @Nullable Long total) {
    this(items, next, total, List.of());
  }

  /** What belongs here and cannot be read, and the code of why. */
  record Missing(String id, String why) {
    static Missing of(Store.Unreadable unreadable) {
      return new Missing(Shown.name(unreadable.id()), unreadable.why());
    }
  }
}
