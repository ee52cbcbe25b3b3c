package dev.assent.runtime;

import dev.assent.core.Body;
import dev.assent.core.BodyId;
import dev.assent.core.JsonObject;
import dev.assent.core.Message;
import dev.assent.core.RunState;
import dev.assent.core.spi.Model;
import dev.assent.core.spi.Store;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The conversation as the model gets it, made from the session's rows. Stateless. */
final class History {
  private History() {}

  static Model.Request request(
      Engine engine,
      List<Message> said,
      Agent agent,
      RunState state,
      Supplier<JsonObject> variables) {
    return new Model.Request(
        instructions(engine, agent, state, variables),
        paired(said),
        agent.tools().stream()
            .filter(tool -> !state.withdrawn(tool.spec().name()))
            .map(
                tool ->
                    new Model.Offered(
                        tool.spec().name(), tool.spec().description(), tool.spec().modelSchema()))
            .toList());
  }

  private static String instructions(
      Engine engine, Agent agent, RunState state, Supplier<JsonObject> variables) {
    Prompt prompt = agent.prompt().orElse(null);
    if (prompt == null) {
      return agent.instructions();
    }
    try {
      return WellFormed.text(prompt.write(RunScope.of(engine, state, variables)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RuntimeFailure("prompt-failed", "writing the instructions was interrupted");
    } catch (Exception e) {
      throw new RuntimeFailure(
          "prompt-failed", "the instructions of agent '" + agent.name() + "' failed: " + e);
    }
  }

  /** The message whose calls are the open batch. */
  static Message.Assistant lastAssistant(Engine engine, RunState state) {
    return messages(engine, state.session()).reversed().stream()
        .filter(Message.Assistant.class::isInstance)
        .map(Message.Assistant.class::cast)
        .findFirst()
        .orElseThrow(
            () ->
                new RuntimeFailure(
                    "store-broken", "session " + state.session() + " lost its last reply"));
  }

  /** The message that the run began with; absent when it was erased. */
  static @Nullable Message first(Engine engine, RunState state) {
    return engine.store().messages(engine.tenant(), state.session()).stream()
        .filter(row -> row.run().equals(state.id()))
        .findFirst()
        .flatMap(row -> engine.store().body(engine.tenant(), row.body().id()))
        .map(Draft::spoken)
        .orElse(null);
  }

  /** What the session holds. */
  static List<Message> messages(Engine engine, String session) {
    List<Store.StoredMessage> rows = engine.store().messages(engine.tenant(), session);
    Map<BodyId, Body> bodies =
        engine.store().bodies(engine.tenant(), rows.stream().map(row -> row.body().id()).toList());
    List<Message> messages = new ArrayList<>(rows.size());
    for (Store.StoredMessage row : rows) {
      Body body = bodies.get(row.body().id());
      if (body != null) {
        messages.add(Draft.spoken(body));
      }
    }
    return messages;
  }

  /** Each call followed by its one result, in the order in which the model asked. */
  static List<Message> paired(List<Message> messages) {
    List<Message> paired = new ArrayList<>(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      Message message = messages.get(i);
      if (message instanceof Message.ToolResult) {
        continue;
      }
      paired.add(message);
      if (message instanceof Message.Assistant assistant && !assistant.calls().isEmpty()) {
        paired.addAll(results(assistant, messages.subList(i + 1, messages.size())));
      }
    }
    return paired;
  }

  private static List<Message> results(Message.Assistant asked, List<Message> after) {
    Map<String, Message.ToolResult> byId = new HashMap<>();
    for (Message message : after) {
      if (message instanceof Message.Assistant) {
        break;
      }
      if (message instanceof Message.ToolResult result) {
        byId.put(result.providerId(), result);
      }
    }
    List<Message> results = new ArrayList<>();
    for (Message.Call call : asked.calls()) {
      Message.ToolResult known = byId.get(call.providerId());
      results.add(
          known != null
              ? known
              : new Message.ToolResult(
                  call.providerId(),
                  call.tool(),
                  "The conversation was interrupted; the outcome of this call is not known.",
                  true));
    }
    return results;
  }
}
