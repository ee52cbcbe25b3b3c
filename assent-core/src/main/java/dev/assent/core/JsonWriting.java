package dev.assent.core;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Writes JSON trees as compact text with the string escapes of ECMAScript, which RFC 8785 takes
 * over.
 */
final class JsonWriting {

  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private JsonWriting() {}

  static String text(Json json) {
    StringBuilder out = new StringBuilder();
    write(json, out, 0);
    return out.toString();
  }

  private static void write(Json json, StringBuilder out, int depth) {
    requireDepth(depth, json);
    switch (json) {
      case JsonObject object -> {
        out.append('{');
        Iterator<Map.Entry<String, Json>> members = object.members().entrySet().iterator();
        while (members.hasNext()) {
          Map.Entry<String, Json> member = members.next();
          quote(member.getKey(), out);
          out.append(':');
          write(member.getValue(), out, depth + 1);
          if (members.hasNext()) {
            out.append(',');
          }
        }
        out.append('}');
      }
      case JsonArray array -> {
        out.append('[');
        List<Json> elements = array.elements();
        for (int i = 0; i < elements.size(); i++) {
          if (i > 0) {
            out.append(',');
          }
          write(elements.get(i), out, depth + 1);
        }
        out.append(']');
      }
      case JsonString string -> quote(string.value(), out);
      case JsonNumber number -> out.append(number.text());
      case JsonBoolean bool -> out.append(bool.value());
      case JsonNull nothing -> out.append("null");
    }
  }

  /**
   * A container inside {@code depth} others; a tree made by code can be deeper than one that was
   * read.
   */
  static void requireDepth(int depth, Json json) {
    if (depth >= Json.MAX_DEPTH && (json instanceof JsonObject || json instanceof JsonArray)) {
      throw new MalformedJsonException(
          "The value is nested deeper than " + Json.MAX_DEPTH + " objects and arrays. Flatten it.");
    }
  }

  static void quote(String value, StringBuilder out) {
    out.append('"');
    int done = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' || c == '"' || c == '\\') {
        out.append(value, done, i);
        escape(c, out);
        done = i + 1;
      }
    }
    out.append(value, done, value.length()).append('"');
  }

  private static void escape(char c, StringBuilder out) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\b' -> out.append("\\b");
      case '\t' -> out.append("\\t");
      case '\n' -> out.append("\\n");
      case '\f' -> out.append("\\f");
      case '\r' -> out.append("\\r");
      default -> out.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
    }
  }

  static void requireScalars(String value) {
    Objects.requireNonNull(value, "value");
    int bad = loneSurrogate(value);
    if (bad >= 0) {
      throw new MalformedJsonException(
          "The string has half of a surrogate pair, <U+%04X>, at character %d. Send whole characters."
              .formatted((int) value.charAt(bad), bad));
    }
  }

  /** The index of the first lone surrogate, or -1. */
  private static int loneSurrogate(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == value.length()
            || !Character.isLowSurrogate(value.charAt(i + 1))) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }
}
