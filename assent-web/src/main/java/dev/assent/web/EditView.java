package dev.assent.web;

import dev.assent.core.Json;
import dev.assent.core.JsonPatch;
import dev.assent.core.MalformedJsonException;
import dev.assent.core.Redaction;
import dev.assent.runtime.RequirementCard;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What people made of the arguments that the agent wrote. Immutable.
 *
 * @param by who edited last
 * @param proposed as the agent wrote them
 * @param changes from those to what is decided now
 */
record EditView(@Nullable PersonView by, ArgumentsView proposed, List<Change> changes) {

  /** One difference; absent is what was not, or is not any more. Immutable. */
  record Change(
      String path, @Nullable List<Shown.Piece> before, @Nullable List<Shown.Piece> after) {}

  static @Nullable EditView of(RequirementCard card, People people) {
    String proposed = card.proposed();
    if (proposed == null) {
      return null;
    }
    return new EditView(
        people.personOrNull(card.requirement().editedBy()),
        ArgumentsView.of(proposed, card.redaction()),
        changes(proposed, card.arguments(), card.redaction()));
  }

  /** From one to the other, by where it is. */
  static List<Change> changes(String before, String after, Redaction redaction) {
    try {
      return JsonPatch.changes(Json.parse(before), Json.parse(after)).stream()
          .map(
              change ->
                  new Change(
                      Shown.name(change.path()),
                      shown(change.before(), redaction.root().at(change.path())),
                      shown(change.after(), redaction.root().at(change.path()))))
          .toList();
    } catch (MalformedJsonException e) {
      return List.of(); // Erased: there is nothing to compare.
    }
  }

  private static @Nullable List<Shown.Piece> shown(Optional<Json> value, Redaction.Place place) {
    return value.map(place::shown).map(Shown::of).orElse(null);
  }
}
