package dev.assent.console;

import dev.assent.core.Principal;
import dev.assent.core.Profile;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who sits at the terminal. Immutable.
 *
 * @param operator as whom this process decides; absent when the responder was not told
 * @param rules the authority rules that hold
 */
record Seat(@Nullable Principal operator, Profile rules) {

  String profile() {
    return rules.name().toLowerCase(Locale.ROOT);
  }

  String decider() {
    return operator == null ? "the operator of this process" : operator.id();
  }

  boolean isSomebodyElse(String requester) {
    return operator != null && !operator.id().equals(requester);
  }
}
