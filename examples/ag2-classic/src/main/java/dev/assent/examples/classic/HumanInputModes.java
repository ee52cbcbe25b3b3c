package dev.assent.examples.classic;

import dev.assent.core.Principal;
import dev.assent.core.spi.Model;
import dev.assent.orchestration.Conversation;
import dev.assent.orchestration.Frame;
import dev.assent.orchestration.HumanInputMode;
import dev.assent.orchestration.Lines;
import dev.assent.orchestration.Participant;
import dev.assent.runtime.Assent;
import dev.assent.runtime.InMemoryStore;
import dev.assent.runtime.RunResult;
import java.io.IOException;
import java.io.UncheckedIOException;

/** When a person is asked: always, at the end, never. Runs by itself: the lines are typed by it. */
public final class HumanInputModes {
  private static final Principal PERSON = Principal.person("you");

  private HumanInputModes() {}

  /** Plays all three modes. */
  public static void main(String[] args) {
    play(System.out);
  }

  static void play(Appendable out) {
    // ALWAYS: the person is asked at every turn; enter lets the participant reply by itself.
    talk(out, HumanInputMode.ALWAYS, "How far is it?", "");
    // TERMINATE: the person is asked when the other wants to end.
    talk(out, HumanInputMode.TERMINATE, "Not yet!", "");
    // NEVER: nobody is asked.
    talk(out, HumanInputMode.NEVER);
  }

  private static RunResult talk(Appendable out, HumanInputMode mode, String... typed) {
    Model model = ScriptedDemoModel.saying("Let us plan a trip.", "It is 3 hours. TERMINATE");
    Participant human =
        Participant.person("human")
            .mode(mode)
            .otherwise("Go on.")
            .endsOn(text -> text.endsWith("TERMINATE"))
            .build();
    Participant assistant = Participant.assistant("ai_assistant", model).build();
    Conversation conversation = Conversation.between(human, assistant);
    try (Assent assent =
        Assent.on(new InMemoryStore())
            .answeredFromOutside()
            .operator(PERSON)
            .register(conversation.agent())
            .start()) {
      out.append("== " + mode + ", played by the " + model.name() + " ==\n\n");
      RunResult result =
          conversation
              .start(assent, "Hello.")
              .process(Frame.to(out, mode.name()), Lines.of(typed), PERSON);
      out.append('\n');
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
