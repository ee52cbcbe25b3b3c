package dev.assent.console;

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
  static List<Line> of(String arguments, Redaction redaction, int indent, Typesetter set) {
    Json json;
    try {
      json = Json.parse(arguments);
    } catch (MalformedJsonException e) {
      return set.foreign(indent, redaction.arguments(arguments), Style.PLAIN);
    }
    List<Line> lines = new ArrayList<>();
    if (json instanceof JsonObject object && object.size() == 0) {
      lines.addAll(set.ours(indent, Style.FAINT, "(no arguments)"));
    } else {
      members(named(json, redaction.root()), indent, 1, set, lines);
    }
    return lines;
  }

  private static void members(
      Map<SafeText, Placed> members, int indent, int depth, Typesetter set, List<Line> lines) {
    int nameWidth =
        members.keySet().stream()
            .mapToInt(name -> name.toString().length())
            .filter(width -> width <= MOST_NAME)
            .max()
            .orElse(0);
    nameWidth = Math.max(nameWidth, LEAST_NAME);
    for (Map.Entry<SafeText, Placed> member : members.entrySet()) {
      Placed value = member.getValue();
      // Deeper than that it is plain JSON: indents would no longer tell what belongs to what.
      Map<SafeText, Placed> below = depth < DEEPEST ? named(value.json(), value.place()) : Map.of();
      if (below.isEmpty()) {
        lines.addAll(set.foreign(indent, member.getKey(), nameWidth, value.shown(), Style.PLAIN));
      } else {
        lines.addAll(set.foreign(indent, member.getKey(), Style.PLAIN));
        members(below, indent + STEP, depth + 1, set, lines);
      }
    }
  }

  /** What stands below a value; empty when it fits beside its name. */
  private static Map<SafeText, Placed> named(Json value, Redaction.Place place) {
    Map<SafeText, Placed> below = new LinkedHashMap<>();
    switch (value) {
      case JsonObject object ->
          object
              .members()
              .forEach(
                  (name, member) ->
                      below.put(place.name(name), new Placed(member, place.member(name))));
      case JsonArray array -> {
        for (int i = 0; i < array.size(); i++) {
          below.put(SafeText.of("[" + i + "]"), new Placed(array.at(i), place.element()));
        }
      }
      case JsonString s -> {}
      case JsonNumber n -> {}
      case JsonBoolean b -> {}
      case JsonNull n -> {}
    }
    return below;
  }

  /** A value and where it stands. */
  private record Placed(Json json, Redaction.Place place) {
    SafeText shown() {
      return switch (json) {
        case JsonString string -> place.leaf(string, text(string));
        case JsonObject object -> nested(object);
        case JsonArray array -> nested(array);
        case JsonNumber number -> place.leaf(number, number.toString());
        case JsonBoolean bool -> place.leaf(bool);
        case JsonNull nothing -> place.leaf(nothing);
      };
    }

    private SafeText nested(Json value) {
      SafeText shown = place.json(value);
      return shown.hasSecrets() ? shown : SafeText.of(value.toString());
    }
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
