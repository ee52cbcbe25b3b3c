package dev.assent.core;

import java.util.ArrayList;
import java.util.List;

/**
 * Which places of a value its JSON Schema marks as secret: by {@code writeOnly}, by {@code
 * "format": "password"} or by {@code x-secret}. Immutable: the schemas that hold for one place.
 *
 * <p>Whatever branch of a schema marks a place, it is secret: a branch is not asked whether it
 * applies.
 */
record SecretFields(List<JsonObject> schemas, JsonObject root) {
  private static final int DEEPEST = 16;
  private static final List<String> BRANCHES = List.of("allOf", "anyOf", "oneOf");
  private static final List<String> NESTED = List.of("if", "then", "else", "not");

  SecretFields {
    schemas = List.copyOf(schemas);
  }

  static SecretFields of(JsonObject schema) {
    return new SecretFields(spread(List.of(schema), schema), schema);
  }

  boolean secret() {
    return schemas.stream()
        .anyMatch(
            schema ->
                yes(schema, "writeOnly")
                    || yes(schema, "x-secret")
                    || schema.find("format").filter(Json.of("password")::equals).isPresent());
  }

  SecretFields member(String name) {
    List<Json> below = new ArrayList<>();
    for (JsonObject schema : schemas) {
      if (schema.find("properties").orElse(null) instanceof JsonObject properties) {
        properties.find(name).ifPresent(below::add);
      }
      if (schema.find("patternProperties").orElse(null) instanceof JsonObject patterns) {
        below.addAll(patterns.members().values()); // Whether one fits is not asked either.
      }
      schema.find("additionalProperties").ifPresent(below::add);
      schema.find("unevaluatedProperties").ifPresent(below::add);
    }
    return new SecretFields(spread(below, root), root);
  }

  SecretFields element() {
    List<Json> below = new ArrayList<>();
    for (JsonObject schema : schemas) {
      schema.find("items").ifPresent(below::add);
      schema.find("contains").ifPresent(below::add);
      if (schema.find("prefixItems").orElse(null) instanceof JsonArray places) {
        below.addAll(places.elements());
      }
    }
    return new SecretFields(spread(below, root), root);
  }

  /** These and all that they are put together from. */
  private static List<JsonObject> spread(List<? extends Json> schemas, JsonObject root) {
    List<JsonObject> all = new ArrayList<>();
    schemas.forEach(schema -> spread(schema, root, 0, all));
    return all;
  }

  private static void spread(Json json, JsonObject root, int depth, List<JsonObject> all) {
    if (!(json instanceof JsonObject schema) || depth > DEEPEST || all.contains(schema)) {
      return;
    }
    all.add(schema);
    for (String branch : BRANCHES) {
      if (schema.find(branch).orElse(null) instanceof JsonArray ways) {
        ways.elements().forEach(way -> spread(way, root, depth + 1, all));
      }
    }
    for (String nested : NESTED) {
      schema.find(nested).ifPresent(one -> spread(one, root, depth + 1, all));
    }
    if (schema.find("$ref").orElse(null) instanceof JsonString ref) {
      spread(target(ref.value(), root), root, depth + 1, all);
    }
  }

  private static Json target(String ref, JsonObject root) {
    Json now = root;
    if (!ref.startsWith("#")) {
      return JsonNull.NULL;
    }
    for (String step : ref.substring(1).split("/", -1)) {
      String name = step.replace("~1", "/").replace("~0", "~");
      if (!step.isEmpty()) {
        now =
            now instanceof JsonObject object
                ? object.find(name).orElse(JsonNull.NULL)
                : JsonNull.NULL;
      }
    }
    return now;
  }

  private static boolean yes(JsonObject schema, String keyword) {
    return schema.find(keyword).filter(Json.of(true)::equals).isPresent();
  }
}
