package dev.assent.examples.beta;

import dev.assent.core.Tool;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.Confirmation;
import dev.assent.runtime.ToolContext;
import java.time.Duration;

/**
 * A tool asks in the middle of its work. Only a yes confirms: any other answer, and none within a
 * minute, declines.
 *
 * <p>The body is unwound at the question and begins again once it is answered. What it does before
 * stands in a step, and so is done once.
 */
public final class AskInsideTool {
  private AskInsideTool() {}

  record Database(Demo demo) {
    @Tool("Deletes old rows from a table")
    String deleteOldRows(String table, ToolContext context) throws Exception {
      String rows =
          context.step(
              "count",
              () -> {
                demo.ran("counting the old rows of " + table);
                return "120";
              });
      Confirmation sure =
          context.confirm("Delete " + rows + " rows of " + table + "?", Duration.ofMinutes(1));
      if (!sure.confirmed()) {
        return "Cancelled, nothing was deleted.";
      }
      demo.ran("deleting " + rows + " rows of " + table);
      return rows + " rows were deleted.";
    }
  }

  /** Runs the example. */
  public static void main(String[] args) {
    play(Demo.onTerminal());
  }

  static void play(Demo demo) {
    Agent agent =
        Agent.named("dba")
            .model(new DemoModel("deleteOldRows", "{\"table\":\"orders\"}"))
            .tools(new Database(demo))
            .build();

    try (Assent assent =
        Assent.on(demo.store())
            .operator(Demo.YOU)
            .register(agent)
            .responder(demo.typing("yes", "perhaps"))
            .start()) {
      demo.ended(assent.run("dba", "Clean up the orders."));
      demo.ended(assent.run("dba", "Clean up the orders again."));
    }
  }
}
