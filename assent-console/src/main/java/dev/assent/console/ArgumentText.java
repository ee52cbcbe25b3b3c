package dev.assent.console;

import dev.assent.core.Json;
import dev.assent.core.JsonArray;
import dev.assent.core.JsonBoolean;
import dev.assent.core.JsonNull;
import dev.assent.core.JsonNumber;
import dev.assent.core.JsonObject;
import dev.assent.core.JsonString;
import dev.assent.core.MalformedJsonException;
import dev.assent.core.SafeText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Arguments as people read them: one line for each, what is nested below it. Stateless. */
final class ArgumentText {
  private static final int STEP = 2;
  private static final int LEAST_NAME = 8;
  private static final int MOST_NAME = 24;
  private static final int DEEPEST = 4;

  private ArgumentText() {}

  /**
   * The lines of the canonical arguments; raw when they cannot be read, for example when erased.
   */
  static List<Line> of(String arguments, int indent, Typesetter set) {
    Json json;
    try {
      json = Json.parse(arguments);
    } catch (MalformedJsonException e) {
      return set.foreign(indent, SafeText.of(arguments), Style.PLAIN);
    }
    List<Line> lines = new ArrayList<>();
    if (json instanceof JsonObject object && object.size() == 0) {
      lines.addAll(set.ours(indent, Style.FAINT, "(no arguments)"));
    } else {
      members(named(json), indent, 1, set, lines);
    }
    return lines;
  }

  private static void members(
      Map<SafeText, Json> members, int indent, int depth, Typesetter set, List<Line> lines) {
    int nameWidth =
        members.keySet().stream()
            .mapToInt(name -> name.toString().length())
            .filter(width -> width <= MOST_NAME)
            .max()
            .orElse(0);
    nameWidth = Math.max(nameWidth, LEAST_NAME);
    for (Map.Entry<SafeText, Json> member : members.entrySet()) {
      Json value = member.getValue();
      // Deeper than that it is plain JSON: indents would no longer tell what belongs to what.
      Map<SafeText, Json> below = depth < DEEPEST ? named(value) : Map.of();
      if (below.isEmpty()) {
        lines.addAll(
            set.foreign(indent, member.getKey(), nameWidth, SafeText.of(text(value)), Style.PLAIN));
      } else {
        lines.addAll(set.foreign(indent, member.getKey(), Style.PLAIN));
        members(below, indent + STEP, depth + 1, set, lines);
      }
    }
  }

  /** What stands below a value; empty when it fits beside its name. */
  private static Map<SafeText, Json> named(Json value) {
    Map<SafeText, Json> below = new LinkedHashMap<>();
    switch (value) {
      case JsonObject object ->
          object.members().forEach((name, member) -> below.put(SafeText.of(name), member));
      case JsonArray array -> {
        for (int i = 0; i < array.size(); i++) {
          below.put(SafeText.of("[" + i + "]"), array.at(i));
        }
      }
      case JsonString s -> {}
      case JsonNumber n -> {}
      case JsonBoolean b -> {}
      case JsonNull n -> {}
    }
    return below;
  }

  private static String text(Json value) {
    return value instanceof JsonString string ? text(string) : value.toString();
  }

  /** Without quotes, unless it would then read as something else or hide its own ends. */
  private static String text(JsonString string) {
    String value = string.value();
    boolean clear =
        !value.isBlank() && value.equals(value.strip()) && !value.startsWith("\"") && !json(value);
    return clear ? value : string.toString();
  }

  private static boolean json(String text) {
    try {
      Json.parse(text);
      return true;
    } catch (MalformedJsonException e) {
      return false;
    }
  }
}
