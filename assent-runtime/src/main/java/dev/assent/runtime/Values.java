package dev.assent.runtime;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Body;
import dev.assent.core.CallSubject;
import dev.assent.core.CanonicalJson;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Digest;
import dev.assent.core.Form;
import dev.assent.core.FormField;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.JsonPatch;
import dev.assent.core.MalformedJsonException;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Redaction;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementMachine;
import dev.assent.core.RunState;
import dev.assent.core.ToolCall;
import dev.assent.core.ToolSpec;
import dev.assent.core.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks what a decision gives beside its words, and makes of it what is stored. Thread-safe. */
final class Values {
  private final Engine engine;

  Values(Engine engine) {
    this.engine = engine;
  }

  /** What came of a check. */
  sealed interface Checked {
    /**
     * It fits.
     *
     * @param request as it is remembered: a secret is not told by it
     * @param words to be stored; absent when nothing was said
     * @param value to be stored; absent when nothing was given
     * @param edit what an edit makes of the requirement
     */
    record Fits(
        DecisionRequest request,
        @Nullable Body words,
        @Nullable Body value,
        RequirementMachine.@Nullable Edit edit)
        implements Checked {
      RequirementMachine.Given given() {
        return new RequirementMachine.Given(
            words == null ? null : words.ref(), value == null ? null : value.ref(), edit);
      }
    }

    /** It does not; the mistakes say where, if it is at a place of the value. */
    record Wrong(String why, List<DecisionOutcome.Mistake> mistakes) implements Checked {
      Wrong(String why) {
        this(why, List.of());
      }

      static Wrong at(String what, List<DecisionOutcome.Mistake> mistakes) {
        return new Wrong(
            what
                + ": "
                + String.join(
                    "; ",
                    mistakes.stream().map(each -> each.path() + ": " + each.message()).toList()),
            mistakes);
      }
    }
  }

  Checked check(Requirement requirement, DecisionRequest request) {
    String value = request.value();
    if (request.verdict().answers() != requirement.kind() || !requirement.open()) {
      return fits(remembered(requirement, request), null, null);
    }
    if (request.verdict() == Verdict.CHANGES && lastRound(requirement)) {
      return new Checked.Wrong(
          "changes were asked for as often as they may be; accept the output or replace it");
    }
    if (request.verdict() == Verdict.ASK_BACK) {
      String why = cannotAskBack(requirement, request);
      return why == null ? fits(request, null, null) : new Checked.Wrong(why);
    }
    if (value == null) {
      return request.verdict().needsValue()
          ? new Checked.Wrong(request.verdict() + " says nothing without a value")
          : fits(request, null, null);
    }
    return switch (request.verdict()) {
      case EDIT -> edit(requirement, request, value);
      case ANSWER -> answer(requirement, request, value);
      case REPLACE ->
          tookTheMask(requirement, value)
              ? new Checked.Wrong(
                  "what stands for a secret is not the secret: have it revealed, or write all of it"
                      + " anew")
              : fits(request, text(value), null);
      case RESPOND, RESULT -> fits(request, text(value), null);
      case APPROVE ->
          value.equals(ApprovalRequired.ALWAYS) && offersAlways(requirement)
              ? fits(request, text(value), null)
              : new Checked.Wrong("APPROVE takes no value here");
      case REJECT, REVOKE, ASK_BACK, DECLINE, TAKE, FAILURE, ACCEPT, CHANGES ->
          new Checked.Wrong(request.verdict() + " takes no value");
      case HAPPENED, DID_NOT_HAPPEN, GIVE_UP ->
          new Checked.Wrong(request.verdict() + " takes no value; say it in words");
    };
  }

  private @Nullable String cannotAskBack(Requirement requirement, DecisionRequest request) {
    String words = request.words();
    if (words == null || words.isBlank()) {
      return "say what the agent is to answer: it is told your words";
    }
    return request.value() != null
        ? "ASK_BACK takes no value"
        : engine.cards().noAskingBack(requirement).orElse(null);
  }

  /** After so many rounds a person has to take the output or write one. */
  private boolean lastRound(Requirement requirement) {
    Integer looks = engine.cards().looks(requirement);
    return looks != null && requirement.attempt() >= looks;
  }

  private Checked fits(
      DecisionRequest request, @Nullable Body value, RequirementMachine.@Nullable Edit edit) {
    String said = request.words();
    return new Checked.Fits(
        request, said == null || said.isEmpty() ? null : text(said), value, edit);
  }

  private boolean offersAlways(Requirement requirement) {
    return Optional.ofNullable(engine.agents().get(requirement.agent()))
        .flatMap(agent -> agent.tool(requirement.tool()))
        .map(ToolBinding::approval)
        .filter(ApprovalRequired::offersAlways)
        .isPresent();
  }

