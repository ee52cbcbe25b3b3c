package dev.assent.core.spi;

import dev.assent.core.Json;
import dev.assent.core.Message;
import dev.assent.core.TokenUse;
import java.util.List;
import java.util.function.Consumer;

/** A language model. Implementations are thread-safe; a call blocks its (virtual) thread. */
public interface Model {
  /** How the model is named in logs and on pages. */
  String name();

  /**
   * Asks for the next message.
   *
   * @param request everything the model gets
   * @param deltas takes pieces of the text as they arrive; called by one thread; a model that does
   *     not stream never calls it
   * @throws ModelException when no reply could be had; it says whether trying again can help
   */
  Reply call(Request request, Consumer<String> deltas);

  /**
   * Whether it can be asked back about a call that it asked for, while people decide about it.
   * False for what only computes its next step from a conversation.
   */
  default boolean answersBack() {
    return true;
  }

  /**
   * What the model gets. Immutable.
   *
   * @param instructions the agent's own, sent as the system message
   * @param messages the conversation in order; each call is followed by its result
   * @param tools what it may call
   */
  record Request(String instructions, List<Message> messages, List<Offered> tools) {
    public Request {
      messages = List.copyOf(messages);
      tools = List.copyOf(tools);
    }
  }

  /** A tool as the model sees it. Immutable. {@code schema} is the JSON Schema of its arguments. */
  record Offered(String name, String description, Json schema) {}

  /** What the model said. Immutable. */
  record Reply(Message.Assistant message, TokenUse use) {}
}
