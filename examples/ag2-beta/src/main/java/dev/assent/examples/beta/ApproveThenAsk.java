package dev.assent.examples.beta;

import dev.assent.core.RequiresApproval;
import dev.assent.core.Tool;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.ToolContext;
import java.util.List;

/**
 * Both in one tool: it is approved first, then its body runs and asks. An answer that is no option
 * is refused and asked for again.
 */
public final class ApproveThenAsk {
  private ApproveThenAsk() {}

  record Reports(Demo demo) {
    @RequiresApproval
    @Tool("Schedules a report; asks how often")
    String scheduleReport(String name, ToolContext context) {
      String cadence = context.choose("How often?", List.of("daily", "weekly", "monthly"));
      demo.ran("scheduling " + name + " " + cadence);
      return "Scheduled " + name + " " + cadence + ".";
    }
  }

  /** Runs the example. */
  public static void main(String[] args) {
    play(Demo.onTerminal());
  }

  static void play(Demo demo) {
    Agent agent =
        Agent.named("analyst")
            .model(new DemoModel("scheduleReport", "{\"name\":\"sales\"}"))
            .tools(new Reports(demo))
            .build();

    try (Assent assent =
        Assent.on(demo.store())
            .operator(Demo.YOU)
            .register(agent)
            .responder(demo.typing("y", "now and then", "weekly"))
            .start()) {
      demo.ended(assent.run("analyst", "Schedule the sales report."));
    }
  }
}
