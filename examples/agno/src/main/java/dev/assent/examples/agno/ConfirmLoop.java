package dev.assent.examples.agno;

import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Tool;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunResult;
import dev.assent.store.jdbc.SqliteStore;
import java.util.Iterator;
import java.util.List;

/**
 * The basic loop: run, look at each open requirement, approve or reject it, let the run go on.
 *
 * <p>Of two calls one is approved and one rejected; only the approved one ever reaches its method.
 */
public final class ConfirmLoop {
  private ConfirmLoop() {}

  record Server(Demo demo) {
    @RequiresApproval
    @Tool("Restarts a server")
    String restart(String host) {
      demo.ran("restarting " + host);
      return host + " is up again";
    }
  }

  /** Runs the example. */
  public static void main(String[] args) throws Exception {
    Demo.main(ConfirmLoop::play);
  }

  static void play(Demo demo) {
    DemoModel model =
        DemoModel.script()
            .calls(
                DemoModel.call("restart", "{\"host\":\"web-1\"}"),
                DemoModel.call("restart", "{\"host\":\"database\"}"))
            .says("web-1 was restarted, the database was not.");
    Agent agent = Agent.named("operator").model(model).tools(new Server(demo)).build();
    Iterator<String> answers = List.of("y", "n").iterator();

    try (SqliteStore store = demo.store();
        Assent assent = Assent.on(store).operator(Demo.YOU).register(agent).start()) {
      RunResult result = assent.run("operator", "Perform the sensitive operation.");

      for (Requirement requirement : demo.paused(result)) {
        if (requirement.kind() == RequirementKind.APPROVAL) {
          String call = requirement.tool() + assent.card(requirement).arguments();
          String said = demo.typed("Do you approve " + call + "? (y/n)", answers.next());
          if (said.equals("y")) {
            assent.approve(requirement.id());
          } else {
            assent.reject(requirement.id(), "Not during office hours.");
          }
        }
      }

      demo.ended(assent.resume(result.run()));
    }
  }
}
