package dev.assent.examples.agno;

import dev.assent.core.RequiresApproval;
import dev.assent.core.Tool;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunHandle;
import dev.assent.runtime.RunRequest;
import dev.assent.runtime.RunStream;
import dev.assent.runtime.RunUpdate;
import dev.assent.store.jdbc.SqliteStore;

/**
 * Reads a run while it goes on. The pause is an update like any other: it is answered where it is
 * read, and the same stream goes on behind it; there is no second stream for the rest.
 */
public final class StreamingPause {
  private StreamingPause() {}

  record Cache(Demo demo) {
    @RequiresApproval
    @Tool("Empties a cache")
    String empty(String cache) {
      demo.ran("emptying " + cache);
      return cache + " is empty";
    }
  }

  /** Runs the example. */
  public static void main(String[] args) throws Exception {
    Demo.main(StreamingPause::play);
  }

  static void play(Demo demo) {
    DemoModel model =
        DemoModel.script().calls("empty", "{\"cache\":\"images\"}").says("The cache is empty.");
    Agent agent = Agent.named("operator").model(model).tools(new Cache(demo)).build();

    try (SqliteStore store = demo.store();
        Assent assent = Assent.on(store).operator(Demo.YOU).register(agent).start()) {
      RunHandle handle = assent.start(RunRequest.of("operator", "Empty the image cache."));

      try (RunStream updates = handle.events()) {
        for (RunUpdate update : updates) {
          show(demo, update);
          if (update instanceof RunUpdate.Paused paused) {
            demo.say("you approve");
            paused.requirements().forEach(each -> assent.approve(each.requirement()));
          }
        }
      }
    }
  }

  private static void show(Demo demo, RunUpdate update) {
    switch (update) {
      case RunUpdate.TextDelta piece -> demo.say("piece: " + piece.text());
      case RunUpdate.Paused paused -> demo.say("paused: " + paused.requirements().size());
      case RunUpdate.ToolCallCompleted call -> demo.say(call.tool() + ": " + call.result());
      case RunUpdate.Completed completed -> demo.say("completed: " + completed.output());
      default -> {
        // There is more to read, and there will be: a reader takes what it knows.
      }
    }
  }
}
