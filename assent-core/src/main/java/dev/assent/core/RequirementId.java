package dev.assent.core;

/**
 * Names what a paused run waits for, inside its tenant. Immutable.
 *
 * <p>It is derived from run and call, so that the same pause, computed twice, asks once.
 */
@JsonValueRecord
public record RequirementId(String value) {
  /**
   * @throws IllegalArgumentException when blank or longer than 96 characters
   */
  public RequirementId {
    Names.check("requirement id", value);
  }

  /** The requirement of this kind for this call of this run; {@code round} counts from 1. */
  public static RequirementId of(RunId run, ToolCallId call, RequirementKind kind, int round) {
    return new RequirementId(run.value() + "-" + call.value() + kind.mark() + round);
  }

  @Override
  public String toString() {
    return value;
  }
}
