package dev.assent.core;

/** Names one execution of an agent inside its tenant. Immutable. */
@JsonValueRecord
public record RunId(String value) {
  /**
   * @throws IllegalArgumentException when blank or longer than 64 characters
   */
  public RunId {
    Names.check("run id", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
