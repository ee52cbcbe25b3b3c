package dev.assent.runtime;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.ArgumentRule;
import dev.assent.core.Body;
import dev.assent.core.CallSubject;
import dev.assent.core.Decision;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Digest;
import dev.assent.core.Grant;
import dev.assent.core.GrantId;
import dev.assent.core.GrantScope;
import dev.assent.core.GrantText;
import dev.assent.core.GrantedCall;
import dev.assent.core.Granting;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.Risk;
import dev.assent.core.RunState;
import dev.assent.core.ToolSpec;
import dev.assent.core.Verdict;
import dev.assent.core.WhyNot;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.Write;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes a standing permission of an approval; nothing else does. Thread-safe.
 *
 * <p>Only where the yes of this one person is all that is asked for: then the grant has had the
 * approvals that each call it serves would need.
 */
final class GrantMaker {
  private static final Duration LONGEST = Duration.ofDays(366);

  private final Engine engine;

  GrantMaker(Engine engine) {
    this.engine = engine;
  }

  /** What came of it. */
  sealed interface Result {
    /** No grant, and no decision either. */
    record Refused(String code, String why) implements Result {}
  }

  /** The grant, to be written in the transaction of the decision. */
  record Made(Write.NewGrant write) implements Result {}

  /** What is known of a call that somebody wants to allow for longer. */
  private record Subject(
      Agent agent,
      ToolSpec tool,
      RunState run,
      RunState root,
      JsonObject arguments,
      Digest exact,
      ApprovalTerms terms) {}

  /** What somebody would allow. */
  GrantOffer offer(Requirement approval, GrantScope wanted, Principal by) {
    Object found = subject(approval, by);
    return found instanceof Subject subject
        ? offer(approval, subject, wanted, by)
        : new GrantOffer.Refused((String) found);
  }

  /** The grant of a recorded approval. */
  Result make(
      Requirement approval,
      DecisionRequest request,
      DecisionOutcome.Recorded recorded,
      Principal by) {
    DecisionRequest.Always always = Objects.requireNonNull(request.always());
    if (request.verdict() != Verdict.APPROVE) {
      return new Result.Refused(GrantOffer.REFUSED, "only an approval gives a standing permission");
    }
    Object found = subject(approval, by);
    if (!(found instanceof Subject subject)) {
      return new Result.Refused(GrantOffer.REFUSED, (String) found);
    }
    return switch (offer(approval, subject, always.scope(), by)) {
      case GrantOffer.Refused refused -> new Result.Refused(GrantOffer.REFUSED, refused.why());
      case GrantOffer.Shown shown ->
          shown.digest().equals(always.confirmed())
              ? made(approval, subject, shown, recorded.decision())
              : new Result.Refused(
                  GrantOffer.NOT_SHOWN,
                  "what was confirmed is not what would be allowed; look at it again");
    };
  }

  private Made made(
      Requirement approval, Subject subject, GrantOffer.Shown shown, Decision decision) {
    Grant grant =
        grant(
            new GrantId("g" + engine.newId()),
            approval,
            subject,
            shown.scope(),
            shown.text(),
            shown.digest(),
            decision.principal(),
            decision.person(),
            decision.at());
    return new Made(
        new Write.NewGrant(
            grant,
            AuditLines.ofGrant(engine.tenant(), grant, "given", decision.principal(), decision.at())
                .withRun(approval.run().value(), approval.root().value(), 1)
                .withRequirement(approval.id().value())
                .withCall(approval.call().value())));
  }

  /** What it is about, or why it cannot be. */
  private Object subject(Requirement approval, Principal by) {
    if (approval.kind() != RequirementKind.APPROVAL || !approval.open()) {
      return "only an open approval can be given for longer";
    }
    Optional<WhyNot> whyNot = engine.authority().whyNot(approval, by);
    if (whyNot.isPresent()) {
      return whyNot.get().inWords();
    }
    Agent agent = engine.agents().get(approval.agent());
    ToolBinding binding = agent == null ? null : agent.tool(approval.tool()).orElse(null);
    if (binding != null && !binding.pins().none()) {
      return "each call of this tool is approved for what it would do then";
    }
    ToolSpec tool = binding == null ? null : binding.spec();
    RunState run =
        engine
            .store()
            .run(engine.tenant(), approval.run())
            .map(Store.StoredRun::state)
            .orElse(null);
    RunState root = run == null ? null : engine.grants().root(run);
    Body arguments = arguments(approval);
    if (agent == null || tool == null || run == null || root == null || arguments == null) {
      return "the agent "
          + approval.agent()
          + " or its tool is not here, so what the rules say cannot be told";
    }
    CallSubject now =
        new CallSubject(
            approval.run(),
            approval.requester(),
            approval.call(),
            approval.tool(),
            tool.fingerprint(),
            arguments.content(),
            arguments.salt());
    if (!now.digest(approval.version()).equals(approval.digest())) {
      return "the tool changed after it was asked about";
    }
    JsonObject parsed = (JsonObject) Json.parse(arguments.content());
    PolicyOutcome outcome = engine.judge().rules(run, approval.requester(), agent, tool, parsed);
    if (!(outcome instanceof PolicyOutcome.Require require)) {
      return "the rules do not ask about this call any more";
    }
    return new Subject(
        agent,
        tool,
        run,
        root,
        parsed,
        engine.grants().exact(tool.name(), arguments.content()),
        require.terms());
  }

