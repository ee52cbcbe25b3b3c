package dev.assent.mcp;

import dev.assent.core.Json;
import dev.assent.core.JsonArray;
import dev.assent.core.JsonBoolean;
import dev.assent.core.JsonNull;
import dev.assent.core.JsonNumber;
import dev.assent.core.JsonObject;
import dev.assent.core.JsonString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Between our exact JSON and the plain values that the SDK writes and reads. Stateless. */
final class JsonValues {
  /** No number passes through floating point, in neither direction. */
  static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private JsonValues() {}

  static Map<String, Object> plain(JsonObject object) {
    Map<String, Object> members = new LinkedHashMap<>();
    object.members().forEach((name, value) -> members.put(name, plain(value)));
    return members;
  }

  // A JSON null is a null in the SDK's maps, which are not annotated.
  @SuppressWarnings("NullAway")
  private static Object plain(Json value) {
    return switch (value) {
      case JsonObject object -> plain(object);
      case JsonArray array -> {
        List<Object> elements = new ArrayList<>();
        array.forEach(element -> elements.add(plain(element)));
        yield elements;
      }
      case JsonString string -> string.value();
      case JsonNumber number -> number.decimal();
      case JsonBoolean bool -> bool.value();
      case JsonNull nothing -> null;
    };
  }

  /**
   * @throws dev.assent.core.MalformedJsonException when it is beyond the limits of our JSON
   */
  static Json exact(@Nullable Object value) {
    return Json.parse(text(value));
  }

  static String text(@Nullable Object value) {
    return MAPPER.writeValueAsString(value);
  }
}
