package dev.assent.web;

import dev.assent.core.spi.Directory;
import org.jspecify.annotations.Nullable;

/** Names principals for views, as they are called now. Immutable. */
record People(Directory directory) {
  PersonView person(String principal) {
    return new PersonView(principal, Shown.name(directory.displayName(principal)));
  }

  @Nullable PersonView personOrNull(@Nullable String principal) {
    return principal == null ? null : person(principal);
  }
}
