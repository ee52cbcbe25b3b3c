package dev.assent.testkit;

import static dev.assent.testkit.AssentAssertions.assertThatRun;
import static dev.assent.testkit.AssentAssertions.expectTool;
import static dev.assent.testkit.AssentAssertions.expectToolNotUsed;
import static dev.assent.testkit.ScriptedModel.call;
import static dev.assent.testkit.ScriptedPerson.argument;
import static dev.assent.testkit.ScriptedPerson.person;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.Effect;
import dev.assent.core.Keyring;
import dev.assent.core.Message;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Tool;
import dev.assent.runtime.Agent;
import dev.assent.runtime.ToolContext;
import dev.assent.store.jdbc.SqliteStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ScenarioTest {
  @TempDir Path folder;

  record Payments(Effects effects) {
    @RequiresApproval(expiresAfter = "PT1H")
    @Tool(value = "Pays an invoice", effectKey = "invoice:{invoice}")
    String pay(String invoice, long amount, ToolContext context) {
      effects.happened(context, "pay " + invoice + " " + amount);
      return "paid " + invoice;
    }

    @Tool("Sends a mail")
    String mail(String to, ToolContext context) {
      effects.happened(context, "mail " + to);
      return "mailed";
    }

    @RequiresApproval
    @Tool(value = "Books", effect = Effect.IDEMPOTENT, timeLimit = "PT5M")
    String book(String room, ToolContext context) {
      effects.happenedUnderKey(context, "book " + room);
      return "booked";
    }

    /** Says that a repeat does no harm, and it does. */
    @RequiresApproval
    @Tool(value = "Books", effect = Effect.IDEMPOTENT, timeLimit = "PT5M")
    String overbook(String room, ToolContext context) {
      effects.happened(context, "overbook " + room);
      return "booked";
    }

    @RequiresApproval
    @Tool("Whispers")
    String whisper(String what) {
      effects.happened("whisper " + what);
      return "whispered";
    }
  }

  private static Agent bot(Stage stage) {
    return Agent.named("bot").model(stage.model()).tools(new Payments(stage.effects())).build();
  }

  private static Scenario.Builder story() {
    return Scenario.named("two invoices and a mail")
        .agent(ScenarioTest::bot)
        .model(
            model ->
                model
                    .calls(
                        call("pay", Map.of("invoice", "17", "amount", 12_000)),
                        call("pay", Map.of("invoice", "18", "amount", 5)),
                        call("mail", Map.of("to", "bob")))
                    .calls(call("book", Map.of("room", "5")))
                    .says("Done."))
        .people(
            person("ann")
                .rejects("pay", argument("invoice", "18"), "not ours")
                .approves("pay")
                .approves("book"))
        .starts("bot", "Pay.")
        .expect(
            run ->
                assertThatRun(run).completedWith("Done.").executedOnce("pay").executedOnce("mail"),
            expectTool("pay").with("invoice", "18").rejected())
        .always(expectToolNotUsed("wire_money"));
  }

  private static Scenario calling(String tool, UnaryOperator<ScriptedPerson> rules) {
    return Scenario.named("one call")
        .agent(ScenarioTest::bot)
        .model(
            model ->
                model
                    .calls(
                        call(
                            tool,
                            switch (tool) {
                              case "pay" -> Map.of("invoice", "17", "amount", 5);
                              case "whisper" -> Map.of("what", "x");
                              default -> Map.of("room", "5");
                            }))
                    .says("Done."))
        .people(rules.apply(person("ann").approves(tool)))
        .starts("bot", "Go.")
        .build();
  }

  private StoreFactory files() {
    return (name, clock) ->
        SqliteStore.at(folder.resolve(name + ".db"), Keyring.of(new byte[Keyring.MASTER_KEY_BYTES]))
            .clock(clock)
            .open();
  }

  @Nested
  class Plays {
    @Test
    void inMemoryAndOnAFileItEndsTheSame() {
      Scenario story = story().build();

      assertThat(story.play().output()).isEqualTo("Done.");
      assertThat(story.play(files()).output()).isEqualTo("Done.");
    }

    @Test
    void aWorldOfOnesOwnIsUsedAndClosed() {
      AtomicInteger closed = new AtomicInteger();
      Scenario story = story().build();

      SeenRun end =
          story.playIn(
              stage ->
                  new ProcessWorld(
                      story
                          .assent(StoreFactory.inMemory().open("x", stage.clock()), stage)
                          .start()) {
                    @Override
                    public void close() {
                      closed.incrementAndGet();
                      super.close();
                    }
                  });

      assertThat(end.output()).isEqualTo("Done.");
      assertThat(closed).hasValue(1);
    }

    @Test
    void whatIsExpectedInVainFails() {
      assertThatThrownBy(() -> story().expect(expectToolNotUsed("mail")).build().play())
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("scenario 'two invoices and a mail'")
          .hasMessageContaining("a call of mail, 0 times, found 1");
      assertThatThrownBy(() -> story().always(expectTool("wire_money")).build().play())
          .isInstanceOf(AssertionError.class);
    }

    @Test
    void aPersonWithoutARuleFailsIt() {
      Scenario story =
          Scenario.named("nobody knows")
              .agent(ScenarioTest::bot)
              .model(model -> model.calls(call("book", Map.of("room", "5"))))
              .people(person("ann").approves("pay"))
              .starts("bot", "Go.")
              .build();

      assertThatThrownBy(story::play)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("nobody has a rule for APPROVAL of book");
    }

    @Test
    void aScriptThatIsTooShortFailsIt() {
      Scenario story =
          Scenario.named("short")
              .agent(ScenarioTest::bot)
              .model(model -> {})
              .people(person("ann"))
              .starts("bot", "Go.")
              .build();

      assertThatThrownBy(story::play)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("the script has 0 lines");
    }

    @Test
    void anAnswerThatDoesNotCountFailsIt() {
      Scenario story =
          calling(
              "book",
              ann ->
                  person("ann")
                      .answers(
                          card -> true,
                          card -> Answer.of(dev.assent.core.Verdict.GIVE_UP, null).to(card)));

      assertThatThrownBy(story::play)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("does not count");
    }

    @Test
    void aScenarioNeedsAnAgentAPersonAndAStep() {
      assertThatThrownBy(() -> Scenario.named("empty").build())
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(
              () ->
                  Scenario.named("no run")
                      .agent(ScenarioTest::bot)
                      .people(person("ann"))
                      .then(Scene::run)
                      .build()
                      .play())
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("no run was started");
    }
  }

  @Nested
  class Steps {
    @Test
    void timePassesAndDeadlinesWithIt() {
      Scenario story =
          Scenario.named("too late")
              .agent(ScenarioTest::bot)
              .model(
                  model ->
                      model
                          .calls(call("pay", Map.of("invoice", "17", "amount", 5)))
                          .says("Nobody answered."))
              .people(person("ann").approves("pay"))
              .starts("bot", "Go.")
              .then(scene -> assertThatRun(scene.see()).isPausedFor("pay"))
              .passes(Duration.ofMinutes(61))
              .expect(
                  run -> assertThatRun(run).completedWith("Nobody answered.").neverExecuted("pay"))
              .build();

      story.play();
      assertThat(CrashPoints.everyCommit(story).crashes()).isPositive();
    }

    @Test
    void aPersonCancels() {
      ScriptedPerson ann = person("ann").approves("pay");
      Scenario story =
          Scenario.named("cancelled")
              .agent(ScenarioTest::bot)
              .model(model -> model.calls(call("pay", Map.of("invoice", "17", "amount", 5))))
              .people(ann)
              .starts("bot", "Go.")
              .cancels(ann)
              .always(run -> assertThatRun(run).isCancelled().neverExecuted("pay"))
              .build();

      story.play();
      assertThat(CrashPoints.everyCommit(story, files()).crashes()).isPositive();
    }

    @Test
    void peopleAnswerStepByStepAndMayLeaveSomething() {
      Scenario story =
          story()
              .answers()
              .then(scene -> assertThat(scene.stage().effects().times("pay 17 12000")).isOne())
              .build();
      Scenario left = calling("book", ann -> person("ann").leaves("book"));

      story.play();
      assertThatRun(left.play()).isPausedFor("book");
    }

    @Test
    void twoPeopleAreTwoVotes() {
      Scenario story =
          Scenario.named("two")
              .agent(
                  stage ->
                      Agent.named("bot")
                          .model(stage.model())
                          .tools(new Payments(stage.effects()))
                          .policy(
                              question ->
                                  new dev.assent.core.PolicyOutcome.Require(
                                      new dev.assent.core.ApprovalTerms(
                                          "two",
                                          List.of(
                                              new dev.assent.core.Threshold(
                                                  2, List.of(), List.of())),
                                          dev.assent.core.Risk.HIGH,
                                          "",
                                          null,
                                          null,
                                          null,
                                          dev.assent.core.ApprovalTerms.OnExpiry.REJECT)))
                          .build())
              .model(model -> model.calls(call("mail", Map.of("to", "bob"))).says("Done."))
              .people(person("ann").approves("mail"), person("ben").approves("mail"))
              .starts("bot", "Go.")
              .answers()
              .then(scene -> assertThatRun(scene.see()).isPausedFor("mail"))
              .expect(run -> assertThatRun(run).executedOnce("mail"))
              .build();

      story.play();
    }
  }

  @Nested
  class Crashes {
    @Test
    @Tag("X9")
    @DisplayName("a story survives a crash before and after each commit, in memory")
    void everyCommitInMemory() {
      CrashPoints.Report report = CrashPoints.everyCommit(story().build());

      assertThat(report.commits()).isGreaterThan(8);
      assertThat(report.crashes()).isGreaterThan(report.commits());
    }

    @Test
    @Tag("X9")
    @DisplayName("a story survives a crash before and after each commit, on a file")
    void everyCommitOnAFile() {
      assertThat(CrashPoints.everyCommit(story().build(), files()).crashes()).isGreaterThan(8);
    }

    @Test
    void aRepeatThatDoesHarmIsCaught() {
      bites(calling("overbook", ann -> ann), "'overbook 5' happened 2 times, undisturbed 1");
    }

    @Test
    void aPersonWhoSaysThatItHappenedWithoutLookingIsCaught() {
      bites(
          calling("pay", ann -> ann.reconciles("pay", Answer.happened("surely"))),
          "is told as done, but [pay 17 5] did not happen");
    }

    @Test
    void aPersonWhoSaysThatItDidNotHappenWithoutLookingIsCaught() {
      bites(
          calling("pay", ann -> ann.reconciles("pay", Answer.didNotHappen())),
          "'pay 17 5' happened 2 times, undisturbed 1");
    }

    @Test
    void anEndThatDependsOnTheCrashIsCaught() {
      ScriptedModel forgetful = ScriptedModel.byTurn();
      AtomicInteger asked = new AtomicInteger();
      forgetful.otherwise(
          request -> new Message.Assistant("asked " + asked.incrementAndGet(), List.of()));
      Scenario story =
          Scenario.named("forgetful")
              .agent(stage -> Agent.named("bot").model(forgetful).build())
              .people(person("ann"))
              .starts("bot", "Go.")
              .build();

      bites(story, "its output is not 'asked 1'");
    }

    @Test
    void anEffectThatNobodySaysWhoseItIsLeavesADoubt() {
      bites(calling("whisper", ann -> ann), "do not say which call made them");
    }

    @Test
    void aDoubtMayBeLeft() {
      assertThat(CrashPoints.everyCommit(calling("pay", ann -> ann.leaves("pay"))).crashes())
          .isPositive();
    }

    @Test
    void whatIsAlwaysExpectedIsLookedAtAfterACrashToo() {
      AtomicInteger looked = new AtomicInteger();
      Scenario story =
          story()
              .always(
                  run -> {
                    if (looked.incrementAndGet() > 3) {
                      throw new AssertionError("fourth");
                    }
                  })
              .build();

      bites(story, "fourth");
    }

    private void bites(Scenario story, String says) {
      assertThatThrownBy(() -> CrashPoints.everyCommit(story))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("crash ")
          .hasMessageContaining(says);
    }
  }
}
