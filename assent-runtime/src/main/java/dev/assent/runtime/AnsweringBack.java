package dev.assent.runtime;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Body;
import dev.assent.core.BodyRef;
import dev.assent.core.CallStatus;
import dev.assent.core.CallSubject;
import dev.assent.core.Digest;
import dev.assent.core.Message;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Requirement;
import dev.assent.core.RunCommand;
import dev.assent.core.RunMachine;
import dev.assent.core.RunStep;
import dev.assent.core.SafeText;
import dev.assent.core.TokenUse;
import dev.assent.core.ToolCall;
import dev.assent.core.ToolCallId;
import dev.assent.core.ToolSpec;
import dev.assent.core.spi.Model;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the model what it says to a person who asked back about one of its calls, while the call
 * stays open. It thinks on a thread of its own, so that a decision goes before its answer. Belongs
 * to the thread of one {@link RunLoop}; {@link #interrupt} is called by others.
 */
final class AnsweringBack {
  private static final Logger LOG = LoggerFactory.getLogger(AnsweringBack.class);
  private static final Duration BACK_OFF = Duration.ofSeconds(5);

  private final Work work;
  private final Engine engine;
  private final Mailbox mailbox;
  private final Map<ToolCallId, Thread> thinking = new ConcurrentHashMap<>();

  /**
   * What came of it. Immutable.
   *
   * @param rounds how many rounds the model was told of
   * @param version what was decided when it was asked
   * @param said absent when the model could not be asked
   * @param failure why not; absent when it could
   */
  record Answer(
      ToolCallId call,
      int rounds,
      int version,
      TokenUse use,
      Message.@Nullable Assistant said,
      @Nullable String failure) {}

  AnsweringBack(Work work, Mailbox mailbox) {
    this.work = work;
    this.engine = work.engine();
    this.mailbox = mailbox;
  }

  /** Nobody waits for what the model says any more. */
  void interrupt() {
    thinking.values().forEach(Thread::interrupt);
  }

  void ended(Answer answer) {
    thinking.remove(answer.call());
  }

  /** Begins to ask the model, unless it thinks already; true when there is nothing but to wait. */
  boolean answer(ToolCall call) {
    if (thinking.containsKey(call.id())) {
      return work.save();
    }
    if (!work.saveAndHold()) {
      return false;
    }
    if (openApproval(engine, work.draft(), call).isEmpty()) {
      lookAgain(call);
      return false;
    }
    Agent agent = work.agent();
    String limit = LimitCheck.reached(agent.limits(), work);
    Model model = agent.model().orElse(null);
    if (limit != null || model == null) {
      String why = limit == null ? "it has no model." : limit;
      work.hear(
          new Heard.AnsweredBack(
              new Answer(
                  call.id(), call.rounds().size(), call.version(), TokenUse.NONE, null, why)));
      return false;
    }
    think(agent, model, call);
    return true;
  }

  private void think(Agent agent, Model model, ToolCall call) {
    Middleware.Turn turn = Around.turn(work.state());
    Model.Request request =
        Interim.request(
            work,
            History.request(
                engine, work.conversation(), agent, work.state(), work.draft()::variables),
            call);
    LiveText unheard = new LiveText(work.state().version(), () -> {});
    Thread thread =
        Thread.ofVirtual()
            .name("assent-asked-back-" + work.run())
            .unstarted(
                () ->
                    reply(agent, model, turn, request, unheard, call)
                        .ifPresent(
                            answer ->
                                mailbox.put(
                                    new Mailbox.Mail.Word(new Heard.AnsweredBack(answer)))));
    thinking.put(call.id(), thread);
    thread.start();
  }

  private Optional<Answer> reply(
      Agent agent,
      Model model,
      Middleware.Turn turn,
      Model.Request request,
      LiveText unheard,
      ToolCall call) {
    int rounds = call.rounds().size();
    try {
      ModelCall.Outcome outcome =
          Around.model(
              agent.middleware(),
              turn,
              request,
              model,
              (ringed, with) ->
                  ModelCall.of(engine.retry(), ringed, with, unheard, engine::closes));
      return switch (outcome) {
        case ModelCall.Outcome.Replied replied -> {
          Guarded.Said said = agent.guarded(turn, WellFormed.reply(replied.reply().message()));
          Message.Assistant message =
              said.review() == null
                  ? said.message()
                  : new Message.Assistant("(A guardrail withholds this.)", List.of());
          yield Optional.of(
              new Answer(call.id(), rounds, call.version(), replied.reply().use(), message, null));
        }
        case ModelCall.Outcome.GaveUp gaveUp ->
            Optional.of(
                new Answer(
                    call.id(), rounds, call.version(), TokenUse.NONE, null, gaveUp.message()));
        case ModelCall.Outcome.Stopped stopped -> Optional.empty();
      };
    } catch (InterruptedException e) {
      return Optional.empty();
    } catch (RuntimeException e) {
      LOG.warn(
          "Run {}: the answer of the agent could not be had: {}",
          work.run(),
          SafeText.of(e.toString()).cut(300));
      LOG.debug("Run {}: why the agent did not answer", work.run(), e);
      return Optional.of(
          new Answer(
              call.id(),
              rounds,
              call.version(),
              TokenUse.NONE,
              null,
              "something broke while it was asked; the log of the process says what"));
    }
  }

  /** It was decided meanwhile: that is read first. */
  private void lookAgain(ToolCall call) {
    work.read();
    if (!work.finished()
        && RunMachine.next(work.state()) instanceof RunStep.AnswerBack same
        && same.call().id().equals(call.id())) {
      work.postpone(engine.store().now().plus(BACK_OFF));
    }
  }

  private static Optional<Requirement> openApproval(Engine engine, Draft draft, ToolCall call) {
    return engine
        .store()
        .requirement(engine.tenant(), RunMachine.approvalOf(draft.state(), call.id()))
        .filter(Requirement::open);
  }

  // ---- what it says ----

  /** Puts an answer into a draft; what was decided before it is not changed by it. */
  static void take(Engine engine, Draft draft, Answer answer) {
    ToolCall call =
        draft
            .state()
            .find(answer.call())
            .filter(each -> each.status() == CallStatus.GATED)
            .filter(
                each ->
                    each.rounds().stream().limit(answer.rounds()).anyMatch(ToolCall.Round::open))
            .orElse(null);
    Agent agent = engine.agents().get(draft.state().agent());
    Requirement asked = call == null ? null : openApproval(engine, draft, call).orElse(null);
    if (call == null || agent == null || asked == null) {
      return;
    }
    Message.Assistant said = answer.said();
    if (said == null) {
      unchanged(draft, call, asked, answer, "The agent could not answer: " + answer.failure());
      return;
    }
    Message.Call proposal =
        said.calls().stream()
            .filter(each -> each.tool().equals(call.tool()))
            .findFirst()
            .orElse(null);
    if (proposal == null) {
      List<String> others = said.calls().stream().map(Message.Call::tool).distinct().toList();
      unchanged(
          draft,
          call,
          asked,
          answer,
          others.isEmpty()
              ? null
              : "It wanted to call "
                  + String.join(", ", others)
                  + " instead. Nothing else is called while this is decided; reject it to let the"
                  + " agent go another way.");
      return;
    }
    proposed(engine, draft, agent, call, asked, answer, proposal.arguments());
  }

  private static void proposed(
      Engine engine,
      Draft draft,
      Agent agent,
      ToolCall call,
      Requirement asked,
      Answer answer,
      String written) {
    ToolBinding tool = agent.tool(call.tool()).orElse(null);
    if (tool == null || draft.state().withdrawn(call.tool())) {
      notTaken(draft, call, asked, answer, "The tool is not there any more.");
      return;
    }
    Middleware.Proposal made = Around.proposal(agent, Around.turn(draft.state()), call, written);
    if (made.refusal() != null) {
      notTaken(draft, call, asked, answer, made.refusal());
      return;
    }
    switch (engine.judge().prepared(draft, agent, tool, call, made.arguments())) {
      case Judge.Prepared.Wrong wrong -> notTaken(draft, call, asked, answer, wrong.told());
      case Judge.Prepared.Forbidden deny -> notTaken(draft, call, asked, answer, deny.told());
      case Judge.Prepared.Fits fits -> {
        boolean same =
            Arrays.equals(
                fits.canonical(),
                draft
                    .stored(call.mustBeBound().arguments())
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        String late = same ? null : tooLate(call, asked, answer);
        if (same) {
          unchanged(draft, call, asked, answer, null);
        } else if (late != null) {
          notTaken(draft, call, asked, answer, late);
        } else {
          changed(engine, draft, tool, call, asked, answer, fits);
        }
      }
    }
  }

  /** Why other arguments cannot be taken any more. */
  private static @Nullable String tooLate(ToolCall call, Requirement asked, Answer answer) {
    if (asked.version() != answer.version() || call.version() != answer.version()) {
      return "What is decided was changed meanwhile.";
    }
    return call.attempts() > 0 || !call.asked().isEmpty()
        ? "People have answered for the arguments as they are, or the call has begun with them."
        : null;
  }

  /** A new version, judged by the rules anew: votes on the earlier one are void. */
  private static void changed(
      Engine engine,
      Draft draft,
      ToolBinding tool,
      ToolCall call,
      Requirement asked,
      Answer answer,
      Judge.Prepared.Fits fits) {
    ToolSpec spec = tool.spec();
    Looked pinned = null;
    if (!tool.pins().none()) {
      try {
        pinned = tool.pins().look(call.tool(), fits.arguments(), spec.timeLimit());
      } catch (RuntimeFailure e) {
        notTaken(draft, call, asked, answer, String.valueOf(e.getMessage()));
        return;
      }
    }
    Body stored = draft.body(fits.canonical());
    Digest fingerprint = (pinned == null ? spec : spec.pinned(pinned.pin())).fingerprint();
    int version = call.version() + 1;
    Digest digest =
        new CallSubject(
                draft.state().id(),
                draft.requester(),
                call.id(),
                call.tool(),
                fingerprint,
                stored.content(),
                stored.salt())
            .digest(version);
    // What the agent changes never asks for less than what was asked before.
    ApprovalTerms terms =
        fits.outcome() instanceof PolicyOutcome.Require require
            ? Values.stricter(asked.terms(), require.terms())
            : asked.terms();
    BodyRef before = call.mustBeBound().arguments();
    if (!add(draft, call, answer, null, version, before, stored.ref())) {
      return;
    }
    BodyRef shown = pinned == null ? null : pinned.shown(draft);
    draft.asking(call.id(), new Draft.Ask(terms, asked, false, null, shown));
    draft.add(
        new RunCommand.AskAgain(
            call.id(),
            new ToolCall.Bound(
                fingerprint,
                stored.ref(),
                digest,
                spec.effect(),
                spec.independent(),
                fits.effectKey(),
                fits.repeat()),
            terms.rule()));
  }

  private static void notTaken(
      Draft draft, ToolCall call, Requirement asked, Answer answer, String why) {
    unchanged(
        draft, call, asked, answer, "It proposed other arguments, which were not taken: " + why);
  }

  private static void unchanged(
      Draft draft, ToolCall call, Requirement asked, Answer answer, @Nullable String note) {
    if (add(draft, call, answer, note, call.version(), null, null)) {
      draft.answered(asked);
    }
  }

  private static boolean add(
      Draft draft,
      ToolCall call,
      Answer answer,
      @Nullable String note,
      int version,
      @Nullable BodyRef before,
      @Nullable BodyRef after) {
    Message.Assistant said = answer.said();
    Instant now = draft.now();
    return draft.add(
        new RunCommand.AnswerBack(
            call.id(),
            answer.rounds(),
            answer.use(),
            new ToolCall.RoundAnswer(
                draft.text(said == null ? "" : WellFormed.text(said.text())),
                note == null ? null : draft.text(WellFormed.text(note)),
                now,
                version,
                before,
                after)));
  }

  /** What the model is told of it beside the call's result; empty when nobody asked back. */
  static String told(Draft draft, ToolCall call) {
    return Rounds.told(draft, call, "Before it was decided, a person asked you: ");
  }
}
