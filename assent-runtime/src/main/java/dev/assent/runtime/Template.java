package dev.assent.runtime;

import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.Redaction;
import dev.assent.core.SafeText;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
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

  /** The filled template as people are shown it. */
  static SafeText shown(String template, JsonObject arguments, Redaction redaction) {
    return shown(
        template,
        field ->
            find(arguments, field)
                .map(value -> redaction.root().at("/" + field.replace('.', '/')).shown(value)));
  }

  /** The same, from what stands for each field. */
  static SafeText shown(String template, Function<String, Optional<SafeText>> fields) {
    SafeText.Joined out = SafeText.join();
    Matcher matcher = FIELD.matcher(template);
    int from = 0;
    while (matcher.find()) {
      out.add(template.substring(from, matcher.start()));
      fields.apply(matcher.group(1)).ifPresentOrElse(out::add, () -> out.add(matcher.group()));
      from = matcher.end();
    }
    return out.add(template.substring(from)).text();
  }

  /** The names that its fields begin with. */
  static List<String> names(String template) {
    return FIELD
        .matcher(template)
        .results()
        .map(match -> match.group(1))
        .map(field -> field.indexOf('.') < 0 ? field : field.substring(0, field.indexOf('.')))
        .distinct()
        .toList();
  }

  /** The first field that the arguments lack. */
  static Optional<String> missing(String template, JsonObject arguments) {
    return FIELD
        .matcher(template)
        .results()
        .map(match -> match.group(1))
        .filter(field -> find(arguments, field).isEmpty())
        .findFirst();
  }

  private static Optional<Json> find(JsonObject arguments, String path) {
    Json at = arguments;
    for (String name : path.split("\\.")) {
      Json next = at instanceof JsonObject object ? object.find(name).orElse(null) : null;
      if (next == null) {
        return Optional.empty();
      }
      at = next;
    }
    return Optional.of(at);
  }
}
