package dev.assent.benchmarks;

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
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The loop that one writes with LangChain4j's core: model, tool by reflection, model. Beside that
 * it does nothing but the commits it is given: before a tool with effects, after it, at the end.
 */
final class BareTurn {
  private final ChatModel model = new BookingTools.Scripted();
  private final Object tools;
  private final boolean intents;
  private final Method method;
  private final List<ToolSpecification> offered;

  BareTurn(Object tools, boolean intents) {
    this.tools = tools;
    this.intents = intents;
    this.method =
        Arrays.stream(tools.getClass().getDeclaredMethods())
            .filter(each -> each.getName().equals("book"))
            .findFirst()
            .orElseThrow();
    method.setAccessible(true);
    this.offered = ToolSpecifications.toolSpecificationsFrom(tools);
  }

  String run(String question, List<Runnable> transactions) {
    Iterator<Runnable> commits = transactions.iterator();
    List<ChatMessage> messages = new ArrayList<>();
    messages.add(SystemMessage.from(BookingTools.INSTRUCTIONS));
    messages.add(UserMessage.from(question));
    AiMessage said = ask(messages);
    while (said.hasToolExecutionRequests()) {
      messages.add(said);
      for (ToolExecutionRequest call : said.toolExecutionRequests()) {
        if (intents) {
          commits.next().run();
        }
        messages.add(ToolExecutionResultMessage.from(call, execute(call)));
        commits.next().run();
      }
      said = ask(messages);
    }
    commits.next().run();
    if (commits.hasNext()) {
      throw new IllegalStateException("a commit is left over");
    }
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
