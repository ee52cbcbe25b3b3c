package dev.assent.scenarios;

import static dev.assent.scenarios.Desk.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.CallStatus;
import dev.assent.core.Effect;
import dev.assent.core.Json;
import dev.assent.core.Message;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequiresApproval;
import dev.assent.core.RunId;
import dev.assent.core.Tool;
import dev.assent.core.ToolSpec;
import dev.assent.core.Verdict;
import dev.assent.runtime.NotExecutedException;
import dev.assent.runtime.RequirementCard;
import dev.assent.runtime.RunUpdate;
import dev.assent.runtime.ToolBinding;
import dev.assent.scenarios.Desk.Habit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A tool's error is an error to everybody, and what only looks like one is a result. */
@Timeout(60)
@Tag("X67")
class ToolErrorsTest {
  @TempDir Path folder;
  private Desk desk;

  static class Tools {
    @Tool(value = "Throws without a word", effect = Effect.READ_ONLY)
    String silent() {
      throw new IllegalStateException();
    }

    @Tool(value = "Throws an empty word", effect = Effect.READ_ONLY)
    String empty() {
      throw new IllegalArgumentException("");
    }

    @Tool(value = "Runs out of something", effect = Effect.READ_ONLY)
    String error() {
      throw new StackOverflowError();
    }

    @Tool(value = "Breaks something that it promised", effect = Effect.READ_ONLY)
    CompletableFuture<String> future() {
      return CompletableFuture.failedFuture(new IllegalStateException());
    }

    @Tool(value = "Cannot be told", effect = Effect.READ_ONLY)
    Object circular() {
      List<Object> self = new java.util.ArrayList<>();
      self.add(self);
      return self;
    }

    @Tool(value = "Returns an empty object", effect = Effect.READ_ONLY)
    Map<String, String> nothing() {
      return Map.of();
    }

    @RequiresApproval
    @Tool("Surely does nothing")
    String refuses() {
      throw new NotExecutedException("");
    }
  }

  @BeforeEach
  void open() {
    desk =
        new Desk(
            Habit.RESTARTS,
            folder,
            agent ->
                agent.tools(
                    new Tools(),
                    new ToolBinding(
                        new ToolSpec(
                            ToolSpec.OWN_CODE,
                            "lambda",
                            "",
                            "Throws",
                            Json.parse("{\"type\":\"object\",\"properties\":{}}"),
                            Effect.READ_ONLY,
                            null,
                            false,
                            Duration.ofMinutes(1),
                            List.of()),
                        (context, arguments) -> {
                          throw new java.io.IOException("{}");
                        })));
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private Message.ToolResult heard() {
    return (Message.ToolResult) desk.model.lastHeard().getLast();
  }

  private List<RunUpdate> updates(RunId run) {
    try (var stream = desk.assent.events(run)) {
      return java.util.stream.StreamSupport.stream(stream.spliterator(), false).toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"silent", "empty", "error", "future", "circular", "lambda"})
  void whateverIsThrownIsAnErrorWithWords(String tool) {
    desk.model.calls(call(tool, "{}")).says("It failed.");

    RunId run = desk.run("Go.");

    desk.completes(run);
    assertThat(heard().error()).isTrue();
    assertThat(heard().text()).startsWith("The tool failed: ").hasSizeGreaterThan(18);
    assertThat(desk.onlyCall(run).status()).isEqualTo(CallStatus.FAILED);
    assertThat(desk.onlyCall(run).code()).isEqualTo("tool-failed");
    assertThat(updates(run))
        .filteredOn(RunUpdate.ToolCallCompleted.class::isInstance)
        .singleElement()
        .isInstanceOfSatisfying(
            RunUpdate.ToolCallCompleted.class,
            end -> assertThat(end.status()).isEqualTo(CallStatus.FAILED));
  }

  @Test
  void anEmptyObjectThatIsReturnedIsAResult() {
    desk.model.calls(call("nothing", "{}")).says("Nothing.");

    RunId run = desk.run("Go.");

    desk.completes(run);
    assertThat(heard().error()).isFalse();
    assertThat(heard().text()).isEqualTo("{}");
  }

  @Test
  void theApproverSeesThatWhatTheyApprovedFailed() {
    desk.model.calls(call("refuses", "{}")).says("It failed.");
    RunId run = desk.run("Go.");
    Requirement approved = desk.waitsFor(run, RequirementKind.APPROVAL);
    desk.answers(approved, Verdict.APPROVE, null);

    desk.completes(run);
    RequirementCard card = desk.assent.card(approved.id()).orElseThrow();
    assertThat(card.call().status()).isEqualTo(CallStatus.FAILED);
    assertThat(card.resultText()).contains("not executed");
    assertThat(heard().error()).isTrue();
  }
}
