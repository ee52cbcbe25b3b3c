package dev.assent.testkit;

import dev.assent.core.Json;
import dev.assent.core.JsonArray;
import dev.assent.core.JsonNull;
import dev.assent.core.JsonNumber;
import dev.assent.core.JsonObject;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes what tests hold in their hands as JSON. Stateless. */
final class JsonValues {
  private JsonValues() {}

  /**
   * The same value as JSON; keys are sorted, because the maps of tests have no order.
   *
   * @throws IllegalArgumentException when it is no text, number, boolean, list, map, JSON or null
   */
  static Json of(@Nullable Object value) {
    return switch (value) {
      case null -> JsonNull.NULL;
      case Json json -> json;
      case String text -> Json.of(text);
      case Boolean bool -> Json.of((boolean) bool);
      case BigDecimal number -> Json.of(number);
      case Number number -> Json.of(new BigDecimal(number.toString()));
      case List<?> list -> new JsonArray(list.stream().map(JsonValues::of).toList());
      case Map<?, ?> map -> object(map);
      default ->
          throw new IllegalArgumentException(
              "a " + value.getClass().getName() + " cannot be written as JSON; pass a Json");
    };
  }

  private static Json object(Map<?, ?> map) {
    Map<String, Json> members = new TreeMap<>();
    map.forEach((name, value) -> members.put(String.valueOf(name), of(value)));
    return new JsonObject(members);
  }

  /** Equal, where 12000, 12000.0 and 1.2e4 are the same number. */
  static boolean same(Json one, Json other) {
    return one instanceof JsonNumber number && other instanceof JsonNumber another
        ? number.sameValue(another)
        : one.equals(other);
  }
}
