package dev.assent.scenarios;

import static dev.assent.testkit.AssentAssertions.assertThatRun;
import static dev.assent.testkit.AssentAssertions.expectTool;
import static dev.assent.testkit.ScriptedModel.call;
import static dev.assent.testkit.ScriptedPerson.argument;
import static dev.assent.testkit.ScriptedPerson.person;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.Effect;
import dev.assent.core.Message;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Tool;
import dev.assent.runtime.Agent;
import dev.assent.runtime.ToolContext;
import dev.assent.store.jdbc.SqliteStore;
import dev.assent.testkit.CrashPoints;
import dev.assent.testkit.Effects;
import dev.assent.testkit.Scenario;
import dev.assent.testkit.ScriptedPerson;
import dev.assent.testkit.SeenCall;
import dev.assent.testkit.SeenRun;
import dev.assent.testkit.Stage;
import dev.assent.testkit.StoreFactory;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One story, told once: two invoices, a look, a mail, and the first invoice again. It is played in
 * memory, on a file, over HTTP, and with a process that dies at every commit, before it is written
 * and after: each payment is made at most once and everybody agrees on it.
 */
@Timeout(300)
class OneStoryTest {
  @TempDir Path folder;
  private final ScriptedPerson ada =
      person("ada").approves("pay", argument("invoice", "17")).rejects("pay", "because");
  private volatile Stage stage;

  record Tools(Effects effects) {
    @RequiresApproval(summary = "Pay {amount} to {vendor}")
    @Tool(value = "Pays an invoice", effectKey = "invoice:{invoice}", independent = true)
    String pay(String invoice, long amount, String vendor, ToolContext context) {
      effects.happened(context, "pay " + invoice + " " + amount + " " + vendor);
      return "paid " + invoice;
    }

    @Tool(value = "Sends a mail", effectKey = "mail:{to}")
    String mail(String to, ToolContext context) {
      effects.happened(context, "mail " + to);
      return "mailed " + to;
    }

    @Tool(value = "Looks something up", effect = Effect.READ_ONLY)
    String look(String what) {
      return "seen " + what;
    }
  }

  private Scenario story() {
    return Scenario.named("two invoices, and one of them again")
        .agent(
            on -> {
              stage = on;
              return Agent.named("bot").model(on.model()).tools(new Tools(on.effects())).build();
            })
        .model(
            model ->
                model
                    .replies(
                        "Two invoices.",
                        World.pay("p1", "17", 12_000),
                        World.pay("p2", "18", 5),
                        call("l1", "look", "{\"what\":\"sky\"}"),
                        call("m1", "mail", "{\"to\":\"bob\"}"))
                    .replies("Again?", World.pay("p3", "17", 12_000))
                    .says("Done."))
        .people(ada)
        .starts("bot", "Pay.")
        .expect(
            run -> assertThatRun(run).executedOnce("mail").told("mail", "mailed bob"),
            expectTool("look").succeeded())
        .always(this::check)
        .build();
  }

  private void check(SeenRun run) {
    assertThatRun(run)
        .completedWith("Done.")
        .calls("pay", "pay", "look", "mail", "pay")
        .executedOnce("pay")
        .meets(expectTool("pay").with("invoice", "18").rejected());
    assertThat(run.waitsFor()).isEmpty();
    assertThat(result(run, 1)).contains("rejected").contains("because");
    assertThat(result(run, 4)).contains("already been done");

    Effects effects = stage.effects();
    SeenCall mail = run.callsOf("mail").getFirst();
    assertThat(effects.times("pay 17 12000 Acme")).isOne();
    assertThat(effects.times("mail bob") == 1 || !mail.result().equals("mailed bob"))
        .as("a mail that was not sent is not told as sent")
        .isTrue();
    assertThat(stage.model().lastHeard())
        .filteredOn(Message.ToolResult.class::isInstance)
        .extracting(message -> ((Message.ToolResult) message).providerId())
        .as("one result for each call")
        .containsExactly("p1", "p2", "l1", "m1", "p3");
  }

  private static String result(SeenRun run, int call) {
    return run.calls().get(call).result();
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
  @Tag("C19")
  @DisplayName("over HTTP, where another account than the requester's decides")
  void overHttp() {
    Scenario story = story();

    story.playIn(on -> new HttpWorld(folder.resolve("data"), story.agents(on), ada));
  }

  @Test
  @Tag("X9")
  @DisplayName("a crash at any commit leaves every payment made at most once, in memory")
  void crashAtEveryCommitInMemory() {
    assertThat(CrashPoints.everyCommit(story()).crashes()).isGreaterThan(16);
  }

  @Test
  @Tag("X9")
  @DisplayName("a crash at any commit leaves every payment made at most once, on a file")
  void crashAtEveryCommitOnAFile() {
    assertThat(CrashPoints.everyCommit(story(), files()).crashes()).isGreaterThan(16);
  }

  @Test
  @Tag("X7")
  @DisplayName("over HTTP a run that somebody cancels pays nothing")
  void cancelledOverHttp() {
    Scenario story =
        Scenario.named("cancelled")
            .agent(
                on -> Agent.named("bot").model(on.model()).tools(new Tools(on.effects())).build())
            .model(
                model ->
                    model.calls(
                        call("pay", Map.of("invoice", "17", "amount", 5, "vendor", "Acme"))))
            .people(ada)
            .starts("bot", "Pay.")
            .then(scene -> assertThatRun(scene.see()).isPausedFor("pay"))
            .cancels(ada)
            .always(run -> assertThatRun(run).isCancelled().neverExecuted("pay"))
            .build();

    SeenRun end = story.playIn(on -> new HttpWorld(folder.resolve("data"), story.agents(on), ada));

    assertThat(end.calls()).hasSize(1);
  }
}
