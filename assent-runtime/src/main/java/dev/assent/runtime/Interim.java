package dev.assent.runtime;

import dev.assent.core.Message;
import dev.assent.core.ToolCall;
import dev.assent.core.spi.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The conversation as a model gets it that is asked back about a call: each call of the batch has
 * exactly one result, as providers demand, and that of an open call says that it is open. Nothing
 * of it is stored; in the session each call gets its one result when it is settled. Stateless.
 */
final class Interim {
  private Interim() {}

  /**
   * @param usual what the model would get if every call had its result
   */
  static Model.Request request(Work work, Model.Request usual, ToolCall about) {
    List<ToolCall> batch = work.state().calls();
    List<Message> messages = new ArrayList<>(usual.messages());
    for (int i = messages.size() - 1; !(messages.get(i) instanceof Message.Assistant); i--) {
      if (messages.get(i) instanceof Message.ToolResult result) {
        messages.set(i, open(work, batch, result, about));
      }
    }
    return new Model.Request(
        usual.instructions(),
        messages,
        usual.tools().stream().filter(tool -> tool.name().equals(about.tool())).toList());
  }

  private static Message.ToolResult open(
      Work work, List<ToolCall> batch, Message.ToolResult result, ToolCall about) {
    ToolCall call =
        batch.stream()
            .filter(each -> each.providerId().equals(result.providerId()))
            .filter(each -> !each.status().settled())
            .findFirst()
            .orElse(null);
    if (call == null) {
      return result;
    }
    return new Message.ToolResult(
        result.providerId(),
        result.tool(),
        call.id().equals(about.id())
            ? question(work, call)
            : "It has no result yet: people decide about it, or it is under way.",
        false);
  }

  private static String question(Work work, ToolCall call) {
    Draft draft = work.draft();
    StringBuilder text =
        new StringBuilder("It has not been executed: people decide about it. As it stands now: ")
            .append(draft.stored(call.mustBeBound().arguments()));
    for (ToolCall.Round round : call.rounds()) {
      text.append("\n\nWho decides asks you: ").append(draft.stored(round.question()));
      ToolCall.RoundAnswer answer = round.answer();
      if (answer != null) {
        text.append("\nYou said: ").append(draft.stored(answer.words()));
        if (answer.note() != null) {
          text.append("\n(")
              .append(draft.stored(Objects.requireNonNull(answer.note())))
              .append(')');
        }
      }
    }
    return text.append("\n\nAnswer in words. If the call should be another one, call ")
        .append(call.tool())
        .append(
            " once more with all its arguments: that replaces this call, and people decide about"
                + " it. Call nothing else; nothing runs before they have decided.")
        .toString();
  }
}
