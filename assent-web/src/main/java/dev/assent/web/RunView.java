package dev.assent.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.assent.core.Message;
import dev.assent.core.Redaction;
import dev.assent.core.RequirementId;
import dev.assent.core.RunState;
import dev.assent.core.RunStatus;
import dev.assent.core.SafeText;
import dev.assent.core.spi.Store;
import dev.assent.runtime.RunCard;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A run as a person sees it; {@code calls} and {@code messages} only when it is shown alone. */
record RunView(
    String id,
    String session,
    String agent,
    RunStatus status,
    Instant createdAt,
    Instant updatedAt,
    PersonView requester,
    List<String> waitsFor,
    boolean noWorker,
    @Nullable List<Shown.Piece> output,
    @Nullable ErrorView error,
    @Nullable HeldView held,
    @Nullable ParentView parent,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ErasedView erased,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<CallView> calls,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<MessageView> messages) {

  /** An answer that does not count before a person has looked at it. Immutable. */
  record HeldView(String requirement, List<Shown.Piece> text, int round) {
    static @Nullable HeldView of(RunCard.@Nullable Held held, Redaction redaction) {
      return held == null
          ? null
          : new HeldView(
              held.requirement().value(), Shown.of(redaction.text(held.text())), held.round());
    }
  }

  /** The call that this run carries out, and the run that a person started. Immutable. */
  record ParentView(String run, String toolCallId, String root) {
    static @Nullable ParentView of(RunState state) {
      RunState.Parent parent = state.parent();
      return parent == null
          ? null
          : new ParentView(parent.run().value(), parent.call().value(), state.root().value());
    }
  }

  /** Why a run failed. Immutable. */
  record ErrorView(String code, List<Shown.Piece> message) {}

  /** One message of the conversation. Immutable. */
  record MessageView(String role, Instant at, List<Shown.Piece> text, @Nullable String tool) {
    static MessageView of(RunCard.CardMessage said, Redaction redaction) {
      return switch (said.message()) {
        case Message.User user ->
            new MessageView("user", said.at(), Shown.of(redaction.text(user.text())), null);
        case Message.Assistant assistant ->
            new MessageView(
                "assistant", said.at(), Shown.of(redaction.text(assistant.text())), null);
        case Message.ToolResult result ->
            new MessageView(
                "tool",
                said.at(),
                Shown.of(redaction.text(result.text())),
                Shown.name(result.tool()));
      };
    }
  }

  static RunView inList(RunCard card, @Nullable ErasedView erased, People people) {
    return of(card, erased, people, null, null);
  }

  static RunView whole(RunCard card, @Nullable ErasedView erased, People people) {
    Redaction redaction = card.redaction();
    return of(
        card,
        erased,
        people,
        card.calls().stream()
            .map(
                call ->
                    CallView.of(call.call(), call.arguments(), call.resultText(), call.redaction()))
            .toList(),
        card.messages().stream().map(said -> MessageView.of(said, redaction)).toList());
  }

  private static RunView of(
      RunCard card,
      @Nullable ErasedView erased,
      People people,
      @Nullable List<CallView> calls,
      @Nullable List<MessageView> messages) {
    Store.StoredRun run = card.run();
    RunState state = run.state();
    RunState.End end = state.end();
    boolean failed = end != null && end.status() == RunStatus.FAILED;
    String output = card.output();
    Redaction redaction = card.redaction();
    SafeText shown = redaction.text(Objects.requireNonNullElse(output, ""));
    return new RunView(
        state.id().value(),
        Shown.name(state.session()),
        state.agent(),
        state.status(),
        run.createdAt(),
        run.updatedAt(),
        people.person(run.requester()),
        card.waitsFor().stream().map(RequirementId::value).toList(),
        card.noWorker(),
        failed || output == null ? null : Shown.of(shown),
        failed && end != null
            ? new ErrorView(Objects.requireNonNullElse(end.code(), "failed"), Shown.of(shown))
            : null,
        HeldView.of(card.held(), redaction),
        ParentView.of(state),
        erased,
        calls,
        messages);
  }
}
