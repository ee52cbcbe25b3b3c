package dev.assent.policy;

import dev.assent.core.PolicyOutcome;
import dev.assent.core.Threshold;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A policy tried on recorded calls. Immutable.
 *
 * @param policy what was tried
 * @param results one for each call, in their order
 */
public record PolicyTrial(RulePolicy policy, List<Result> results) {
  public PolicyTrial {
    results = List.copyOf(results);
  }

  /**
   * What came of one call. Immutable.
   *
   * @param mismatches what is not as expected, a line each; empty when all is
   */
  public record Result(RecordedCall call, Judgement judgement, List<String> mismatches) {
    public Result {
      mismatches = List.copyOf(mismatches);
    }
  }

  /** Tries all calls. */
  public static PolicyTrial of(RulePolicy policy, List<RecordedCall> calls) {
    return new PolicyTrial(policy, calls.stream().map(call -> tried(policy, call)).toList());
  }

  private static Result tried(RulePolicy policy, RecordedCall call) {
    RulePolicy knowing =
        policy.with(
            id -> Optional.of(call.principal()).filter(principal -> principal.id().equals(id)));
    Judgement judgement = knowing.explain(call.question());
    return new Result(call, judgement, mismatches(call, judgement));
  }

  private static List<String> mismatches(RecordedCall call, Judgement judgement) {
    List<String> found = new ArrayList<>();
    RecordedCall.Expected expected = call.expected();
    if (expected == null) {
      return found;
    }
    compare("outcome", expected.outcome(), judgement.word(), found);
    if (expected.rules() != null) {
      compare("rules", new TreeSet<>(expected.rules()), new TreeSet<>(judgement.rules()), found);
    }
    if (expected.approvers() != null) {
      compare("approvers", new TreeSet<>(expected.approvers()), approvers(judgement), found);
    }
    if (expected.risk() != null) {
      compare("risk", expected.risk(), judgement.risk(), found);
    }
    return found;
  }

  private static void compare(String what, Object expected, Object seen, List<String> found) {
    if (!expected.equals(seen)) {
      found.add(what + ": expected " + expected + ", is " + seen);
    }
  }

  private static Set<String> approvers(Judgement judgement) {
    return judgement.outcome() instanceof PolicyOutcome.Require require
        ? require.terms().thresholds().stream()
            .map(Threshold::inWords)
            .collect(Collectors.toCollection(TreeSet::new))
        : Set.of();
  }

  /** The calls that did not come out as expected. */
  public List<Result> failures() {
    return results.stream().filter(result -> !result.mismatches().isEmpty()).toList();
  }

  /** The rules that none of the calls made fire, in the order of the file. */
  public List<String> neverFired() {
    Set<String> fired =
        results.stream()
            .flatMap(result -> result.judgement().fired().stream())
            .filter(each -> each.problem().isEmpty())
            .map(Judgement.Fired::rule)
            .collect(Collectors.toSet());
    return policy.rules().stream().filter(rule -> !fired.contains(rule)).toList();
  }
}
