package dev.assent.runtime;

import dev.assent.core.Authority;
import dev.assent.core.Body;
import dev.assent.core.BodyId;
import dev.assent.core.BodyRef;
import dev.assent.core.CallStatus;
import dev.assent.core.Decision;
import dev.assent.core.Digest;
import dev.assent.core.Form;
import dev.assent.core.FormField;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.Message;
import dev.assent.core.Pinned;
import dev.assent.core.Progress;
import dev.assent.core.RecordJson;
import dev.assent.core.Redaction;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.RunEvent;
import dev.assent.core.RunId;
import dev.assent.core.RunMachine;
import dev.assent.core.RunMode;
import dev.assent.core.RunState;
import dev.assent.core.RunStatus;
import dev.assent.core.SignedDecision;
import dev.assent.core.ToolCall;
import dev.assent.core.ToolCallId;
import dev.assent.core.Verdict;
import dev.assent.core.spi.Model;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gathers what people get to see, from what is stored and nothing else. Thread-safe. */
final class Cards {
  private static final Logger LOG = LoggerFactory.getLogger(Cards.class);
  private static final int LONGEST_JOURNAL = 10_000;
  private static final String ERASED = "(erased)";

  private final Engine engine;
  private final Shown shown;

  Cards(Engine engine) {
    this.engine = engine;
    this.shown = new Shown(engine);
  }

  Optional<RequirementCard> requirement(RequirementId id) {
    return engine.store().requirement(engine.tenant(), id).map(this::card);
  }

  RequirementCard card(Requirement requirement) {
    RunState run = genuine(requirement.run());
    String arguments = text(requirement.arguments());
    List<Decision> decisions =
        engine.store().decisions(engine.tenant(), requirement.id()).stream()
            .map(SignedDecision::decision)
            .toList();
    ToolCall call =
        run == null
            ? null
            : calls(run).stream()
                .filter(c -> c.id().equals(requirement.call()))
                .findFirst()
                .orElse(null);
    Form form = engine.forms().of(requirement).orElse(null);
    String output = output(requirement);
    BodyRef proposed = requirement.proposed();
    BodyRef words = requirement.words();
    BodyRef result = call == null ? null : call.result();
    Authority authority = engine.authority();
    Progress progress = authority.progress(requirement, decisions);
    int approvals = authority.approvals(requirement, decisions);
    List<RequirementCard.CardRound> rounds = rounds(decisions, call);
    return new RequirementCard(
        run == null ? requirement.notAsWritten() : shown.honest(requirement, call),
        arguments,
        summary(requirement, arguments, form, output),
        words == null ? "" : text(words),
        decisions.stream()
            .map(
                d ->
                    new RequirementCard.CardDecision(
                        d,
                        d.words() == null ? null : text(d.words()),
                        value(requirement, form, d),
                        authority.usedFor(requirement, d).orElse(null)))
            .toList(),
        approvals,
        approvals + progress.missing(),
        call,
        run == null ? RunStatus.PAUSED : run.status(),
        result == null ? null : resultText(result),
        effectKey(requirement, arguments),
        engine.directory().displayName(requirement.requester()),
        form,
        output,
        looks(requirement),
        proposed == null ? null : text(proposed),
        progress,
        pinned(requirement),
        knowing(
            redaction(requirement, arguments, proposed == null ? null : text(proposed)), rounds),
        rounds,
        noAskingBack(requirement, decisions, run).orElse(null));
  }

  private static Redaction knowing(Redaction redaction, List<RequirementCard.CardRound> rounds) {
    Redaction all = redaction;
    for (RequirementCard.CardRound round : rounds) {
      RequirementCard.CardAnswer answer = round.answer();
      all = answer == null ? all : all.knowing(answer.before()).knowing(answer.after());
    }
    return all;
  }

  // ---- what the agent was asked back ----

  /** In the order of asking; what the run has not read yet is without an answer. */
  private List<RequirementCard.CardRound> rounds(
      List<Decision> decisions, @Nullable ToolCall call) {
    List<RequirementCard.CardRound> rounds = new ArrayList<>();
    for (Decision asked : decisions) {
      BodyRef question = asked.words();
      if (asked.verdict() == Verdict.ASK_BACK && question != null) {
        rounds.add(
            new RequirementCard.CardRound(
                text(question),
                asked.principal(),
                asked.at(),
                asked.version(),
                call == null
                    ? null
                    : call.rounds().stream()
                        .filter(round -> round.question().id().equals(question.id()))
                        .findFirst()
                        .map(ToolCall.Round::answer)
                        .map(this::answer)
                        .orElse(null)));
      }
    }
    return rounds;
  }

