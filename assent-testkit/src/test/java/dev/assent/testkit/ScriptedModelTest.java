package dev.assent.testkit;

import static dev.assent.testkit.ScriptedModel.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.Message;
import dev.assent.core.spi.Model;
import dev.assent.core.spi.ModelException;
import dev.assent.runtime.RunResult;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ScriptedModelTest {
  private static Model.Request heard(Message... messages) {
    return new Model.Request("", List.of(messages), List.of());
  }

  private static String say(ScriptedModel model, Message... messages) {
    return model.call(heard(messages), delta -> {}).message().text();
  }

  private static Message.Assistant spoken(String text) {
    return new Message.Assistant(text, List.of());
  }

  @Test
  void inOrderEachReplyIsGivenOnce() {
    ScriptedModel model = ScriptedModel.inOrder().says("one").says("two");

    assertThat(say(model)).isEqualTo("one");
    assertThat(say(model)).isEqualTo("two");
  }

  @Test
  void byTurnTheSameTurnGetsTheSameReply() {
    ScriptedModel model = ScriptedModel.byTurn().says("one").says("two");

    assertThat(say(model)).isEqualTo("one");
    assertThat(say(model)).isEqualTo("one");
    assertThat(say(model, new Message.User("hello"), spoken("one"))).isEqualTo("two");
  }

  @Test
  void byTurnAFailureComesOnceBeforeItsReply() {
    ScriptedModel model = ScriptedModel.byTurn().says("one").failsOnce().says("two");

    assertThatThrownBy(() -> say(model, spoken("one"))).isInstanceOf(ModelException.class);
    assertThat(say(model, spoken("one"))).isEqualTo("two");
    assertThat(say(model, spoken("one"))).isEqualTo("two");
    assertThat(say(model)).isEqualTo("one");
  }

  @Test
  void aFailureThatMayPassIsTriedAgainByTheRuntime() {
    try (Office office = new Office(ScriptedModel.inOrder().failsOnce().says("Hello."))) {
      assertThat(office.run()).isInstanceOf(RunResult.Completed.class);
      office.model.assertUsedUp();
    }
  }

  @Test
  void aRuleHearsTheConversation() {
    ScriptedModel model =
        ScriptedModel.following(request -> spoken(request.messages().getLast().text() + "!"));

    assertThat(say(model, new Message.User("hello"))).isEqualTo("hello!");
    assertThat(model.lastHeard()).containsExactly(new Message.User("hello"));
    assertThat(model.requests()).hasSize(1);
  }

  @Test
  void piecesArriveBeforeTheWhole() {
    List<String> pieces = new ArrayList<>();

    Model.Reply reply =
        ScriptedModel.inOrder().streams("Good ", "morning").call(heard(), pieces::add);

    assertThat(pieces).containsExactly("Good ", "morning");
    assertThat(reply.message().text()).isEqualTo("Good morning");
  }

  @Test
  void argumentsAreWrittenAsJsonAndIdsAreMadeUp() {
    ScriptedModel model =
        ScriptedModel.inOrder()
            .calls(
                call("pay", Map.of("to", "a\"b", "amount", new BigDecimal("12.50"))),
                call("pay", "not JSON"),
                call("mine", "pay", "{}"));

    assertThat(model.call(heard(), delta -> {}).message().calls())
        .containsExactly(
            new Message.Call("p1-1", "pay", "{\"amount\":12.50,\"to\":\"a\\\"b\"}"),
            new Message.Call("p1-2", "pay", "not JSON"),
            new Message.Call("mine", "pay", "{}"));
    assertThatThrownBy(() -> call("pay", Map.of("x", new Object())))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aUsedUpScriptFailsTheRunAndSaysSo() {
    try (Office office =
        new Office(ScriptedModel.inOrder().calls(call("look", Map.of("what", "sky"))))) {
      RunResult end = office.run();

      assertThat(end)
          .isInstanceOfSatisfying(
              RunResult.Failed.class,
              failed ->
                  assertThat(failed.message())
                      .contains("the script has 1 lines")
                      .contains("seen sky"));
      assertThatThrownBy(office.model::assertNotOverrun)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("asked once more");
      assertThatThrownBy(office.model::assertUsedUp).isInstanceOf(AssertionError.class);
    }
  }

  @Test
  void aLineThatWasNeverSpokenIsFound() {
    ScriptedModel model = ScriptedModel.inOrder().says("one").says("two");
    say(model);

    assertThatThrownBy(model::assertUsedUp)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("only 1 were spoken");
    assertThatCode(model::assertNotOverrun).doesNotThrowAnyException();
    say(model);
    assertThatCode(model::assertUsedUp).doesNotThrowAnyException();
  }

  @Test
  void lastHeardOfAModelThatWasNeverAskedFails() {
    assertThatThrownBy(ScriptedModel.inOrder()::lastHeard).isInstanceOf(AssertionError.class);
  }
}
