package dev.assent.runtime;

import dev.assent.core.Body;
import dev.assent.core.CanonicalJson;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.SignedDecision;
import dev.assent.core.ToolCall;
import dev.assent.core.ToolSpec;
import dev.assent.core.Verdict;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * What whoever fills in a call's fields makes of the arguments that the model wrote: their form
 * holds these too, and changing one is an edit. Stateless.
 */
final class FilledIn {
  private FilledIn() {}

  /** True of the form that a call is filled in by, before its body begins. */
  static boolean form(ToolCall.Asked asked) {
    return asked.kind() == RequirementKind.USER_INPUT && asked.question() == null;
  }

  /** The arguments of the model as an answer has them. */
  static JsonObject arguments(JsonObject written, JsonObject answer, ToolSpec tool) {
    JsonObject changed = written;
    for (Map.Entry<String, Json> each : answer.members().entrySet()) {
      if (!tool.involvement().fields().contains(each.getKey())) {
        changed = changed.with(each.getKey(), each.getValue());
      }
    }
    return changed;
  }

  /** The arguments after an answer that changed them; empty when it did not. */
  static Optional<JsonObject> changed(Body written, JsonObject answer, ToolSpec tool) {
    JsonObject after = arguments((JsonObject) Json.parse(written.content()), answer, tool);
    return Arrays.equals(CanonicalJson.of(after), written.content())
        ? Optional.empty()
        : Optional.of(after);
  }

  /** Who changed the call's arguments by its form; empty when nobody did. */
  static Optional<String> editor(Engine engine, ToolCall call) {
    return call.asked().stream()
        .filter(FilledIn::form)
        .filter(asked -> asked.verdict() == Verdict.ANSWER)
        .flatMap(asked -> engine.store().requirement(engine.tenant(), asked.requirement()).stream())
        .filter(form -> !form.arguments().equals(call.mustBeBound().arguments()))
        .findFirst()
        .flatMap(form -> answeredBy(engine, form));
  }

  private static Optional<String> answeredBy(Engine engine, Requirement form) {
    return Answers.last(engine, form)
        .map(SignedDecision::decision)
        .map(decision -> decision.principal());
  }
}
