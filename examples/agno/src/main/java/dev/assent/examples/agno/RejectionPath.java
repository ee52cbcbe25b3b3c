package dev.assent.examples.agno;

import dev.assent.core.Message;
import dev.assent.core.Requirement;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Tool;
import dev.assent.core.spi.Model;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunResult;
import dev.assent.store.jdbc.SqliteStore;
import java.util.List;

/**
 * A no with a reason is not the end: the model reads the reason and finds another way. The call
 * that was rejected is not proposed again.
 */
public final class RejectionPath {
  private RejectionPath() {}

  record Logs(Demo demo) {
    @RequiresApproval
    @Tool("Deletes logs")
    String delete(String logs) {
      demo.ran("deleting " + logs);
      return logs + " are gone";
    }

    @Tool("Moves logs to the archive")
    String archive(String logs) {
      demo.ran("archiving " + logs);
      return logs + " are in the archive";
    }
  }

  /** Runs the example. */
  public static void main(String[] args) throws Exception {
    Demo.main(RejectionPath::play);
  }

  static void play(Demo demo) {
    DemoModel model =
        DemoModel.script()
            .calls("delete", "{\"logs\":\"old logs\"}")
            .then(heard -> afterTheDecision(demo, heard))
            .repeatsTheResult();
    Agent agent = Agent.named("cleaner").model(model).tools(new Logs(demo)).build();

    try (SqliteStore store = demo.store();
        Assent assent = Assent.on(store).operator(Demo.YOU).register(agent).start()) {
      RunResult result = assent.run("cleaner", "Delete all old logs.");

      Requirement requirement = demo.paused(result).getFirst();
      if (demo.typed("Approve? (y/n)", "n").equals("y")) {
        assent.approve(requirement.id());
      } else {
        assent.reject(requirement.id(), "We may need them; archive them.");
      }

      demo.ended(assent.resume(result.run()));
    }
  }

  /** What a language model would conclude by itself. */
  private static Message.Assistant afterTheDecision(Demo demo, Model.Request heard) {
    String told = DemoModel.lastResult(heard);
    demo.say("the model reads: " + told);
    return told.contains("archive them")
        ? DemoModel.calling("archive", "{\"logs\":\"old logs\"}")
        : new Message.Assistant("Done.", List.of());
  }
}
