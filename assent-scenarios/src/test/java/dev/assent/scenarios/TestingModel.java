package dev.assent.scenarios;

import dev.assent.core.Message;
import dev.assent.core.TokenUse;
import dev.assent.core.spi.Model;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** Says what it was told to say, or follows a rule, and remembers what it was asked. */
final class TestingModel implements Model {
  final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
  private final Deque<Function<Request, Message.Assistant>> script = new ArrayDeque<>();

  /** Speaks when the script has ended. */
  volatile Function<Request, Message.Assistant> rule =
      request -> {
        throw new IllegalStateException("the script has ended");
      };

  static Message.Call call(String id, String tool, String arguments) {
    return new Message.Call(id, tool, arguments);
  }

  static Message.Call pay(String id, String invoice, long amount) {
    return call(
        id,
        "pay",
        "{\"invoice\":\"" + invoice + "\",\"amount\":" + amount + ",\"vendor\":\"Acme\"}");
  }

  TestingModel calls(Message.Call... calls) {
    return then(request -> new Message.Assistant("I call tools.", List.of(calls)));
  }

  TestingModel says(String text) {
    return then(request -> new Message.Assistant(text, List.of()));
  }

  synchronized TestingModel then(Function<Request, Message.Assistant> reply) {
    script.add(reply);
    return this;
  }

  /** What the model was told last. */
  List<Message> lastHeard() {
    return requests.getLast().messages();
  }

  @Override
  public String name() {
    return "testing";
  }

  @Override
  public Reply call(Request request, Consumer<String> deltas) {
    requests.add(request);
    Function<Request, Message.Assistant> next;
    synchronized (this) {
      next = script.isEmpty() ? rule : script.poll();
    }
    return new Reply(next.apply(request), new TokenUse(10, 5));
  }
}
