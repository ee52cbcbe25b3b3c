package dev.assent.runtime;

import dev.assent.core.Effect;
import dev.assent.core.Form;
import dev.assent.core.FormField;
import dev.assent.core.Involvement;
import dev.assent.core.Json;
import dev.assent.core.JsonArray;
import dev.assent.core.JsonObject;
import dev.assent.core.JsonString;
import dev.assent.core.RecordJson;
import dev.assent.core.RequirementKind;
import dev.assent.core.RunCommand;
import dev.assent.core.ToolCall;
import dev.assent.core.ToolSpec;
import java.util.ArrayList;
import java.util.List;

/** Hands a checked call to people or programs instead of running its body. Stateless. */
final class HandOver {
  private HandOver() {}

  /** True when the call waits now: for fields, for its result from outside, for another agent. */
  static boolean handOver(Draft draft, ToolExecutor.Checked checked) {
    ToolCall call = checked.call();
    ToolSpec spec = checked.spec();
    Involvement involvement = spec.involvement();
    if (checked.body() instanceof AgentTool agent) {
      draft.startChild(call, agent, checked.arguments());
      return true;
    }
    if (involvement.external()) {
      if (call.mustBeBound().effect() != Effect.READ_ONLY) {
        draft.add(new RunCommand.StartAttempt(call.id(), draft.now().plus(checked.timeLimit())));
      }
      ToolCall now = draft.state().find(call.id()).orElseThrow();
      draft.suspend(
          now,
          now.attempts(),
          new Draft.Wait(
              RequirementKind.EXTERNAL_EXECUTION,
              null,
              involvement.terms(spec.name()),
              null,
              null));
      return true;
    }
    if (!involvement.fields().isEmpty() && call.asked().stream().noneMatch(FilledIn::form)) {
      draft.suspend(
          call,
          call.attempts(),
          new Draft.Wait(
              RequirementKind.USER_INPUT,
              null,
              involvement.terms(spec.name()),
              draft.body(RecordJson.write(form(spec, checked.arguments()))).ref(),
              null));
      return true;
    }
    return false;
  }

  /** The fields that a person fills in; what the model wrote stands there at first. */
  static Form form(ToolSpec spec, JsonObject arguments) {
    JsonObject schema = (JsonObject) spec.schema();
    JsonObject properties = schema.object("properties");
    List<FormField> fields = new ArrayList<>();
    for (String name : spec.involvement().fields()) {
      JsonObject property =
          properties.find(name).orElse(null) instanceof JsonObject known
              ? known
              : JsonObject.empty();
      String description =
          property.find("description").orElse(null) instanceof JsonString text ? text.value() : "";
      JsonObject shown =
          arguments.find(name).map(value -> property.with("default", value)).orElse(property);
      fields.add(new FormField(name, description, shown, required(schema, name), false));
    }
    JsonObject written = ((JsonObject) spec.modelSchema()).object("properties");
    for (String name : written.members().keySet()) {
      fields.add(filledIn(name, written.find(name).orElseThrow(), arguments));
    }
    return Form.fields(spec.involvement().terms(spec.name()).message(), fields);
  }

  /** What the model filled in: shown with the rest, and left out by whoever does not change it. */
  private static FormField filledIn(String name, Json schema, JsonObject arguments) {
    JsonObject property = schema instanceof JsonObject known ? known : JsonObject.empty();
    String said =
        property.find("description").orElse(null) instanceof JsonString text
                && !text.value().isEmpty()
            ? text.value() + " "
            : "";
    return new FormField(
        name,
        said + "(The agent filled this in; changing it is an edit.)",
        arguments
            .find(name)
            .map(value -> property.with("default", value))
            .orElse(property.without("default")),
        false,
        false);
  }

  private static boolean required(JsonObject schema, String name) {
    return schema.find("required").orElse(null) instanceof JsonArray names
        && names.elements().contains((Json) new JsonString(name));
  }
}
