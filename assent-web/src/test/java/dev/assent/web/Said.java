package dev.assent.web;

import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Bodies of resolutions of what was shown. */
final class Said {
  private Said() {}

  static Map<String, Object> verdict(JsonNode shown, String verdict) {
    Map<String, Object> body = new HashMap<>();
    body.put("version", shown.get("version").asInt());
    body.put("digest", shown.get("digest").asString());
    body.put("verdict", verdict);
    return body;
  }

  static Map<String, Object> with(Map<String, Object> body, String name, Object value) {
    body.put(name, value);
    return body;
  }

  /** The value is JSON text. */
  static Map<String, Object> value(JsonNode shown, String verdict, String json) {
    return with(verdict(shown, verdict), "value", Browser.JSON.readTree(json));
  }

  static String id(JsonNode shown) {
    return shown.get("id").asString();
  }
}
