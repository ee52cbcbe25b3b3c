package dev.assent.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What people, or programs outside, do in a call beside approving it. Immutable.
 *
 * @param fields arguments that come from a person and are hidden from the model; empty means none
 * @param external true when the call is executed outside and its result is brought back
 * @param silent true when an external call is no business of the person who talks to the agent
 * @param reviewRounds how often a person may ask for changes of the result; 0 means no review
 * @param terms who answers, and until when; absent means anybody, for ever
 */
public record Involvement(
    List<String> fields,
    boolean external,
    boolean silent,
    int reviewRounds,
    @Nullable ApprovalTerms terms) {
  /** Nobody does anything. */
  public static final Involvement NONE = new Involvement(List.of(), false, false, 0, null);

  /**
   * @throws IllegalArgumentException when what was asked for cannot be combined
   */
  public Involvement {
    fields = List.copyOf(fields);
    if (external && !fields.isEmpty()) {
      throw new IllegalArgumentException(
          "a call cannot both take fields from a person and be executed outside; choose one");
    }
    if (silent && !external) {
      throw new IllegalArgumentException("only a call that is executed outside can be silent");
    }
    if (reviewRounds < 0) {
      throw new IllegalArgumentException("rounds of review cannot be negative");
    }
  }

  /** Who answers: the declared terms, or anybody. */
  public ApprovalTerms terms(String tool) {
    return terms != null ? terms : ApprovalTerms.simple("input of " + tool);
  }
}
