package dev.assent.runtime;

import java.util.Locale;
import java.util.Set;

/** What somebody said to a yes-or-no question of a tool. Immutable. */
public sealed interface Confirmation {
  /** They said yes. */
  record Confirmed() implements Confirmation {}

  /** They said anything else, or nobody said anything. {@code text} is what was said. */
  record Declined(String text) implements Confirmation {}

  /** True for a yes. */
  default boolean confirmed() {
    return this instanceof Confirmed;
  }

  /** Only a yes confirms. */
  static Confirmation of(String said) {
    return Yes.WORDS.contains(said.strip().toLowerCase(Locale.ROOT))
        ? new Confirmed()
        : new Declined(said);
  }

  /** The only words that mean yes, wherever a person types them. */
  final class Yes {
    /** In lower case. */
    public static final Set<String> WORDS = Set.of("y", "yes", "1");

    private Yes() {}
  }
}
