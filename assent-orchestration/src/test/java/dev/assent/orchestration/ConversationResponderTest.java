package dev.assent.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.RequirementKind;
import dev.assent.core.RunStatus;
import dev.assent.runtime.Assent;
import dev.assent.runtime.InMemoryStore;
import dev.assent.testkit.Answer;
import dev.assent.testkit.ScriptedModel;
import dev.assent.testkit.ScriptedPerson;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("A2")
@Tag("D6")
@DisplayName("lines and gates of a conversation, answered by a responder")
class ConversationResponderTest {

  @Test
  void aResponderTypesAndDecides() {
    Till till = new Till();
    ScriptedModel model =
        ScriptedModel.byTurn()
            .calls(ScriptedModel.call("pay", "{\"amount\":5,\"vendor\":\"v\"}"))
            .says("TERMINATE");
    Conversation conversation =
        Conversation.between(
            Participant.person("human").mode(HumanInputMode.TERMINATE).build(),
            Participant.assistant("bot", model).tools(till).build());
    ScriptedPerson person =
        ScriptedPerson.person("olga")
            .approves("pay")
            .answers(RequirementKind.USER_INPUT, "human_input", Answer.text("exit"));
    try (Assent assent =
        Assent.on(new InMemoryStore())
            .operator(person.principal())
            .responder(person)
            .register(conversation.agent())
            .start()) {
      ConversationRun run = conversation.start(assent, "Pay.");

      List<ConversationEvent> events = new ArrayList<>();
      run.events().forEach(events::add);

      assertThat(events.getLast()).isEqualTo(new ConversationEvent.Ended(RunStatus.COMPLETED, ""));
      assertThat(till.done).containsExactly("pay 5 v");
      person.assertNothingUnforeseen();
    }
  }
}
