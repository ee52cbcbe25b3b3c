package dev.assent.runtime;

import dev.assent.core.Message;
import dev.assent.core.TokenUse;
import dev.assent.core.spi.Model;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/** Says what it was told to say, and remembers what it was asked. */
final class ScriptedModel implements Model {
  private final Deque<BiFunction<Request, Consumer<String>, Reply>> script = new ArrayDeque<>();
  final List<Request> requests = Collections.synchronizedList(new ArrayList<>());

  ScriptedModel calls(Message.Call... calls) {
    return replies(new Message.Assistant("I call tools because I must.", List.of(calls)));
  }

  ScriptedModel says(String text) {
    return replies(new Message.Assistant(text, List.of()));
  }

  ScriptedModel replies(Message.Assistant message) {
    return then(request -> new Reply(message, new TokenUse(10, 5)));
  }

  ScriptedModel then(Function<Request, Reply> reply) {
    return speaks((request, deltas) -> reply.apply(request));
  }

  /** Replies in pieces. */
  synchronized ScriptedModel speaks(BiFunction<Request, Consumer<String>, Reply> reply) {
    script.add(reply);
    return this;
  }

  static Message.Call call(String id, String tool, String arguments) {
    return new Message.Call(id, tool, arguments);
  }

  @Override
  public String name() {
    return "scripted";
  }

  @Override
  public Reply call(Request request, Consumer<String> deltas) {
    requests.add(request);
    BiFunction<Request, Consumer<String>, Reply> next;
    synchronized (this) {
      next = script.poll();
    }
    if (next == null) {
      throw new IllegalStateException("the script has ended");
    }
    return next.apply(request, deltas);
  }
}
