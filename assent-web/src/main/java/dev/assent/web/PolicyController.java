package dev.assent.web;

import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.RunId;
import dev.assent.core.ToolSpec;
import dev.assent.core.spi.Policy;
import dev.assent.policy.Judgement;
import dev.assent.policy.LivePolicy;
import dev.assent.policy.PolicyException;
import dev.assent.policy.RulePolicy;
import dev.assent.policy.ShadowPolicy;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.GateResult;
import dev.assent.runtime.ToolBinding;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What the rules are and what they would say; for people with the role {@code admin}. */
@RestController
@RequestMapping(ApiPaths.V1 + "/policy")
final class PolicyController {
  private final Assent assent;
  private final @Nullable LivePolicy live;
  private final @Nullable ShadowPolicy shadow;

  PolicyController(
      Assent assent, ObjectProvider<LivePolicy> live, ObjectProvider<ShadowPolicy> shadow) {
    this.assent = assent;
    this.live = live.getIfAvailable();
    this.shadow = shadow.getIfAvailable();
  }

  /** The call to try, and optionally a text of rules to try it on in place of those in force. */
  record DryRun(
      String agent,
      String tool,
      Json arguments,
      @Nullable String requester,
      @Nullable String policy) {}

  /** The digest of the rules that were seen waiting. */
  record Propose(String digest) {}

  @GetMapping
  PolicyViews.Whole policy(LoggedIn login) {
    entitled(login);
    return PolicyViews.Whole.of(inForce(), shadow);
  }

  @PostMapping("/dry-run")
  PolicyViews.Tried tried(@RequestBody DryRun body, LoggedIn login) {
    entitled(login);
    if (!(body.arguments() instanceof JsonObject arguments)) {
      throw Wanted.invalid("arguments", "is a JSON object");
    }
    Agent agent = agent(body.agent());
    ToolSpec tool = tool(agent, body.tool());
    String requester = Wanted.name("requester", body.requester());
    RulePolicy rules = rules(body.policy());
    Policy.Question question =
        new Policy.Question(
            agent.name(),
            tool,
            arguments,
            new RunId("dry-run"),
            "dry-run",
            requester == null ? login.getName() : requester);
    Judgement judgement = rules.explain(question);
    PolicyOutcome outcome = judgement.outcome();
    for (PolicyOutcome own : tool.rules()) {
      outcome = outcome.strictest(own);
    }
    for (Policy own : agent.policies()) {
      outcome = outcome.strictest(own.judge(question));
    }
    return PolicyViews.Tried.of(rules, judgement, outcome);
  }

  /** Asks for what waits in the file to come into force; one's own yes does not count. */
  @PostMapping("/proposal")
  @ResponseStatus(HttpStatus.ACCEPTED)
  PolicyViews.Proposal proposed(@RequestBody Propose body, LoggedIn login) {
    entitled(login);
    LivePolicy.Pending pending =
        inForce()
            .pending()
            .filter(waiting -> waiting.policy().digest().hex().equals(body.digest()))
            .orElseThrow(
                () ->
                    Problem.of(409, "no-such-change", "No such change waits", "See GET /policy.")
                        .exception());
    GateResult result =
        assent.gate(PolicyChanges.request(pending, inForce().current(), login.getName()));
    return PolicyViews.Proposal.of(result);
  }

  private RulePolicy rules(@Nullable String draft) {
    if (draft == null) {
      return inForce().current();
    }
    try {
      return RulePolicy.parse("draft", draft).with(assent.directory());
    } catch (PolicyException e) {
      throw Problem.of(422, "invalid-policy", "The rules cannot be used", "")
          .with(
              "problems",
              e.problems().stream().map(problem -> Shown.name(problem.toString())).toList())
          .exception();
    }
  }

  private LivePolicy inForce() {
    if (live == null) {
      throw Problem.of(
              404,
              "no-policy",
              "This server has no file of rules",
              "Start it with --policy FILE; see docs/policy.md.")
          .exception();
    }
    return live;
  }

  private Agent agent(String name) {
    return assent.agents().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                Problem.of(404, "unknown-agent", "There is no such agent", "See GET /agents.")
                    .exception());
  }

  private static ToolSpec tool(Agent agent, String name) {
    return agent
        .tool(name)
        .map(ToolBinding::spec)
        .orElseThrow(
            () -> Problem.of(404, "unknown-tool", "The agent has no such tool", "").exception());
  }

  private static void entitled(LoggedIn login) {
    Roles.admin(login);
  }
}
