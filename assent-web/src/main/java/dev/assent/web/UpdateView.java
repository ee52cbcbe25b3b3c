package dev.assent.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.assent.core.CallStatus;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.Verdict;
import dev.assent.runtime.RunUpdate;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One update of a run as it goes over the wire. Immutable; what an update has not is left out.
 *
 * @param id a reader goes on after it; absent for what is not durable, as is {@code at}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record UpdateView(
    String type,
    @Nullable String id,
    @Nullable Instant at,
    String agent,
    @JsonUnwrapped @Nullable Detail detail) {

  /** What only this type has; its members stand beside the others. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  sealed interface Detail {}

  record Start(String session, @Nullable List<Shown.Piece> text) implements Detail {}

  record Delta(int offset, List<Shown.Piece> text) implements Detail {}

  record Reply(List<Shown.Piece> text, Tokens tokens) implements Detail {}

  record Tokens(long input, long output) {}

  record Proposal(String call, String tool, List<Shown.Piece> arguments) implements Detail {}

  record Waiting(String requirement, RequirementKind kind, String call, String tool)
      implements Detail {
    static Waiting of(RunUpdate.Waiting waiting) {
      return new Waiting(
          waiting.requirement().value(),
          waiting.kind(),
          waiting.call().value(),
          Shown.name(waiting.tool()));
    }
  }

  record Cleared(String call, String tool, @Nullable String requirement) implements Detail {}

  record Attempt(String call, String tool, int attempt) implements Detail {}

  record Result(
      String call, String tool, CallStatus status, List<Shown.Piece> text, @Nullable String code)
      implements Detail {}

  record Edit(String call, String tool, int version, String by) implements Detail {}

  record Answer(String call, String tool, String requirement, Verdict verdict) implements Detail {}

  record Child(String call, String tool, String run) implements Detail {}

  record Granted(String call, String tool, String grant) implements Detail {}

  record AskedBack(String call, String tool, String by) implements Detail {}

  record AnsweredBack(String call, String tool, boolean changed) implements Detail {}

  record Step(String call, String tool, String name, boolean done) implements Detail {}

  record Held(String requirement, List<Shown.Piece> text, int round) implements Detail {}

  record Pause(List<Waiting> requirements) implements Detail {}

  record By(String by) implements Detail {}

  record Output(List<Shown.Piece> text) implements Detail {}

  record Failure(String code, List<Shown.Piece> text) implements Detail {}

  static UpdateView of(RunUpdate update, UpdateRedaction hides) {
    return switch (update) {
      case RunUpdate.TextDelta u ->
          new UpdateView(
              "text.delta",
              null,
              null,
              Shown.name(u.agent()),
              new Delta(u.offset(), Shown.of(hides.piece(u))));
      case RunUpdate.Started u ->
          durable(
              "run.started",
              u,
              new Start(
                  u.session(), u.message() == null ? null : Shown.of(hides.text(u.message()))));
      case RunUpdate.Replied u ->
          durable(
              "reply",
              u,
              new Reply(
                  Shown.of(hides.text(u.text())), new Tokens(u.use().input(), u.use().output())));
      case RunUpdate.ToolCallProposed u ->
          durable("call.proposed", u, new Proposal(call(u), tool(u), Shown.of(hides.proposed(u))));
      case RunUpdate.Asked u ->
          durable(
              "call.asked",
              u,
              Waiting.of(new RunUpdate.Waiting(u.requirement(), u.kind(), u.call(), u.tool())));
      case RunUpdate.ToolCallCleared u -> durable("call.cleared", u, cleared(u, u.requirement()));
      case RunUpdate.ToolCallStarted u ->
          durable("call.started", u, new Attempt(call(u), tool(u), u.attempt()));
      case RunUpdate.ToolCallCompleted u ->
          durable(
              "call.completed",
              u,
              new Result(call(u), tool(u), u.status(), Shown.of(hides.text(u.result())), u.code()));
      case RunUpdate.Edited u ->
          durable("call.edited", u, new Edit(call(u), tool(u), u.version(), Shown.name(u.by())));
      case RunUpdate.AskedBack u ->
          durable("call.asked_back", u, new AskedBack(call(u), tool(u), Shown.name(u.by())));
      case RunUpdate.AnsweredBack u ->
          durable("call.answered_back", u, new AnsweredBack(call(u), tool(u), u.changed()));
      case RunUpdate.Answered u ->
          durable(
              "call.answered",
              u,
              new Answer(call(u), tool(u), u.requirement().value(), u.verdict()));
      case RunUpdate.HandedOver u ->
          durable("call.handed_over", u, new Child(call(u), tool(u), u.child().value()));
      case RunUpdate.Granted u ->
          durable("call.granted", u, new Granted(call(u), tool(u), u.grant().value()));
      case RunUpdate.Stepped u ->
          durable("call.step", u, new Step(call(u), tool(u), Shown.name(u.name()), u.done()));
      case RunUpdate.Said u -> durable("message", u, new Output(Shown.of(hides.text(u.text()))));
      case RunUpdate.VariablesSet u -> durable("variables.set", u, null);
      case RunUpdate.AnswerHeld u ->
          durable(
              "answer.held",
              u,
              new Held(u.requirement().value(), Shown.of(hides.text(u.text())), u.round()));
      case RunUpdate.Paused u ->
          durable("run.paused", u, new Pause(u.requirements().stream().map(Waiting::of).toList()));
      case RunUpdate.Continued u -> durable("run.continued", u, null);
      case RunUpdate.CancelAsked u -> durable("run.cancel_asked", u, new By(Shown.name(u.by())));
      case RunUpdate.Completed u ->
          durable("run.completed", u, new Output(Shown.of(hides.text(u.output()))));
      case RunUpdate.Failed u ->
          durable("run.failed", u, new Failure(u.code(), Shown.of(hides.text(u.message()))));
      case RunUpdate.Cancelled u -> durable("run.cancelled", u, null);
    };
  }

  private static UpdateView durable(
      String type, RunUpdate.Durable update, @Nullable Detail detail) {
    return new UpdateView(
        type, update.id().toString(), update.mark().at(), Shown.name(update.agent()), detail);
  }

  private static Cleared cleared(RunUpdate.OfCall update, @Nullable RequirementId by) {
    return new Cleared(call(update), tool(update), by == null ? null : by.value());
  }

  private static String call(RunUpdate.OfCall update) {
    return update.call().value();
  }

  private static String tool(RunUpdate.OfCall update) {
    return Shown.name(update.tool());
  }
}
