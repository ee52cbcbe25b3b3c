package dev.assent.scenarios;

import static dev.assent.testkit.AssentAssertions.assertThatRun;
import static dev.assent.testkit.ScriptedModel.call;
import static dev.assent.testkit.ScriptedPerson.person;
import static dev.assent.testkit.ScriptedPerson.where;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.JsonString;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Tool;
import dev.assent.orchestration.Conversation;
import dev.assent.orchestration.HumanInputMode;
import dev.assent.orchestration.Participant;
import dev.assent.runtime.RequirementCard;
import dev.assent.runtime.ToolContext;
import dev.assent.store.jdbc.SqliteStore;
import dev.assent.testkit.Answer;
import dev.assent.testkit.CrashPoints;
import dev.assent.testkit.Effects;
import dev.assent.testkit.Scenario;
import dev.assent.testkit.ScriptedPerson;
import dev.assent.testkit.SeenRun;
import dev.assent.testkit.Stage;
import dev.assent.testkit.StoreFactory;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One conversation, told once: the bot wants to pay, the person presses enter, the gate asks, the
 * bot ends, the person says exit. Played in memory, on a file, over HTTP, and with a crash at any
 * commit: what was typed is kept, and the payment is made at most once.
 */
@Timeout(300)
@Tag("D4")
class ConversationStoryTest {
  @TempDir Path folder;
  private volatile Stage stage;
  private final ScriptedPerson ada =
      person("ada")
          .answers(asked("Press enter to skip"), Answer.text(""))
          .answers(asked("Press enter or type"), Answer.text("exit"))
          .approves("pay");

  record Tools(Effects effects) {
    @RequiresApproval(summary = "Pay {amount}")
    @Tool(value = "Pays", effectKey = "pay:{amount}")
    String pay(long amount, ToolContext context) {
      effects.happened(context, "pay " + amount);
      return "paid " + amount;
    }
  }

  private static Predicate<RequirementCard> asked(String words) {
    return where(
            "prompt", prompt -> prompt instanceof JsonString text && text.value().contains(words))
        .and(card -> card.requirement().kind() == RequirementKind.USER_INPUT);
  }

  private Scenario story() {
    return Scenario.named("a conversation")
        .agent(
            on -> {
              stage = on;
              return Conversation.between(
                      Participant.person("human")
                          .mode(HumanInputMode.TERMINATE)
                          .automaticReplies(0)
                          .build(),
                      Participant.assistant("bot", on.model())
                          .tools(new Tools(on.effects()))
                          .build())
                  .agent();
            })
        .model(
            model -> model.replies("I pay.", call("p", "pay", "{\"amount\":5}")).says("TERMINATE"))
        .people(ada)
        .starts("bot", "Pay.")
        .expect(run -> assertThatRun(run).executedOnce("pay").told("pay", "paid 5"))
        .always(this::check)
        .build();
  }

  private void check(SeenRun run) {
    assertThatRun(run)
        .isCompleted()
        .calls(
            "conversation_turn",
            "human_input",
            "conversation_turn",
            "pay",
            "conversation_turn",
            "human_input",
            "conversation_end");
    assertThat(run.waitsFor()).isEmpty();
    assertThat(run.calls().get(1).result()).isEmpty();
    assertThat(run.calls().get(5).result()).isEqualTo("exit");
    assertThat(stage.effects().times("pay 5")).isOne();
  }

  private StoreFactory files() {
    return (name, clock) ->
        SqliteStore.at(folder.resolve(name + ".db"), World.keyring()).clock(clock).open();
  }

  @Test
  void inMemory() {
    story().play();
  }

  @Test
  void onAFile() {
    story().play(files());
  }

  @Test
  @Tag("D2")
  @DisplayName("lines are typed and gates decided over HTTP")
  void overHttp() {
    Scenario story = story();

    story.playIn(on -> new HttpWorld(folder.resolve("data"), story.agents(on), ada));
  }

  @Test
  @Tag("X9")
  @DisplayName("a crash at any commit loses no line, in memory")
  void crashAtEveryCommitInMemory() {
    assertThat(CrashPoints.everyCommit(story()).crashes()).isGreaterThan(16);
  }

  @Test
  @Tag("X9")
  @DisplayName("a crash at any commit loses no line, on a file")
  void crashAtEveryCommitOnAFile() {
    assertThat(CrashPoints.everyCommit(story(), files()).crashes()).isGreaterThan(16);
  }
}
