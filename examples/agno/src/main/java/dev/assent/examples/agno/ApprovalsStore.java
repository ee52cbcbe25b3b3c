package dev.assent.examples.agno;

import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RequiresApproval;
import dev.assent.core.SignedDecision;
import dev.assent.core.Tool;
import dev.assent.core.spi.Store;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunResult;
import dev.assent.store.jdbc.SqliteStore;
import java.util.List;

/**
 * Approvals are records: counted, listed by status, and each with who said what, and when. A
 * decision is made only through {@code Assent}, which signs it; writing a row decides nothing.
 */
public final class ApprovalsStore {
  private ApprovalsStore() {}

  record Mail(Demo demo) {
    @RequiresApproval
    @Tool("Sends a mail")
    String send(String to) {
      demo.ran("sending to " + to);
      return "sent to " + to;
    }
  }

  /** Runs the example. */
  public static void main(String[] args) throws Exception {
    Demo.main(ApprovalsStore::play);
  }

  static void play(Demo demo) {
    DemoModel model =
        DemoModel.script()
            .calls(
                DemoModel.call("send", "{\"to\":\"ann\"}"),
                DemoModel.call("send", "{\"to\":\"everybody\"}"))
            .says("Ann has a mail.");
    Agent agent = Agent.named("writer").model(model).tools(new Mail(demo)).build();

    try (SqliteStore store = demo.store();
        Assent assent = Assent.on(store).operator(Demo.YOU).register(agent).start()) {
      RunResult result = assent.run("writer", "Tell them.");

      Store.Page<Requirement> pending = list(assent, RequirementStatus.PENDING);
      demo.say("pending: " + pending.total());
      for (Requirement each : pending.items()) {
        String arguments = assent.card(each).arguments();
        demo.say("  " + each.status() + " " + each.tool() + arguments + " of " + each.agent());
        if (arguments.contains("everybody")) {
          assent.reject(each.id(), "Not to everybody.");
        } else {
          assent.approve(each.id());
        }
      }

      demo.ended(assent.resume(result.run()));
      for (RequirementStatus status :
          List.of(
              RequirementStatus.PENDING, RequirementStatus.APPROVED, RequirementStatus.REJECTED)) {
        report(demo, assent, status);
      }
    }
  }

  private static Store.Page<Requirement> list(Assent assent, RequirementStatus status) {
    return assent
        .store()
        .requirements(
            assent.tenant(),
            Store.RequirementQuery.first(50).in(status).of(RequirementKind.APPROVAL));
  }

  private static void report(Demo demo, Assent assent, RequirementStatus status) {
    Store.Page<Requirement> page = list(assent, status);
    demo.say(status + ": " + page.total());
    for (Requirement each : page.items()) {
      for (SignedDecision said : assent.store().decisions(assent.tenant(), each.id())) {
        demo.say(
            "  "
                + assent.card(each).arguments()
                + ": "
                + said.decision().verdict()
                + " by "
                + said.decision().principal());
      }
    }
  }
}
