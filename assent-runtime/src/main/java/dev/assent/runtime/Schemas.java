package dev.assent.runtime;

import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.assent.core.CanonicalJson;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.Json;
import dev.assent.core.JsonArray;
import dev.assent.core.JsonBoolean;
import dev.assent.core.JsonObject;
import dev.assent.core.JsonPatch;
import dev.assent.core.JsonString;
import dev.assent.core.SafeText;
import dev.assent.core.ToolSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Makes JSON Schemas of Java types, fills in their defaults and checks arguments. Thread-safe. */
final class Schemas {
  private static final SchemaGenerator GENERATOR =
      new SchemaGenerator(
          new SchemaGeneratorConfigBuilder(
                  com.github.victools.jsonschema.generator.SchemaVersion.DRAFT_2020_12,
                  OptionPreset.PLAIN_JSON)
              .with(
                  com.github.victools.jsonschema.generator.Option
                      .FORBIDDEN_ADDITIONAL_PROPERTIES_BY_DEFAULT)
              .without(com.github.victools.jsonschema.generator.Option.SCHEMA_VERSION_INDICATOR)
              .build());
  private static final int MOST_COMPILED = 1_000;

  private final Map<Json, Schema> compiled = new ConcurrentHashMap<>();

  /** The schema of a method's parameters. */
  static Json ofParameters(List<AnnotatedTools.Argument> arguments) {
    Map<String, Json> properties = new LinkedHashMap<>();
    List<Json> required = new ArrayList<>();
    for (AnnotatedTools.Argument argument : arguments) {
      JsonObject schema =
          (JsonObject) Json.parse(typeSchema(argument.parameter().getParameterizedType()));
      if (argument.secret()) {
        schema = schema.with("writeOnly", Json.of(true));
      }
      properties.put(
          argument.name(),
          argument.description().isEmpty()
              ? schema
              : schema.with("description", Json.of(argument.description())));
      if (argument.required()) {
        required.add(Json.of(argument.name()));
      }
    }
    return JsonObject.of("type", Json.of("object"))
        .with("properties", new JsonObject(properties))
        .with("required", new JsonArray(required))
        .with("additionalProperties", new JsonBoolean(false));
  }

  /** The generator is not thread-safe. */
  private static synchronized String typeSchema(java.lang.reflect.Type type) {
    return GENERATOR.generateSchema(type).toString();
  }

  /**
   * Looks whether a tool's arguments can be checked at all, before anybody needs it.
   *
   * @throws IllegalArgumentException when they cannot
   */
  static void check(ToolSpec tool) {
    try {
      CanonicalJson.of(tool.schema());
      compile(tool.schema()).initializeValidators();
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "the schema of the tool '"
              + tool.name()
              + "' cannot be used; mend it: "
              + SafeText.of(String.valueOf(e.getMessage())),
          e);
    }
  }

  /** The arguments with the schema's defaults where the model left something out. */
  static JsonObject withDefaults(JsonObject arguments, Json schema) {
    if (!(schema instanceof JsonObject object)
        || !(object.find("properties").orElse(null) instanceof JsonObject properties)) {
      return arguments;
    }
    JsonObject filled = arguments;
    for (Map.Entry<String, Json> property : properties.members().entrySet()) {
      Json given = arguments.find(property.getKey()).orElse(null);
      if (given == null && property.getValue() instanceof JsonObject described) {
        Json fallback = described.find("default").orElse(null);
        filled = fallback == null ? filled : filled.with(property.getKey(), fallback);
      } else if (given instanceof JsonObject nested) {
        filled = filled.with(property.getKey(), withDefaults(nested, property.getValue()));
      }
    }
    return filled;
  }

  /** What is wrong with the arguments, one line each; empty when they fit. */
  List<String> problems(JsonObject arguments, Json schema) {
    return mistakes(arguments, schema, false).stream()
        .map(mistake -> mistake.path() + ": " + mistake.message())
        .toList();
  }

  /**
   * What is wrong with a value, and where; empty when it fits.
   *
   * @param formats whether a date has to be one, and so on: true of what people fill in
   */
  List<DecisionOutcome.Mistake> mistakes(JsonObject arguments, Json schema, boolean formats) {
    List<DecisionOutcome.Mistake> problems = new ArrayList<>();
    if (schema instanceof JsonObject object && !object.has("additionalProperties")) {
      JsonObject properties =
          object.find("properties").orElse(null) instanceof JsonObject known
              ? known
              : JsonObject.empty();
      for (String name : arguments.members().keySet()) {
        if (!properties.has(name)) {
          problems.add(
              new DecisionOutcome.Mistake("/" + JsonPatch.step(name), "there is no such argument"));
        }
      }
    }
    if (compiled.size() >= MOST_COMPILED) {
      compiled.clear(); // Servers may change their schemas as often as they like.
    }
    compiled
        .computeIfAbsent(schema, Schemas::compile)
        .validate(
            arguments.toString(),
            InputFormat.JSON,
            context -> context.executionConfig(config -> config.formatAssertionsEnabled(formats)))
        .forEach(error -> problems.add(mistake(error)));
    return problems;
  }

  /** What is missing is wrong where it is missing. */
  private static DecisionOutcome.Mistake mistake(Error error) {
    String property = error.getProperty();
    String missing = property == null ? "" : "/" + JsonPatch.step(property);
    return new DecisionOutcome.Mistake(error.getInstanceLocation() + missing, error.getMessage());
  }

  /** A registry of its own: what one schema calls itself must not reach into another. */
  private static Schema compile(Json schema) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(schema.toString());
  }

  /** The text of an argument for a template: a string without quotes, anything else as JSON. */
  static String plain(Json value) {
    return value instanceof JsonString string ? string.value() : value.toString();
  }
}
