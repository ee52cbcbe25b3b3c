package dev.assent.runtime;

import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fills {@code {name}} from a call's arguments; other braces do no harm. Stateless. */
final class Template {
  private static final Pattern FIELD = Pattern.compile("\\{([A-Za-z_][A-Za-z0-9_.]*)\\}");

  private Template() {}

  /** The filled template; a field that the arguments lack stays as it is written. */
  static String fill(String template, JsonObject arguments) {
    return FIELD
        .matcher(template)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    find(arguments, match.group(1)).map(Schemas::plain).orElse(match.group())));
  }

  /** The names that its fields begin with. */
  static java.util.List<String> names(String template) {
    return FIELD
        .matcher(template)
        .results()
        .map(match -> match.group(1))
        .map(field -> field.indexOf('.') < 0 ? field : field.substring(0, field.indexOf('.')))
        .distinct()
        .toList();
  }

  /** The first field that the arguments lack. */
  static java.util.Optional<String> missing(String template, JsonObject arguments) {
    return FIELD
        .matcher(template)
        .results()
        .map(match -> match.group(1))
        .filter(field -> find(arguments, field).isEmpty())
        .findFirst();
  }

  private static java.util.Optional<Json> find(JsonObject arguments, String path) {
    Json at = arguments;
    for (String name : path.split("\\.")) {
      Json next = at instanceof JsonObject object ? object.find(name).orElse(null) : null;
      if (next == null) {
        return java.util.Optional.empty();
      }
      at = next;
    }
    return java.util.Optional.of(at);
  }
}
