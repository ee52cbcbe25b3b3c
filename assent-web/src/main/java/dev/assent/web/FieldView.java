package dev.assent.web;

import dev.assent.core.CanonicalJson;
import dev.assent.core.FormField;
import dev.assent.core.Json;
import dev.assent.core.JsonArray;
import dev.assent.core.JsonNull;
import dev.assent.core.JsonNumber;
import dev.assent.core.JsonObject;
import dev.assent.core.JsonString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One thing to fill in, and how. A page draws what {@code input} says; a schema beyond the subset
 * it knows is {@code JSON}. Immutable.
 *
 * @param name its name in the answer, exact; empty for the elements of a list
 * @param label the same, or the schema's title, to show
 * @param nullable may be null
 * @param preset JSON text of what stands there at first; never of a secret
 * @param options JSON text and label of what can be chosen
 * @param minimum exact text of the lowest number; absent when there is none
 * @param maximum exact text of the highest number; absent when there is none
 * @param fields of a group
 * @param item what a list holds
 * @param schema JSON Schema of the value, as text
 */
record FieldView(
    String name,
    List<Shown.Piece> label,
    List<Shown.Piece> description,
    Input input,
    boolean required,
    boolean nullable,
    boolean secret,
    @Nullable String preset,
    List<Option> options,
    @Nullable String minimum,
    @Nullable String maximum,
    List<FieldView> fields,
    @Nullable FieldView item,
    String schema) {
  private static final int DEEPEST = 3;
  private static final Set<String> COMBINED =
      Set.of("$ref", "allOf", "not", "if", "$dynamicRef", "patternProperties");

  /** How a value is put in. */
  enum Input {
    TEXT,
    MULTILINE,
    DATE,
    DATE_TIME,
    EMAIL,
    URI,
    INTEGER,
    NUMBER,
    BOOLEAN,
    CHOICE,
    CHOICES,
    LIST,
    GROUP,
    JSON
  }

  /** Something to choose. Immutable; {@code value} is JSON text. */
  record Option(String value, List<Shown.Piece> shown) {
    static Option of(Json value, @Nullable String title) {
      String label = title != null ? title : plain(value);
      return new Option(CanonicalJson.text(value), Shown.of(label));
    }

    private static String plain(Json value) {
      return value instanceof JsonString text ? text.value() : CanonicalJson.text(value);
    }
  }

  /** What a schema says about the way to put a value in. */
  private record Reading(
      Input input, List<Option> options, List<FieldView> fields, @Nullable FieldView item) {
    static Reading of(Input input) {
      return new Reading(input, List.of(), List.of(), null);
    }
  }

  static FieldView of(FormField field) {
    return of(
        field.name(), field.schema(), field.description(), field.required(), field.secret(), 1);
  }

  private static FieldView of(
      String name, Json given, String said, boolean required, boolean secret, int depth) {
    JsonObject whole = given instanceof JsonObject object ? object : JsonObject.empty();
    JsonObject schema = notNull(whole);
    Reading reading = secret ? Reading.of(Input.TEXT) : read(schema, depth);
    Optional<Json> preset = secret ? Optional.empty() : whole.find("default");
    return new FieldView(
        name,
        Shown.of(text(whole, "title").orElse(name)),
        Shown.of(said.isEmpty() ? text(whole, "description").orElse("") : said),
        reading.input(),
        required,
        !schema.equals(whole),
        secret,
        preset.map(CanonicalJson::text).orElse(null),
        reading.options(),
        number(schema, "minimum").or(() -> number(schema, "exclusiveMinimum")).orElse(null),
        number(schema, "maximum").or(() -> number(schema, "exclusiveMaximum")).orElse(null),
        reading.fields(),
        reading.item(),
        CanonicalJson.text(given));
  }

  /** The schema without its null, if it allows one. */
  private static JsonObject notNull(JsonObject schema) {
    Json type = schema.find("type").orElse(null);
    if (type instanceof JsonArray types
        && types.size() == 2
        && types.elements().contains(new JsonString("null"))) {
      return schema.with(
          "type",
          types.elements().stream()
              .filter(one -> !one.equals(new JsonString("null")))
              .findFirst()
              .orElse(JsonNull.NULL));
    }
    Json any = schema.find("anyOf").or(() -> schema.find("oneOf")).orElse(null);
    if (any instanceof JsonArray ways && ways.size() == 2) {
      List<Json> others =
          ways.elements().stream()
              .filter(way -> !way.equals(JsonObject.of("type", new JsonString("null"))))
              .toList();
      return others.size() == 1 && others.getFirst() instanceof JsonObject other ? other : schema;
    }
    return schema;
  }

  private static Reading read(JsonObject schema, int depth) {
    if (COMBINED.stream().anyMatch(schema::has)) {
      return Reading.of(Input.JSON);
    }
    List<Option> options = options(schema);
    if (!options.isEmpty()) {
      return new Reading(Input.CHOICE, options, List.of(), null);
    }
    if (schema.has("anyOf") || schema.has("oneOf")) {
      return Reading.of(Input.JSON);
    }
    return switch (text(schema, "type").orElse("")) {
      case "string" -> Reading.of(ofString(schema));
      case "integer" -> Reading.of(Input.INTEGER);
      case "number" -> Reading.of(Input.NUMBER);
      case "boolean" -> Reading.of(Input.BOOLEAN);
      case "array" -> array(schema, depth);
      case "object" -> group(schema, depth);
      default -> Reading.of(Input.JSON);
    };
  }

  private static Input ofString(JsonObject schema) {
    return switch (text(schema, "format").orElse("")) {
      case "date" -> Input.DATE;
      case "date-time" -> Input.DATE_TIME;
      case "email" -> Input.EMAIL;
      case "uri" -> Input.URI;
      case "multiline", "textarea" -> Input.MULTILINE;
      default -> Input.TEXT;
    };
  }

  /** From an enumeration, a constant, or one of several constants. */
  private static List<Option> options(JsonObject schema) {
    if (schema.find("enum").orElse(null) instanceof JsonArray values) {
      return values.elements().stream().map(value -> Option.of(value, null)).toList();
    }
    if (schema.has("const")) {
      return List.of(Option.of(schema.member("const"), null));
    }
    List<Option> options = new ArrayList<>();
    if (schema.find("oneOf").or(() -> schema.find("anyOf")).orElse(null)
        instanceof JsonArray ways) {
      for (Json way : ways) {
        if (!(way instanceof JsonObject one) || !one.has("const")) {
          return List.of();
        }
        options.add(Option.of(one.member("const"), text(one, "title").orElse(null)));
      }
    }
    return options;
  }

  private static Reading array(JsonObject schema, int depth) {
    FieldView item =
        schema.find("items").orElse(null) instanceof JsonObject items
            ? of("", items, "", true, false, depth + 1)
            : null;
    if (item == null || schema.has("prefixItems") || schema.has("contains")) {
      return Reading.of(Input.JSON);
    }
    return switch (item.input()) {
      case CHOICE -> new Reading(Input.CHOICES, item.options(), List.of(), null);
      case TEXT, MULTILINE, DATE, DATE_TIME, EMAIL, URI, INTEGER, NUMBER, BOOLEAN ->
          item.nullable()
              ? Reading.of(Input.JSON)
              : new Reading(Input.LIST, List.of(), List.of(), item);
      case CHOICES, LIST, GROUP, JSON -> Reading.of(Input.JSON);
    };
  }

  private static Reading group(JsonObject schema, int depth) {
    if (depth >= DEEPEST
        || !(schema.find("properties").orElse(null) instanceof JsonObject properties)) {
      return Reading.of(Input.JSON);
    }
    List<Json> required =
        schema.find("required").orElse(null) instanceof JsonArray names
            ? names.elements()
            : List.of();
    List<FieldView> fields =
        properties.members().entrySet().stream()
            .map(
                property ->
                    of(
                        property.getKey(),
                        property.getValue(),
                        "",
                        required.contains(new JsonString(property.getKey())),
                        false,
                        depth + 1))
            .toList();
    return new Reading(Input.GROUP, List.of(), fields, null);
  }

  private static Optional<String> text(JsonObject schema, String member) {
    return schema.find(member).orElse(null) instanceof JsonString text
        ? Optional.of(text.value())
        : Optional.empty();
  }

  private static Optional<String> number(JsonObject schema, String member) {
    return schema.find(member).orElse(null) instanceof JsonNumber number
        ? Optional.of(CanonicalJson.text(number))
        : Optional.empty();
  }
}
