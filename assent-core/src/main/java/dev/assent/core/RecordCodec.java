package dev.assent.core;

import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.io.SerializedString;

/** A record as an object: its tag, if it has one, then its components. */
record RecordCodec(
    Class<?> type,
    @Nullable String tag,
    List<Component> components,
    MethodHandle constructor,
    boolean tolerant)
    implements RecordCodecs.Codec {

  static final String TYPE = "type";

  private static final SerializedString WRITTEN_TYPE = new SerializedString(TYPE);

  /** What a missing member means. */
  enum Missing {
    ERROR,
    NULL,
    EMPTY_LIST,
    EMPTY_SET,
    EMPTY_MAP
  }

  /** One component, with what to do to get it, write it and read it. */
  record Component(
      String name,
      SerializedString written,
      Class<?> type,
      Function<Object, @Nullable Object> getter,
      RecordCodecs.Codec codec,
      Missing missing) {

    static Component of(Class<?> owner, RecordComponent component) {
      Class<?> type = component.getType();
      boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
      Missing missing =
          nullable
              ? Missing.NULL
              : type == List.class
                  ? Missing.EMPTY_LIST
                  : type == Set.class
                      ? Missing.EMPTY_SET
                      : type == Map.class ? Missing.EMPTY_MAP : Missing.ERROR;
      return new Component(
          component.getName(),
          new SerializedString(component.getName()),
          type,
          getter(component.getAccessor()),
          RecordCodecs.of(component.getGenericType(), owner.getName() + "." + component.getName()),
          missing);
    }

    /** The accessor as a call of its own, which the JIT sees through; a method handle is not. */
    @SuppressWarnings("unchecked")
    private static Function<Object, @Nullable Object> getter(Method accessor) {
      try {
        MethodHandles.Lookup owner =
            MethodHandles.privateLookupIn(accessor.getDeclaringClass(), MethodHandles.lookup());
        MethodHandle handle = owner.unreflect(accessor);
        MethodType boxed =
            handle
                .type()
                .changeReturnType(
                    MethodType.methodType(accessor.getReturnType()).wrap().returnType());
        return (Function<Object, @Nullable Object>)
            LambdaMetafactory.metafactory(
                    owner,
                    "apply",
                    MethodType.methodType(Function.class),
                    MethodType.methodType(Object.class, Object.class),
                    handle,
                    boxed)
                .getTarget()
                .invoke();
      } catch (Throwable e) {
        throw new IllegalArgumentException(
            "Cannot reach " + accessor + "; open its package to assent-core.", e);
      }
    }

    @Nullable Object get(Object owner) {
      return getter.apply(owner);
    }

    void write(JsonGenerator out, Object owner) {
      Object value = get(owner);
      if (value == null) {
        if (missing != Missing.NULL) {
          throw new IllegalArgumentException(
              "The component "
                  + name
                  + " of a "
                  + owner.getClass().getName()
                  + " is null; declare it @Nullable.");
        }
      } else if (!isLeftOut(value)) {
        out.writeName(written);
        codec.write(out, value);
      }
    }

    private boolean isLeftOut(Object value) {
      return missing == Missing.EMPTY_LIST && ((List<?>) value).isEmpty()
          || missing == Missing.EMPTY_SET && ((Set<?>) value).isEmpty()
          || missing == Missing.EMPTY_MAP && ((Map<?, ?>) value).isEmpty();
    }

    @Nullable Object read(@Nullable Json json, RecordCodecs.At at) {
      if (json == null || json instanceof JsonNull && missing == Missing.NULL) {
        return switch (missing) {
          case NULL -> null;
          case EMPTY_LIST -> List.of();
          case EMPTY_SET -> Set.of();
          case EMPTY_MAP -> Map.of();
          case ERROR -> throw at.child(name).wrong("is missing. Add it.");
        };
      }
      return codec.read(json, at.child(name));
    }
  }

  static RecordCodec of(Class<?> type) {
    Tag tag = type.getAnnotation(Tag.class);
    List<Component> components = components(type);
    if (tag != null && components.stream().anyMatch(component -> component.name().equals(TYPE))) {
      throw new IllegalArgumentException(
          type.getName() + " has @Tag and a component called type; rename the component.");
    }
    return new RecordCodec(
        type,
        tag == null ? null : tag.value(),
        components,
        constructor(type),
        type.isAnnotationPresent(TolerateUnknown.class));
  }

  static List<Component> components(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .map(component -> Component.of(type, component))
        .toList();
  }

  /** The canonical constructor, as a function of an array of its arguments. */
  static MethodHandle constructor(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < types.length; i++) {
      types[i] = components[i].getType();
    }
    try {
      Constructor<?> canonical = type.getDeclaredConstructor(types);
      canonical.setAccessible(true);
      return MethodHandles.lookup()
          .unreflectConstructor(canonical)
          .asSpreader(Object[].class, types.length)
          .asType(MethodType.methodType(Object.class, Object[].class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(
          "Cannot reach the constructor of " + type.getName() + ".", e);
    }
  }

  @Override
  public void write(JsonGenerator out, Object value) {
    out.writeStartObject();
    if (tag != null) {
      out.writeName(WRITTEN_TYPE);
      out.writeString(tag);
    }
    for (Component component : components) {
      component.write(out, value);
    }
    out.writeEndObject();
  }

  @Override
  public Object read(Json json, RecordCodecs.At at) {
    if (!(json instanceof JsonObject object)) {
      throw at.wrongKind(json, "an object");
    }
    Map<String, Json> members = object.members();
    int known = checkTag(members.get(TYPE), at);
    @Nullable Object[] arguments = new @Nullable Object[components.size()];
    for (int i = 0; i < arguments.length; i++) {
      Component component = components.get(i);
      Json member = members.get(component.name());
      known += member == null ? 0 : 1;
      arguments[i] = component.read(member, at);
    }
    if (known < members.size() && !tolerant) {
      throw unknown(members, at);
    }
    return make(type, constructor, arguments, at);
  }

  /** How many members the tag takes. */
  private int checkTag(@Nullable Json found, RecordCodecs.At at) {
    if (tag == null) {
      return 0;
    }
    if (!(found instanceof JsonString string) || !string.value().equals(tag)) {
      throw at.child(TYPE)
          .wrong("is " + SafeText.of(String.valueOf(found)).cut(80) + ". Make it \"" + tag + "\".");
    }
    return 1;
  }

  private MalformedJsonException unknown(Map<String, Json> members, RecordCodecs.At at) {
    Set<String> names = new HashSet<>();
    components.forEach(component -> names.add(component.name()));
    if (tag != null) {
      names.add(TYPE);
    }
    String first =
        members.keySet().stream().filter(name -> !names.contains(name)).findFirst().orElseThrow();
    return at.child(first)
        .wrong(
            "is not a member of " + type.getSimpleName() + ". Remove it, or use a newer version.");
  }

  static Object make(
      Class<?> type, MethodHandle constructor, @Nullable Object[] arguments, RecordCodecs.At at) {
    try {
      return (Object) constructor.invokeExact(arguments);
    } catch (Error e) {
      throw e;
    } catch (Throwable e) {
      throw at.wrong(
          "is not a valid "
              + type.getSimpleName()
              + ": "
              + SafeText.of(String.valueOf(e.getMessage())).cut(500),
          e);
    }
  }
}
