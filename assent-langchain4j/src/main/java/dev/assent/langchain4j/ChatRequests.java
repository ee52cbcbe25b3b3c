package dev.assent.langchain4j;

import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.MalformedJsonException;
import dev.assent.core.Message;
import dev.assent.core.spi.Model.Request;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Our request in LangChain4j's words. */
final class ChatRequests {
  /** What a malformed call is sent back under, so that the model sees what it wrote. */
  static final String UNPARSEABLE = "unparseable_arguments";

  private ChatRequests() {}

  static ChatRequest of(Request request, List<ToolSpecification> tools) {
    List<ChatMessage> messages = new ArrayList<>();
    if (!request.instructions().isBlank()) {
      messages.add(SystemMessage.from(request.instructions()));
    }
    for (Message message : request.messages()) {
      switch (message) {
        case Message.User user -> messages.add(UserMessage.from(user.text()));
        case Message.Assistant assistant -> addIfSaid(assistant, messages);
        case Message.ToolResult result -> messages.add(result(result));
      }
    }
    return ChatRequest.builder().messages(messages).toolSpecifications(tools).build();
  }

  /** Providers refuse an assistant message without any content. */
  private static void addIfSaid(Message.Assistant said, List<ChatMessage> messages) {
    if (said.text().isEmpty() && said.calls().isEmpty()) {
      return;
    }
    AiMessage.Builder builder = AiMessage.builder();
    if (!said.text().isEmpty()) {
      builder.text(said.text());
    }
    messages.add(
        builder
            .toolExecutionRequests(said.calls().stream().map(ChatRequests::call).toList())
            .build());
  }

  private static ToolExecutionRequest call(Message.Call call) {
    return ToolExecutionRequest.builder()
        .id(call.providerId())
        .name(WireNames.onWire(call.tool()))
        .arguments(validArguments(call.arguments()))
        .build();
  }

  /**
   * Some providers refuse a history whose arguments are not a JSON object; the text then stands
   * inside of one.
   */
  static String validArguments(String written) {
    try {
      if (Json.parse(written) instanceof JsonObject) {
        return written;
      }
    } catch (MalformedJsonException e) {
      // falls through: not JSON is treated as JSON that is not an object
    }
    return JsonObject.of(UNPARSEABLE, Json.of(withoutLoneSurrogates(written))).toString();
  }

  private static String withoutLoneSurrogates(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  /** Chat completions have no error flag, so the text says it. */
  private static ToolExecutionResultMessage result(Message.ToolResult result) {
    return ToolExecutionResultMessage.builder()
        .id(result.providerId())
        .toolName(WireNames.onWire(result.tool()))
        .text(result.error() ? "Error: " + result.text() : result.text())
        .isError(result.error())
        .build();
  }
}
