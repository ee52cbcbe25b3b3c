package dev.assent.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.assent.core.Json;
import dev.assent.core.JsonArray;
import dev.assent.core.JsonBoolean;
import dev.assent.core.JsonNull;
import dev.assent.core.JsonNumber;
import dev.assent.core.JsonObject;
import dev.assent.core.JsonString;
import dev.assent.core.MalformedJsonException;
import dev.assent.core.Redaction;
import dev.assent.core.SafeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Arguments as a person sees them. Immutable.
 *
 * @param canonical the exact bytes that were hashed, as text; where secrets are hidden a text
 *     stands for each
 * @param shown the same, safe to show
 * @param fields the leaves, in canonical order, none left out
 * @param secrets how many secrets are hidden
 */
record ArgumentsView(String canonical, List<Shown.Piece> shown, List<Field> fields, int secrets) {
  /** A value of more characters than this has its length beside it. */
  private static final int LONG = 2_000;

  /**
   * One leaf. Immutable.
   *
   * @param path JSON pointer
   * @param name the last step of the path
   * @param length characters of a long value; absent for others
   */
  record Field(
      String path,
      String name,
      String type,
      List<Shown.Piece> shown,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer length) {}

  static ArgumentsView of(String canonical, Redaction redaction) {
    List<Field> fields = new ArrayList<>();
    try {
      walk(Json.parse(canonical), "", "", redaction.root(), fields);
    } catch (MalformedJsonException e) {
      // Erased or foreign bytes have no fields; the text itself is shown whole.
      fields.clear();
    }
    SafeText shown = redaction.arguments(canonical);
    long secrets = shown.segments().stream().filter(SafeText.Redacted.class::isInstance).count();
    return new ArgumentsView(
        redaction.masked(canonical), Shown.of(shown), List.copyOf(fields), (int) secrets);
  }

  private static void walk(
      Json json, String path, String name, Redaction.Place place, List<Field> fields) {
    switch (json) {
      case JsonObject object -> members(object, path, name, place, fields);
      case JsonArray array -> elements(array, path, name, place, fields);
      case JsonString string -> fields.add(field(path, name, "string", place.leaf(string)));
      case JsonNumber number -> fields.add(field(path, name, "number", place.leaf(number)));
      case JsonBoolean bool -> fields.add(field(path, name, "boolean", place.leaf(bool)));
      case JsonNull nothing -> fields.add(field(path, name, "null", place.leaf(nothing)));
    }
  }

  private static void members(
      JsonObject object, String path, String name, Redaction.Place place, List<Field> fields) {
    if (object.size() == 0) {
      fields.add(field(path, name, "object", SafeText.of("{}")));
    }
    object.members().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            member ->
                walk(
                    member.getValue(),
                    path + "/" + step(member.getKey()),
                    member.getKey(),
                    place.member(member.getKey()),
                    fields));
  }

  private static void elements(
      JsonArray array, String path, String name, Redaction.Place place, List<Field> fields) {
    if (array.size() == 0) {
      fields.add(field(path, name, "array", SafeText.of("[]")));
    }
    for (int i = 0; i < array.size(); i++) {
      walk(array.at(i), path + "/" + i, Integer.toString(i), place.element(), fields);
    }
  }

  private static Field field(String path, String name, String type, SafeText value) {
    boolean fold = value.length() > LONG && !value.hasSecrets();
    return new Field(
        Shown.name(path), Shown.name(name), type, Shown.of(value), fold ? value.length() : null);
  }

  /** RFC 6901. */
  private static String step(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
