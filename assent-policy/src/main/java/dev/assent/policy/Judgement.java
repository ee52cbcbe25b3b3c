package dev.assent.policy;

import dev.assent.core.PolicyOutcome;
import dev.assent.core.Risk;
import java.util.List;

/**
 * What a policy makes of one call, and why. Immutable.
 *
 * @param outcome what holds
 * @param risk the class that the call was put into
 * @param fired the rules that fitted, or could not be told, in the order of the file
 */
public record Judgement(PolicyOutcome outcome, Risk risk, List<Fired> fired) {
  public Judgement {
    fired = List.copyOf(fired);
  }

  /**
   * A rule that had a part in it.
   *
   * @param rule its id
   * @param line where it stands
   * @param says {@code allow}, {@code audit}, {@code deny}, {@code require}, or {@code risk HIGH}
   * @param problem why it could not be told whether it fits; empty when it does
   */
  public record Fired(String rule, int line, String says, String problem) {}

  /** The outcome in one word: {@code allow}, {@code audit}, {@code deny} or {@code require}. */
  public String word() {
    return word(outcome);
  }

  /** The same of any outcome. */
  public static String word(PolicyOutcome outcome) {
    return switch (outcome) {
      case PolicyOutcome.Allow allow -> "allow";
      case PolicyOutcome.Audit audit -> "audit";
      case PolicyOutcome.Deny deny -> "deny";
      case PolicyOutcome.Require require -> "require";
    };
  }

  /** The ids of the rules that fired or failed. */
  public List<String> rules() {
    return fired.stream().map(Fired::rule).toList();
  }
}
