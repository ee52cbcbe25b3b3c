package dev.assent.scenarios;

import static dev.assent.runtime.Reply.approve;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.Json;
import dev.assent.core.Message;
import dev.assent.core.Principal;
import dev.assent.core.RequirementId;
import dev.assent.core.RequiresApproval;
import dev.assent.core.TokenUse;
import dev.assent.core.Tool;
import dev.assent.core.spi.Model;
import dev.assent.core.spi.Store;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunRequest;
import dev.assent.runtime.RunResult;
import dev.assent.runtime.ToolContext;
import dev.assent.store.jdbc.SqliteStore;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What tools share, across pauses, restarts and the runs of a session. */
@Timeout(60)
class VariablesTest {
  private static final Principal ADA = Principal.person("ada");
  private final Queue<Message.Assistant> script = new ArrayDeque<>();
  @TempDir Path folder;

  static class Tools {
    @Tool("Remembers")
    String remember(String what, ToolContext context) {
      context.setVariable("what", Json.of(what));
      return "kept";
    }

    @RequiresApproval
    @Tool("Tells")
    String tell(ToolContext context) {
      return context.variable("region").orElseThrow()
          + " "
          + context.variable("what").orElseThrow();
    }
  }

  private final class Script implements Model {
    @Override
    public String name() {
      return "script";
    }

    @Override
    public Reply call(Request request, Consumer<String> deltas) {
      Message.Assistant next = script.poll();
      String last = request.messages().getLast().text();
      return new Reply(next != null ? next : new Message.Assistant(last, List.of()), TokenUse.NONE);
    }
  }

  private Assent open() {
    Store store = SqliteStore.at(folder.resolve("assent.db"), World.keyring()).open();
    return Assent.on(store)
        .operator(ADA)
        .register(Agent.named("bot").model(new Script()).tools(new Tools()).build())
        .start();
  }

  private static Message.Assistant call(String tool, String arguments) {
    return new Message.Assistant("", List.of(new Message.Call(tool, tool, arguments)));
  }

  private static RequirementId waits(RunResult paused) {
    return ((RunResult.Paused) paused).requirements().getFirst().id();
  }

  @Test
  @Tag("C17")
  @DisplayName("variables outlive pause, restart and run; what is said at the start wins")
  void variablesOutlivePauseRestartAndRun() {
    script.add(call("remember", "{\"what\":\"tea\"}"));
    script.add(call("tell", "{}"));
    RunResult paused;
    try (Assent assent = open();
        Store store = assent.store()) {
      paused =
          assent.run(
              RunRequest.of("bot", "Go.").inSession("s").withVariable("region", Json.of("eu")));
    }

    try (Assent assent = open();
        Store store = assent.store()) {
      assent.answer(ADA, waits(paused), approve());
      assertThat(((RunResult.Completed) assent.resume(paused.run())).output())
          .isEqualTo("\"eu\" \"tea\"");

      script.add(call("tell", "{}"));
      RunResult next =
          assent.run(
              RunRequest.of("bot", "Again.").inSession("s").withVariable("region", Json.of("us")));
      assent.answer(ADA, waits(next), approve());
      assertThat(((RunResult.Completed) assent.resume(next.run())).output())
          .isEqualTo("\"us\" \"tea\"");
    }
  }
}
