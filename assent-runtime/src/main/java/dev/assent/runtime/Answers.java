package dev.assent.runtime;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Body;
import dev.assent.core.BodyRef;
import dev.assent.core.CallStatus;
import dev.assent.core.Decision;
import dev.assent.core.Effect;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Principal;
import dev.assent.core.RecordJson;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RunCommand;
import dev.assent.core.RunMachine;
import dev.assent.core.SignedDecision;
import dev.assent.core.ToolCall;
import dev.assent.core.ToolSpec;
import dev.assent.core.Verdict;
import dev.assent.core.spi.Committed;
import dev.assent.core.spi.Write;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the machine and the model are told of decisions and of ends of attempts. Stateless. */
final class Answers {
  /** The words of a rejection without a reason. */
  static final String REJECTED = "Function call was rejected by the user";

  private Answers() {}

  private static String denied(Engine engine, Requirement requirement) {
    return Optional.ofNullable(engine.agents().get(requirement.agent()))
        .flatMap(agent -> agent.tool(requirement.tool()))
        .map(ToolBinding::approval)
        .map(ApprovalRequired::denied)
        .orElse(REJECTED);
  }

  static RunCommand notApproved(
      Engine engine, Draft draft, ToolCall call, Requirement requirement) {
    String told =
        switch (requirement.status()) {
          case REJECTED ->
              denied(engine, requirement)
                  + last(engine, requirement)
                      .map(SignedDecision::decision)
                      .flatMap(decision -> words(engine, decision))
                      .map(reason -> ": " + reason)
                      .orElse("")
                  + AnsweringBack.told(draft, call);
          case EXPIRED -> "Nobody decided in time; the call was not executed.";
          case CANCELLED -> "The request was withdrawn; the call was not executed.";
          case PENDING, APPROVED, RESOLVED, REVOKED ->
              throw new IllegalStateException(requirement.id() + " is " + requirement.status());
        };
    return new RunCommand.NotApproved(
        call.id(), requirement.version(), requirement.status(), draft.result(call, told, true));
  }

  /** The approval was taken back before the call began. */
  static RunCommand revoked(Engine engine, Draft draft, ToolCall call, Decision by) {
    return new RunCommand.Revoke(
        call.id(),
        draft.result(
            call,
            "The approval was revoked before the call was executed"
                + words(engine, by).map(reason -> ": " + reason).orElse("."),
            true));
  }

  /**
   * What a person found out about a call in doubt; null when the requirement was closed by nobody
   * who could.
   */
  static @Nullable RunCommand reconciled(
      Engine engine, Draft draft, @Nullable Agent agent, ToolCall call, Requirement requirement) {
    SignedDecision signed = last(engine, requirement).orElse(null);
    if (signed == null
        || !signed.genuine(engine.store().keys(), engine.tenant())
        || signed.decision().verdict().answers() != RequirementKind.RECONCILIATION
        || !signed.decision().digest().equals(Draft.attemptDigest(call, call.attempts()))
        || !entitled(engine, draft, agent, call, requirement, signed)) {
      return null;
    }
    Verdict verdict = signed.decision().verdict();
    Optional<String> words = words(engine, signed.decision());
    BodyRef result =
        switch (verdict) {
          case HAPPENED -> draft.result(call, words.orElse("It happened."), false);
          case DID_NOT_HAPPEN ->
              draft.result(call, "It did not happen" + words.map(w -> ": " + w).orElse("."), true);
          case GIVE_UP ->
              draft.result(
                  call,
                  "It is not known whether it happened, and nobody will find out"
                      + words.map(w -> ": " + w).orElse(".")
                      + " Do not repeat it.",
                  true);
          default -> throw new IllegalStateException(verdict + " does not settle a doubt");
        };
    return new RunCommand.Reconciled(call.id(), call.attempts(), verdict, result);
  }

