package dev.assent.langchain4j;

import dev.assent.core.Message;
import dev.assent.core.TokenUse;
import dev.assent.core.spi.Model.Reply;
import dev.assent.core.spi.ModelException;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** LangChain4j's answer in our words. */
final class Replies {
  private Replies() {}

  /**
   * @throws ModelException when there is neither text, nor a call, nor a reason for having ended
   */
  static Reply of(ChatResponse response, WireNames names, List<Message> before) {
    AiMessage said = response.aiMessage();
    String text = orEmpty(said.text());
    List<Message.Call> calls = calls(said.toolExecutionRequests(), names, callsIn(before));
    if (text.isEmpty() && calls.isEmpty() && response.finishReason() == null) {
      throw new ModelException(
          "model-empty-reply", "The model answered with nothing. Try again.", true, null, null);
    }
    return new Reply(new Message.Assistant(text, calls), use(response.tokenUsage()));
  }

  private static List<Message.Call> calls(
      List<ToolExecutionRequest> requests, WireNames names, int before) {
    List<Message.Call> calls = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (ToolExecutionRequest request : requests) {
      String id = freeId(orEmpty(request.id()), taken, before + calls.size() + 1);
      String arguments = orEmpty(request.arguments());
      calls.add(
          new Message.Call(
              id, names.ours(orEmpty(request.name())), arguments.isEmpty() ? "{}" : arguments));
    }
    return calls;
  }

  /** Results are matched by id, and some servers give none, or one to all. */
  private static String freeId(String given, Set<String> taken, int number) {
    if (!given.isBlank() && taken.add(given)) {
      return given;
    }
    String made = "call_" + number;
    while (!taken.add(made)) {
      made += "_";
    }
    return made;
  }

  private static int callsIn(List<Message> messages) {
    return messages.stream()
        .mapToInt(each -> each instanceof Message.Assistant said ? said.calls().size() : 0)
        .sum();
  }

  private static TokenUse use(dev.langchain4j.model.output.@Nullable TokenUsage usage) {
    return usage == null
        ? TokenUse.NONE
        : new TokenUse(orZero(usage.inputTokenCount()), orZero(usage.outputTokenCount()));
  }

  private static long orZero(@Nullable Integer count) {
    return count == null ? 0 : count;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
