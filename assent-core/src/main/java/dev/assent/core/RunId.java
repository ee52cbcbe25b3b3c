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

  /** The session of a run that was begun without one; nobody else writes to it before the run. */
  public String ownSession() {
    return "s-" + value;
  }

  @Override
  public String toString() {
    return value;
  }
}
