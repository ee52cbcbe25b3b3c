package dev.assent.web;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Effect;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Risk;
import dev.assent.core.ToolSpec;
import dev.assent.core.spi.Policy;
import dev.assent.policy.LivePolicy;
import dev.assent.policy.Problem;
import dev.assent.policy.Reload;
import dev.assent.policy.RulePolicy;
import dev.assent.runtime.Agent;
import dev.assent.runtime.GateRequest;
import dev.assent.runtime.NotExecutedException;
import dev.assent.runtime.ToolBinding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A change of the rules as a tool call: it waits for the people whom the rules in force name, and
 * what they approve is the whole text that comes into force. Stateless.
 */
public final class PolicyChanges {
  private static final String AGENT = "policy";
  private static final String TOOL = "change_policy";
  private static final String TEXT = "text";

  private PolicyChanges() {}

  /** The agent that has the tool; register it. It has no model and is used as a gate only. */
  public static Agent agent(LivePolicy live) {
    ToolSpec spec =
        new ToolSpec(
            ToolSpec.OWN_CODE,
            TOOL,
            "1",
            "Puts other rules into force",
            Json.parse(
                """
                {"type":"object","properties":{"name":{"type":"string"},"version":{"type":"integer"},
                 "changes":{"type":"string"},"text":{"type":"string"}},
                 "required":["name","version","changes","text"],"additionalProperties":false}"""),
            Effect.IDEMPOTENT,
            null,
            false,
            Duration.ofSeconds(30),
            List.of());
    return Agent.named(AGENT)
        .description("Changes of the rules")
        .tools(new ToolBinding(spec, (context, arguments) -> accepted(live, arguments)))
        .policy(question -> judged(live.current(), question))
        .build();
  }

  private static String accepted(LivePolicy live, JsonObject arguments) {
    return switch (live.accept(arguments.string(TEXT))) {
      case Reload.Refused refused ->
          throw new NotExecutedException(
              String.join("; ", refused.problems().stream().map(Problem::toString).toList()));
      case Reload.Proposed proposed -> throw new NotExecutedException("it waits");
      case Reload.Replaced replaced -> "These rules are in force.";
      case Reload.Unchanged unchanged -> "These rules were in force already.";
    };
  }

  private static PolicyOutcome judged(RulePolicy inForce, Policy.Question question) {
    String rule = "change of " + inForce.name() + " v" + inForce.version();
    return inForce.changeApprovers().isEmpty()
        ? new PolicyOutcome.Allow(rule)
        : new PolicyOutcome.Require(
            new ApprovalTerms(
                rule,
                inForce.changeApprovers(),
                Risk.HIGH,
                "Other rules come into force. Read the whole text.",
                "Rules {name} v{version}: {changes}",
                null,
                null,
                ApprovalTerms.OnExpiry.REJECT));
  }

  /** The call that puts what waits into force; the same person asks once for the same text. */
  public static GateRequest request(
      LivePolicy.Pending pending, RulePolicy inForce, String requester) {
    RulePolicy proposed = pending.policy();
    JsonObject arguments =
        JsonObject.of("name", Json.of(proposed.name()))
            .with("version", Json.of(proposed.version()))
            .with("changes", Json.of(changes(inForce, proposed)))
            .with(TEXT, Json.of(pending.text()));
    return new GateRequest(
        AGENT,
        TOOL,
        arguments.toString(),
        requester,
        proposed.digest().hex().substring(0, 32) + "-" + requester);
  }

  /** Which rules come and go; what changed inside of a rule the text says. */
  private static String changes(RulePolicy before, RulePolicy after) {
    List<String> parts = new ArrayList<>();
    List<String> come = new ArrayList<>(after.rules());
    come.removeAll(before.rules());
    List<String> go = new ArrayList<>(before.rules());
    go.removeAll(after.rules());
    if (!come.isEmpty()) {
      parts.add("new " + String.join(", ", come));
    }
    if (!go.isEmpty()) {
      parts.add("gone " + String.join(", ", go));
    }
    if (after.changeApprovers().isEmpty()) {
      parts.add("later changes need no approval");
    }
    return parts.isEmpty() ? "the same rules, worded differently" : String.join("; ", parts);
  }
}
