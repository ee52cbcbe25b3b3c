package dev.assent.policy;

import dev.assent.core.Json;
import dev.assent.core.JsonArray;
import dev.assent.core.JsonBoolean;
import dev.assent.core.JsonNull;
import dev.assent.core.JsonNumber;
import dev.assent.core.JsonObject;
import dev.assent.core.JsonString;
import dev.cel.common.values.NullValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON as conditions see it. Used for one call. */
final class CelValues {
  private int text;

  private CelValues() {}

  /**
   * @throws Work.TooMuchException when there is more text than conditions look at
   */
  static Map<String, Object> of(JsonObject arguments) {
    return new CelValues().object(arguments);
  }

  private Map<String, Object> object(JsonObject object) {
    Map<String, Object> members = LinkedHashMap.newLinkedHashMap(object.size());
    object.members().forEach((name, value) -> members.put(counted(name), value(value)));
    return members;
  }

  private Object value(Json json) {
    return switch (json) {
      case JsonObject object -> object(object);
      case JsonArray array -> list(array);
      case JsonString string -> counted(string.value());
      case JsonNumber number -> Numbers.of(number.decimal());
      case JsonBoolean bool -> bool.value();
      case JsonNull nothing -> NullValue.NULL_VALUE;
    };
  }

  private List<Object> list(JsonArray array) {
    List<Object> items = new ArrayList<>(array.size());
    array.elements().forEach(item -> items.add(value(item)));
    text += array.size();
    return items;
  }

  private String counted(String value) {
    text += value.length();
    if (text > Work.MOST_TEXT) {
      throw Work.giveUp();
    }
    return value;
  }
}
