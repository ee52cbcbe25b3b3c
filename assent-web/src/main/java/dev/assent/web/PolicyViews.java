package dev.assent.web;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Threshold;
import dev.assent.policy.Judgement;
import dev.assent.policy.LivePolicy;
import dev.assent.policy.RulePolicy;
import dev.assent.policy.ShadowPolicy;
import dev.assent.runtime.GateResult;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules on the wire. Stateless. */
final class PolicyViews {
  private static final int MOST_DIFFERENCES = 200;

  private PolicyViews() {}

  /** Which rules: the file's own name and version, and the digest of its text. */
  record Named(String name, int version, String digest) {
    static Named of(RulePolicy rules) {
      return new Named(rules.name(), rules.version(), rules.digest().hex());
    }
  }

  /** How often a rule fired since it came into force. */
  record Count(String rule, long fired) {}

  /** What is in force, why the file is not where it is not, and what a draft would have done. */
  record Whole(
      Named policy,
      @Nullable Named pending,
      List<Count> rules,
      List<String> problems,
      @Nullable Shadow shadow) {
    static Whole of(LivePolicy live, @Nullable ShadowPolicy shadow) {
      return new Whole(
          Named.of(live.current()),
          live.pending().map(waiting -> Named.of(waiting.policy())).orElse(null),
          live.current().timesFired().entrySet().stream()
              .map(entry -> new Count(entry.getKey(), entry.getValue()))
              .toList(),
          live.problems().stream().map(problem -> Shown.name(problem.toString())).toList(),
          shadow == null ? null : Shadow.of(shadow));
    }
  }

  /** What a draft would have done differently, the newest last. */
  record Shadow(long judged, long differing, List<Difference> differences) {
    static Shadow of(ShadowPolicy shadow) {
      List<ShadowPolicy.Difference> all = shadow.differences();
      return new Shadow(
          shadow.judged(),
          shadow.differing(),
          all.subList(Math.max(0, all.size() - MOST_DIFFERENCES), all.size()).stream()
              .map(Difference::of)
              .toList());
    }
  }

  /** One call that the draft judges differently. */
  record Difference(
      String run,
      String agent,
      String tool,
      String now,
      List<Shown.Piece> rules,
      String would,
      List<Shown.Piece> draftRules) {
    static Difference of(ShadowPolicy.Difference difference) {
      return new Difference(
          difference.run().value(),
          difference.agent(),
          difference.tool(),
          difference.now(),
          Shown.of(difference.rules()),
          difference.would(),
          Shown.of(difference.draftRules()));
    }
  }

  /** The run of a change, and what it waits for. */
  record Proposal(String run, List<String> requirements) {
    static Proposal of(GateResult result) {
      return switch (result) {
        case GateResult.Waiting waiting ->
            new Proposal(
                waiting.run().value(),
                waiting.requirements().stream().map(each -> each.id().value()).toList());
        case GateResult.Executed done -> new Proposal(done.run().value(), List.of());
        case GateResult.NotExecuted not ->
            throw Problem.of(409, "not-accepted", "The change was not accepted", "")
                .with("run", not.run().value())
                .exception();
      };
    }
  }

  /** What came of a call that was only tried. */
  record Tried(
      Named policy,
      String outcome,
      String risk,
      List<Shown.Piece> rule,
      List<Fired> fired,
      @Nullable List<Shown.Piece> reason,
      @Nullable Terms terms) {
    static Tried of(RulePolicy rules, Judgement judgement, PolicyOutcome outcome) {
      return new Tried(
          Named.of(rules),
          Judgement.word(outcome),
          judgement.risk().name(),
          Shown.of(outcome.rule()),
          judgement.fired().stream().map(Fired::of).toList(),
          outcome instanceof PolicyOutcome.Deny deny ? Shown.of(deny.reason()) : null,
          outcome instanceof PolicyOutcome.Require require ? Terms.of(require.terms()) : null);
    }
  }

  /** A rule that had a part in it. */
  record Fired(String rule, int line, String says, String problem) {
    static Fired of(Judgement.Fired fired) {
      return new Fired(fired.rule(), fired.line(), fired.says(), fired.problem());
    }
  }

  /** What people would be asked under. */
  record Terms(
      List<String> approvers,
      String risk,
      List<Shown.Piece> message,
      @Nullable String deadline,
      @Nullable String useBy,
      String onExpiry,
      @Nullable String remindAfter,
      @Nullable String undo,
      @Nullable String hours,
      @Nullable ReasonsView reasons) {
    static Terms of(ApprovalTerms terms) {
      return new Terms(
          terms.thresholds().stream().map(Threshold::inWords).map(Shown::name).toList(),
          terms.risk().name(),
          Shown.of(terms.message()),
          text(terms.deadline()),
          text(terms.useBy()),
          terms.onExpiry().name(),
          text(terms.remindAfter()),
          text(terms.undo()),
          terms.hours() == null ? null : terms.hours().inWords(),
          ReasonsView.of(terms.reasons()));
    }

    private static @Nullable String text(@Nullable Duration time) {
      return time == null ? null : time.toString();
    }
  }
}
