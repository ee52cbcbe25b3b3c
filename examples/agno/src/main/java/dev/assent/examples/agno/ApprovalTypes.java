package dev.assent.examples.agno;

import dev.assent.core.Audited;
import dev.assent.core.Requirement;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Risk;
import dev.assent.core.Tool;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunResult;
import dev.assent.store.jdbc.SqliteStore;

/**
 * How much of a say people have is declared at the tool: a plain approval, one of high risk with a
 * deadline, or a line in the audit log. Only the last lets the call pass by itself.
 */
public final class ApprovalTypes {
  private ApprovalTypes() {}

  record Bank(Demo demo) {
    @RequiresApproval
    @Tool("Deletes a user's account")
    String deleteUser(String user) {
      demo.ran("deleting " + user);
      return user + " is deleted";
    }

    // A yes to a call of high risk takes the tool's name typed; silence for a day is a no.
    @RequiresApproval(risk = Risk.HIGH, expiresAfter = "P1D")
    @Tool(value = "Transfers money", effectKey = "transfer:{reference}")
    String transferFunds(String reference, long cents, String account) {
      demo.ran("transferring " + cents + " to " + account);
      return "transferred";
    }

    @Audited
    @Tool("Notes that somebody asked")
    String note(String what) {
      demo.ran("noting " + what);
      return "noted";
    }
  }

  /** Runs the example. */
  public static void main(String[] args) throws Exception {
    Demo.main(ApprovalTypes::play);
  }

  static void play(Demo demo) {
    DemoModel model =
        DemoModel.script()
            .calls("note", "{\"what\":\"account closed\"}")
            .calls("deleteUser", "{\"user\":\"u-7\"}")
            .calls("transferFunds", "{\"reference\":\"r-1\",\"cents\":1250,\"account\":\"DE-1\"}")
            .says("The account is closed and paid out.");
    Agent agent = Agent.named("clerk").model(model).tools(new Bank(demo)).build();

    try (SqliteStore store = demo.store();
        Assent assent = Assent.on(store).operator(Demo.YOU).register(agent).start()) {
      RunResult result = assent.run("clerk", "Close the account of u-7.");
      while (result instanceof RunResult.Paused) {
        Requirement requirement = demo.paused(result).getFirst();
        demo.say(
            "risk "
                + requirement.terms().risk()
                + ", deadline: "
                + (requirement.deadline() == null ? "none" : "in a day"));
        demo.say("you approve");
        assent.approve(requirement.id());
        result = assent.resume(result.run());
      }
      demo.ended(result);
    }
  }
}