  private Body text(String text) {
    return engine.newBody(WellFormed.text(text).getBytes(StandardCharsets.UTF_8));
  }

  private Checked answer(Requirement requirement, DecisionRequest request, String value) {
    Form form = engine.forms().of(requirement).orElse(null);
    if (form == null) {
      return new Checked.Wrong("its form is gone; nothing can be filled in");
    }
    JsonObject given;
    try {
      given = object(value);
    } catch (MalformedJsonException e) {
      return new Checked.Wrong(
          "the answer is no JSON object" + (form.secret() ? "" : ": " + e.getMessage()));
    }
    JsonObject filled = Schemas.withDefaults(given, form.schema());
    List<DecisionOutcome.Mistake> mistakes =
        engine.judge().mistakes(filled, form.schema(), true).stream()
            .map(mistake -> discreet(mistake, form))
            .toList();
    if (!mistakes.isEmpty()) {
      return Checked.Wrong.at("the answer does not fit", mistakes);
    }
    Checked.Wrong wrong = edited(requirement, filled);
    return wrong != null
        ? wrong
        : fits(remembered(form, request, value), engine.newBody(CanonicalJson.of(filled)), null);
  }

  /**
   * Whoever fills in a call's fields may change what the model wrote: like any edit, if it fits.
   */
  private Checked.@Nullable Wrong edited(Requirement requirement, JsonObject filled) {
    RunState run = run(requirement);
    Body written =
        run.find(requirement.call())
            .flatMap(call -> call.asked(requirement.id()))
            .filter(FilledIn::form)
            .flatMap(asked -> engine.store().body(engine.tenant(), requirement.arguments().id()))
            .orElse(null);
    if (written == null) {
      return null;
    }
    JsonObject before = (JsonObject) Json.parse(written.content());
    Agent agent = engine.agents().get(requirement.agent());
    ToolBinding tool = agent == null ? null : agent.tool(requirement.tool()).orElse(null);
    if (agent == null || tool == null) {
      boolean changes =
          before.members().entrySet().stream()
              .anyMatch(
                  each ->
                      filled
                          .find(each.getKey())
                          .filter(now -> !now.equals(each.getValue()))
                          .isPresent());
      return changes ? cannotCheck(requirement) : null;
    }
    ToolSpec spec = tool.spec();
    if (FilledIn.changed(written, filled, spec).isEmpty()) {
      return null;
    }
    JsonObject whole = before;
    for (Map.Entry<String, Json> each : filled.members().entrySet()) {
      whole = whole.with(each.getKey(), each.getValue());
    }
    List<DecisionOutcome.Mistake> mistakes = engine.judge().mistakes(whole, spec.schema(), false);
    if (!mistakes.isEmpty()) {
      return Checked.Wrong.at("the arguments do not fit the tool's schema", mistakes);
    }
    return engine.judge().rules(run, requirement.requester(), agent, spec, whole)
            instanceof PolicyOutcome.Deny deny
        ? forbidden(deny)
        : null;
  }

  private RunState run(Requirement requirement) {
    return engine
        .store()
        .run(engine.tenant(), requirement.run())
        .orElseThrow(() -> RuntimeFailure.unknownRun(requirement.run()))
        .state();
  }

  private static Checked.Wrong cannotCheck(Requirement requirement) {
    return new Checked.Wrong(
        "the tool "
            + requirement.tool()
            + " is not here, so its arguments cannot be checked;"
            + " edit them where agent "
            + requirement.agent()
            + " is served");
  }

  private static Checked.Wrong forbidden(PolicyOutcome.Deny deny) {
    return new Checked.Wrong("a rule forbids this (" + deny.rule() + "): " + deny.reason());
  }

  /** A repeat of a secret answer is known again after it was closed, too. */
  private DecisionRequest remembered(Requirement requirement, DecisionRequest request) {
    String value = request.value();
    Form form = engine.forms().of(requirement).orElse(null);
    return value == null || form == null ? request : remembered(form, request, value);
  }

  private DecisionRequest remembered(Form form, DecisionRequest request, String value) {
    return form.secret() ? request.withValue("secret " + mac(value)) : request;
  }

  /** What a validator says may repeat the value: of a secret nothing is repeated. */
  private static DecisionOutcome.Mistake discreet(DecisionOutcome.Mistake mistake, Form form) {
    boolean secret =
        form.fields().stream()
            .filter(FormField::secret)
            .map(field -> "/" + JsonPatch.step(field.name()))
            .anyMatch(path -> (mistake.path() + "/").startsWith(path + "/"));
    return secret ? new DecisionOutcome.Mistake(mistake.path(), "does not fit") : mistake;
  }

