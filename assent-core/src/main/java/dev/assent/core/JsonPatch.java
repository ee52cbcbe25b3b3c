package dev.assent.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An edit of a JSON value as RFC 6902 has it: what it does not name keeps every digit. Stateless.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6902">RFC 6902, JSON Patch</a>
 */
public final class JsonPatch {
  private static final Set<String> WITH_VALUE = Set.of("add", "replace", "test");
  private static final Set<String> WITH_FROM = Set.of("move", "copy");

  private JsonPatch() {}

  /**
   * The value after all operations, or none.
   *
   * @throws MalformedJsonException when the patch is no list of operations, or one of them does not
   *     fit the value; the message names it
   */
  public static Json apply(Json value, Json patch) {
    if (!(patch instanceof JsonArray operations)) {
      throw new MalformedJsonException("A patch is a list of operations; it is " + patch.kind());
    }
    Json now = value;
    for (int i = 0; i < operations.size(); i++) {
      try {
        now = apply(now, operation(operations.at(i)));
      } catch (MalformedJsonException e) {
        throw new MalformedJsonException("Operation " + i + ": " + e.getMessage(), e);
      }
    }
    return now;
  }

  /**
   * The shortest way from one value to another that this class finds: arrays are compared place by
   * place.
   */
  public static JsonArray between(Json before, Json after) {
    List<Json> operations = new ArrayList<>();
    for (Change change : changes(before, after)) {
      JsonObject operation =
          JsonObject.of("op", Json.of(change.op())).with("path", Json.of(change.path()));
      operations.add(change.after().map(now -> operation.with("value", now)).orElse(operation));
    }
    return new JsonArray(operations);
  }

  /**
   * One difference. Immutable.
   *
   * @param path where, as RFC 6901 has it; empty is the whole value
   * @param before empty when it was added
   * @param after empty when it was removed
   */
  public record Change(String path, Optional<Json> before, Optional<Json> after) {
    String op() {
      return before.isEmpty() ? "add" : after.isEmpty() ? "remove" : "replace";
    }
  }

  /** What differs, in an order in which it can be applied; numbers of one value are the same. */
  public static List<Change> changes(Json before, Json after) {
    List<Change> found = new ArrayList<>();
    compare("", before, after, found);
    return List.copyOf(found);
  }

  private static void compare(String path, Json before, Json after, List<Change> found) {
    if (before instanceof JsonObject a && after instanceof JsonObject b) {
      a.members()
          .forEach(
              (name, value) ->
                  compare(path + "/" + step(name), Optional.of(value), b.find(name), found));
      b.members().entrySet().stream()
          .filter(added -> !a.has(added.getKey()))
          .forEach(
              added ->
                  compare(
                      path + "/" + step(added.getKey()),
                      Optional.empty(),
                      Optional.of(added.getValue()),
                      found));
    } else if (before instanceof JsonArray a && after instanceof JsonArray b) {
      elements(path, a, b, found);
    } else if (!CanonicalJson.text(before).equals(CanonicalJson.text(after))) {
      found.add(new Change(path, Optional.of(before), Optional.of(after)));
    }
  }

  private static void elements(String path, JsonArray before, JsonArray after, List<Change> found) {
    int both = Math.min(before.size(), after.size());
    for (int i = 0; i < both; i++) {
      compare(path + "/" + i, before.at(i), after.at(i), found);
    }
    for (int i = both; i < after.size(); i++) {
      found.add(new Change(path + "/" + i, Optional.empty(), Optional.of(after.at(i))));
    }
    for (int i = before.size() - 1; i >= both; i--) {
      found.add(new Change(path + "/" + i, Optional.of(before.at(i)), Optional.empty()));
    }
  }

  private static void compare(
      String path, Optional<Json> before, Optional<Json> after, List<Change> found) {
    if (before.isPresent() && after.isPresent()) {
      compare(path, before.get(), after.get(), found);
    } else {
      found.add(new Change(path, before, after));
    }
  }

  private static JsonObject operation(Json json) {
    if (json instanceof JsonObject operation) {
      return operation;
    }
    throw new MalformedJsonException("an operation is an object, not " + json.kind());
  }

