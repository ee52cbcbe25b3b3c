package dev.assent.runtime;

import dev.assent.core.AuditRecord;
import dev.assent.core.Claim;
import dev.assent.core.Decision;
import dev.assent.core.Digest;
import dev.assent.core.Grant;
import dev.assent.core.Mandate;
import dev.assent.core.Requirement;
import dev.assent.core.RunEvent;
import dev.assent.core.RunState;
import dev.assent.core.Threshold;
import dev.assent.core.ToolCall;
import dev.assent.core.spi.Write;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says in the audit log what a change of state was: ids and digests, no bodies. Stateless. */
final class AuditLines {
  private static final int LONGEST = 500;

  private AuditLines() {}

  /** One line for a transition of a run; its counter is the run's version. */
  static AuditRecord ofRun(
      String tenant, RunState after, List<RunEvent> events, String principal, Instant at) {
    java.util.Map<String, String> details = new java.util.TreeMap<>();
    details.put("status", after.status().name());
    details.put(AuditRecord.RUN_VERSION, Long.toString(after.version()));
    int number = 0;
    for (RunEvent event : events) {
      details.put(name(++number), cut(line(event)));
    }
    AuditRecord plain = AuditRecord.of(tenant, at, "run");
    return new AuditRecord(
        plain.schema(),
        tenant,
        after.version(),
        at,
        "run",
        after.id().value(),
        after.root().value(),
        null,
        null,
        principal,
        details);
  }

  /** One line for a revision of a requirement; its counter is the revision. */
  static AuditRecord ofRequirement(
      String tenant, Requirement requirement, String principal, Instant at) {
    java.util.Map<String, String> details = new java.util.TreeMap<>();
    details.put("kind", requirement.kind().name());
    details.put("status", requirement.status().name());
    details.put("version", Integer.toString(requirement.version()));
    details.put("digest", requirement.digest().toString());
    return new AuditRecord(
        AuditRecord.SCHEMA,
        tenant,
        requirement.revision(),
        at,
        "requirement",
        requirement.run().value(),
        requirement.root().value(),
        requirement.id().value(),
        requirement.call().value(),
        principal,
        details);
  }

  /** One line for a change of a grant: given, used, given back, revoked. */
  static AuditRecord ofGrant(
      String tenant, Grant grant, String change, String principal, Instant at) {
    AuditRecord line =
        AuditRecord.of(tenant, at, "grant")
            .withPrincipal(principal)
            .with(Write.GRANT_ID, grant.id().value())
            .with(Write.GRANT_REVISION, Long.toString(grant.revision()))
            .with("change", change)
            .with("tool", grant.tool())
            .with("by", grant.by())
            .with("confirmed", grant.confirmed().toString())
            .with("until", grant.scope().until().toString())
            .with("used", Integer.toString(grant.used()));
    return grant.scope().uses() == null ? line : line.with("uses", grant.scope().uses().toString());
  }

  /** One line for a change of a mandate: given or ended. Of its reason it holds a keyed hash. */
  static AuditRecord ofMandate(
      Engine engine, Mandate mandate, String change, String principal, Instant at) {
    AuditRecord line =
        AuditRecord.of(engine.tenant(), at, Write.MANDATE)
            .withPrincipal(principal)
            .with(Write.MANDATE_ID, mandate.id().value())
            .with(Write.MANDATE_REVISION, Long.toString(mandate.revision()))
            .with("change", change)
            .with("kind", mandate.kind().name())
            .with("giver", mandate.giver())
            .with("holder", mandate.holder())
            .with("tools", cut(String.join(" ", mandate.tools())))
            .with("highest", mandate.highest().name())
            .with("begins", mandate.begins().toString())
            .with("ends", mandate.ends().toString());
    if (mandate.reason() != null) {
      byte[] reason = mandate.reason().getBytes(StandardCharsets.UTF_8);
      byte[] hash = engine.store().keys().mac("assent-mandate-reason", reason);
      line = line.with("reasonHash", Digest.ofBytes(hash).toString());
    }
    return mandate.requirement() == null ? line : line.with("for", mandate.requirement().value());
  }

  /** One line more for what was decided by break-glass. */
  static AuditRecord ofGlass(String tenant, Requirement after, Decision decision, Mandate by) {
    AuditRecord plain = ofRequirement(tenant, after, decision.principal(), decision.at());
    return AuditRecord.of(tenant, decision.at(), "break-glass")
        .withPrincipal(decision.principal())
        .withRun(after.run().value(), after.root().value(), plain.seq())
        .withRequirement(after.id().value())
        .withCall(after.call().value())
        .with("mandate", by.id().value())
        .with("verdict", decision.verdict().name())
        .with("status", after.status().name());
  }

  /** One line for a claim, or for its end, which is a revision of its requirement. */
  static AuditRecord ofClaim(String tenant, Requirement after, String principal, Instant at) {
    AuditRecord plain = ofRequirement(tenant, after, principal, at);
    java.util.Map<String, String> details = new java.util.TreeMap<>(plain.details());
    Claim claim = after.claim();
    if (claim != null) {
      details.put("claim.by", claim.by());
      details.put("claim.until", claim.until().toString());
    }
    return new AuditRecord(
        plain.schema(),
        tenant,
        plain.seq(),
        plain.at(),
        claim == null ? "claim.released" : "claim",
        plain.run(),
        plain.root(),
        plain.requirement(),
        plain.call(),
        plain.principal(),
        details);
  }