  /** Judged by today's rules and the run's own requester, not by what the row says of them. */
  private static boolean entitled(
      Engine engine,
      Draft draft,
      @Nullable Agent agent,
      ToolCall call,
      Requirement requirement,
      SignedDecision signed) {
    Principal by = engine.directory().find(signed.decision().principal()).orElse(null);
    if (by == null || !requirement.requester().equals(draft.requester())) {
      return false;
    }
    Requirement today = requirement;
    ToolBinding tool = agent == null ? null : agent.tool(call.tool()).orElse(null);
    Body arguments =
        engine
            .store()
            .body(engine.tenant(), call.mustBeBound().arguments().id())
            .filter(body -> body.ref().equals(call.mustBeBound().arguments()))
            .orElse(null);
    if (agent != null && tool != null && arguments != null) {
      PolicyOutcome rules =
          engine
              .judge()
              .rules(
                  draft.state(),
                  draft.requester(),
                  agent,
                  tool.spec(),
                  (JsonObject) Json.parse(arguments.content()));
      if (rules instanceof PolicyOutcome.Require require) {
        today =
            requirement.askedAgain(
                requirement.version(),
                requirement.digest(),
                require.terms(),
                null,
                true,
                engine.store().now());
      }
    }
    return engine.authority().at(signed.decision().at()).whyNot(today, by).isEmpty();
  }

  /** Puts the end of an attempt into the draft; too late is nothing. */
  static void ended(Engine engine, Draft draft, Attempts.End end) {
    ToolCall call = draft.state().find(end.call().id()).orElse(null);
    if (call == null || call.status().settled()) {
      return;
    }
    boolean wasInDoubt = call.status() == CallStatus.IN_DOUBT;
    boolean settled =
        switch (end.outcome()) {
          case ToolExecutor.Outcome.Returned returned -> returned(draft, call, end, returned);
          case ToolExecutor.Outcome.DidNothing nothing ->
              draft.add(
                  new RunCommand.FailedFor(
                      call.id(),
                      end.attempt(),
                      draft.result(call, notExecuted(call, nothing.message()), true),
                      "not-executed"));
          case ToolExecutor.Outcome.Unknown unknown ->
              draft.add(unknown(draft, call, unknown.message()));
          case ToolExecutor.Outcome.Asked asked -> asked(draft, call, end, asked);
        };
    if (settled && wasInDoubt) {
      engine
          .store()
          .requirement(
              engine.tenant(), RunMachine.reconciliationOf(draft.state(), call.id(), end.attempt()))
          .filter(Requirement::open)
          .ifPresent(open -> draft.close(open, RequirementStatus.CANCELLED));
    }
  }

  private static boolean returned(
      Draft draft, ToolCall call, Attempts.End end, ToolExecutor.Outcome.Returned returned) {
    boolean late = returned.held() != null && call.status() == CallStatus.IN_DOUBT;
    String text =
        late
            ? "It was executed. Its result is withheld, nobody can look at it any more."
            : returned.text();
    BodyRef result = draft.result(call, told(draft, call, text), false);
    ApprovalTerms look = look(end.spec(), call, returned);
    if (look == null || call.status() == CallStatus.IN_DOUBT) {
      return counts(
          draft,
          draft.add(new RunCommand.Succeeded(call.id(), end.attempt(), result)),
          returned.changed());
    }
    Draft.Wait wait =
        new Draft.Wait(RequirementKind.REVIEW, null, look, draft.text(returned.text()), result);
    return counts(draft, draft.suspend(call, end.attempt(), wait), returned.changed());
  }

  /** Who looks at a result: whom the tool says, whom a guardrail says, or both. */
  private static @Nullable ApprovalTerms look(
      ToolSpec spec, ToolCall call, ToolExecutor.Outcome.Returned returned) {
    ApprovalTerms held = returned.held();
    if (spec.involvement().reviewRounds() == 0) {
      return held;
    }
    ApprovalTerms declared = spec.involvement().terms(call.tool());
    return held == null ? declared : declared.and(held);
  }

