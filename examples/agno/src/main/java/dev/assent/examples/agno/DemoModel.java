package dev.assent.examples.agno;

import dev.assent.core.Message;
import dev.assent.core.TokenUse;
import dev.assent.core.spi.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * No language model: it follows a script, so that the examples run without a provider. Immutable:
 * which line it is follows from how often it has spoken, also in a process that comes later.
 */
record DemoModel(List<Function<Model.Request, Message.Assistant>> lines) implements Model {
  DemoModel {
    lines = List.copyOf(lines);
  }

  static DemoModel script() {
    return new DemoModel(List.of());
  }

  /** Then it calls a tool. */
  DemoModel calls(String tool, String arguments) {
    return then(heard -> calling(tool, arguments));
  }

  /** Then it calls these tools in one reply. */
  DemoModel calls(Message.Call... calls) {
    Message.Assistant reply = new Message.Assistant("", List.of(calls));
    return then(heard -> reply);
  }

  /** Then it says this, and the run is over. */
  DemoModel says(String text) {
    return then(heard -> new Message.Assistant(text, List.of()));
  }

  /** Then it repeats what the last tool told it. */
  DemoModel repeatsTheResult() {
    return then(heard -> new Message.Assistant("I was told: " + lastResult(heard), List.of()));
  }

  /** Then it replies so. */
  DemoModel then(Function<Request, Message.Assistant> reply) {
    List<Function<Request, Message.Assistant>> more = new ArrayList<>(lines);
    more.add(reply);
    return new DemoModel(more);
  }

  static Message.Call call(String tool, String arguments) {
    return new Message.Call(tool + arguments.hashCode(), tool, arguments);
  }

  static Message.Assistant calling(String tool, String arguments) {
    return new Message.Assistant("", List.of(call(tool, arguments)));
  }

  static String lastResult(Request heard) {
    return heard.messages().reversed().stream()
        .filter(Message.ToolResult.class::isInstance)
        .map(Message::text)
        .findFirst()
        .orElse("nothing");
  }

  @Override
  public String name() {
    return "demo model (scripted, no provider)";
  }

  @Override
  public Reply call(Request request, Consumer<String> deltas) {
    long spoken = request.messages().stream().filter(Message.Assistant.class::isInstance).count();
    Message.Assistant reply = lines.get((int) spoken).apply(request);
    for (String word : reply.text().splitWithDelimiters(" ", 0)) {
      deltas.accept(word);
    }
    return new Reply(reply, TokenUse.NONE);
  }
}
