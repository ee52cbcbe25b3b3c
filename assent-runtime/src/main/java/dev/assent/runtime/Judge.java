package dev.assent.runtime;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Body;
import dev.assent.core.BodyRef;
import dev.assent.core.CallSubject;
import dev.assent.core.CanonicalJson;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.Digest;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.MalformedJsonException;
import dev.assent.core.Message;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.RunCommand;
import dev.assent.core.RunState;
import dev.assent.core.ToolCall;
import dev.assent.core.ToolSpec;
import dev.assent.core.spi.Policy;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From what the model wrote to what is decided about: parse, check, canonicalise, ask the rules.
 * Thread-safe. The executor asks the same rules again by {@link #rules}.
 */
final class Judge {
  private static final Logger LOG = LoggerFactory.getLogger(Judge.class);

  private final Engine engine;
  private final Standing standing;
  private final Schemas schemas = new Schemas();

  Judge(Engine engine) {
    this.engine = engine;
    this.standing = new Standing(engine);
  }

  /**
   * Judges one proposed call and puts the command into the draft.
   *
   * @param words what the agent said beside its calls
   * @return the stored arguments; absent for a call that goes back to the model
   */
  @Nullable Body judge(Draft draft, Agent agent, ToolCall call, String written, String words) {
    ToolBinding tool = agent.tool(call.tool()).orElse(null);
    if (tool != null && draft.state().withdrawn(call.tool())) {
      refuse(
          draft,
          call,
          "tool-withdrawn",
          "The tool " + call.tool() + " is withdrawn: it was refused too often in this run.");
      return null;
    }
    if (tool == null) {
      refuse(draft, call, "unknown-tool", unknownTool(agent, call));
      return null;
    }
    Prepared prepared = prepared(draft, agent, tool, call, written);
    if (!(prepared instanceof Prepared.Fits fits)) {
      switch (prepared) {
        case Prepared.Wrong wrong -> refuse(draft, call, wrong.code(), wrong.told());
        case Prepared.Forbidden deny ->
            draft.add(
                new RunCommand.Judged(
                    call.id(),
                    new RunCommand.Judgement.Deny(
                        draft.result(call, deny.told(), true), deny.rule(), deny.repeat())));
        case Prepared.Fits never -> throw new IllegalStateException("it fits");
      }
      return null;
    }
    ToolSpec spec = tool.spec();
    JsonObject arguments = fits.arguments();
    byte[] canonical = fits.canonical();
    Digest repeat = fits.repeat();
    Digest effectKey = fits.effectKey();
    PolicyOutcome outcome = fits.outcome();
    Looked pinned = null;
    if (outcome instanceof PolicyOutcome.Require && !tool.pins().none()) {
      try {
        pinned = tool.pins().look(call.tool(), arguments, spec.timeLimit());
      } catch (RuntimeFailure e) {
        refuse(draft, call, e.code(), "It was not executed: " + e.getMessage());
        return null;
      }
    }
    BodyRef shown = pinned == null ? null : pinned.shown(draft);
    Body stored = draft.body(canonical);
    Digest fingerprint = (pinned == null ? spec : spec.pinned(pinned.pin())).fingerprint();
    Digest digest =
        new CallSubject(
                draft.state().id(),
                draft.requester(),
                call.id(),
                call.tool(),
                fingerprint,
                stored.content(),
                stored.salt())
            .digest(1);
    ToolCall.Bound bound =
        new ToolCall.Bound(
            fingerprint,
            stored.ref(),
            digest,
            spec.effect(),
            spec.independent(),
            effectKey,
            repeat);
    if (outcome instanceof PolicyOutcome.Require require) {
      outcome = granted(draft, call, tool, arguments, require);
    }
    draft.add(
        new RunCommand.Judged(
            call.id(),
            switch (outcome) {
              case PolicyOutcome.Allow allow ->
                  new RunCommand.Judgement.Allow(bound, allow.rule(), false);
              case PolicyOutcome.Audit audit ->
                  new RunCommand.Judgement.Allow(bound, audit.rule(), true);
              case PolicyOutcome.Require require -> {
                draft.asking(
                    call.id(),
                    new Draft.Ask(
                        require.terms(),
                        null,
                        false,
                        words.isEmpty() ? null : draft.text(words),
                        shown));
                yield new RunCommand.Judgement.Gate(bound, require.terms().rule());
              }
              case PolicyOutcome.Deny deny -> throw new IllegalStateException("denied above");
            }));
    return stored;
  }

  /** What a model wrote, on its way to what is decided about. */
  sealed interface Prepared {
    /** It goes back to the model. */
    record Wrong(String code, String told) implements Prepared {}

    /** A rule forbids it; without a mark it is not known again. */
    record Forbidden(String rule, String told, @Nullable Digest repeat) implements Prepared {}

    /** It can be decided about; {@code outcome} is no denial. */
    record Fits(
        JsonObject arguments,
        byte[] canonical,
        Digest repeat,
        @Nullable Digest effectKey,
        PolicyOutcome outcome)
        implements Prepared {}
  }

  /** Parses, completes, checks and makes canonical what the model wrote, and asks the rules. */
  Prepared prepared(Draft draft, Agent agent, ToolBinding tool, ToolCall call, String written) {
    ToolSpec spec = tool.spec();
    Json schema = spec.modelSchema();
    JsonObject arguments;
    try {
      arguments = parse(written);
    } catch (MalformedJsonException e) {
      return new Prepared.Wrong(
          "malformed-arguments", "The arguments are not usable: " + e.getMessage());
    }
    arguments = Schemas.withDefaults(arguments, schema);
    List<String> problems = schemas.problems(arguments, schema);
    if (!problems.isEmpty()) {
      return new Prepared.Wrong(
          "invalid-arguments",
          "The arguments do not fit the tool's schema: " + String.join("; ", problems));
    }
    if (!spec.shared().isEmpty()) {
      arguments = Shared.withVariables(arguments, spec, draft.variables());
      problems = schemas.problems(arguments, spec.proposedSchema());
      if (!problems.isEmpty()) {
        return new Prepared.Wrong(
            "invalid-variables",
            "A variable of the session does not fit the tool: " + String.join("; ", problems));
      }
    }
    String keyTemplate = spec.effectKey();
    if (keyTemplate != null) {
      Optional<String> missing = Template.missing(keyTemplate, arguments);
      if (missing.isPresent()) {
        return new Prepared.Wrong(
            "invalid-arguments", "The argument " + missing.get() + " is needed.");
      }
    }
    Digest effectKey = keyTemplate == null ? null : effectKey(keyTemplate, arguments);
    byte[] canonical = CanonicalJson.of(arguments);
    Digest repeat = repeat(call.tool(), canonical);
    RunState.Refusal before = draft.state().refused(repeat).orElse(null);
    if (before != null) {
      return new Prepared.Forbidden("loop guard", again(draft, before), repeat);
    }
    PolicyOutcome outcome = rules(draft.state(), draft.requester(), agent, spec, arguments);
    if (outcome instanceof PolicyOutcome.Deny deny) {
      return new Prepared.Forbidden(deny.rule(), deny.reason(), repeat);
    }
    Optional<String> taken =
        effectKey == null ? Optional.empty() : taken(draft.state(), call, effectKey);
    return taken.isPresent()
        ? new Prepared.Forbidden("effect key", taken.get(), null)
        : new Prepared.Fits(arguments, canonical, repeat, effectKey, outcome);
  }

  /** Allowed, when a person gave a standing permission that covers the call. */
  private PolicyOutcome granted(
      Draft draft,
      ToolCall call,
      ToolBinding tool,
      JsonObject arguments,
      PolicyOutcome.Require asked) {
    try {
      return engine
          .grants()
          .granting(
              draft.state(),
              draft.requester(),
              call,
              tool,
              arguments,
              asked.terms(),
              draft.grants())
          .flatMap(each -> each.serving(engine.authority(), engine.store().now()))
          .<PolicyOutcome>map(
              grant ->
                  new PolicyOutcome.Audit(
                      "grant " + grant.id() + " by " + grant.by() + ": " + asked.rule()))
          .orElse(asked);
    } catch (StoreException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.warn("A policy failed on {}; a person is asked instead", tool.spec().name(), e);
      return asked;
    }
  }

  /** Keyed hash of tool and arguments, to know the same call again in its run. */
  Digest repeat(String tool, byte[] canonical) {
    byte[] name = (tool + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] both = Arrays.copyOf(name, name.length + canonical.length);
    System.arraycopy(canonical, 0, both, name.length, canonical.length);
    return Digest.ofBytes(engine.store().keys().mac("assent-repeat", both));
  }

  /** The first reason, once more; nobody is asked. */
  private String again(Draft draft, RunState.Refusal before) {
    String first =
        engine
            .store()
            .body(engine.tenant(), before.result().id())
            .map(body -> ((Message.ToolResult) Draft.spoken(body)).text())
            .orElse("It was refused.");
    boolean last = before.repeats() + 1 >= RunState.MOST_REPEATS;
    return "You asked for this same call before. "
        + first
        + (last ? " The tool " + before.tool() + " is withdrawn for the rest of this run." : "");
  }

  /** What is wrong with arguments, one line each. */
  List<String> problems(JsonObject arguments, Json schema) {
    return schemas.problems(arguments, schema);
  }

  /** What is wrong with a value, and where; see {@link Schemas#mistakes}. */
  List<DecisionOutcome.Mistake> mistakes(JsonObject value, Json schema, boolean formats) {
    return schemas.mistakes(value, schema, formats);
  }

  /** What tool, agent and process say about a proposed call; an error means ask. */
  PolicyOutcome rules(
      RunState run, String requester, Agent agent, ToolSpec tool, JsonObject arguments) {
    return rules(run, requester, agent, tool, arguments, Judge::ask);
  }

  /**
   * What they say about the stored call just before its effect.
   *
   * @throws RuntimeException what a policy threw: then the call must wait
   */
  PolicyOutcome rulesNow(
      RunState run, String requester, Agent agent, ToolSpec tool, JsonObject arguments) {
    return rules(run, requester, agent, tool, arguments, Judge::answer);
  }

  private PolicyOutcome rules(
      RunState run,
      String requester,
      Agent agent,
      ToolSpec tool,
      JsonObject arguments,
      BiFunction<Policy, Policy.Question, PolicyOutcome> ask) {
    Policy.Question question =
        new Policy.Question(agent.name(), tool, arguments, run.id(), run.session(), requester);
    PolicyOutcome outcome = new PolicyOutcome.Allow("no rule asks for more");
    for (PolicyOutcome rule : tool.rules()) {
      boolean declared = rule.rule().equals(ApprovalRequired.ruleOf(tool.name()));
      outcome =
          outcome.strictest(
              declared
                  ? standing.instead(rule, run, requester, tool, CanonicalJson.of(arguments))
                  : rule);
    }
    for (Policy policy : agent.policies()) {
      outcome = outcome.strictest(ask.apply(policy, question));
    }
    for (Policy policy : engine.policies()) {
      outcome = outcome.strictest(ask.apply(policy, question));
    }
    return outcome;
  }

  private static PolicyOutcome answer(Policy policy, Policy.Question question) {
    return Objects.requireNonNull(policy.judge(question), "a policy answered null");
  }

  private static PolicyOutcome ask(Policy policy, Policy.Question question) {
    try {
      return answer(policy, question);
    } catch (RuntimeException e) {
      LOG.warn("A policy failed on {}; a person is asked instead", question.tool().name(), e);
      return new PolicyOutcome.Require(
          ApprovalTerms.simple("a rule failed: " + e.getClass().getSimpleName()));
    }
  }

  /** Why this effect cannot be had again; empty when it is free. */
  Optional<String> taken(RunState run, ToolCall call, Digest key) {
    Optional<ToolCall> sibling =
        run.calls().stream()
            .filter(other -> !other.id().equals(call.id()) && !other.status().settled())
            .filter(other -> names(other, key))
            .findFirst();
    if (sibling.isPresent()) {
      return Optional.of(
          "The same effect is already asked for by call " + sibling.get().providerId() + ".");
    }
    return engine
        .store()
        .effect(engine.tenant(), key)
        .filter(held -> !(held.run().equals(run.id()) && held.call().equals(call.id())))
        .map(Judge::takenBy);
  }

  private static boolean names(ToolCall call, Digest key) {
    ToolCall.Bound bound = call.bound();
    return bound != null && bound.effectKey() != null && key.equals(bound.effectKey());
  }

  private static String takenBy(Store.StoredEffect held) {
    String by = " (call " + held.call() + " of run " + held.run() + ")";
    return switch (held.status()) {
      case OPEN -> "The same effect is being executed right now" + by + ".";
      case COMMITTED -> "The same effect has already been done" + by + "; it is not done twice.";
      case IN_DOUBT ->
          "It is not known whether the same effect happened" + by + "; a person finds out first.";
      case UNKNOWN ->
          "An earlier attempt at the same effect ended with unknown outcome"
              + by
              + "; a person must clear it first.";
    };
  }

  /** The key of this call's effect; absent when the tool names none or an argument is missing. */
  @Nullable Digest effectKey(ToolSpec tool, JsonObject arguments) {
    String template = tool.effectKey();
    return template == null || Template.missing(template, arguments).isPresent()
        ? null
        : effectKey(template, arguments);
  }

  private Digest effectKey(String template, JsonObject arguments) {
    String name = engine.tenant() + "\n" + Template.fill(template, arguments);
    return Digest.parse(
        java.util.HexFormat.of()
            .formatHex(
                engine.store().keys().mac("assent-effect", name.getBytes(StandardCharsets.UTF_8))));
  }

  private static JsonObject parse(String written) {
    if (written.isBlank()) {
      return JsonObject.empty();
    }
    if (Json.parse(written) instanceof JsonObject object) {
      return object;
    }
    throw new MalformedJsonException(
        "arguments must be a JSON object such as {\"name\": \"value\"}");
  }

  /** What stands before the gate refused the call: it goes back to the model unasked. */
  void refuse(Draft draft, ToolCall call, String told) {
    refuse(draft, call, "middleware", told);
  }

  private static void refuse(Draft draft, ToolCall call, String code, String told) {
    draft.add(
        new RunCommand.Judged(
            call.id(), new RunCommand.Judgement.Refuse(draft.result(call, told, true), code)));
  }

  private static String unknownTool(Agent agent, ToolCall call) {
    return "There is no tool '"
        + call.tool()
        + "'. There are: "
        + String.join(", ", agent.tools().stream().map(tool -> tool.spec().name()).toList())
        + ".";
  }

  /** What the model wrote for each call of a message, in order. */
  static List<String> written(Message.Assistant message) {
    return message.calls().stream().map(Message.Call::arguments).toList();
  }
}
