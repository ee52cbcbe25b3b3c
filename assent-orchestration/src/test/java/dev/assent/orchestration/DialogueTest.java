package dev.assent.orchestration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.Message;
import dev.assent.testkit.ScriptedModel;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@DisplayName("What is stored of a conversation, and what it means")
class DialogueTest {

  private static Message.Assistant calls(String text, String... toolsAndArguments) {
    List<Message.Call> calls = new java.util.ArrayList<>();
    for (int i = 0; i < toolsAndArguments.length; i += 2) {
      calls.add(new Message.Call("i" + i, toolsAndArguments[i], toolsAndArguments[i + 1]));
    }
    return new Message.Assistant(text, calls);
  }

  private static Message.ToolResult result(int place, String tool, String text) {
    return new Message.ToolResult("i" + place, tool, text, false);
  }

  /** As version 0.1 writes it. A change here cannot read what people have stored. */
  private static final List<Message> STORED =
      List.of(
          new Message.User("Pay."),
          calls(
              "I pay.",
              "conversation_turn",
              """
              {"from":"bot","to":"human","quiet":false,"executes":false,
               "calls":[{"id":"p","tool":"pay","arguments":"{\\"amount\\":5}"}]}""",
              "human_input",
              "{\"participant\":\"human\",\"to\":\"bot\",\"prompt\":\"?\"}"),
          result(0, "conversation_turn", "noted"),
          result(2, "human_input", ""),
          calls(
              "",
              "conversation_turn",
              "{\"from\":\"human\",\"to\":\"bot\",\"quiet\":false,\"executes\":true,\"calls\":[]}",
              "pay",
              "{\"amount\":5}"),
          result(0, "conversation_turn", "noted"),
          result(2, "pay", "paid"),
          calls(
              "Done.",
              "conversation_turn",
              "{\"from\":\"bot\",\"to\":\"human\",\"quiet\":false,\"executes\":false,\"calls\":[]}",
              "human_input",
              "{\"participant\":\"human\",\"to\":\"bot\",\"prompt\":\"?\"}"),
          result(0, "conversation_turn", "noted"),
          result(2, "human_input", "Exit"),
          calls("", "conversation_end", "{\"participant\":\"human\",\"reason\":\"why\"}"),
          result(0, "conversation_end", "noted"));

  @Test
  void readsWhatThisVersionWrote() {
    Dialogue dialogue = Dialogue.of("human", "bot", STORED);

    assertThat(dialogue.ending()).isTrue();
    assertThat(dialogue.summary()).isEqualTo("Done.");
    assertThat(dialogue.automatic("bot")).isEqualTo(2);
    assertThat(dialogue.automatic("human")).isEqualTo(1);
    assertThat(ConversationModel.heardBy("bot", dialogue))
        .containsExactly(
            new Message.User("Pay."),
            new Message.Assistant(
                "I pay.", List.of(new Message.Call("p", "pay", "{\"amount\":5}"))),
            new Message.ToolResult("p", "pay", "paid", false),
            new Message.Assistant("Done.", List.of()));
    assertThat(ConversationModel.heardBy("human", dialogue))
        .containsExactly(
            new Message.Assistant("Pay.", List.of()),
            new Message.User("I pay."),
            new Message.User("Done."));
  }

  @Test
  void whereItStandsFollowsFromAnyBeginningOfIt() {
    assertThat(at(1).turn()).isEqualTo("bot");
    assertThat(Objects.requireNonNull(at(2).open()).calls()).hasSize(1);
    assertThat(at(2).asked()).isPresent();
    assertThat(at(4).line()).isEmpty();
    assertThat(at(7).turn()).isEqualTo("bot");
    assertThat(at(7).open()).isNull();
    assertThat(at(10).line()).isEqualTo("Exit");
  }

  private static Dialogue at(int messages) {
    return Dialogue.of("human", "bot", STORED.subList(0, messages));
  }

  @Test
  @Tag("D1")
  @DisplayName("defaults")
  void defaults() {
    ScriptedModel model = ScriptedModel.inOrder();
    Participant person = Participant.person("p").build();

    assertThat(person.mode()).isEqualTo(HumanInputMode.ALWAYS);
    assertThat(Participant.agent("a", model).build().mode()).isEqualTo(HumanInputMode.TERMINATE);
    assertThat(Participant.assistant("s", model).build().mode()).isEqualTo(HumanInputMode.NEVER);
    assertThat(person.automaticReplies()).isEqualTo(100);
    assertThat(person.endsOn("TERMINATE\n")).isTrue();
    assertThat(person.endsOn("I will not TERMINATE")).isFalse();
  }

  @Test
  void twoOfOneNameCannotTalk() {
    Participant one = Participant.person("same").build();

    assertThatThrownBy(() -> Conversation.between(one, Participant.person("same").build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rename one");
  }
}
