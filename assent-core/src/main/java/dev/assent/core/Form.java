package dev.assent.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a person is asked for. Immutable; its texts are hostile, a model or a tool wrote them.
 *
 * @param style how it is shown: the answer is the same kind of object in every style
 * @param prompt the question, or what the fields are for
 * @param fields what the answer holds, in order; at least one
 * @param fallback the declared answer when nobody gives one in time; absent means there is none
 */
public record Form(
    Style style, String prompt, List<FormField> fields, @Nullable JsonObject fallback) {
  /** The one field of a question in free text, of a choice and of a confirmation. */
  public static final String ANSWER = "answer";

  /** How a form is shown. */
  public enum Style {
    /** One text. */
    TEXT,
    /** Yes or no; anything else declines. */
    CONFIRM,
    /** One or several of the given options. */
    CHOICE,
    /** Named fields. */
    FIELDS
  }

  /**
   * @throws IllegalArgumentException when there is no field, or two share a name
   */
  public Form {
    fields = List.copyOf(fields);
    if (fields.isEmpty()
        || fields.stream().map(FormField::name).distinct().count() < fields.size()) {
      throw new IllegalArgumentException(
          "a form needs at least one field, and each a name of its own");
    }
  }

  /** True when an answer must not be shown or kept. */
  public boolean secret() {
    return fields.stream().anyMatch(FormField::secret);
  }

  /** The JSON Schema of an answer. */
  public JsonObject schema() {
    Map<String, Json> properties = new LinkedHashMap<>();
    List<Json> required = new ArrayList<>();
    for (FormField field : fields) {
      properties.put(field.name(), field.schema());
      if (field.required()) {
        required.add(new JsonString(field.name()));
      }
    }
    return JsonObject.empty()
        .with("type", new JsonString("object"))
        .with("properties", new JsonObject(properties))
        .with("required", new JsonArray(required))
        .with("additionalProperties", JsonBoolean.FALSE);
  }

  /** What tells one question from another inside a tool: all of it but the fallback. */
  public byte[] question() {
    return RecordJson.write(new Form(style, prompt, fields, null));
  }

  /** A question that is answered in free text. */
  public static Form text(String prompt) {
    return new Form(Style.TEXT, prompt, List.of(FormField.of(ANSWER, "string")), null);
  }

  /** A question that is answered by yes; any other answer declines. */
  public static Form confirm(String prompt) {
    return new Form(Style.CONFIRM, prompt, List.of(FormField.of(ANSWER, "string")), null);
  }

  /**
   * A question with options, of which one, or several, are chosen.
   *
   * @throws IllegalArgumentException when there is no option, or one stands there twice
   */
  public static Form choice(String prompt, List<String> options, boolean several) {
    if (options.isEmpty() || options.stream().distinct().count() < options.size()) {
      throw new IllegalArgumentException("a choice needs options, each of them once");
    }
    JsonObject one =
        JsonObject.of("enum", new JsonArray(options.stream().<Json>map(JsonString::new).toList()));
    JsonObject schema =
        several
            ? JsonObject.of("type", new JsonString("array"))
                .with("items", one)
                .with("uniqueItems", JsonBoolean.TRUE)
            : one;
    return new Form(
        Style.CHOICE, prompt, List.of(new FormField(ANSWER, "", schema, true, false)), null);
  }

  /** Named fields, filled in together. */
  public static Form fields(String prompt, List<FormField> fields) {
    return new Form(Style.FIELDS, prompt, fields, null);
  }

  /** The same form; the answer is not echoed and is erased once its call has ended. */
  public Form asSecret() {
    return new Form(style, prompt, fields.stream().map(FormField::asSecret).toList(), fallback);
  }

  /**
   * The same form with a declared answer for when nobody gives one in time.
   *
   * @throws IllegalArgumentException of a confirmation: silence is never a yes
   */
  public Form orElse(JsonObject answer) {
    if (style == Style.CONFIRM) {
      throw new IllegalArgumentException(
          "a confirmation has no declared answer: nobody answering declines");
    }
    return new Form(style, prompt, fields, answer);
  }
}