  private RequirementCard.CardAnswer answer(ToolCall.RoundAnswer answer) {
    BodyRef note = answer.note();
    BodyRef before = answer.before();
    BodyRef after = answer.after();
    return new RequirementCard.CardAnswer(
        text(answer.words()),
        note == null ? null : text(note),
        answer.at(),
        answer.version(),
        before == null ? null : text(before),
        after == null ? null : text(after));
  }

  /** Why nobody can ask the agent back about this; empty when who decides it can. */
  Optional<String> noAskingBack(Requirement requirement) {
    return noAskingBack(
        requirement,
        engine.store().decisions(engine.tenant(), requirement.id()).stream()
            .map(SignedDecision::decision)
            .toList(),
        genuine(requirement.run()));
  }

  private Optional<String> noAskingBack(
      Requirement requirement, List<Decision> decisions, @Nullable RunState run) {
    if (requirement.kind() != RequirementKind.APPROVAL || !requirement.open()) {
      return Optional.of("only about an open request for approval the agent can be asked back");
    }
    if (run == null || run.mode() == RunMode.GATE) {
      return Optional.of(
          "this call was handed in from outside, and there is no agent here that could answer;"
              + " reject it with your reason");
    }
    Agent agent = engine.agents().get(requirement.agent());
    int most = agent == null ? Agent.ASK_BACKS : agent.askBacks();
    if (agent != null && agent.model().filter(Model::answersBack).isEmpty()) {
      return Optional.of("agent " + requirement.agent() + " has no model that could answer");
    }
    long asked = decisions.stream().filter(said -> said.verdict() == Verdict.ASK_BACK).count();
    return asked >= most
        ? Optional.of(
            "the agent may be asked back "
                + most
                + (most == 1 ? " time" : " times")
                + " about one call, and was; approve, edit or reject it")
        : Optional.empty();
  }

  /** True while the agent has not answered all that it was asked back. */
  boolean agentThinks(Requirement requirement) {
    RunState run = genuine(requirement.run());
    ToolCall call = run == null ? null : run.find(requirement.call()).orElse(null);
    return call != null
        && call.status() == CallStatus.GATED
        && rounds(
                engine.store().decisions(engine.tenant(), requirement.id()).stream()
                    .map(SignedDecision::decision)
                    .toList(),
                call)
            .stream()
            .anyMatch(round -> round.answer() == null);
  }

  private Redaction redaction(
      Requirement requirement, String arguments, @Nullable String proposed) {
    return ofTheRun(requirement)
        ? Redaction.SHAPES
        : redaction(requirement.agent(), requirement.tool()).knowing(arguments).knowing(proposed);
  }

  /** Whether something of what is decided is hidden. */
  boolean hidesSomething(Requirement requirement) {
    return card(requirement).hidesSomething();
  }

  /** What is hidden of the calls of a tool, by what it says of itself now. */
  Redaction redaction(String agent, String tool) {
    Agent known = engine.agents().get(agent);
    try {
      return Optional.ofNullable(known)
          .flatMap(here -> here.tool(tool))
          .map(binding -> Redaction.of(binding.spec().schema()))
          .orElseGet(Redaction::ofUnknownTool);
    } catch (RuntimeException e) {
      LOG.warn("What of tool {} is secret cannot be said now, so all of it is", tool, e);
      return Redaction.ofUnknownTool();
    }
  }

  /**
   * The run; absent when somebody else wrote its row: one such run must not hide what others wait
   * for.
   *
   * @throws RuntimeFailure when there is no such run
   */
  private @Nullable RunState genuine(RunId id) {
    try {
      return engine
          .store()
          .run(engine.tenant(), id)
          .orElseThrow(() -> RuntimeFailure.unknownRun(id))
          .state();
    } catch (StoreException e) {
      if (!e.code().startsWith("run-")) {
        throw e;
      }
      LOG.warn("{}", e.getMessage());
      return null;
    }
  }

