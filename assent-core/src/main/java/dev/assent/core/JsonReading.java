package dev.assent.core;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads strict JSON: Jackson finds the tokens, the rules that are stricter than JSON are here and
 * in the values.
 */
final class JsonReading {

  /** Jackson's own limits lie beyond ours, so that the error is always ours. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(2 * RecordJson.MAX_DEPTH)
                  .maxNumberLength(100_000)
                  .maxNameLength(1_000_000)
                  .build())
          .build();

  private final JsonParser parser;
  private final int maxDepth;

  private JsonReading(JsonParser parser, int maxDepth) {
    this.parser = parser;
    this.maxDepth = maxDepth;
  }

  static Json parse(byte[] utf8, int maxDepth) {
    try {
      return parse(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString(), maxDepth);
    } catch (CharacterCodingException e) {
      throw new MalformedJsonException("Malformed JSON: the bytes are not UTF-8. Send UTF-8.", e);
    }
  }

  static Json parse(String text, int maxDepth) {
    if (text.startsWith("\uFEFF")) {
      throw new MalformedJsonException(
          "Malformed JSON: it starts with a byte order mark. Send it without.");
    }
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      return new JsonReading(parser, maxDepth).whole();
    } catch (JacksonException e) {
      throw new MalformedJsonException(
          message(
              e.getLocation(),
              "",
              SafeText.of(e.getOriginalMessage()) + ". Send one valid JSON value."),
          e);
    }
  }

  private Json whole() {
    JsonToken first = parser.nextToken();
    if (first == null) {
      throw error("there is no value", "Send one JSON value.");
    }
    Json value = value(first, 0);
    if (parser.nextToken() != null) {
      throw error("there is content after the value", "Send one JSON value and nothing else.");
    }
    return value;
  }

  private Json value(JsonToken token, int depth) {
    return switch (token) {
      case START_OBJECT -> object(depth);
      case START_ARRAY -> array(depth);
      default -> scalar(token);
    };
  }

  private JsonObject object(int depth) {
    requireDepth(depth);
    Map<String, Json> members = new LinkedHashMap<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_OBJECT;
        token = parser.nextToken()) {
      String name = parser.currentName();
      if (members.containsKey(name)) {
        throw error(
            "the key \"" + SafeText.of(name).cut(80) + "\" appears twice", "Send each key once.");
      }
      members.put(name, value(parser.nextToken(), depth + 1));
    }
    return new JsonObject(members);
  }

  private JsonArray array(int depth) {
    requireDepth(depth);
    List<Json> elements = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      elements.add(value(token, depth + 1));
    }
    return new JsonArray(elements);
  }

  private Json scalar(JsonToken token) {
    try {
      return switch (token) {
        case VALUE_STRING -> new JsonString(parser.getString());
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonNumber(parser.getString());
        case VALUE_TRUE -> JsonBoolean.TRUE;
        case VALUE_FALSE -> JsonBoolean.FALSE;
        case VALUE_NULL -> JsonNull.NULL;
        default ->
            throw new MalformedJsonException("A value was expected. Send one valid JSON value.");
      };
    } catch (MalformedJsonException e) {
      throw new MalformedJsonException(
          message(parser.currentTokenLocation(), path(), e.getMessage()), e);
    }
  }

  private void requireDepth(int depth) {
    if (depth >= maxDepth) {
      throw error("it is nested deeper than " + maxDepth + " objects and arrays", "Flatten it.");
    }
  }

  private MalformedJsonException error(String what, String toDo) {
    return new MalformedJsonException(
        message(parser.currentTokenLocation(), path(), what + ". " + toDo));
  }

  private String path() {
    return parser.streamReadContext().pathAsPointer().toString();
  }

  private static String message(
      @Nullable TokenStreamLocation at, String path, @Nullable String what) {
    String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    String inside = path.isEmpty() ? "" : ", in " + SafeText.of(path).cut(200);
    return "Malformed JSON" + where + inside + ": " + what;
  }
}
