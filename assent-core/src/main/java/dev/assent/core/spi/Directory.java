package dev.assent.core.spi;

import dev.assent.core.Principal;
import java.util.Optional;

/** Knows the principals. Thread-safe; answers with what is true now, so that roles can be lost. */
public interface Directory {
  /** The principal with this account id; empty when unknown or locked. */
  Optional<Principal> find(String principal);

  /** The name to show for this account; the id itself when the name was erased. */
  default String displayName(String principal) {
    return principal;
  }
}
