package dev.assent.langchain4j;

import dev.assent.core.Json;
import dev.assent.core.JsonArray;
import dev.assent.core.JsonBoolean;
import dev.assent.core.JsonNull;
import dev.assent.core.JsonNumber;
import dev.assent.core.JsonObject;
import dev.assent.core.JsonString;
import dev.assent.core.spi.Model.Offered;
import dev.assent.core.spi.ModelException;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Our JSON Schema as LangChain4j's. Only its top is taken apart, since LangChain4j wants a class of
 * its own there; every property and definition goes through as it was written.
 */
final class ToolSchemas {
  /** Says something about the schema and nothing about the arguments. */
  private static final Set<String> LEFT_OUT =
      Set.of("$schema", "$id", "$comment", "title", "examples", "default", "deprecated");

  private final Offered tool;

  private ToolSchemas(Offered tool) {
    this.tool = tool;
  }

  /**
   * @throws ModelException when the schema has something that LangChain4j cannot carry
   */
  static JsonObjectSchema parameters(Offered tool) {
    return new ToolSchemas(tool).top();
  }

  private JsonObjectSchema top() {
    JsonObjectSchema.Builder top = JsonObjectSchema.builder();
    object("its schema", tool.schema())
        .members()
        .forEach((keyword, value) -> put(keyword, value, top));
    return top.build();
  }

  private void put(String keyword, Json value, JsonObjectSchema.Builder top) {
    switch (keyword) {
      case "type" -> mustBeObject(value);
      case "description" -> top.description(string(keyword, value));
      case "properties" -> top.addProperties(schemas(keyword, value));
      case "required" -> top.required(strings(keyword, value));
      case "$defs" -> top.definitions(schemas(keyword, value));
      case "additionalProperties" -> top.additionalProperties(bool(keyword, value));
      default -> {
        if (!LEFT_OUT.contains(keyword)) {
          throw refused("'" + keyword + "' at the top of its schema is not carried");
        }
      }
    }
  }

  private Map<String, JsonSchemaElement> schemas(String keyword, Json value) {
    Map<String, JsonSchemaElement> schemas = new LinkedHashMap<>();
    object(keyword, value)
        .members()
        .forEach((name, schema) -> schemas.put(name, raw(name, schema)));
    return schemas;
  }

  private JsonSchemaElement raw(String name, Json schema) {
    mustFitDouble(schema);
    return switch (schema) {
      case JsonObject object -> JsonRawSchema.from(object.toString());
      // LangChain4j reads a raw schema as a map; these two say the same as true and false.
      case JsonBoolean allowed -> JsonRawSchema.from(allowed.value() ? "{}" : "{\"not\":{}}");
      case JsonArray other -> throw wrong(name, "a schema", other);
      case JsonString other -> throw wrong(name, "a schema", other);
      case JsonNumber other -> throw wrong(name, "a schema", other);
      case JsonNull other -> throw wrong(name, "a schema", other);
    };
  }

  /** LangChain4j reads raw schemas with fractions as doubles. */
  private void mustFitDouble(Json json) {
    switch (json) {
      case JsonObject object -> object.members().values().forEach(this::mustFitDouble);
      case JsonArray array -> array.forEach(this::mustFitDouble);
      case JsonNumber number -> {
        boolean whole = number.text().matches("-?[0-9]+");
        double read = number.decimal().doubleValue();
        if (!whole && new BigDecimal(Double.toString(read)).compareTo(number.decimal()) != 0) {
          throw refused("the number " + number + " in its schema is not exact as a double");
        }
      }
      case JsonString text -> {}
      case JsonBoolean bool -> {}
      case JsonNull nothing -> {}
    }
  }

  private void mustBeObject(Json type) {
    if (!type.equals(Json.of("object"))) {
      throw refused("the type of its arguments is " + type + ", not \"object\"");
    }
  }

  private JsonObject object(String name, Json value) {
    if (value instanceof JsonObject object) {
      return object;
    }
    throw wrong(name, "an object", value);
  }

  private String string(String name, Json value) {
    if (value instanceof JsonString string) {
      return string.value();
    }
    throw wrong(name, "a string", value);
  }

  private boolean bool(String name, Json value) {
    if (value instanceof JsonBoolean bool) {
      return bool.value();
    }
    throw wrong(name, "true or false", value);
  }

  private List<String> strings(String name, Json value) {
    if (value instanceof JsonArray array) {
      return array.elements().stream().map(each -> string(name, each)).toList();
    }
    throw wrong(name, "an array", value);
  }

  private ModelException wrong(String name, String wanted, Json value) {
    return refused(name + " is " + value.kind() + ", not " + wanted);
  }

  private ModelException refused(String why) {
    return Failures.request(
        "The tool '"
            + tool.name()
            + "' cannot be offered through LangChain4j: "
            + why
            + ". Say it inside a property, or in $defs.");
  }
}