  /** Tells a repeat from another answer, and nothing about the answer. */
  private String mac(String value) {
    return HexFormat.of()
        .formatHex(
            engine.store().keys().mac("assent-secret", value.getBytes(StandardCharsets.UTF_8)));
  }

  private Checked edit(Requirement requirement, DecisionRequest request, String value) {
    Agent agent = engine.agents().get(requirement.agent());
    ToolBinding tool = agent == null ? null : agent.tool(requirement.tool()).orElse(null);
    if (agent == null || tool == null) {
      return cannotCheck(requirement);
    }
    ToolSpec spec = tool.spec();
    JsonObject arguments;
    try {
      arguments = object(value);
    } catch (MalformedJsonException e) {
      return new Checked.Wrong("the arguments are no JSON object: " + e.getMessage());
    }
    if (tookTheMask(requirement, arguments)) {
      return new Checked.Wrong(
          "what stands for a secret is not the secret: leave it out of the edit, or have it"
              + " revealed");
    }
    arguments = Schemas.withDefaults(arguments, spec.proposedSchema());
    Redaction hides = Redaction.of(spec.schema());
    List<DecisionOutcome.Mistake> mistakes =
        engine.judge().mistakes(arguments, spec.proposedSchema(), false).stream()
            .map(mistake -> discreet(mistake, hides))
            .toList();
    String template = spec.effectKey();
    if (mistakes.isEmpty() && template != null) {
      mistakes =
          Template.missing(template, arguments)
              .map(
                  name ->
                      List.of(new DecisionOutcome.Mistake("/" + JsonPatch.step(name), "is needed")))
              .orElse(List.of());
    }
    if (!mistakes.isEmpty()) {
      return Checked.Wrong.at("the arguments do not fit the tool's schema", mistakes);
    }
    Body stored = engine.newBody(CanonicalJson.of(arguments));
    RunState run = run(requirement);
    if (run.find(requirement.call()).filter(Values::underWay).isPresent()) {
      return new Checked.Wrong(
          "people have answered for these arguments, or the call has begun with them;"
              + " approve or reject it");
    }
    PolicyOutcome rules =
        engine.judge().rules(run, requirement.requester(), agent, spec, arguments);
    if (rules instanceof PolicyOutcome.Deny deny) {
      return forbidden(deny);
    }
    // An edit never asks for less than what was asked before.
    ApprovalTerms terms =
        rules instanceof PolicyOutcome.Require require
            ? stricter(requirement.terms(), require.terms())
            : requirement.terms();
    Digest digest =
        new CallSubject(
                requirement.run(),
                requirement.requester(),
                requirement.call(),
                requirement.tool(),
                spec.fingerprint(),
                stored.content(),
                stored.salt())
            .digest(requirement.version() + 1);
    return fits(request, stored, new RequirementMachine.Edit(stored.ref(), digest, terms));
  }

  private boolean tookTheMask(Requirement requirement, String text) {
    return Redaction.holdsMask(text)
        && engine
            .store()
            .body(engine.tenant(), requirement.arguments().id())
            .filter(before -> Redaction.holdsMask(before.text()))
            .isEmpty();
  }

  private boolean tookTheMask(Requirement requirement, JsonObject arguments) {
    return engine
        .store()
        .body(engine.tenant(), requirement.arguments().id())
        .filter(before -> Redaction.holdsMask(arguments, Json.parse(before.content())))
        .isPresent();
  }

  /** A validator repeats values. */
  private static DecisionOutcome.Mistake discreet(
      DecisionOutcome.Mistake mistake, Redaction redaction) {
    return redaction.root().at(mistake.path()).secret()
        ? new DecisionOutcome.Mistake(mistake.path(), "does not fit")
        : mistake;
  }

  /** What was done or said so far was done and said for the arguments as they are. */
  private static boolean underWay(ToolCall call) {
    return call.attempts() > 0 || !call.asked().isEmpty();
  }

  static ApprovalTerms stricter(ApprovalTerms before, ApprovalTerms now) {
    return before.equals(now) ? before : before.and(now);
  }

  private static JsonObject object(String text) {
    if (Json.parse(text) instanceof JsonObject object) {
      return object;
    }
    throw new MalformedJsonException("it must look like {\"name\": \"value\"}");
  }

  /** The declared answer of a question; empty when it has none. */
  Optional<Body> fallback(Requirement requirement) {
    return engine
        .forms()
        .of(requirement)
        .map(Form::fallback)
        .map(answer -> engine.newBody(CanonicalJson.of(Objects.requireNonNull(answer))));
  }
}
