package dev.assent.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the rows. Immutable.
 *
 * @param next hands on to the rows after these; absent at the end
 * @param total how many there are in all; absent where nobody counted
 */
record PageView<T>(
    List<T> items,
    @Nullable String next,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long total) {
  PageView {
    items = List.copyOf(items);
  }
}
