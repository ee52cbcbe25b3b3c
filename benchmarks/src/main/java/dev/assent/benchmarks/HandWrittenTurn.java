package dev.assent.benchmarks;

import dev.assent.core.Effect;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.agent.tool.ToolSpecifications;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.internal.Json;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The shortest loop that can be written with LangChain4j's messages: model, tool by reflection,
 * model. It does less than LangChain4j's own: nothing is a template, nobody listens, no error is
 * thought of.
 */
final class HandWrittenTurn implements Turns {
  private final ChatModel model = new BookingTools.Scripted();
  private final BookingTools.Committing tools;
  private final Method method;
  private final List<ToolSpecification> offered;

  HandWrittenTurn(Effect effect) {
    this.tools = new BookingTools.Committing(effect);
    this.method =
        Arrays.stream(tools.getClass().getDeclaredMethods())
            .filter(each -> each.getName().equals("book"))
            .findFirst()
            .orElseThrow();
    method.setAccessible(true);
    this.offered = ToolSpecifications.toolSpecificationsFrom(tools);
  }

  @Override
  public String run(String question, List<Runnable> transactions) {
    tools.begin(transactions);
    List<ChatMessage> messages = new ArrayList<>();
    messages.add(SystemMessage.from(BookingTools.INSTRUCTIONS));
    messages.add(UserMessage.from(question));
    AiMessage said = ask(messages);
    while (said.hasToolExecutionRequests()) {
      messages.add(said);
      for (ToolExecutionRequest call : said.toolExecutionRequests()) {
        messages.add(ToolExecutionResultMessage.from(call, execute(call)));
      }
      said = ask(messages);
    }
    tools.end();
    return said.text();
  }

  private AiMessage ask(List<ChatMessage> messages) {
    return model
        .chat(ChatRequest.builder().messages(messages).toolSpecifications(offered).build())
        .aiMessage();
  }

  private String execute(ToolExecutionRequest call) {
    Map<?, ?> given = Json.fromJson(call.arguments(), Map.class);
    Object[] arguments =
        Arrays.stream(method.getParameters()).map(each -> value(each, given)).toArray();
    try {
      return (String) method.invoke(tools, arguments);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object value(Parameter parameter, Map<?, ?> given) {
    Object value = given.get(parameter.getName());
    if (value == null) {
      throw new IllegalStateException("no argument " + parameter.getName());
    }
    return parameter.getType() == long.class ? ((Number) value).longValue() : value;
  }
}
