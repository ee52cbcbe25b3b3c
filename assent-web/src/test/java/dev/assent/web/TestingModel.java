package dev.assent.web;

import dev.assent.core.Message;
import dev.assent.core.TokenUse;
import dev.assent.core.spi.Model;
import java.util.List;
import java.util.function.Consumer;

/** Calls the tool with the arguments that the person wrote, then repeats the tool's result. */
final class TestingModel implements Model {
  /** Says something in pieces before the reply. */
  volatile Consumer<Consumer<String>> aloud = deltas -> {};

  @Override
  public String name() {
    return "testing";
  }

  @Override
  public Reply call(Request request, Consumer<String> deltas) {
    aloud.accept(deltas);
    return new Reply(answer(request.messages().getLast()), TokenUse.NONE);
  }

  private static Message.Assistant answer(String[] said) {
    if (said[0].equals("all")) {
      List<Message.Call> calls = new java.util.ArrayList<>();
      for (String each : said[1].split(";;")) {
        String[] call = each.split(" ", 2);
        calls.add(new Message.Call("p" + calls.size(), call[0], call[1]));
      }
      return new Message.Assistant("I call them all", calls);
    }
    return said.length == 1
        ? new Message.Assistant(said[0] + " to you", List.of())
        : new Message.Assistant(
            "I will call\u202E " + said[0], List.of(new Message.Call("p1", said[0], said[1])));
  }

  /** Asked back with {@code again} and arguments, it proposes the same tool with those. */
  private static final java.util.regex.Pattern AGAIN =
      java.util.regex.Pattern.compile("asks you: again (.*)");

  private static Message.Assistant again(Message.ToolResult asked) {
    java.util.regex.Matcher found = AGAIN.matcher(asked.text());
    String arguments = "";
    while (found.find()) {
      arguments = found.group(1);
    }
    return new Message.Assistant(
        "Then so\u202E.", List.of(new Message.Call("p2", asked.tool(), arguments)));
  }

  private static Message.Assistant answer(Message last) {
    return switch (last) {
      case Message.User user -> answer(user.text().split(" ", 2));
      case Message.ToolResult result ->
          AGAIN.matcher(result.text()).find()
              ? again(result)
              : new Message.Assistant("done: " + result.text(), List.of());
      case Message.Assistant assistant -> new Message.Assistant("nothing to do", List.of());
    };
  }
}
