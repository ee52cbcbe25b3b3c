package dev.assent.web;

import dev.assent.core.CanonicalJson;
import dev.assent.core.Form;
import dev.assent.core.JsonObject;
import dev.assent.runtime.RequirementCard;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a person is asked to fill in. Immutable.
 *
 * @param secret true when some of the answer is neither echoed nor ever shown again
 * @param schema JSON Schema of the answer, as text: the one authority on what fits
 * @param fallback the declared answer when nobody gives one in time; absent when there is none
 */
record FormView(
    Form.Style style,
    List<Shown.Piece> prompt,
    boolean secret,
    List<FieldView> fields,
    String schema,
    @Nullable List<Shown.Piece> fallback) {

  static FormView of(Form form, RequirementCard card) {
    JsonObject fallback = form.fallback();
    return new FormView(
        form.style(),
        Shown.of(card.shown(form.prompt())),
        form.secret(),
        form.fields().stream().map(FieldView::of).toList(),
        CanonicalJson.text(form.schema()),
        fallback == null || form.secret()
            ? null
            : Shown.of(
                card.redaction().ofSchema(form.schema()).arguments(CanonicalJson.text(fallback))));
  }
}