  /** One line for an escalation, which is a revision of its requirement: who is asked from when. */
  static AuditRecord ofEscalation(
      String tenant, Requirement after, List<Threshold> to, Instant at) {
    AuditRecord plain = ofRequirement(tenant, after, Decision.SYSTEM, at);
    java.util.Map<String, String> details = new java.util.TreeMap<>(plain.details());
    int number = 0;
    for (Threshold group : to) {
      number++;
      details.put("to." + number, cut(group.inWords()));
      details.put("from." + number, after.begins(group).toString());
    }
    return new AuditRecord(
        plain.schema(),
        tenant,
        plain.seq(),
        plain.at(),
        "escalation",
        plain.run(),
        plain.root(),
        plain.requirement(),
        plain.call(),
        plain.principal(),
        details);
  }

  /** One line for a decision, which is a revision of its requirement. */
  static AuditRecord ofDecision(
      String tenant, Requirement after, Decision decision, @Nullable Mandate mandate) {
    AuditRecord plain = ofRequirement(tenant, after, decision.principal(), decision.at());
    java.util.Map<String, String> details = new java.util.TreeMap<>(plain.details());
    details.put("verdict", decision.verdict().name());
    details.put("person", decision.person());
    details.put("shown", decision.digest().toString());
    if (mandate != null) {
      details.put("mandate", mandate.id().value());
      details.put("authority", mandate.giver());
    }
    if (decision.value() != null) {
      details.put("value", decision.value().commitment().toString());
    }
    if (decision.reasonCode() != null) {
      details.put("reasonCode", decision.reasonCode());
    }
    if (decision.words() != null) {
      details.put("words", decision.words().commitment().toString());
    }
    return new AuditRecord(
        plain.schema(),
        tenant,
        plain.seq(),
        plain.at(),
        "decision",
        plain.run(),
        plain.root(),
        plain.requirement(),
        plain.call(),
        plain.principal(),
        details);
  }

  /** In three digits, so that the names sort as they happened; not formatted, it is often. */
  private static String name(int event) {
    return (event < 10 ? "event.00" : event < 100 ? "event.0" : "event.") + event;
  }

  private static String line(RunEvent event) {
    return switch (event) {
      case RunEvent.Started e -> "run.started " + e.mode() + " " + e.agent();
      case RunEvent.TurnEnded e -> "turn.ended " + e.message().commitment();
      case RunEvent.CallProposed e -> "call.proposed " + e.call();
      case RunEvent.CallRefused e -> "call.refused " + e.call() + " " + e.code();
      case RunEvent.CallDenied e -> "call.denied " + e.call() + " " + e.rule();
      case RunEvent.CallAllowed e ->
          "call.allowed "
              + e.call()
              + " "
              + bound(e.bound())
              + (e.audited() ? " audited " : " ")
              + e.rule();
      case RunEvent.GrantUsed e -> "grant.used " + e.call() + " " + e.grant();
      case RunEvent.CallGated e ->
          "call.gated " + e.call() + " v" + e.version() + " " + bound(e.bound()) + " " + e.rule();
      case RunEvent.CallEdited e ->
          "call.edited " + e.call() + " v" + e.version() + " " + bound(e.bound()) + " by " + e.by();
      case RunEvent.CallAskedBack e ->
          "call.asked_back "
              + e.call()
              + " v"
              + e.version()
              + " "
              + e.question().commitment()
              + " by "
              + e.by();
      case RunEvent.CallAnsweredBack e ->
          "call.answered_back "
              + e.call()
              + " "
              + e.answer().words().commitment()
              + (e.answer().after() == null ? "" : " changed");
      case RunEvent.CallResponded e -> "call.responded " + e.call();
      case RunEvent.CallAnswered e ->
          "call.answered " + e.call() + " " + e.requirement() + " " + e.verdict();
      case RunEvent.ChildStarted e -> "child.started " + e.call() + " " + e.child();
      case RunEvent.StepStarted e -> "step.started " + e.call() + " " + e.name();
      case RunEvent.StepEnded e -> "step.ended " + e.call() + " " + e.name();
      case RunEvent.PersonSpoke e -> "person.spoke " + e.message().commitment();
      case RunEvent.VariablesSet e -> "variables.set " + e.variables().commitment();
      case RunEvent.AnswerHeld e -> "answer.held " + e.requirement() + " round " + e.round();
      case RunEvent.ChangesAsked e -> "changes.asked " + e.requirement();
      case RunEvent.CallApproved e -> "call.approved " + e.call() + " " + e.requirement();
      case RunEvent.CallRejected e -> "call.rejected " + e.call();
      case RunEvent.CallExpired e -> "call.expired " + e.call();
      case RunEvent.CallRevoked e -> "call.revoked " + e.call();
      case RunEvent.CallCancelled e -> "call.cancelled " + e.call();
      case RunEvent.AttemptStarted e -> "attempt.started " + e.call() + " #" + e.attempt().number();
      case RunEvent.CallSucceeded e ->
          "call.succeeded " + e.call() + " #" + e.attempt() + " " + e.result().commitment();
      case RunEvent.CallFailed e -> "call.failed " + e.call() + " #" + e.attempt() + " " + e.code();
      case RunEvent.CallSuspended e -> "call.suspended " + e.call() + " #" + e.attempt();
      case RunEvent.CallInDoubt e -> "call.in_doubt " + e.call() + " #" + e.attempt();
      case RunEvent.DoubtCleared e ->
          "doubt.cleared " + e.call() + " #" + e.attempt() + " " + e.back();
      case RunEvent.CancelAsked e -> "cancel.asked " + e.by();
      case RunEvent.Completed e -> "run.completed";
      case RunEvent.Failed e -> "run.failed " + e.code();
      case RunEvent.Cancelled e -> "run.cancelled";
    };
  }

  private static String bound(ToolCall.Bound bound) {
    return bound.digest().toString();
  }

  private static String cut(String line) {
    String text = WellFormed.text(line);
    return text.length() <= LONGEST ? text : WellFormed.text(text.substring(0, LONGEST));
  }
}
