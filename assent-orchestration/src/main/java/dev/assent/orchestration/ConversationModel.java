package dev.assent.orchestration;

import dev.assent.core.Message;
import dev.assent.core.TokenUse;
import dev.assent.core.spi.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The two participants as one model: it says whose turn it is, lets that one speak, has a person
 * asked, lets calls run, or ends. Stateless: everything follows from the session's messages.
 */
final class ConversationModel implements Model {
  /** What a call is answered with that a person's text passed over. */
  static final String INTERRUPTED = "USER INTERRUPTED";

  private final Participant first;
  private final Participant second;

  ConversationModel(Participant first, Participant second) {
    this.first = first;
    this.second = second;
  }

  private sealed interface Step {
    record Ask(BuiltIn.Input input) implements Step {}

    /** {@code by} lets the calls run of its own accord; absent when a person said so in words. */
    record Execute(Dialogue.Entry open, @Nullable Participant by) implements Step {}

    record Speak(Participant who, Participant to) implements Step {}

    record End(BuiltIn.End end) implements Step {}

    record Finish() implements Step {}
  }

  @Override
  public String name() {
    return first.name()
        + " and "
        + second.name()
        + second.model().or(first::model).map(model -> " (" + model.name() + ")").orElse("");
  }

  /** Its next step follows from what was done and said, and an open call is neither. */
  @Override
  public boolean answersBack() {
    return false;
  }

  @Override
  public Reply call(Request request, Consumer<String> deltas) {
    Dialogue dialogue = Dialogue.of(first.name(), second.name(), request.messages());
    Step step = next(dialogue);
    String text = "";
    TokenUse use = TokenUse.NONE;
    List<Message.Call> calls = new ArrayList<>();
    if (step instanceof Step.Speak speak) {
      Reply reply = speak(speak, dialogue, request, deltas);
      text = reply.message().text();
      use = reply.use();
      calls.add(turn(speak.who(), speak.to(), reply.message().calls()));
      dialogue.replied(text, calls);
      step = next(dialogue);
    }
    switch (step) {
      case Step.Ask ask -> calls.add(ask.input().call());
      case Step.Execute execute -> execute(execute, calls);
      case Step.End end -> calls.add(end.end().call());
      case Step.Speak speak -> {}
      case Step.Finish finish -> text = dialogue.summary();
    }
    return new Reply(new Message.Assistant(text, calls), use);
  }

  private Step next(Dialogue dialogue) {
    String turn = dialogue.turn();
    if (turn == null || dialogue.ending()) {
      return new Step.Finish();
    }
    Participant self = turn.equals(first.name()) ? first : second;
    Participant sender = self == first ? second : first;
    Dialogue.Entry open = dialogue.open();
    if (open != null && open.from().equals(self.name())) {
      if (sender.decidesInWords() && SpokenDecision.in(dialogue.message()).isPresent()) {
        return new Step.Execute(open, null);
      }
      open = null;
    }
    String refused = dialogue.refused();
    if (refused != null) {
      return end(self, "No human input: " + refused);
    }
    String line = dialogue.line();
    ReplyTable.Turn now =
        new ReplyTable.Turn(
            self.name(),
            sender.name(),
            self.mode(),
            self.endsOn(dialogue.message()),
            dialogue.automatic(self.name()) >= self.automaticReplies());
    return switch (line == null ? ReplyTable.before(now) : ReplyTable.after(now, line)) {
      case ReplyTable.Move.Automatic automatic ->
          open == null ? new Step.Speak(self, sender) : new Step.Execute(open, self);
      case ReplyTable.Move.Ask ask ->
          new Step.Ask(new BuiltIn.Input(self.name(), sender.name(), ask.prompt()));
      case ReplyTable.Move.End end -> end(self, end.reason());
      case ReplyTable.Move.Reply reply ->
          throw new IllegalStateException("a text is a message before it is a line");
    };
  }

  private static Step end(Participant self, String reason) {
    return new Step.End(new BuiltIn.End(self.name(), reason));
  }

  private static Message.Call turn(Participant who, Participant to, List<Message.Call> calls) {
    return new BuiltIn.Turn(who.name(), to.name(), quiet(who), false, calls).call();
  }

  private static boolean quiet(Participant who) {
    return who.mode() == HumanInputMode.NEVER;
  }

  private void execute(Step.Execute step, List<Message.Call> calls) {
    Participant caller = step.open().from().equals(first.name()) ? first : second;
    Participant by = step.by();
    if (by != null) {
      calls.add(new BuiltIn.Turn(by.name(), caller.name(), quiet(by), true, List.of()).call());
    }
    for (Message.Call call : step.open().calls()) {
      // Its model sees its own tools only; a name that it made up must not reach the others.
      String tool = caller.offers(call.tool()) ? call.tool() : "not-offered/" + call.tool();
      calls.add(new Message.Call(call.providerId(), tool, call.arguments()));
    }
  }

  private static Reply speak(
      Step.Speak step, Dialogue dialogue, Request request, Consumer<String> deltas) {
    Participant who = step.who();
    Model model = who.model().orElse(null);
    if (model == null) {
      return new Reply(new Message.Assistant(who.otherwise(), List.of()), TokenUse.NONE);
    }
    return model.call(
        new Request(
            who.instructions(),
            heardBy(who.name(), dialogue),
            request.tools().stream().filter(tool -> who.offers(tool.name())).toList()),
        deltas);
  }

  /** The conversation as one of the two knows it: its own words, and all others as a user's. */
  static List<Message> heardBy(String self, Dialogue dialogue) {
    List<Message> heard = new ArrayList<>();
    for (Dialogue.Entry entry : dialogue.entries()) {
      if (!entry.from().equals(self)) {
        if (!entry.text().isEmpty() || entry.calls().isEmpty()) {
          heard.add(new Message.User(entry.text()));
        }
        continue;
      }
      heard.add(new Message.Assistant(entry.text(), entry.calls()));
      for (int i = 0; i < entry.calls().size(); i++) {
        heard.add(result(entry, i));
      }
    }
    return heard;
  }

  private static Message result(Dialogue.Entry entry, int place) {
    Message.Call call = Objects.requireNonNull(entry.calls().get(place));
    if (place >= entry.results().size()) {
      return new Message.ToolResult(call.providerId(), call.tool(), INTERRUPTED, true);
    }
    ConversationEvent.Result known = entry.results().get(place);
    return new Message.ToolResult(call.providerId(), call.tool(), known.text(), known.error());
  }
}
