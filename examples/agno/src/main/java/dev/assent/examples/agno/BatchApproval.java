package dev.assent.examples.agno;

import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Tool;
import dev.assent.core.UserInput;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.Reply;
import dev.assent.runtime.RunResult;
import dev.assent.store.jdbc.SqliteStore;
import java.util.List;

/**
 * Everything that waits is shown at once, and one answer of yours approves all of it. In the store
 * they stay separate decisions, each on the call that was shown.
 *
 * <p>The courier is independent of the orders: its question does not wait until they are done.
 */
public final class BatchApproval {
  private BatchApproval() {}

  record Orders(Demo demo) {
    @RequiresApproval(summary = "Process order {order}")
    @Tool("Processes an order")
    String process(String order) {
      demo.ran("processing " + order);
      return order + " is processed";
    }

    @UserInput("courier")
    @Tool(value = "Orders a courier", independent = true)
    String pickUp(String at, String courier) {
      demo.ran(courier + " comes at " + at);
      return courier + " comes";
    }
  }

  /** Runs the example. */
  public static void main(String[] args) throws Exception {
    Demo.main(BatchApproval::play);
  }

  static void play(Demo demo) {
    DemoModel model =
        DemoModel.script()
            .calls(
                DemoModel.call("process", "{\"order\":\"A\"}"),
                DemoModel.call("process", "{\"order\":\"B\"}"),
                DemoModel.call("process", "{\"order\":\"C\"}"),
                DemoModel.call("pickUp", "{\"at\":\"noon\"}"))
            .says("All orders are processed.");
    Agent agent = Agent.named("shop").model(model).tools(new Orders(demo)).build();

    try (SqliteStore store = demo.store();
        Assent assent = Assent.on(store).operator(Demo.YOU).register(agent).start()) {
      RunResult result = assent.run("shop", "Process all pending orders.");

      List<Requirement> open = demo.paused(result);
      List<Requirement> confirmations =
          open.stream().filter(each -> each.kind() == RequirementKind.APPROVAL).toList();
      List<Requirement> inputs =
          open.stream().filter(each -> each.kind() == RequirementKind.USER_INPUT).toList();
      demo.say("pending approvals: " + confirmations.size());
      confirmations.forEach(each -> demo.say("  - " + assent.card(each).summary()));

      if (demo.typed("Approve all? (y/n)", "y").equals("y")) {
        confirmations.forEach(each -> assent.approve(each.id()));
      }
      inputs.forEach(
          each -> Demo.answer(assent, each, Reply.fields("{\"courier\":\"a bicycle\"}")));
      demo.ended(assent.resume(result.run()));
    }
  }
}
