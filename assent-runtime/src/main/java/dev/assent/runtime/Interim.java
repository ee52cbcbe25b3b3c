package dev.assent.runtime;

import dev.assent.core.Message;
import dev.assent.core.ToolCall;
import dev.assent.core.spi.Model;
import java.util.ArrayList;
import java.util.List;

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
    return "It has not been executed: people decide about it. As it stands now: "
        + draft.stored(call.mustBeBound().arguments())
        + Rounds.told(draft, call, "Who decides asks you: ")
        + "\n\nAnswer in words. If the call should be another one, call "
        + call.tool()
        + " once more with all its arguments: that replaces this call, and people decide about it."
        + " Call nothing else; nothing runs before they have decided.";
  }
}
