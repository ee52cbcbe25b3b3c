package dev.assent.examples.classic;

import dev.assent.core.Message;
import dev.assent.core.TokenUse;
import dev.assent.core.spi.Model;
import java.util.List;
import java.util.function.Consumer;

/**
 * No language model: says its lines one after the other, then the last one again. Immutable: which
 * line it is follows from how often it has spoken.
 */
record ScriptedDemoModel(List<String> lines) implements Model {
  static ScriptedDemoModel saying(String... lines) {
    return new ScriptedDemoModel(List.of(lines));
  }

  @Override
  public String name() {
    return "demo model (scripted, no provider)";
  }

  @Override
  public Reply call(Request request, Consumer<String> deltas) {
    long spoken = request.messages().stream().filter(Message.Assistant.class::isInstance).count();
    String line = lines.get((int) Math.min(spoken, lines.size() - 1));
    deltas.accept(line);
    return new Reply(new Message.Assistant(line, List.of()), TokenUse.NONE);
  }
}
