package dev.assent.core;

/** Names a stored body inside its tenant. Immutable. */
@JsonValueRecord
public record BodyId(String value) {
  /**
   * @throws IllegalArgumentException when blank or longer than 96 characters
   */
  public BodyId {
    Names.check("body id", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
