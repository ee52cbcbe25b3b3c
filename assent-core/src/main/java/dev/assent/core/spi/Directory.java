package dev.assent.core.spi;

import dev.assent.core.Principal;
import java.time.Instant;
import java.util.Optional;

/** Knows the principals. Thread-safe; answers with what is true now, so that roles can be lost. */
public interface Directory {
  /** The principal with this account id; empty when unknown or locked. */
  Optional<Principal> find(String principal);

  /** The human behind an account, also of a locked one; empty when the account is unknown. */
  default Optional<String> personOf(String principal) {
    return find(principal).map(Principal::person);
  }

  /**
   * Since when the directory knows what {@link #find} says of this account, for example the time of
   * its last sign-in where roles come with one; empty where it looks each time. It is compared with
   * the store's clock: where another clock tells it, the age is wrong by what the two differ.
   */
  default Optional<Instant> knownAt(String principal) {
    return Optional.empty();
  }

  /** The name to show for this account; the id itself when the name was erased. */
  default String displayName(String principal) {
    return principal;
  }
}
