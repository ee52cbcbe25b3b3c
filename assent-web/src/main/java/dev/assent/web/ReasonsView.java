package dev.assent.web;

import dev.assent.core.Reasons;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * For what a decider gives a reason. Immutable.
 *
 * @param approve codes of which one is given with a yes; none when a text is; absent when nothing
 *     is
 * @param reject the same of a no
 */
record ReasonsView(@Nullable List<String> approve, @Nullable List<String> reject) {
  static @Nullable ReasonsView of(@Nullable Reasons reasons) {
    return reasons == null
        ? null
        : new ReasonsView(codes(reasons.approve()), codes(reasons.reject()));
  }

  private static @Nullable List<String> codes(Reasons.@Nullable Wanted wanted) {
    return wanted == null ? null : wanted.codes();
  }
}
