package dev.assent.core;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A JSON object that keeps the order in which its members were written; immutable.
 *
 * @param members by name; empty means an empty object
 */
public record JsonObject(Map<String, Json> members) implements Json {

  private static final JsonObject EMPTY = new JsonObject(Map.of());

  /**
   * Makes an object of a copy of the members, in the order of the map.
   *
   * @throws MalformedJsonException if a name has a lone surrogate
   * @throws NullPointerException if a name or value is null; JSON null is {@link JsonNull}
   */
  public JsonObject {
    Map<String, Json> copy = LinkedHashMap.newLinkedHashMap(members.size());
    members.forEach(
        (name, value) -> {
          JsonWriting.requireScalars(name);
          if (value == null) {
            throw new NullPointerException(
                "value of \"" + SafeText.of(name) + "\"; use JsonNull.NULL");
          }
          copy.put(name, value);
        });
    members = Collections.unmodifiableMap(copy);
  }

  /** The object without members. */
  public static JsonObject empty() {
    return EMPTY;
  }

  /** An object with one member; add others by {@link #with(String, Json)}. */
  public static JsonObject of(String name, Json value) {
    return new JsonObject(Map.of(name, value));
  }

  /** The same object with this member added at the end, or replaced in its place. */
  public JsonObject with(String name, Json value) {
    Map<String, Json> changed = new LinkedHashMap<>(members);
    changed.put(name, value);
    return new JsonObject(changed);
  }

  /** The same object without this member. */
  public JsonObject without(String name) {
    if (!members.containsKey(name)) {
      return this;
    }
    Map<String, Json> changed = new LinkedHashMap<>(members);
    changed.remove(name);
    return new JsonObject(changed);
  }

  /** How many members it has. */
  public int size() {
    return members.size();
  }

  /** Whether there is a member of this name, JSON null included. */
  public boolean has(String name) {
    return members.containsKey(name);
  }

  /**
   * The member of this name; empty when it is missing, present with {@link JsonNull} when it is
   * null.
   */
  public Optional<Json> find(String name) {
    return Optional.ofNullable(members.get(name));
  }

  /**
   * The member of this name.
   *
   * @throws MalformedJsonException if it is missing
   */
  public Json member(String name) {
    Json value = members.get(name);
    if (value == null) {
      throw new MalformedJsonException(
          "The member \"" + SafeText.of(name) + "\" is missing. Add it.");
    }
    return value;
  }

  /**
   * The text of a string member.
   *
   * @throws MalformedJsonException if it is missing or not a string
   */
  public String string(String name) {
    return member(name) instanceof JsonString string ? string.value() : fail(name, "a string");
  }

  /**
   * A number member.
   *
   * @throws MalformedJsonException if it is missing or not a number
   */
  public JsonNumber number(String name) {
    return member(name) instanceof JsonNumber number ? number : fail(name, "a number");
  }

  /**
   * The value of a member that is true or false.
   *
   * @throws MalformedJsonException if it is missing or neither
   */
  public boolean bool(String name) {
    return member(name) instanceof JsonBoolean bool
        ? bool.value()
        : this.<Boolean>fail(name, "a boolean");
  }

  /**
   * An object member.
   *
   * @throws MalformedJsonException if it is missing or not an object
   */
  public JsonObject object(String name) {
    return member(name) instanceof JsonObject object ? object : fail(name, "an object");
  }

  /**
   * An array member.
   *
   * @throws MalformedJsonException if it is missing or not an array
   */
  public JsonArray array(String name) {
    return member(name) instanceof JsonArray array ? array : fail(name, "an array");
  }

  private <T> T fail(String name, String wanted) {
    throw new MalformedJsonException(
        "The member \""
            + SafeText.of(name)
            + "\" is "
            + member(name).kind()
            + ". Make it "
            + wanted
            + ".");
  }

  @Override
  public String toString() {
    return JsonWriting.text(this);
  }
}
