package dev.assent.core;

/**
 * Names one call that the model asked for, inside its run. Immutable. Given by us: the ids that
 * providers give repeat between runs and sometimes inside one.
 */
@JsonValueRecord
public record ToolCallId(String value) {
  /**
   * @throws IllegalArgumentException when blank or longer than 96 characters
   */
  public ToolCallId {
    Names.check("tool call id", value);
  }

  static ToolCallId numbered(int number) {
    return new ToolCallId("c" + number);
  }

  @Override
  public String toString() {
    return value;
  }
}
