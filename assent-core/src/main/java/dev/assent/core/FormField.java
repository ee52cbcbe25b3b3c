package dev.assent.core;

/**
 * One thing that a form asks for. Immutable.
 *
 * @param name its name in the answer
 * @param description what to fill in; may be empty
 * @param schema JSON Schema of its value; {@code default} is what stands there at first
 * @param required an answer without it is refused
 * @param secret neither echoed nor kept longer than its call is open
 */
public record FormField(
    String name, String description, JsonObject schema, boolean required, boolean secret) {
  /**
   * @throws IllegalArgumentException when the name is empty
   */
  public FormField {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a field needs a name");
    }
  }

  /** A required field of this JSON type, for example {@code string}. */
  public static FormField of(String name, String type) {
    return new FormField(name, "", JsonObject.of("type", new JsonString(type)), true, false);
  }

  FormField asSecret() {
    return new FormField(name, description, schema, required, true);
  }
}
