package dev.assent.web;

import dev.assent.core.Erasure;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** That content was destroyed. Immutable; {@code by} is absent when its time was over. */
record ErasedView(Instant at, @Nullable PersonView by) {
  static ErasedView of(Erasure erasure, People people) {
    return new ErasedView(
        erasure.at(), erasure.by().equals(Erasure.RETENTION) ? null : people.person(erasure.by()));
  }
}
