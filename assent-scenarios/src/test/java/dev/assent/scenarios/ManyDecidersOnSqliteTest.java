package dev.assent.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Tool;
import dev.assent.core.Verdict;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.GateRequest;
import dev.assent.runtime.GateResult;
import dev.assent.runtime.Reply;
import dev.assent.server.AssentServer;
import dev.assent.server.ServerOptions;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * 32 people decide on one approval at once, on a file: by the library in three ways, in one round
 * of ten half of them over HTTP. A hundred rounds, {@code -Dassent.rounds} for more; in memory it
 * is a thousand.
 */
class ManyDecidersOnSqliteTest {
  private static final int ROUNDS = Integer.getInteger("assent.rounds", 100);
  private static final int PEOPLE = 32;

  @TempDir Path folder;
  private final List<Long> paid = new CopyOnWriteArrayList<>();

  /** What one of them was told. */
  private record Told(boolean won, String winner) {}

  final class Bank {
    @RequiresApproval
    @Tool("Pays")
    String pay(long amount) {
      paid.add(amount);
      return "paid";
    }
  }

  @Test
  @Timeout(300)
  @DisplayName("one wins, 31 learn who, and what was approved runs once")
  void oneWins() throws Exception {
    Path data = folder.resolve("data");
    List<Principal> people =
        IntStream.range(0, PEOPLE).mapToObj(i -> Principal.person("d" + i)).toList();
    KnownPeople.in(
        data,
        Stream.concat(Stream.of(Principal.person("asks")), people.stream())
            .toArray(Principal[]::new));
    try (AssentServer server =
            AssentServer.start(
                ServerOptions.in(data).onPort(0), Agent.named("bot").tools(new Bank()).build());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<ApiSession> sessions =
          people.stream().map(person -> session(server, person.id())).toList();
      int approved = 0;
      for (int round = 0; round < ROUNDS; round++) {
        boolean http = round % 10 == 0;
        Requirement asked = asked(server.assent(), round);
        CyclicBarrier start = new CyclicBarrier(PEOPLE);
        List<Future<Told>> all = new ArrayList<>();
        for (int i = 0; i < PEOPLE; i++) {
          int who = i;
          Callable<Told> decides =
              http && i % 2 == 0
                  ? () -> byHttp(sessions.get(who), who, asked)
                  : () -> byLibrary(server.assent(), people.get(who), who, asked);
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
            winners.add("d" + i);
          }
        }
        assertThat(winners).as("round %s", round).hasSize(1);
        assertThat(told).extracting(Told::winner).containsOnly(winners.getFirst());
        assertThat(server.assent().store().decisions(World.TENANT, asked.id()))
            .singleElement()
            .satisfies(one -> assertThat(one.decision().principal()).isEqualTo(winners.getFirst()));
        if (server.assent().gateResult(asked.run()) instanceof GateResult.Executed) {
          approved++;
        }
      }
      assertThat(paid).hasSize(approved).doesNotHaveDuplicates();
    }
  }

  private static ApiSession session(AssentServer server, String name) {
    ApiSession session = new ApiSession(server.url());
    session.logIn(name, KnownPeople.PASSWORD);
    return session;
  }

  private static Requirement asked(Assent assent, int round) {
    GateResult.Waiting waiting =
        (GateResult.Waiting)
            assent.gate(new GateRequest("bot", "pay", "{\"amount\":" + round + "}", "asks", null));
    return waiting.requirements().getFirst();
  }

  private static Told byLibrary(Assent assent, Principal by, int who, Requirement asked) {
    DecisionOutcome outcome =
        switch (who % 3) {
          case 0 -> assent.approve(by, asked.id());
          case 1 -> assent.answer(by, asked.id(), Reply.reject("no")).orElseThrow();
          default ->
              assent.decide(
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

  private static Told byHttp(ApiSession session, int who, Requirement asked) {
    HttpResponse<String> answer =
        session.post(
            "/requirements/" + asked.id().value() + "/resolution",
            "k" + who,
            Map.of(
                "version",
                asked.version(),
                "digest",
                asked.digest().hex(),
                "verdict",
                who % 4 == 0 ? "APPROVE" : "REJECT"));
    JsonNode said = ApiSession.JSON.readTree(answer.body());
    if (answer.statusCode() != 200) {
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(409);
      assertThat(said.get("type").asString()).endsWith("already-resolved");
    }
    return new Told(answer.statusCode() == 200, said.get("resolvedBy").get("id").asString());
  }
}
