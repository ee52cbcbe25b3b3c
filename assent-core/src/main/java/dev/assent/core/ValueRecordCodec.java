package dev.assent.core;

import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Objects;
import tools.jackson.core.JsonGenerator;

/** A record with one component as the bare value of it. */
record ValueRecordCodec(Class<?> type, RecordCodec.Component component, MethodHandle constructor)
    implements RecordCodecs.Codec {

  static ValueRecordCodec of(Class<?> type) {
    List<RecordCodec.Component> components = RecordCodec.components(type);
    if (components.size() != 1 || type.isAnnotationPresent(Tag.class)) {
      throw new IllegalArgumentException(
          type.getName() + " is a @JsonValueRecord; give it exactly one component and no @Tag.");
    }
    return new ValueRecordCodec(type, components.getFirst(), RecordCodec.constructor(type));
  }

  @Override
  public void write(JsonGenerator out, Object value) {
    component.codec().write(out, Objects.requireNonNull(component.get(value), type.getName()));
  }

  @Override
  public Object read(Json json, RecordCodecs.At at) {
    Object[] argument = {component.codec().read(json, at)};
    return RecordCodec.make(type, constructor, argument, at);
  }
}
