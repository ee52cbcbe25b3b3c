package dev.assent.runtime;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Body;
import dev.assent.core.BodyRef;
import dev.assent.core.CallStatus;
import dev.assent.core.Decision;
import dev.assent.core.Digest;
import dev.assent.core.Effect;
import dev.assent.core.ExecutionCheck;
import dev.assent.core.Form;
import dev.assent.core.Grant;
import dev.assent.core.GrantId;
import dev.assent.core.Granting;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.Pinned;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.RecordJson;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RunMachine;
import dev.assent.core.RunState;
import dev.assent.core.SignedDecision;
import dev.assent.core.ToolCall;
import dev.assent.core.ToolSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place that lets a tool run. Thread-safe.
 *
 * <p>{@link #check} gathers what {@link ExecutionCheck} looks at; only what it returns can be
 * handed to {@link #execute}, and nothing else in the program calls a {@link ToolBody}.
 */
final class ToolExecutor {
  private static final Logger LOG = LoggerFactory.getLogger(ToolExecutor.class);

  private final Engine engine;
  private final Judge judge;
  private final StoredAnswers answers;

  ToolExecutor(Engine engine, Judge judge) {
    this.engine = engine;
    this.judge = judge;
    this.answers = new StoredAnswers(engine);
  }

  /** A call that has just been checked; the key to {@link #execute}. */
  static final class Checked {
    private final ToolCall call;
    private final @Nullable ToolBinding tool;
    private final JsonObject arguments;
    private final @Nullable Requirement requirement;
    private final ExecutionCheck.Result result;
    private final ExecutionCheck asked;
    private final @Nullable Looked pinned;
    private final List<Middleware> around;

    private Checked(
        ToolCall call,
        @Nullable ToolBinding tool,
        JsonObject arguments,
        @Nullable Requirement requirement,
        ExecutionCheck.Result result,
        ExecutionCheck asked,
        @Nullable Looked pinned,
        List<Middleware> around) {
      this.call = call;
      this.tool = tool;
      this.arguments = arguments;
      this.requirement = requirement;
      this.result = result;
      this.asked = asked;
      this.pinned = pinned;
      this.around = around;
    }

    ExecutionCheck.Result result() {
      return result;
    }

    ToolCall call() {
      return call;
    }

    @Nullable Requirement requirement() {
      return requirement;
    }

    /** The standing permissions that the call was held against. */
    @Nullable Granting granting() {
      return asked.granting();
    }

    /** The tool as it is now; the check passed only with one. */
    ToolSpec spec() {
      return Objects.requireNonNull(tool).spec();
    }

    ToolBody body() {
      return Objects.requireNonNull(tool).body();
    }

    Duration timeLimit() {
      return spec().timeLimit();
    }

    JsonObject arguments() {
      return arguments;
    }

    /** What it would do now, for who is asked again; absent when its tool cannot tell. */
    @Nullable BodyRef shown(Draft draft) {
      return pinned == null ? null : pinned.shown(draft);
    }

    /** The call bound anew, to the tool as it is now. */
    ToolCall.Bound rebound(Judge judge, int version) {
      ToolCall.Bound bound = call.mustBeBound();
      Looked seen = pinned;
      ToolSpec now = seen == null ? spec() : spec().pinned(seen.pin());
      return new ToolCall.Bound(
          now.fingerprint(),
          bound.arguments(),
          asked.subject(now.fingerprint()).digest(version),
          now.effect(),
          now.independent(),
          judge.effectKey(now, arguments),
          bound.repeat());
    }
  }

  /** What came of an execution. */
  sealed interface Outcome {
    /** The body returned; {@code held} says who looks at it first. */
    record Returned(String text, Map<String, Json> changed, @Nullable ApprovalTerms held)
        implements Outcome {}

    /** The body surely did nothing. */
    record DidNothing(String message) implements Outcome {}

    /** Nobody can tell what the body did. */
    record Unknown(String message) implements Outcome {}

    /** The body asked something and was unwound. */
    record Asked(Suspension question, Map<String, Json> changed) implements Outcome {}
  }

  /**
   * Checks a cleared call just before its effect.
   *
   * @param arguments as they are stored
   * @param changed grants as the run's next transition leaves them
   * @param read the call's approval if it has just been read; the intent expects it unchanged
   */
  Checked check(
      Agent agent,
      RunState run,
      String requester,
      ToolCall call,
      Body arguments,
      Work.@Nullable Approval read,
      Map<GrantId, Grant> changed) {
    ToolBinding tool = agent.tool(call.tool()).orElse(null);
    JsonObject parsed =
        arguments.ref().equals(call.mustBeBound().arguments())
            ? (JsonObject) Json.parse(arguments.content())
            : JsonObject.empty();
    RequirementId approval = call.requirement();
    Requirement requirement = null;
    List<SignedDecision> decisions = List.of();
    if (approval != null && read != null) {
      requirement = read.requirement();
      decisions = read.decisions();
    } else if (approval != null) {
      requirement = engine.store().requirement(engine.tenant(), approval).orElse(null);
      decisions = engine.store().decisions(engine.tenant(), approval);
    }
    ToolSpec spec = tool == null ? null : tool.spec();
    Looked pinned = null;
    RuntimeException failed = null;
    try {
      pinned = tool == null ? null : looked(tool, call, arguments, requirement, parsed);
      spec = pinned == null || spec == null ? spec : spec.pinned(pinned.pin());
    } catch (RuntimeException e) {
      failed = e;
    }
    List<SignedDecision> doubts = new ArrayList<>();
    if (call.attempts() > 0) {
      doubts.addAll(decisionsOn(RunMachine.reconciliationOf(run, call.id(), call.attempts())));
    }
    call.asked().forEach(asked -> doubts.addAll(decisionsOn(asked.requirement())));
    PolicyOutcome policy;
    Granting granting = null;
    try {
      JsonObject complete = filledIn(call, parsed);
      policy =
          tool == null
              ? new PolicyOutcome.Deny("tool", "the tool is gone")
              : judge.rulesNow(run, requester, agent, tool.spec(), complete);
      if (tool != null && requirement == null && policy instanceof PolicyOutcome.Require asked) {
        granting =
            engine
                .grants()
                .granting(run, requester, call, tool, complete, asked.terms(), changed)
                .orElse(null);
      }
    } catch (RuntimeException e) {
      failed = e;
      policy = new PolicyOutcome.Deny("policy", "the rules cannot be asked");
    }
    ExecutionCheck check =
        new ExecutionCheck(
            engine.tenant(),
            run.id(),
            requester,
            call,
            spec,
            arguments,
            policy,
            requirement,
            decisions,
            doubts,
            granting,
            engine.store().keys(),
            engine.authority(),
            engine.store().now());
    ExecutionCheck.Result result = check.check();
    if (!(result instanceof ExecutionCheck.Result.Halt)) {
      ExecutionCheck.Result.Halt halt =
          answers.problem(run, call, spec, check.subject(call.mustBeBound().fingerprint()), doubts);
      result = halt == null ? answeredBefore(result, call, spec) : halt;
    }
    if (result instanceof ExecutionCheck.Result.Ask && pinned == null && failed == null) {
      try {
        pinned = tool == null || tool.pins().none() ? null : look(tool, call, parsed);
      } catch (RuntimeFailure e) {
        failed = e;
      }
    }
    if (failed != null && !(result instanceof ExecutionCheck.Result.Halt)) {
      LOG.warn("The check of {} of run {} failed; the call waits", call.id(), run.id(), failed);
      result = new ExecutionCheck.Result.Later("it cannot be checked now: " + message(failed));
    }
    return new Checked(
        call,
        tool,
        parsed,
        requirement,
        result,
        check,
        pinned,
        tool == null ? List.of() : Rings.both(agent.middleware(), tool.middleware()));
  }

  /**
   * What an approved call would do now. Once its body has begun, what it was approved for: what it
   * did itself may have changed the rest.
   */
  private @Nullable Looked looked(
      ToolBinding tool,
      ToolCall call,
      Body arguments,
      @Nullable Requirement approval,
      JsonObject parsed) {
    if (tool.pins().none()
        || approval == null
        || !arguments.ref().equals(call.mustBeBound().arguments())) {
      return null;
    }
    if (call.status().cleared()) {
      return look(tool, call, parsed);
    }
    BodyRef shown = approval.content();
    return shown == null
        ? null
        : engine
            .store()
            .body(engine.tenant(), shown.id())
            .filter(body -> body.ref().equals(shown))
            .map(body -> Looked.of(RecordJson.read(Pinned.class, body.content())))
            .orElse(null);
  }

  private static Looked look(ToolBinding tool, ToolCall call, JsonObject arguments) {
    return tool.pins().look(call.tool(), arguments, tool.spec().timeLimit());
  }

  /** What people answered, they answered the tool as it was; nobody can approve that anew. */
  private static ExecutionCheck.Result answeredBefore(
      ExecutionCheck.Result result, ToolCall call, @Nullable ToolSpec tool) {
    boolean changed = tool != null && !tool.fingerprint().equals(call.mustBeBound().fingerprint());
    return result instanceof ExecutionCheck.Result.Ask && changed && !call.asked().isEmpty()
        ? new ExecutionCheck.Result.Deny(
            "tool", "The tool changed after people had answered its questions; call it again.")
        : result;
  }

  private List<SignedDecision> decisionsOn(RequirementId requirement) {
    return engine.store().decisions(engine.tenant(), requirement);
  }

  /** What the body of a checked call gets beside its arguments. */
  ToolContext context(
      RunState run,
      ToolCall call,
      int attempt,
      Instant until,
      Function<Map<String, byte[]>, ToolContext.Steps> steps) {
    Map<Digest, ToolContext.Answer> answers = new HashMap<>();
    for (ToolCall.Asked asked : call.asked()) {
      if (asked.question() != null && asked.verdict() != null) {
        answers.put(asked.question(), answer(asked));
      }
    }
    Map<String, byte[]> done = new HashMap<>();
    for (ToolCall.Step step : call.steps()) {
      BodyRef result = step.result();
      if (result != null) {
        done.put(
            step.name(), engine.store().body(engine.tenant(), result.id()).orElseThrow().content());
      }
    }
    return new ToolContext(
        run.id(),
        call.id(),
        run.agent(),
        run.session(),
        attempt,
        until,
        run.id() + "-" + call.id(),
        call.tool(),
        new ToolContext.Known(
            answers,
            RunScope.variables(engine, run),
            this::mark,
            this::misfits,
            call.mustBeBound().effect() == Effect.READ_ONLY
                || call.mustBeBound().effect() == Effect.IDEMPOTENT,
            engine.provided(run.agent()).in()),
        steps.apply(done));
  }

  private Digest mark(byte[] question) {
    return mark(engine, question);
  }

  /** Keyed hash of a question. */
  static Digest mark(Engine engine, byte[] question) {
    return Digest.ofBytes(engine.store().keys().mac("assent-question", question));
  }

  /** What was given; the check has seen that it is genuine. */
  private JsonObject given(ToolCall.Asked asked) {
    BodyRef value = asked.value();
    return value == null
        ? JsonObject.empty()
        : engine
            .store()
            .body(engine.tenant(), value.id())
            .filter(body -> body.ref().equals(value))
            .map(body -> (JsonObject) Json.parse(body.content()))
            .orElseThrow(
                () ->
                    new RuntimeFailure(
                        "answer-gone", "the answer to " + asked.requirement() + " is gone"));
  }

  private ToolContext.Answer answer(ToolCall.Asked asked) {
    Decision decision = decisionsOn(asked.requirement()).getLast().decision();
    return new ToolContext.Answer(
        Objects.requireNonNull(asked.verdict()),
        given(asked),
        decision.principal().equals(Decision.SYSTEM),
        Answers.words(engine, decision).orElse(""));
  }

  private List<String> misfits(Form form) {
    JsonObject fallback = form.fallback();
    return fallback == null ? List.of() : judge.problems(fallback, form.schema());
  }

  /** What the model wrote, with the fields that a person filled in: the rules see both. */
  private JsonObject filledIn(ToolCall call, JsonObject written) {
    JsonObject arguments = written;
    for (ToolCall.Asked asked : call.asked()) {
      if (FilledIn.form(asked)) {
        for (Map.Entry<String, Json> field : given(asked).members().entrySet()) {
          arguments = arguments.with(field.getKey(), field.getValue());
        }
      }
    }
    return arguments;
  }

  /** The arguments together with the fields that a person filled in. */
  private JsonObject complete(Checked checked) {
    JsonObject arguments = filledIn(checked.call, checked.arguments);
    List<String> problems =
        checked.call.asked().isEmpty()
            ? List.of()
            : judge.problems(arguments, checked.spec().schema());
    if (!problems.isEmpty()) {
      throw new NotExecutedException(
          "with what a person filled in, the arguments do not fit the tool's schema: "
              + String.join("; ", problems));
    }
    return arguments;
  }

  /** Runs the body, on the caller's thread; the intent must be durable. */
  Outcome execute(Checked checked, ToolContext context) {
    if (!(checked.result instanceof ExecutionCheck.Result.Go)
        || checked.tool == null
        || !(checked.call.ready() || checked.call.status() == CallStatus.EXECUTING)) {
      throw new IllegalStateException("tool call " + checked.call.id() + " did not pass the check");
    }
    Outcome outcome = run(checked.tool.body(), checked, context);
    Suspension question = context.suspended();
    if (question == null) {
      return outcome;
    }
    if (!(outcome instanceof Outcome.Asked)) {
      LOG.warn(
          "The body of {} swallowed the suspension of its own question; what it did afterwards is"
              + " discarded: {}",
          checked.call.tool(),
          question.getMessage());
    }
    return new Outcome.Asked(question, context.changed());
  }

  /** The body inside of what stands around it; nothing of the call can be changed there. */
  private String ringed(ToolBody body, Checked checked, ToolContext context) throws Exception {
    JsonObject arguments = complete(checked);
    if (checked.around.isEmpty()) {
      return body.run(context, arguments);
    }
    Rings.Once once = new Rings.Once(checked.spec().effect(), () -> body.run(context, arguments));
    try {
      return Rings.<Middleware.ToolRun, String>through(
          checked.around,
          (each, run, next) -> each.execution(run, () -> next.proceed(run)),
          new Middleware.ToolRun(checked.spec(), arguments, context),
          run -> once.proceed());
    } finally {
      once.end();
    }
  }

  private Outcome run(ToolBody body, Checked checked, ToolContext context) {
    context.enter();
    try {
      String told = ringed(body, checked, context);
      return new Outcome.Returned(
          Objects.requireNonNullElse(told, "done"), context.changed(), context.held());
    } catch (Suspension asked) {
      return new Outcome.Asked(asked, context.changed());
    } catch (NotExecutedException e) {
      return new Outcome.DidNothing(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      return new Outcome.Unknown("the execution was interrupted");
    } catch (Exception | Error e) {
      return new Outcome.Unknown(message(e));
    }
  }

  private static String message(Throwable e) {
    return e.getMessage() == null
        ? e.getClass().getSimpleName()
        : e.getClass().getSimpleName() + ": " + e.getMessage();
  }
}
