package dev.assent.examples.beta;

import dev.assent.core.Message;
import dev.assent.core.TokenUse;
import dev.assent.core.spi.Model;
import java.util.List;
import java.util.function.Consumer;

/**
 * No language model: calls one tool in its first reply and repeats what it was told in its second,
 * so that the examples run without a provider. Immutable.
 */
record DemoModel(String tool, String arguments) implements Model {
  @Override
  public String name() {
    return "demo model (scripted, no provider)";
  }

  @Override
  public Reply call(Request request, Consumer<String> deltas) {
    Message last = request.messages().getLast();
    return new Reply(
        last instanceof Message.ToolResult result
            ? new Message.Assistant("I was told: " + result.text(), List.of())
            : new Message.Assistant("", List.of(new Message.Call("call-1", tool, arguments))),
        TokenUse.NONE);
  }
}
