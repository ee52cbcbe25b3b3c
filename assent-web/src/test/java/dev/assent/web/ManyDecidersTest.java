package dev.assent.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.Verdict;
import dev.assent.runtime.GateRequest;
import dev.assent.runtime.GateResult;
import dev.assent.runtime.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * 32 people decide on one approval at once: by the library in three ways, in one round of ten half
 * of them by HTTP.
 */
class ManyDecidersTest {
  private static final int ROUNDS = 1_000;
  private static final int PEOPLE = 32;

  /** What one of them was told. */
  private record Told(boolean won, String winner) {}

  @Test
  @Timeout(300)
  @DisplayName("one wins, 31 learn who")
  void oneWins() throws Exception {
    try (TestingServer server = new TestingServer();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      IntStream.range(0, PEOPLE).forEach(i -> server.add("d" + i, "finance"));
      List<Browser> browsers =
          IntStream.range(0, PEOPLE).mapToObj(i -> server.as("d" + i)).toList();

      for (int round = 0; round < ROUNDS; round++) {
        boolean http = round % 10 == 0;
        Requirement asked = asked(server, round);
        CyclicBarrier start = new CyclicBarrier(PEOPLE);
        List<Future<Told>> all = new ArrayList<>();
        for (int i = 0; i < PEOPLE; i++) {
          int who = i;
          Callable<Told> decides =
              http && i % 2 == 0
                  ? () -> byHttp(browsers.get(who), who, asked)
                  : () -> byLibrary(server, who, asked);
          all.add(
              threads.submit(
                  () -> {
                    start.await();
                    return decides.call();
                  }));
        }

        List<String> winners = new ArrayList<>();
        List<Told> told = new ArrayList<>();
        for (int i = 0; i < PEOPLE; i++) {
          Told each = all.get(i).get();
          told.add(each);
          if (each.won()) {
            winners.add("id-d" + i);
          }
        }
        assertThat(winners).as("round %s", round).hasSize(1);
        assertThat(told).extracting(Told::winner).containsOnly(winners.getFirst());
        assertThat(server.store.decisions("main", asked.id())).hasSize(1);
      }
    }
  }

  private static Requirement asked(TestingServer server, int round) {
    GateResult.Waiting waiting =
        (GateResult.Waiting)
            server.assent.gate(
                new GateRequest(
                    "bot", "pay", "{\"amount\":" + round + ",\"vendor\":\"x\"}", "id-ada", null));
    return waiting.requirements().getFirst();
  }

  private static Told byLibrary(TestingServer server, int who, Requirement asked) {
    Principal by = server.assent.directory().find("id-d" + who).orElseThrow();
    DecisionOutcome outcome =
        switch (who % 3) {
          case 0 -> server.assent.approve(by, asked.id());
          case 1 -> server.assent.answer(by, asked.id(), Reply.reject("no")).orElseThrow();
          default ->
              server.assent.decide(
                  asked.id(),
                  new DecisionRequest(
                      asked.version(), asked.digest(), Verdict.APPROVE, null, null, "k" + who),
                  by);
        };
    return switch (outcome) {
      case DecisionOutcome.Recorded won -> new Told(true, won.decision().principal());
      case DecisionOutcome.AlreadyClosed late -> new Told(false, String.valueOf(late.by()));
      default -> throw new AssertionError("told something else: " + outcome);
    };
  }

  private static Told byHttp(Browser browser, int who, Requirement asked) {
    Browser.Answer answer =
        browser.resolve(
            asked.id().value(),
            Map.of(
                "version",
                asked.version(),
                "digest",
                asked.digest().hex(),
                "verdict",
                who % 4 == 0 ? "APPROVE" : "REJECT"));
    if (answer.status() == 200) {
      return new Told(true, answer.json().get("resolvedBy").get("id").asString());
    }
    assertThat(answer.mustBe(409).problem()).isEqualTo("already-resolved");
    return new Told(false, answer.json().get("resolvedBy").get("id").asString());
  }
}
