package dev.assent.scenarios;

import static dev.assent.scenarios.Desk.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.CallStatus;
import dev.assent.core.Effect;
import dev.assent.core.Json;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequiresApproval;
import dev.assent.core.RunId;
import dev.assent.core.Tool;
import dev.assent.core.ToolSpec;
import dev.assent.core.Verdict;
import dev.assent.runtime.NotExecutedException;
import dev.assent.runtime.RunRequest;
import dev.assent.runtime.ToolBinding;
import dev.assent.runtime.ToolBody;
import dev.assent.runtime.ToolContext;
import dev.assent.scenarios.Desk.Habit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tools whose result comes by a future. */
@Timeout(60)
@Tag("C22")
class FutureToolsTest {
  @TempDir Path folder;
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CompletableFuture<String> open = new CompletableFuture<>();
  private final AtomicReference<CompletableFuture<String>> waited = new AtomicReference<>();
  private Desk desk;

  class Tools {
    @RequiresApproval
    @Tool("Sends")
    CompletableFuture<String> send(String to) {
      begun.countDown();
      return open.thenApply(text -> text + " to " + to);
    }

    @RequiresApproval
    @Tool(value = "Sends in time, or not at all", timeLimit = "PT0.05S")
    CompletionStage<String> hurry() {
      return open.minimalCompletionStage();
    }

    @RequiresApproval
    @Tool(value = "Calls in time, or not at all", timeLimit = "PT0.05S")
    Future<String> dial() {
      return open;
    }

    @Tool(value = "Reads", effect = Effect.READ_ONLY)
    CompletionStage<List<Integer>> read() {
      return CompletableFuture.supplyAsync(() -> List.of(1, 2));
    }

    @Tool(name = "wait", value = "Waits", effect = Effect.READ_ONLY)
    CompletableFuture<String> waitFor() {
      begun.countDown();
      return waited.get();
    }

    @Tool("Asks first, then waits")
    CompletionStage<String> ask(ToolContext context) {
      String where = context.ask("Where to?");
      return CompletableFuture.supplyAsync(() -> "to " + where);
    }
  }

  @BeforeEach
  void open() {
    desk =
        new Desk(
            Habit.STAYS,
            folder,
            agent ->
                agent.tools(
                    new Tools(),
                    new ToolBinding(
                        new ToolSpec(
                            ToolSpec.OWN_CODE,
                            "lambda",
                            "",
                            "Works",
                            Json.parse("{\"type\":\"object\",\"properties\":{}}"),
                            Effect.AT_MOST_ONCE,
                            null,
                            false,
                            Duration.ofMinutes(1),
                            List.of()),
                        ToolBody.later(
                            (context, arguments) ->
                                CompletableFuture.supplyAsync(() -> List.of("done", 1))))));
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private RunId approved(String tool, String arguments) {
    desk.model.calls(call(tool, arguments)).says("Done.");
    RunId run = desk.run("Go.");
    desk.answers(desk.waitsFor(run, RequirementKind.APPROVAL), Verdict.APPROVE, null);
    return run;
  }

  @Test
  void theResultIsWhatTheFutureComesTo() throws Exception {
    RunId run = approved("send", "{\"to\":\"Bob\"}");
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
    open.complete("sent");

    desk.completes(run);
    assertThat(desk.told()).isEqualTo("sent to Bob");
  }

  @Test
  void aFutureOfAnObjectIsToldAsJson() {
    desk.model.calls(call("read", "{}"), call("lambda", "{}")).says("Done.");

    desk.completes(desk.run("Go."));

    assertThat(desk.model.lastHeard())
        .extracting(message -> message.text())
        .contains("[1,2]", "[\"done\",1]");
  }

  @Test // a person approved it: an error of which nobody knows is a doubt
  void whatItFailsWithIsWhatTheToolThrew() {
    RunId run = approved("send", "{\"to\":\"Bob\"}");
    open.completeExceptionally(new IllegalStateException("the line broke"));

    assertThat(desk.waitsFor(run, RequirementKind.RECONCILIATION).words())
        .satisfies(
            words ->
                assertThat(desk.store.body(Desk.TENANT, words.id()).orElseThrow().text())
                    .isEqualTo("IllegalStateException: the line broke"));
  }

  @Test
  void onlyNotExecutedIsAFailure() {
    RunId run = approved("send", "{\"to\":\"Bob\"}");
    open.completeExceptionally(new NotExecutedException("nobody was there"));

    desk.completes(run);
    assertThat(desk.onlyCall(run).status()).isEqualTo(CallStatus.FAILED);
    assertThat(desk.told()).contains("nobody was there");
  }

  @Test
  void theTimeLimitEndsTheWaitAndCancels() {
    RunId run = approved("dial", "{}");

    desk.waitsFor(run, RequirementKind.RECONCILIATION);
    assertThat(open).failsWithin(Duration.ofSeconds(20));
    assertThat(open).isCancelled();
  }

  @Test // what cannot be cancelled is not waited for either
  void theTimeLimitEndsTheWaitForAStage() {
    RunId run = approved("hurry", "{}");

    desk.waitsFor(run, RequirementKind.RECONCILIATION);
    assertThat(open).isNotDone();
  }

  @Test
  void itMayAskBeforeItReturns() {
    desk.model.calls(call("ask", "{}")).says("Done.");
    RunId run = desk.run("Go.");

    desk.answers(
        desk.waitsFor(run, RequirementKind.USER_INPUT), Verdict.ANSWER, "{\"answer\":\"Rome\"}");

    desk.completes(run);
    assertThat(desk.told()).isEqualTo("to Rome");
  }

  @Test // the next process looks at it as after a crash
  void closingTheProcessCancelsWhatItWaitsFor() throws Exception {
    CompletableFuture<String> mine = new CompletableFuture<>();
    desk.model.calls(call("wait", "{}")).says("Done.");
    waited.set(mine);
    RunId run = desk.assent.submit(RunRequest.of("bot", "Go."));
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

    desk.assent.close();

    assertThat(mine).failsWithin(Duration.ofSeconds(20));
    assertThat(mine).isCancelled();
    waited.set(CompletableFuture.completedFuture("here"));
    desk.afterACrash();
    desk.completes(run);
    assertThat(desk.told()).isEqualTo("here");
  }

  @Test
  void runAndContinueGiveTheSameHandle() throws Exception {
    desk.model.calls(call("send", "{\"to\":\"Bob\"}")).says("Done.");
    var handle = desk.assent.start(RunRequest.of("bot", "Go."));
    handle.result().get(20, TimeUnit.SECONDS);
    desk.answers(desk.waitsFor(handle.run(), RequirementKind.APPROVAL), Verdict.APPROVE, null);
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

    var continued = desk.assent.handle(handle.run()).result();
    open.complete("sent");

    assertThat(continued.get(20, TimeUnit.SECONDS).run()).isEqualTo(handle.run());
    desk.completes(handle.run());
  }
}
