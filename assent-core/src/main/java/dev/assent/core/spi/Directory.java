package dev.assent.core.spi;

import dev.assent.core.Principal;
import java.util.Optional;

/** Knows the principals. Thread-safe; answers with what is true now, so that roles can be lost. */
public interface Directory {
  /** The principal with this account id; empty when unknown or locked. */
  Optional<Principal> find(String principal);

  /** The human behind an account, also of a locked one; empty when the account is unknown. */
  default Optional<String> personOf(String principal) {
    return find(principal).map(Principal::person);
  }

  /** The name to show for this account; the id itself when the name was erased. */
  default String displayName(String principal) {
    return principal;
  }
}
