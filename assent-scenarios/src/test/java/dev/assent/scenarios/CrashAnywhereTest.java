package dev.assent.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.AssentException;
import dev.assent.core.Message;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RunId;
import dev.assent.core.RunState;
import dev.assent.core.RunStatus;
import dev.assent.core.Verdict;
import dev.assent.core.spi.Model;
import dev.assent.core.spi.Store;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunRequest;
import dev.assent.runtime.RunResult;
import dev.assent.testkit.CrashPoint;
import dev.assent.testkit.CrashingStore;
import dev.assent.testkit.ScriptedModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * X9: the process dies at every commit of one story, before it is written and after, and another
 * one goes on. Whatever was durable, each payment is made at most once and everybody agrees on it.
 */
@ParameterizedClass
@EnumSource(World.Kept.class)
@Timeout(300)
class CrashAnywhereTest {
  @Parameter World.Kept kept;
  @TempDir Path folder;

  /** Pays two invoices, looks, mails; tries the first again; is done. */
  private static Message.Assistant bot(Model.Request request) {
    long turn = request.messages().stream().filter(Message.Assistant.class::isInstance).count() + 1;
    if (turn == 1) {
      return new Message.Assistant(
          "Two invoices.",
          List.of(
              World.pay("p1", "17", 12_000),
              World.pay("p2", "18", 5),
              ScriptedModel.call("l1", "look", "{\"what\":\"sky\"}"),
              ScriptedModel.call("m1", "mail", "{\"to\":\"bob\"}")));
    }
    return turn == 2
        ? new Message.Assistant("Again?", List.of(World.pay("p3", "17", 12_000)))
        : new Message.Assistant("Done.", List.of());
  }

  @ParameterizedTest
  @EnumSource(CrashPoint.When.class)
  @DisplayName("X9: a crash at any commit leaves every payment made at most once")
  void everyCommit(CrashPoint.When when) throws Exception {
    int commits = story(Integer.MAX_VALUE, when);
    assertThat(commits).isGreaterThan(8);

    for (int at = 1; at <= commits; at++) {
      story(at, when);
    }
  }

  /** Tells the whole story with one crash; how many commits the first process made. */
  private int story(int crashAt, CrashPoint.When when) throws Exception {
    Path own = Files.createDirectory(folder.resolve(when + "-" + crashAt));
    try (World world = new World(kept, own)) {
      world.model.otherwise(CrashAnywhereTest::bot);
      world.assent.close();
      CrashingStore crashing = CrashingStore.at(world.store, new CrashPoint(crashAt, when));
      world.assent = world.start(crashing.store());
      RunId run = null;
      try {
        run = untilTheEnd(world.assent, crashing.store(), world);
      } catch (AssentException died) {
        assertThat(crashing.dead()).as("died of something else: %s", died).isTrue();
      }
      if (run == null) {
        world.restart();
        run = untilTheEnd(world.assent, world.store, world);
      }
      check(world, run);
      return crashing.commits();
    }
  }

  private static RunId untilTheEnd(Assent assent, Store store, World world) {
    RunId run = assent.submit(new RunRequest("bot", "Pay.", null, null, Map.of(), "the-one-story"));
    while (true) {
      RunResult result = assent.resume(run);
      if (!(result instanceof RunResult.Paused)) {
        return run;
      }
      for (Requirement open : store.requirementsOf(World.TENANT, run)) {
        if (open.open()) {
          assent.decide(
              open.id(),
              World.request(open, answer(open, assent, world), "because", "k-" + open.id()),
              World.ADA);
        }
      }
    }
  }

  /** Approves 17, rejects 18, and looks into the ledger when there is doubt. */
  private static Verdict answer(Requirement open, Assent assent, World world) {
    String arguments = assent.card(open).arguments();
    if (open.kind() == RequirementKind.RECONCILIATION) {
      return world.ledger.contains("pay 17 12000 Acme") ? Verdict.HAPPENED : Verdict.DID_NOT_HAPPEN;
    }
    return arguments.contains("\"17\"") ? Verdict.APPROVE : Verdict.REJECT;
  }

  private static void check(World world, RunId run) {
    RunState state = world.state(run);
    assertThat(state.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(world.ledger).filteredOn(line -> line.startsWith("pay 17")).hasSize(1);
    assertThat(world.ledger).filteredOn(line -> line.startsWith("pay 18")).isEmpty();
    assertThat(world.ledger).filteredOn(line -> line.startsWith("mail")).hasSizeLessThan(2);
    world.checkInvariants(run);

    List<Message> heard = world.model.lastHeard();
    assertThat(heard)
        .filteredOn(Message.ToolResult.class::isInstance)
        .extracting(message -> ((Message.ToolResult) message).providerId())
        .as("one result for each call")
        .containsExactly("p1", "p2", "l1", "m1", "p3");
    assertThat(result(heard, "p2").text()).contains("rejected").contains("because");
    assertThat(result(heard, "p3").text()).contains("already been done");
    assertThat(world.ledger.contains("mail bob") || result(heard, "m1").error())
        .as("a mail that was not sent is not told as sent")
        .isTrue();
    assertThat(world.store.requirements(World.TENANT, Store.RequirementQuery.pending(10)).items())
        .isEmpty();
  }

  private static Message.ToolResult result(List<Message> heard, String providerId) {
    return heard.stream()
        .filter(Message.ToolResult.class::isInstance)
        .map(Message.ToolResult.class::cast)
        .filter(result -> result.providerId().equals(providerId))
        .findFirst()
        .orElseThrow();
  }
}
