package dev.assent.runtime;

import dev.assent.core.RequirementId;
import dev.assent.core.Risk;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody may decide by a mandate. Immutable.
 *
 * @param tools names of tools, {@code *} stands for any characters; empty means all
 * @param highest of this risk at most
 * @param requirement only this one; absent means any
 */
public record MandateScope(List<String> tools, Risk highest, @Nullable RequirementId requirement) {
  private static final int MOST = 50;
  private static final int LONGEST = 200;

  /**
   * @throws RuntimeFailure {@code invalid-mandate} when there are more than 50 names of tools, or
   *     one has not 1 to 200 characters
   */
  public MandateScope {
    tools = tools.stream().map(WellFormed::text).distinct().toList();
    if (tools.size() > MOST
        || tools.stream().anyMatch(tool -> tool.isBlank() || tool.length() > LONGEST)) {
      throw new RuntimeFailure(
          "invalid-mandate",
          "a mandate names at most " + MOST + " tools, each with 1 to " + LONGEST + " characters");
    }
  }

  /** All that there is, of any risk. */
  public static MandateScope everything() {
    return new MandateScope(List.of(), Risk.HIGH, null);
  }

  /** What calls of these tools wait for. */
  public static MandateScope of(String... tools) {
    return new MandateScope(List.of(tools), Risk.HIGH, null);
  }

  /** Only this one. */
  public static MandateScope of(RequirementId requirement) {
    return new MandateScope(List.of(), Risk.HIGH, requirement);
  }
}
