package dev.assent.core;

/** Names one mandate inside its tenant. Immutable. */
@JsonValueRecord
public record MandateId(String value) {
  /**
   * @throws IllegalArgumentException when empty, too long or not visible ASCII
   */
  public MandateId {
    Names.check("mandate id", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
