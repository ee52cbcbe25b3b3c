package dev.assent.core;

/** Names one standing permission inside its tenant. Immutable. */
@JsonValueRecord
public record GrantId(String value) {
  /**
   * @throws IllegalArgumentException when empty, too long or not visible ASCII
   */
  public GrantId {
    Names.check("grant id", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
