package dev.assent.core;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * How each type is written and read; the codec of a class is made once, when it is first needed.
 */
final class RecordCodecs {

  private static final ClassValue<Codec> CODECS =
      new ClassValue<>() {
        @Override
        protected Codec computeValue(Class<?> type) {
          return make(type);
        }
      };

  private RecordCodecs() {}

  /** Writes and reads values of one type; never null. */
  interface Codec {
    void write(JsonGenerator out, Object value);

    Object read(Json json, At at);
  }

  /** Where in a tree: written out only when something is wrong there. */
  record At(@Nullable At parent, Object step) {
    static final At ROOT = new At(null, "");

    At child(Object name) {
      return new At(this, name);
    }

    MalformedJsonException wrong(String problem) {
      return wrong(problem, null);
    }

    MalformedJsonException wrong(String problem, @Nullable Throwable cause) {
      String path = SafeText.of(toString()).cut(200).toString();
      return new MalformedJsonException(
          (path.isEmpty() ? "The value" : path) + " " + problem, cause);
    }

    MalformedJsonException wrongKind(Json json, String wanted) {
      return wrong("is " + json.kind() + ". Make it " + wanted + ".");
    }

    @Override
    public String toString() {
      return parent == null ? "" : parent + "/" + step;
    }
  }

  static Codec of(Class<?> type) {
    return CODECS.get(type);
  }

  static Codec of(Object value) {
    return of(value instanceof Enum<?> constant ? constant.getDeclaringClass() : value.getClass());
  }

