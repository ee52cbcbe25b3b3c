package dev.assent.examples.beta;

import dev.assent.core.RequiresApproval;
import dev.assent.core.Tool;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;

/**
 * One annotation puts a person before the tool: its body does not begin before somebody said yes to
 * exactly this call. What is typed is read by fixed rules, and what they do not understand is asked
 * again; it is never a yes.
 */
public final class ApprovalOnTool {
  private ApprovalOnTool() {}

  record Accounts(Demo demo) {
    @RequiresApproval
    @Tool("Deletes a user's account for good")
    String deleteAccount(String user) {
      demo.ran("deleting the account of " + user);
      return "The account of " + user + " is deleted.";
    }
  }

  /** Runs the example. */
  public static void main(String[] args) {
    play(Demo.onTerminal());
  }

  static void play(Demo demo) {
    Agent agent =
        Agent.named("support")
            .model(new DemoModel("deleteAccount", "{\"user\":\"abc-123\"}"))
            .tools(new Accounts(demo))
            .build();

    try (Assent assent =
        Assent.on(demo.store())
            .operator(Demo.YOU)
            .register(agent)
            .responder(demo.typing("n", "sure, why not", "y"))
            .start()) {
      demo.ended(assent.run("support", "Delete the account of abc-123."));
      demo.ended(assent.run("support", "Delete the account of abc-123, please."));
    }
  }
}