  /** What was given; a secret is not shown to anybody, nor what may be one. */
  private @Nullable String value(Requirement requirement, @Nullable Form form, Decision decision) {
    BodyRef value = decision.value();
    boolean perhapsSecret =
        requirement.kind() == RequirementKind.USER_INPUT && (form == null || form.secret());
    return value == null || perhapsSecret ? null : text(value);
  }

  /** Hash of what the call would do; empty when its tool cannot tell. */
  Optional<Digest> pin(Requirement requirement) {
    return Optional.ofNullable(pinned(requirement)).map(Pinned::pin);
  }

  /** What the call would do, as the approver gets to see it. */
  private @Nullable Pinned pinned(Requirement requirement) {
    BodyRef content = requirement.content();
    return requirement.kind() != RequirementKind.APPROVAL || content == null
        ? null
        : body(content)
            .filter(body -> body.ref().equals(content))
            .map(body -> RecordJson.read(Pinned.class, body.content()))
            .orElse(null);
  }

  /** What is looked at: the answer of a run or the result of a tool. */
  private @Nullable String output(Requirement requirement) {
    BodyRef content = requirement.content();
    if (requirement.kind() != RequirementKind.REVIEW || content == null) {
      return null;
    }
    Body stored = body(content).orElse(null);
    if (stored == null) {
      return ERASED;
    }
    return ofTheRun(requirement)
        ? parsed(stored.text()).string(RunMachine.OUTPUT.value())
        : stored.text();
  }

  /** At most so many looks at an output; absent for what is none, and where its agent is not. */
  @Nullable Integer looks(Requirement requirement) {
    if (requirement.kind() != RequirementKind.REVIEW) {
      return null;
    }
    Optional<Agent> agent = Optional.ofNullable(engine.agents().get(requirement.agent()));
    Optional<Integer> rounds =
        ofTheRun(requirement)
            ? agent.flatMap(Agent::review).map(Agent.Review::rounds)
            : agent
                .flatMap(known -> known.tool(requirement.tool()))
                .map(tool -> tool.spec().involvement().reviewRounds())
                .filter(most -> most > 0);
    return rounds.map(most -> most + 1).orElse(null);
  }

  private static boolean ofTheRun(Requirement requirement) {
    return requirement.kind() == RequirementKind.REVIEW
        && requirement.call().equals(RunMachine.OUTPUT);
  }

  RunCard run(RunId id) {
    Store.StoredRun run =
        engine.store().run(engine.tenant(), id).orElseThrow(() -> RuntimeFailure.unknownRun(id));
    List<RunCard.CardMessage> messages = new ArrayList<>();
    for (Store.StoredMessage row :
        engine.store().messages(engine.tenant(), run.state().session())) {
      if (row.run().equals(id)) {
        body(row.body())
            .ifPresent(b -> messages.add(new RunCard.CardMessage(Draft.spoken(b), row.at())));
      }
    }
    List<RunCard.CardCall> calls =
        calls(run.state()).stream().map(call -> cardCall(run.state().agent(), call)).toList();
    Instant ready = run.readyAt();
    return new RunCard(
        run,
        messages,
        calls,
        waitsFor(run.state()),
        output(run.state()),
        held(run.state()),
        run.state().end() == null
            && ready != null
            && !ready.isAfter(engine.store().now())
            && !engine.agents().containsKey(run.state().agent()));
  }

  private RunCard.CardCall cardCall(String agent, ToolCall call) {
    String arguments = call.bound() == null ? null : text(call.bound().arguments());
    return new RunCard.CardCall(
        call,
        arguments,
        call.result() == null ? null : resultText(call.result()),
        redaction(agent, call.tool()).knowing(arguments));
  }

  /** What it waits for; a run that a person started also waits for what its agents' runs ask. */
  private List<RequirementId> waitsFor(RunState state) {
    List<Requirement> all =
        state.root().equals(state.id())
            ? engine.store().pendingUnder(engine.tenant(), state.id())
            : engine.store().requirementsOf(engine.tenant(), state.id());
    return all.stream().filter(Requirement::open).map(Requirement::id).toList();
  }

  private RunCard.@Nullable Held held(RunState state) {
    RunState.OutputReview review = state.review();
    return review == null || !review.open() || state.end() != null
        ? null
        : new RunCard.Held(review.requirement(), resultText(review.output()), review.round());
  }

