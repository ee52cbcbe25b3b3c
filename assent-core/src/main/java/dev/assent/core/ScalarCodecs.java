package dev.assent.core;

import dev.assent.core.RecordCodecs.At;
import dev.assent.core.RecordCodecs.Codec;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.core.JsonGenerator;

/** How plain values are written and read. */
final class ScalarCodecs {

  private static final Codec INT =
      new NumberCodec((out, value) -> out.writeNumber((Integer) value), JsonNumber::toInt);
  private static final Codec LONG =
      new NumberCodec((out, value) -> out.writeNumber((Long) value), JsonNumber::toLong);
  private static final Codec BOOLEAN = new BooleanCodec();

  static final Map<Class<?>, Codec> BY_TYPE =
      Map.of(
          int.class, INT,
          Integer.class, INT,
          long.class, LONG,
          Long.class, LONG,
          boolean.class, BOOLEAN,
          Boolean.class, BOOLEAN,
          String.class, new TextCodec("a string", text -> text),
          Instant.class, new TextCodec("a time such as 2026-01-31T12:00:00Z", Instant::parse),
          Duration.class, new TextCodec("a duration such as PT15M", Duration::parse),
          Digest.class, new TextCodec("a digest of 64 hexadecimal digits", Digest::parse));

  private ScalarCodecs() {}

  private interface NumberWriter {
    void write(JsonGenerator out, Object value);
  }

  private record NumberCodec(NumberWriter writer, Function<JsonNumber, Object> reader)
      implements Codec {
    @Override
    public void write(JsonGenerator out, Object value) {
      writer.write(out, value);
    }

    @Override
    public Object read(Json json, At at) {
      if (!(json instanceof JsonNumber number)) {
        throw at.wrongKind(json, "a whole number");
      }
      try {
        return reader.apply(number);
      } catch (MalformedJsonException e) {
        throw at.wrong("does not fit. " + e.getMessage(), e);
      }
    }
  }

  private record BooleanCodec() implements Codec {
    @Override
    public void write(JsonGenerator out, Object value) {
      out.writeBoolean((Boolean) value);
    }

    @Override
    public Object read(Json json, At at) {
      if (!(json instanceof JsonBoolean bool)) {
        throw at.wrongKind(json, "true or false");
      }
      return bool.value();
    }
  }

  /** Anything whose {@code toString} is its text. */
  private record TextCodec(String wanted, Function<String, Object> reader) implements Codec {
    @Override
    public void write(JsonGenerator out, Object value) {
      String text = value.toString();
      JsonWriting.requireScalars(text);
      out.writeString(text);
    }

    @Override
    public Object read(Json json, At at) {
      if (!(json instanceof JsonString string)) {
        throw at.wrongKind(json, wanted);
      }
      try {
        return reader.apply(string.value());
      } catch (DateTimeException | IllegalArgumentException e) {
        throw at.wrong("is not " + wanted + ". Correct it.", e);
      }
    }
  }
}