  /** What a body changed counts when its attempt does. */
  private static boolean counts(Draft draft, boolean counted, Map<String, Json> changed) {
    if (counted) {
      draft.changeVariables(changed);
    }
    return counted;
  }

  /** What was done in steps before is not undone by the rest's not happening. */
  private static String notExecuted(ToolCall call, String why) {
    List<String> done =
        call.steps().stream()
            .filter(step -> step.result() != null)
            .map(step -> step.name().substring(0, step.name().lastIndexOf('#')))
            .toList();
    return done.isEmpty()
        ? "It was not executed: " + why
        : "It was not executed to its end: "
            + why
            + " These steps of it were done, do not repeat them: "
            + String.join(", ", done);
  }

  private static boolean asked(
      Draft draft, ToolCall call, Attempts.End end, ToolExecutor.Outcome.Asked asked) {
    if (call.status() == CallStatus.IN_DOUBT) {
      return false;
    }
    Suspension question = asked.question();
    Draft.Wait answer =
        new Draft.Wait(
            RequirementKind.USER_INPUT,
            question.question(),
            question.terms(),
            draft.body(RecordJson.write(question.form())).ref(),
            null);
    return counts(draft, draft.suspend(call, end.attempt(), answer), asked.changed());
  }

  /** The result as the model gets it: with what people changed, and what they want it to know. */
  private static String told(Draft draft, ToolCall call, String result) {
    StringBuilder text = new StringBuilder(result);
    if (call.proposed() != null) {
      text.append("\n\nA person changed the arguments before this ran; it ran with ")
          .append(draft.stored(call.mustBeBound().arguments()));
    }
    text.append(AnsweringBack.told(draft, call));
    BodyRef note = call.note();
    if (note != null) {
      text.append("\n\nNote of the person who approved it: ").append(draft.stored(note));
    }
    for (ToolCall.Asked asked : call.asked()) {
      if (draft.fellBack(asked)) {
        text.append("\n\nNobody answered a question of this tool in time; the declared answer was")
            .append(" used: ")
            .append(draft.shownAnswer(asked));
      }
    }
    return text.toString();
  }

  static RunCommand unknown(Draft draft, ToolCall call, String why) {
    if (call.mustBeBound().effect() == Effect.READ_ONLY) {
      return new RunCommand.FailedFor(
          call.id(), 0, draft.result(call, "The tool failed: " + why, true), "tool-failed");
    }
    return new RunCommand.OutcomeUnknown(
        call.id(),
        call.attempts(),
        draft.result(
            call,
            "The tool failed and it is not known whether it did something: "
                + why
                + " It was not tried again. Do not repeat it.",
            true),
        draft.text(why));
  }

  /** Why a run could not begin. */
  static RuntimeFailure cannotBegin(Draft draft, Committed.Conflict conflict) {
    return conflict.because() instanceof Write.NewRun
        ? new RuntimeFailure(
            "session-busy",
            "session "
                + draft.state().session()
                + " has an unfinished run, or the idempotency key is in use; wait for it or cancel"
                + " it")
        : new RuntimeFailure(
            "cannot-begin", "the run could not be stored because of " + conflict.because());
  }

  static Optional<String> words(Engine engine, Decision decision) {
    return Optional.ofNullable(decision.words())
        .flatMap(words -> engine.store().body(engine.tenant(), words.id()))
        .map(Body::text);
  }

  static Optional<SignedDecision> last(Engine engine, Requirement requirement) {
    return last(engine.store().decisions(engine.tenant(), requirement.id()), requirement);
  }

  /** The same, of decisions that have been read. */
  static Optional<SignedDecision> last(List<SignedDecision> all, Requirement requirement) {
    return all.reversed().stream()
        .filter(signed -> signed.decision().principal().equals(requirement.closedBy()))
        .findFirst();
  }
}