  /**
   * A call of any turn of the run.
   *
   * @throws RuntimeFailure when there is no such run or call
   */
  ToolCall call(RunId run, ToolCallId id) {
    RunState state =
        engine
            .store()
            .run(engine.tenant(), run)
            .orElseThrow(() -> RuntimeFailure.unknownRun(run))
            .state();
    return calls(state).stream()
        .filter(call -> call.id().equals(id))
        .findFirst()
        .orElseThrow(
            () -> new RuntimeFailure("unknown-call", "run " + run + " has no tool call " + id));
  }

  /** The text of a run's end; absent while it has not ended. */
  @Nullable String output(RunState state) {
    return output(Rest.stored(state));
  }

  /** The same, without reading what is known. */
  @Nullable String output(Rest rest) {
    RunState state = rest.state();
    RunState.End end = state.end();
    if (end == null) {
      return null;
    }
    BodyRef output = end.output();
    if (output == null) {
      return state.calls().stream()
          .map(ToolCall::result)
          .filter(java.util.Objects::nonNull)
          .findFirst()
          .map(result -> resultText(rest, result))
          .orElse("");
    }
    return switch (end.status()) {
      case FAILED -> text(output);
      case RUNNING, PAUSED, COMPLETED, CANCELLED -> resultText(rest, output);
    };
  }

  /** Every call of the run, also of earlier batches, folded from the journal. */
  private List<ToolCall> calls(RunState state) {
    if (state.turns() <= 1) {
      return state.calls();
    }
    Map<ToolCallId, ToolCall> all = new LinkedHashMap<>();
    RunState folded = null;
    for (Store.JournalEntry entry :
        engine.store().journal(engine.tenant(), state.id(), 0, LONGEST_JOURNAL)) {
      for (RunEvent event : entry.events()) {
        folded =
            folded == null && event instanceof RunEvent.Started started
                ? RunMachine.first(started, List.of())
                : RunMachine.within(java.util.Objects.requireNonNull(folded), event);
        folded.calls().forEach(call -> all.put(call.id(), call));
      }
    }
    return List.copyOf(all.values());
  }

  private static String summary(
      Requirement requirement, String arguments, @Nullable Form form, @Nullable String output) {
    return switch (requirement.kind()) {
      case USER_INPUT -> "answer: " + asked(requirement, form);
      case EXTERNAL_EXECUTION -> "execute: " + call(requirement, arguments);
      case REVIEW ->
          "review of "
              + (ofTheRun(requirement)
                  ? "the answer of " + requirement.agent()
                  : "the result of " + requirement.tool())
              + (output == null ? "" : ": " + output);
      case APPROVAL, RECONCILIATION -> call(requirement, arguments);
    };
  }

  private static String call(Requirement requirement, String arguments) {
    String template = requirement.terms().summary();
    return template == null || arguments.equals(ERASED)
        ? requirement.tool() + " " + arguments
        : Template.fill(template, parsed(arguments));
  }

  private static String asked(Requirement requirement, @Nullable Form form) {
    if (form == null) {
      return ERASED;
    }
    return form.prompt().isBlank()
        ? String.join(", ", form.fields().stream().map(FormField::name).toList())
            + " of "
            + requirement.tool()
        : form.prompt();
  }

  private @Nullable String effectKey(Requirement requirement, String arguments) {
    return Optional.ofNullable(engine.agents().get(requirement.agent()))
        .flatMap(agent -> agent.tool(requirement.tool()))
        .map(tool -> tool.spec().effectKey())
        .filter(template -> !arguments.equals(ERASED))
        .map(template -> Template.fill(template, parsed(arguments)))
        .orElse(null);
  }

  private static JsonObject parsed(String arguments) {
    return (JsonObject) Json.parse(arguments);
  }

  private String resultText(BodyRef ref) {
    return body(ref).map(b -> Draft.spoken(b).text()).orElse(ERASED);
  }

  private String resultText(Rest rest, BodyRef ref) {
    Message known = rest.said().get(ref.id());
    return known == null ? resultText(ref) : known.text();
  }

  private String text(BodyRef ref) {
    return body(ref).map(Body::text).orElse(ERASED);
  }

  private Optional<Body> body(BodyRef ref) {
    BodyId id = ref.id();
    return engine.store().body(engine.tenant(), id);
  }
}
