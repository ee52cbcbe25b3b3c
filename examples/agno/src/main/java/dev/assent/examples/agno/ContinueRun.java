package dev.assent.examples.agno;

import dev.assent.core.Requirement;
import dev.assent.core.RequiresApproval;
import dev.assent.core.RunId;
import dev.assent.core.Tool;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunResult;
import dev.assent.store.jdbc.SqliteStore;
import java.util.List;

/**
 * A paused run is continued by its id, in another process: nothing of the first one is needed but
 * what is in the store.
 */
public final class ContinueRun {
  private ContinueRun() {}

  record Backups(Demo demo) {
    @RequiresApproval
    @Tool("Deletes a backup")
    String delete(String backup) {
      demo.ran("deleting " + backup);
      return backup + " is gone";
    }
  }

  /** Runs the example. */
  public static void main(String[] args) throws Exception {
    Demo.main(ContinueRun::play);
  }

  static void play(Demo demo) {
    RunId run = firstProcess(demo);
    secondProcess(demo, run);
  }

  private static Agent keeper(Demo demo) {
    DemoModel model =
        DemoModel.script().calls("delete", "{\"backup\":\"2019\"}").repeatsTheResult();
    return Agent.named("keeper").model(model).tools(new Backups(demo)).build();
  }

  private static RunId firstProcess(Demo demo) {
    try (SqliteStore store = demo.store();
        Assent assent = Assent.on(store).operator(Demo.YOU).register(keeper(demo)).start()) {
      RunResult result = assent.run("keeper", "Perform the sensitive operation.");
      demo.paused(result);
      demo.say("the first process ends");
      return result.run();
    }
  }

  private static void secondProcess(Demo demo, RunId run) {
    try (SqliteStore store = demo.store();
        Assent assent = Assent.on(store).operator(Demo.YOU).register(keeper(demo)).start()) {
      demo.say("the second process asks how far it came");
      List<Requirement> requirements = demo.paused(assent.resume(run));
      demo.say("you approve");
      requirements.forEach(requirement -> assent.approve(requirement.id()));

      // Approving is enough for the run to go on; resume waits for what comes of it.
      demo.ended(assent.resume(run));
    }
  }
}
