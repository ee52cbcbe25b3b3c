package dev.assent.core;

/** JSON null: said, and different from a missing member; immutable. */
public record JsonNull() implements Json {

  /** The null to use; all are equal. */
  public static final JsonNull NULL = new JsonNull();

  @Override
  public String toString() {
    return "null";
  }
}
