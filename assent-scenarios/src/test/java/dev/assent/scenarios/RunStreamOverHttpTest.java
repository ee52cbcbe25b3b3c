package dev.assent.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.runtime.Agent;
import dev.assent.server.AssentServer;
import dev.assent.server.ServerOptions;
import dev.assent.testkit.ScriptedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Over HTTP with a server that ends in the middle. */
@Tag("C7")
@Timeout(120)
class RunStreamOverHttpTest {
  @TempDir Path folder;

  @Test
  @Tag("C7")
  @DisplayName("a stream that the end of the server cut off goes on after its last id")
  void aReaderJoinsTheNextServerAfterItsLastId() throws Exception {
    Path data = folder.resolve("data");
    InboxServer.Payments payments;
    String run;
    List<JsonNode> read = new ArrayList<>();
    try (InboxServer before = new InboxServer(data);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      payments = before.payments;
      before.model.calls(
          InboxServer.pays("p1", new InboxServer.Payments.Payment("17", 12_000, "Acme", "")));
      ApiSession session = before.firstSession();
      run = session.run("Pay 17");
      CountDownLatch begun = new CountDownLatch(1);
      var stays =
          CompletableFuture.supplyAsync(
              () -> session.updates(run, "", "", begun::countDown), threads);
      List<JsonNode> untilPause = session.updates(run, "?until=PAUSE", "");
      assertThat(untilPause.getLast().get("type").asString()).isEqualTo("run.paused");

      begun.await();
      before.close();

      read.addAll(stays.get());
      assertThat(untilPause).startsWith(read.toArray(JsonNode[]::new));
    }

    Agent agent =
        Agent.named("finance_bot")
            .model(ScriptedModel.inOrder().says("Paid."))
            .tools(payments)
            .build();
    try (AssentServer after = AssentServer.start(ServerOptions.in(data).onPort(0), agent)) {
      ApiSession session = new ApiSession(after.url());
      session.post("/login", Map.of("name", InboxServer.NAME, "password", InboxServer.CHOSEN));
      approve(session, session.get("/runs/" + run).get("waitsFor").get(0).asString());
      String lastId = read.isEmpty() ? "" : read.getLast().get("id").asString();
      read.addAll(session.updates(run, "", lastId));

      assertThat(read).isEqualTo(session.updates(run, "", ""));
      assertThat(read).last().matches(last -> last.get("type").asString().equals("run.completed"));
      assertThat(payments.made).hasSize(1);
    }
  }

  private static void approve(ApiSession session, String requirement) {
    JsonNode shown = session.get("/requirements/" + requirement);
    session.post(
        "/requirements/" + requirement + "/resolution",
        Map.of(
            "version",
            shown.get("version").asInt(),
            "digest",
            shown.get("digest").asString(),
            "verdict",
            "APPROVE"));
  }
}
