package dev.assent.console;

import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The last edit that was not accepted, so that whoever is asked again goes on where they were. Used
 * by whoever holds the terminal's turn.
 */
final class EditDraft {
  private record Kept(RequirementId id, int version, String text) {}

  private @Nullable Kept last;

  /** What was typed about this version. */
  Optional<String> of(Requirement asked) {
    Kept kept = last;
    return kept != null && kept.id().equals(asked.id()) && kept.version() == asked.version()
        ? Optional.of(kept.text())
        : Optional.empty();
  }

  void keep(Requirement asked, String text) {
    last = new Kept(asked.id(), asked.version(), text);
  }
}