  private static Json apply(Json value, JsonObject operation) {
    String op = operation.string("op");
    List<String> path = steps(operation.string("path"));
    Json given = WITH_VALUE.contains(op) ? operation.member("value") : JsonNull.NULL;
    List<String> from =
        WITH_FROM.contains(op) ? steps(operation.string("from")) : List.<String>of();
    return switch (op) {
      case "add" -> add(value, path, given);
      case "remove" -> remove(value, path);
      case "replace" -> replace(value, path, given);
      case "copy" -> add(value, path, at(value, from));
      case "move" -> move(value, from, path);
      case "test" -> test(value, path, given);
      default ->
          throw new MalformedJsonException("there is no operation '" + SafeText.of(op) + "'");
    };
  }

  private static Json move(Json value, List<String> from, List<String> path) {
    if (path.size() > from.size() && path.subList(0, from.size()).equals(from)) {
      throw new MalformedJsonException("a value cannot be moved into itself");
    }
    return add(remove(value, from), path, at(value, from));
  }

  private static Json test(Json value, List<String> path, Json wanted) {
    if (!CanonicalJson.text(at(value, path)).equals(CanonicalJson.text(wanted))) {
      throw new MalformedJsonException("the value tested for is not there");
    }
    return value;
  }

  private static Json at(Json value, List<String> path) {
    Json now = value;
    for (String step : path) {
      now = child(now, step);
    }
    return now;
  }

  private static Json child(Json value, String step) {
    return switch (value) {
      case JsonObject object -> object.member(step);
      case JsonArray array -> array.at(index(step, array.size() - 1));
      case JsonString text -> throw noPlace(step);
      case JsonNumber number -> throw noPlace(step);
      case JsonBoolean bool -> throw noPlace(step);
      case JsonNull nothing -> throw noPlace(step);
    };
  }

  private static Json replace(Json value, List<String> path, Json given) {
    return path.isEmpty() ? given : within(value, path, (parent, last) -> put(parent, last, given));
  }

  private static Json add(Json value, List<String> path, Json given) {
    return path.isEmpty()
        ? given
        : within(
            value,
            path,
            (parent, last) ->
                switch (parent) {
                  case JsonObject object -> object.with(last, given);
                  case JsonArray array -> {
                    List<Json> more = new ArrayList<>(array.elements());
                    more.add(last.equals("-") ? array.size() : index(last, array.size()), given);
                    yield new JsonArray(more);
                  }
                  default -> throw noPlace(last);
                });
  }

  private static Json remove(Json value, List<String> path) {
    if (path.isEmpty()) {
      throw new MalformedJsonException("the whole value cannot be removed");
    }
    return within(
        value,
        path,
        (parent, last) ->
            switch (parent) {
              case JsonObject object -> {
                object.member(last);
                yield object.without(last);
              }
              case JsonArray array -> {
                List<Json> fewer = new ArrayList<>(array.elements());
                fewer.remove(index(last, array.size() - 1));
                yield new JsonArray(fewer);
              }
              default -> throw noPlace(last);
            });
  }

  private interface AtPlace {
    Json change(Json parent, String last);
  }

  private static Json within(Json value, List<String> path, AtPlace change) {
    String first = path.getFirst();
    return path.size() == 1
        ? change.change(value, first)
        : put(value, first, within(child(value, first), path.subList(1, path.size()), change));
  }

  private static Json put(Json parent, String step, Json given) {
    child(parent, step);
    return parent instanceof JsonObject object
        ? object.with(step, given)
        : withElement((JsonArray) parent, index(step, ((JsonArray) parent).size() - 1), given);
  }

  private static Json withElement(JsonArray array, int index, Json value) {
    List<Json> elements = new ArrayList<>(array.elements());
    elements.set(index, value);
    return new JsonArray(elements);
  }

  private static int index(String step, int last) {
    if (!step.matches("0|[1-9][0-9]{0,8}") || Integer.parseInt(step) > last) {
      throw noPlace(step);
    }
    return Integer.parseInt(step);
  }

  private static List<String> steps(String pointer) {
    if (pointer.isEmpty()) {
      return List.of();
    }
    if (!pointer.startsWith("/") || pointer.matches("(?s).*~([^01].*)?")) {
      throw new MalformedJsonException("'" + SafeText.of(pointer).cut(80) + "' is no JSON pointer");
    }
    List<String> steps = new ArrayList<>();
    for (String step : pointer.substring(1).split("/", -1)) {
      steps.add(step.replace("~1", "/").replace("~0", "~"));
    }
    return steps;
  }

  /** A name as a step of a JSON pointer. */
  public static String step(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  private static MalformedJsonException noPlace(String step) {
    return new MalformedJsonException("there is nothing at '" + SafeText.of(step).cut(80) + "'");
  }
}