  private @Nullable Body arguments(Requirement approval) {
    return engine
        .store()
        .body(engine.tenant(), approval.arguments().id())
        .filter(body -> body.ref().equals(approval.arguments()))
        .orElse(null);
  }

  private GrantOffer offer(Requirement approval, Subject subject, GrantScope wanted, Principal by) {
    Instant now = engine.store().now();
    String why = whyNotAtAll(approval, subject, by, now);
    if (why == null) {
      why = whyNotSo(subject, wanted, now);
    }
    if (why != null) {
      return new GrantOffer.Refused(why);
    }
    GrantScope scope = wanted.completed(subject.arguments());
    String text = GrantText.of(approval.agent(), approval.tool(), subject.arguments(), scope);
    Digest digest = Grant.confirmation(approval, scope, text);
    Grant grant =
        grant(
            new GrantId("offered"),
            approval,
            subject,
            scope,
            text,
            digest,
            by.id(),
            by.person(),
            now);
    GrantedCall itself = itself(approval, subject);
    boolean servesItself =
        grant.whyNot(itself, now, false).isEmpty() && grant.used(itself, now).isPresent();
    return servesItself
        ? new GrantOffer.Shown(scope, text, digest)
        : new GrantOffer.Refused("it would not even allow the call that it is made from");
  }

  private @Nullable String whyNotAtAll(
      Requirement approval, Subject subject, Principal by, Instant now) {
    if (approval.terms().risk() == Risk.HIGH || subject.terms().risk() == Risk.HIGH) {
      return "a call of high risk is asked about each time";
    }
    if (approval.terms().undo() != null || subject.terms().undo() != null) {
      return "each approval of this call can be taken back before it begins";
    }
    Requirement today =
        approval.askedAgain(
            approval.version(), approval.digest(), subject.terms(), approval.deadline(), true, now);
    boolean alone =
        Granting.enough(engine.authority(), approval, by.id(), by.person(), now)
            && Granting.enough(engine.authority(), today, by.id(), by.person(), now);
    return alone
        ? null
        : "your approval alone is not enough for this call, so it can only be approved each time";
  }

  private @Nullable String whyNotSo(Subject subject, GrantScope wanted, Instant now) {
    if (!wanted.until().isAfter(now) || wanted.until().isAfter(now.plus(LONGEST))) {
      return "its end must lie ahead, and not more than 366 days";
    }
    if (!wanted.until().truncatedTo(ChronoUnit.MILLIS).equals(wanted.until())) {
      return "its end has whole milliseconds";
    }
    List<String> unknown = new ArrayList<>(wanted.alsoFor());
    unknown.removeAll(engine.agents().keySet());
    if (!unknown.isEmpty()) {
      return "there is no agent " + String.join(", ", unknown);
    }
    if (wanted.arguments() instanceof GrantScope.Arguments.Matching matching) {
      Map<String, ArgumentRule> rules = matching.rules();
      List<String> strange = new ArrayList<>(rules.keySet());
      strange.removeAll(subject.arguments().members().keySet());
      strange.removeAll(declared(subject.tool()));
      if (!strange.isEmpty()) {
        return subject.tool().name() + " has no argument " + String.join(", ", strange);
      }
    }
    return null;
  }

  private static List<String> declared(ToolSpec tool) {
    return tool.schema() instanceof JsonObject schema
            && schema.find("properties").orElse(null) instanceof JsonObject properties
        ? List.copyOf(properties.members().keySet())
        : List.of();
  }

  private static GrantedCall itself(Requirement approval, Subject subject) {
    return new GrantedCall(
        approval.run(),
        approval.root(),
        subject.root().session(),
        approval.agent(),
        approval.call(),
        approval.tool(),
        subject.tool().fingerprint(),
        Grant.termsOf(subject.terms()),
        subject.arguments(),
        subject.exact());
  }

  private static Grant grant(
      GrantId id,
      Requirement approval,
      Subject subject,
      GrantScope scope,
      String text,
      Digest confirmed,
      String by,
      String person,
      Instant at) {
    return new Grant(
        id,
        by,
        person,
        approval.id(),
        confirmed,
        approval.run(),
        approval.root(),
        subject.root().session(),
        approval.agent(),
        approval.tool(),
        subject.tool().fingerprint(),
        Grant.termsOf(subject.terms()),
        subject.exact(),
        scope,
        text,
        at,
        1,
        0,
        List.of(),
        null,
        null,
        null);
  }
}
