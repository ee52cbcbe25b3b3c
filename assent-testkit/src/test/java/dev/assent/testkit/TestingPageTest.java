package dev.assent.testkit;

import static dev.assent.testkit.AssentAssertions.assertThatRun;
import static dev.assent.testkit.AssentAssertions.expectTool;
import static dev.assent.testkit.AssentAssertions.expectToolNotUsed;
import static dev.assent.testkit.ScriptedModel.call;
import static dev.assent.testkit.ScriptedPerson.person;
import static dev.assent.testkit.ScriptedPerson.where;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.Json;
import dev.assent.core.JsonNumber;
import dev.assent.core.Keyring;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Tool;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.InMemoryStore;
import dev.assent.runtime.RunResult;
import dev.assent.runtime.ToolContext;
import dev.assent.store.jdbc.SqliteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/testing.md. */
@Timeout(60)
class TestingPageTest {
  private static final Path PAGE = Path.of("../docs/testing.md");
  private static final Path SOURCE =
      Path.of("src/test/java/dev/assent/testkit/TestingPageTest.java");

  private final Effects bank = new Effects();
  private final Predicate<Json> tooMuch =
      json -> json instanceof JsonNumber number && Long.parseLong(number.toString()) > 10_000;

  class Payments {
    @RequiresApproval(expiresAfter = "PT2H")
    @Tool(value = "Pays an invoice", effectKey = "invoice:{invoice}")
    String pay(String invoice, long amount, ToolContext context) {
      bank.happened(context, "paid " + invoice + " " + amount);
      return "paid " + invoice;
    }
  }

  record BankTools(Effects effects) {
    @RequiresApproval(expiresAfter = "PT2H")
    @Tool(value = "Pays an invoice", effectKey = "invoice:{invoice}")
    String pay(String invoice, long amount, ToolContext context) {
      effects.happened(context, "paid " + invoice + " " + amount);
      return "paid " + invoice;
    }
  }

  @Test
  void oneRun() {
    VirtualClock clock = VirtualClock.standing();
    ScriptedPerson ann =
        person("ann").rejects("pay", where("amount", tooMuch), "Over the limit.").approves("pay");
    ScriptedModel model =
        ScriptedModel.inOrder()
            .calls(
                call("pay", Map.of("invoice", "17", "amount", 120)),
                call("pay", Map.of("invoice", "18", "amount", 99_000)))
            .says("I paid 17.");
    try (Assent assent =
        Assent.on(new InMemoryStore(clock))
            .answeredFromOutside()
            .operator(ann.principal())
            .register(Agent.named("bot").model(model).tools(new Payments()).build())
            .start()) {
      RunResult paused = assent.run("bot", "Pay what is due.");
      assertThatRun(assent, paused).isPausedFor("pay", "pay");

      ann.answerAll(assent, paused.run());
      RunResult end = assent.resume(paused.run());

      assertThatRun(assent, end)
          .completedWith("I paid 17.")
          .executedOnce("pay")
          .meets(
              expectTool("pay").with("invoice", "17").succeeded(),
              expectTool("pay").with("invoice", "18").rejected(),
              expectToolNotUsed("wire_money"));
      model.assertUsedUp();
    }
    assertThat(bank.lines()).containsExactly("paid 17 120");
  }

  @Test
  void oneStoryAnywhere(@TempDir Path folder) {
    Keyring keys = Keyring.of(new byte[Keyring.MASTER_KEY_BYTES]);
    Scenario story =
        Scenario.named("an invoice is paid once")
            .agent(
                stage ->
                    Agent.named("bot")
                        .model(stage.model())
                        .tools(new BankTools(stage.effects()))
                        .build())
            .model(
                model ->
                    model.calls(call("pay", Map.of("invoice", "17", "amount", 120))).says("Paid."))
            .people(person("ann").approves("pay"))
            .starts("bot", "Pay invoice 17.")
            .then(scene -> assertThatRun(scene.see()).isPausedFor("pay"))
            .passes(Duration.ofHours(1))
            .expect(run -> assertThatRun(run).completedWith("Paid.").executedOnce("pay"))
            .always(expectToolNotUsed("wire_money"))
            .build();
    story.play();
    story.play((name, time) -> SqliteStore.at(folder.resolve(name), keys).clock(time).open());
    CrashPoints.everyCommit(story);

    assertThat(CrashPoints.everyCommit(story).crashes()).isGreaterThan(8);
  }

  @Test
  void time() {
    VirtualClock clock = VirtualClock.standing();
    ScriptedModel model =
        ScriptedModel.inOrder()
            .calls(call("pay", Map.of("invoice", "17", "amount", 120)))
            .says("Nobody answered.");
    try (Assent assent =
        Assent.on(new InMemoryStore(clock))
            .answeredFromOutside()
            .operator(person("ann").principal())
            .register(Agent.named("bot").model(model).tools(new Payments()).build())
            .start()) {
      RunResult paused = assent.run("bot", "Pay what is due.");
      clock.advance(Duration.ofMinutes(121));
      assent.poll();
      assertThatRun(assent, assent.resume(paused.run())).isCompleted().neverExecuted("pay");
    }
  }

  @Test
  void thePageHasTheCodeThatRunsHere() throws IOException {
    String source = withoutBlanks(Files.readString(SOURCE));
    List<String> examples =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(PAGE))
            .results()
            .map(example -> withoutBlanks(example.group(1)).replaceAll("}$", ""))
            .toList();

    assertThat(examples).hasSize(4).allSatisfy(each -> assertThat(source).contains(each));
  }

  private static String withoutBlanks(String code) {
    return code.replaceAll("\\s+", "");
  }
}
