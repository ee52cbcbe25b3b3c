package dev.assent.langchain4j;

import dev.assent.core.Json;
import dev.assent.core.JsonArray;
import dev.assent.core.JsonBoolean;
import dev.assent.core.JsonObject;
import java.util.List;
import java.util.Map;

/**
 * A request as it came over the wire. Immutable.
 *
 * @param headers by name in any case
 */
public record LoopbackRequest(
    String method, String path, Map<String, String> headers, String body) {

  /** The body; fails when it is not a JSON object. */
  public JsonObject json() {
    return (JsonObject) Json.parse(body);
  }

  /** Whether it asks for a stream. */
  public boolean stream() {
    return json().find("stream").orElse(JsonBoolean.FALSE).equals(JsonBoolean.TRUE);
  }

  /** Its messages, in order. */
  public List<JsonObject> messages() {
    return objects("messages");
  }

  /** What its tools are: the {@code function} of each. */
  public List<JsonObject> functions() {
    return objects("tools").stream().map(tool -> tool.object("function")).toList();
  }

  private List<JsonObject> objects(String name) {
    return json().find(name).map(JsonArray.class::cast).orElse(JsonArray.of()).elements().stream()
        .map(JsonObject.class::cast)
        .toList();
  }
}
