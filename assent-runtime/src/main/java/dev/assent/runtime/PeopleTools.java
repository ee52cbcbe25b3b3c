package dev.assent.runtime;

import dev.assent.core.Effect;
import dev.assent.core.Form;
import dev.assent.core.FormField;
import dev.assent.core.Json;
import dev.assent.core.JsonArray;
import dev.assent.core.JsonBoolean;
import dev.assent.core.JsonObject;
import dev.assent.core.JsonString;
import dev.assent.core.ToolSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Tools by which an agent itself asks a person. Stateless. */
public final class PeopleTools {
  private static final Set<String> TYPES = Set.of("string", "integer", "number", "boolean");

  private PeopleTools() {}

  /** {@code get_user_input}: the agent asks for named fields as it comes to need them. */
  public static ToolBinding userInput() {
    return tool(
        "get_user_input",
        "Ask the person for the fields that you need and do not know. Returns their answers.",
        """
        {"type":"object","additionalProperties":false,"required":["fields"],"properties":{
          "message":{"type":"string","description":"what the fields are for"},
          "fields":{"type":"array","minItems":1,"items":{"type":"object",
            "additionalProperties":false,"required":["name","type"],"properties":{
              "name":{"type":"string","minLength":1},
              "type":{"enum":["string","integer","number","boolean"]},
              "description":{"type":"string"}}}}}}""",
        (context, arguments) ->
            context
                .askFields(text(arguments, "message"), fields(arguments.array("fields")))
                .toString());
  }

  /** {@code ask_user}: the agent asks a question, with options to choose from or in free text. */
  public static ToolBinding askUser() {
    return tool(
        "ask_user",
        "Ask the person a question. With options, they choose among them.",
        """
        {"type":"object","additionalProperties":false,"required":["question"],"properties":{
          "question":{"type":"string","minLength":1},
          "options":{"type":"array","minItems":1,"uniqueItems":true,"items":{"type":"string"}},
          "several":{"type":"boolean","default":false}}}""",
        (context, arguments) -> answer(context, arguments));
  }

  private static String answer(ToolContext context, JsonObject arguments) {
    String question = arguments.string("question");
    if (!(arguments.find("options").orElse(null) instanceof JsonArray options)) {
      return context.ask(question);
    }
    boolean several =
        arguments.find("several").orElse(null) instanceof JsonBoolean is && is.value();
    List<String> labels =
        options.elements().stream().map(option -> ((JsonString) option).value()).toList();
    return context
        .ask(Question.of(Form.choice(question, labels, several)))
        .member(Form.ANSWER)
        .toString();
  }

  private static List<FormField> fields(JsonArray wanted) {
    List<FormField> fields = new ArrayList<>();
    for (Json each : wanted) {
      JsonObject field = (JsonObject) each;
      String type = field.string("type");
      if (!TYPES.contains(type)) {
        throw new NotExecutedException("there is no type " + type + "; there are " + TYPES);
      }
      fields.add(
          new FormField(
              field.string("name"),
              text(field, "description"),
              JsonObject.of("type", new JsonString(type)),
              true,
              false));
    }
    if (fields.stream().map(FormField::name).distinct().count() < fields.size()) {
      throw new NotExecutedException("two fields have the same name; rename one");
    }
    return fields;
  }

  private static String text(JsonObject in, String name) {
    return in.find(name).orElse(null) instanceof JsonString text ? text.value() : "";
  }

  private static ToolBinding tool(String name, String description, String schema, ToolBody body) {
    return new ToolBinding(
        new ToolSpec(
            ToolSpec.OWN_CODE,
            name,
            "1",
            description,
            Json.parse(schema),
            Effect.READ_ONLY,
            null,
            false,
            Duration.ofMinutes(1),
            List.of()),
        body);
  }
}
