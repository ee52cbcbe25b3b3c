package dev.assent.runtime;

import dev.assent.core.Body;
import dev.assent.core.CallSubject;
import dev.assent.core.Decision;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RunState;
import dev.assent.core.SignedDecision;
import dev.assent.core.ToolSpec;
import dev.assent.core.Verdict;
import java.util.Arrays;
import java.util.Optional;

/**
 * Finds a yes that a person gave for the rest of a run. It is nothing but their signed decision on
 * an earlier call of the same run, with the same tool and exactly the same arguments. Thread-safe.
 */
final class Standing {
  private final Engine engine;

  Standing(Engine engine) {
    this.engine = engine;
  }

  /** What the tool's own rule says: content, when such a yes stands. */
  PolicyOutcome instead(
      PolicyOutcome rule, RunState run, String requester, ToolSpec tool, byte[] arguments) {
    return engine.store().requirementsOf(engine.tenant(), run.id()).stream()
        .filter(each -> each.kind() == RequirementKind.APPROVAL)
        .filter(each -> each.status() == RequirementStatus.APPROVED)
        .filter(each -> each.tool().equals(tool.name()))
        .filter(each -> covers(each, run, requester, tool, arguments))
        .findFirst()
        .<PolicyOutcome>map(
            each -> new PolicyOutcome.Audit(rule.rule() + ": always, by " + each.id()))
        .orElse(rule);
  }

  private boolean covers(
      Requirement asked, RunState run, String requester, ToolSpec tool, byte[] arguments) {
    Body shown = engine.store().body(engine.tenant(), asked.arguments().id()).orElse(null);
    if (shown == null || !Arrays.equals(shown.content(), arguments)) {
      return false;
    }
    CallSubject subject =
        new CallSubject(
            run.id(),
            requester,
            asked.call(),
            tool.name(),
            tool.fingerprint(),
            shown.content(),
            shown.salt());
    return engine.store().decisions(engine.tenant(), asked.id()).stream()
        .filter(signed -> signed.genuine(engine.store().keys(), engine.tenant()))
        .map(SignedDecision::decision)
        .filter(said -> said.verdict() == Verdict.APPROVE && said.requirement().equals(asked.id()))
        .filter(said -> said.digest().equals(subject.digest(said.version())))
        .filter(this::always)
        .anyMatch(said -> mayStill(asked, said));
  }

  private boolean always(Decision said) {
    return Optional.ofNullable(said.value())
        .flatMap(
            value ->
                engine
                    .store()
                    .body(engine.tenant(), value.id())
                    .filter(body -> body.ref().equals(value)))
        .filter(body -> body.text().equals(ApprovalRequired.ALWAYS))
        .isPresent();
  }

  private boolean mayStill(Requirement asked, Decision said) {
    return engine
        .directory()
        .find(said.principal())
        .filter(by -> engine.authority().own().whyNot(asked, by).isEmpty())
        .isPresent();
  }
}
