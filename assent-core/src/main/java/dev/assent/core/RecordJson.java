package dev.assent.core;

import java.io.ByteArrayOutputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes and reads our stored formats (snapshots, events): records as JSON objects, by their
 * components.
 *
 * <p>Thread-safe. Supported are {@code String}, {@code int}, {@code long}, {@code boolean} and
 * their boxes, {@code Instant} (RFC 3339, all its digits), {@code Duration} (ISO 8601), enums (by
 * name), {@code List}, {@code Set} of strings or enums (sorted), {@code Map} (keys: strings, enums,
 * value records of a string), {@link Digest} (hex), {@link Json}, nested records, value records
 * ({@link JsonValueRecord}: the bare value) and sealed interfaces of records, each with its {@link
 * Tag}. A record with a tag has it as its first member, {@code "type"}, wherever it stands.
 *
 * <p>Members are written in the order of the components, lists and maps in their own order. A null
 * component (allowed only where it is {@code @Nullable}) and an empty list or map are left out; a
 * missing list or map is read as empty ({@code @Nullable}: as null), other missing members are an
 * error. So are unknown members, unless the record is annotated {@link TolerateUnknown}. Lists and
 * maps that are read are unmodifiable.
 *
 * <p>A type that cannot be mapped is a mistake in the program: {@link IllegalArgumentException},
 * when a record of its kind is first written or read.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3339">RFC 3339, date and time</a>
 */
public final class RecordJson {

  /** Deeper than a value may be, since records stand around it. */
  static final int MAX_DEPTH = 2 * Json.MAX_DEPTH;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamWriteConstraints(
              StreamWriteConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  private RecordJson() {}

  /**
   * Writes a record, or any other supported value, as JSON in UTF-8.
   *
   * @throws MalformedJsonException if a string has a lone surrogate, or the value is nested deeper
   *     than 128
   * @throws IllegalArgumentException if a type is not supported, or a component is null without
   *     {@code @Nullable}
   */
  public static byte[] write(Object value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator out = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
      RecordCodecs.of(value).write(out, value);
    } catch (JacksonException e) {
      throw new MalformedJsonException(
          "A " + value.getClass().getSimpleName() + " cannot be written: " + e.getOriginalMessage(),
          e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws MalformedJsonException if the bytes are not strict JSON or not of this type; the
   *     message has the path
   * @throws IllegalArgumentException if a type is not supported
   */
  public static <T> T read(Class<T> type, byte[] utf8) {
    return fromJson(type, JsonReading.parse(utf8, MAX_DEPTH));
  }

  /**
   * Reads a value from its tree.
   *
   * @throws MalformedJsonException if the tree is not of this type; the message has the path
   * @throws IllegalArgumentException if a type is not supported
   */
  public static <T> T fromJson(Class<T> type, Json json) {
    return type.cast(RecordCodecs.of(type).read(json, RecordCodecs.At.ROOT));
  }

  /**
   * The tree of what {@link #write} writes.
   *
   * @throws MalformedJsonException as {@link #write}
   * @throws IllegalArgumentException as {@link #write}
   */
  public static Json toJson(Object value) {
    return JsonReading.parse(write(value), MAX_DEPTH);
  }
}