  /** The codec of a component's type; {@code where} is named when there is none. */
  static Codec of(Type type, String where) {
    if (type instanceof Class<?> plain) {
      return plain.isRecord() || plain.isSealed() ? new Later(plain) : of(plain);
    }
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      if (generic.getRawType() == List.class) {
        return new ListCodec(of(arguments[0], where));
      }
      if (generic.getRawType() == Set.class) {
        return SetCodec.of(arguments[0], where);
      }
      if (generic.getRawType() == Map.class) {
        return new MapCodec(KeyCodec.of(arguments[0], where), of(arguments[1], where));
      }
    }
    throw new IllegalArgumentException(
        "RecordJson cannot map " + type.getTypeName() + " of " + where + ".");
  }

  private static Codec make(Class<?> type) {
    if (Json.class.isAssignableFrom(type)) {
      return new TreeCodec(type);
    }
    if (type.isRecord()) {
      return type.isAnnotationPresent(JsonValueRecord.class)
          ? ValueRecordCodec.of(type)
          : RecordCodec.of(type);
    }
    if (type.isEnum()) {
      return new EnumCodec(type);
    }
    if (type.isInterface() && type.isSealed()) {
      return SealedCodec.of(type);
    }
    Codec scalar = ScalarCodecs.BY_TYPE.get(type);
    if (scalar == null) {
      throw new IllegalArgumentException(
          "RecordJson cannot map "
              + type.getName()
              + "; use a record, a sealed interface of records or a plain value.");
    }
    return scalar;
  }

  /** A record or interface that may contain itself: looked up when it is first used. */
  private static final class Later implements Codec {
    private final Class<?> type;
    private volatile @Nullable Codec found;

    Later(Class<?> type) {
      this.type = type;
    }

    private Codec codec() {
      Codec known = found;
      if (known == null) {
        known = of(type);
        found = known;
      }
      return known;
    }

    @Override
    public void write(JsonGenerator out, Object value) {
      codec().write(out, value);
    }

    @Override
    public Object read(Json json, At at) {
      return codec().read(json, at);
    }
  }

  private static final class EnumCodec implements Codec {
    private final Map<String, Object> constants = new LinkedHashMap<>();

    EnumCodec(Class<?> type) {
      for (Object constant : type.getEnumConstants()) {
        constants.put(((Enum<?>) constant).name(), constant);
      }
    }

    @Override
    public void write(JsonGenerator out, Object value) {
      out.writeString(((Enum<?>) value).name());
    }

    @Override
    public Object read(Json json, At at) {
      Object constant = json instanceof JsonString string ? constants.get(string.value()) : null;
      if (constant == null) {
        throw at.wrong(
            "is "
                + SafeText.of(json.toString()).cut(80)
                + ". Use one of "
                + constants.keySet()
                + ".");
      }
      return constant;
    }
  }

  private record TreeCodec(Class<?> type) implements Codec {
    @Override
    public void write(JsonGenerator out, Object value) {
      switch ((Json) value) {
        case JsonObject object -> {
          out.writeStartObject();
          object
              .members()
              .forEach(
                  (name, member) -> {
                    out.writeName(name);
                    write(out, member);
                  });
          out.writeEndObject();
        }
        case JsonArray array -> {
          out.writeStartArray();
          array.elements().forEach(element -> write(out, element));
          out.writeEndArray();
        }
        case JsonString string -> out.writeString(string.value());
        case JsonNumber number -> out.writeNumber(number.text());
        case JsonBoolean bool -> out.writeBoolean(bool.value());
        case JsonNull nothing -> out.writeNull();
      }
    }

    @Override
    public Object read(Json json, At at) {
      if (!type.isInstance(json)) {
        throw at.wrong("is " + json.kind() + ", not a " + type.getSimpleName() + ". Correct it.");
      }
      return json;
    }
  }

  private record ListCodec(Codec element) implements Codec {
    @Override
    public void write(JsonGenerator out, Object value) {
      out.writeStartArray();
      for (Object item : (List<?>) value) {
        element.write(out, item);
      }
      out.writeEndArray();
    }

    @Override
    public Object read(Json json, At at) {
      if (!(json instanceof JsonArray array)) {
        throw at.wrongKind(json, "an array");
      }
      List<Object> items = new ArrayList<>(array.size());
      for (Json item : array) {
        items.add(element.read(item, at.child(items.size())));
      }
      return Collections.unmodifiableList(items);
    }
  }

  /** A set of strings or enums, written in the order of their text: equal sets, equal bytes. */
  private record SetCodec(Codec element) implements Codec {
    static SetCodec of(Type type, String where) {
      if (type == String.class || type instanceof Class<?> plain && plain.isEnum()) {
        return new SetCodec(RecordCodecs.of(type, where));
      }
      throw new IllegalArgumentException(
          "A set has elements of " + type.getTypeName() + " in " + where + "; use strings.");
    }

    @Override
    public void write(JsonGenerator out, Object value) {
      out.writeStartArray();
      ((Set<?>) value)
          .stream()
              .sorted(Comparator.comparing(SetCodec::text))
              .forEach(item -> element.write(out, item));
      out.writeEndArray();
    }

    private static String text(Object item) {
      return item instanceof Enum<?> constant ? constant.name() : item.toString();
    }

    @Override
    public Object read(Json json, At at) {
      if (!(json instanceof JsonArray array)) {
        throw at.wrongKind(json, "an array");
      }
      Set<Object> items = new LinkedHashSet<>();
      for (Json item : array) {
        At here = at.child(items.size());
        if (!items.add(element.read(item, here))) {
          throw here.wrong("stands in the set twice. Remove one.");
        }
      }
      return Collections.unmodifiableSet(items);
    }
  }

  private record MapCodec(KeyCodec key, Codec element) implements Codec {
    @Override
    public void write(JsonGenerator out, Object value) {
      out.writeStartObject();
      for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
        String name = key.write(entry.getKey());
        JsonWriting.requireScalars(name);
        out.writeName(name);
        element.write(out, entry.getValue());
      }
      out.writeEndObject();
    }

    @Override
    public Object read(Json json, At at) {
      if (!(json instanceof JsonObject object)) {
        throw at.wrongKind(json, "an object");
      }
      Map<Object, Object> entries = LinkedHashMap.newLinkedHashMap(object.size());
      object
          .members()
          .forEach(
              (name, item) -> {
                At here = at.child(name);
                entries.put(key.read(name, here), element.read(item, here));
              });
      return Collections.unmodifiableMap(entries);
    }
  }

  /** A key of a map: a string, or what is written as one. */
  private record KeyCodec(Codec codec, Function<Object, String> name) {
    static KeyCodec of(Type type, String where) {
      if (type == String.class) {
        return new KeyCodec(RecordCodecs.of(String.class), String.class::cast);
      }
      if (type instanceof Class<?> plain && plain.isEnum()) {
        return new KeyCodec(RecordCodecs.of(plain), value -> ((Enum<?>) value).name());
      }
      if (type instanceof Class<?> plain
          && RecordCodecs.of(plain) instanceof ValueRecordCodec id
          && id.component().type() == String.class) {
        return new KeyCodec(id, value -> String.valueOf(id.component().get(value)));
      }
      throw new IllegalArgumentException(
          "A map has keys of " + type.getTypeName() + " in " + where + "; use strings.");
    }

    String write(Object key) {
      return name.apply(key);
    }

    Object read(String text, At at) {
      return codec.read(new JsonString(text), at);
    }
  }

  /** A sealed interface: the tag tells the record. */
  private record SealedCodec(Map<String, Codec> byTag, Map<Class<?>, Codec> byClass)
      implements Codec {
    static SealedCodec of(Class<?> type) {
      SealedCodec codec = new SealedCodec(new LinkedHashMap<>(), new LinkedHashMap<>());
      codec.add(type, type);
      return codec;
    }

    private void add(Class<?> type, Class<?> root) {
      for (Class<?> permitted : type.getPermittedSubclasses()) {
        if (permitted.isInterface() && permitted.isSealed()) {
          add(permitted, root);
        } else if (permitted.isRecord() && permitted.getAnnotation(Tag.class) instanceof Tag tag) {
          Codec record = new Later(permitted);
          if (byTag.put(tag.value(), record) != null && !byClass.containsKey(permitted)) {
            throw new IllegalArgumentException(
                "Two records of " + root.getName() + " have @Tag " + tag.value() + ".");
          }
          byClass.put(permitted, record);
        } else {
          throw new IllegalArgumentException(
              permitted.getName()
                  + " is part of "
                  + root.getName()
                  + "; make it a record with @Tag.");
        }
      }
    }

    @Override
    public void write(JsonGenerator out, Object value) {
      Codec codec = byClass.get(value.getClass());
      if (codec == null) {
        throw new IllegalArgumentException(value.getClass().getName() + " is not permitted here.");
      }
      codec.write(out, value);
    }

    @Override
    public Object read(Json json, At at) {
      if (!(json instanceof JsonObject object)) {
        throw at.wrongKind(json, "an object");
      }
      Codec codec =
          object.members().get(RecordCodec.TYPE) instanceof JsonString tag
              ? byTag.get(tag.value())
              : null;
      if (codec == null) {
        throw at.wrong(
            "has the type "
                + SafeText.of(String.valueOf(object.members().get(RecordCodec.TYPE))).cut(80)
                + ". Use one of "
                + byTag.keySet()
                + ".");
      }
      return codec.read(json, at);
    }
  }
}
