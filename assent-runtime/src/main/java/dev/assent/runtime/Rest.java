package dev.assent.runtime;

import dev.assent.core.BodyId;
import dev.assent.core.Message;
import dev.assent.core.Requirement;
import dev.assent.core.RunState;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run as it came to rest, with what this process still knows and need not read again. Immutable.
 *
 * @param open what it waits for; absent when that is to be read
 * @param said with its last transition; empty when that is to be read
 */
record Rest(RunState state, @Nullable List<Requirement> open, Map<BodyId, Message> said) {
  Rest {
    open = open == null ? null : List.copyOf(open);
    said = Map.copyOf(said);
  }

  /** As it was read from the store. */
  static Rest stored(RunState state) {
    return new Rest(state, null, Map.of());
  }
}
