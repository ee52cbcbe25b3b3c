package dev.assent.examples.agno;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Tool;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunResult;
import dev.assent.store.jdbc.SqliteStore;

/**
 * Approval from an amount on. The condition is code that looks at the arguments: it does not hang
 * on the model following its instructions.
 */
public final class ConditionalApproval {
  private static final long LARGE = 1000;

  private ConditionalApproval() {}

  record Bank(Demo demo) {
    @Tool("Transfers money between accounts")
    String transfer(long amount, String account) {
      demo.ran("transferring " + amount + " to " + account);
      return amount + " is on " + account;
    }
  }

  /** Runs the example. */
  public static void main(String[] args) throws Exception {
    Demo.main(ConditionalApproval::play);
  }

  private static Agent teller(Demo demo, String name, long amount) {
    return Agent.named(name)
        .model(
            DemoModel.script()
                .calls("transfer", "{\"amount\":" + amount + ",\"account\":\"savings\"}")
                .repeatsTheResult())
        .tools(new Bank(demo))
        .approvalWhen(
            "transfer",
            arguments -> arguments.number("amount").toLong() > LARGE,
            ApprovalTerms.simple("transfers over " + LARGE))
        .build();
  }

  static void play(Demo demo) {
    try (SqliteStore store = demo.store();
        Assent assent =
            Assent.on(store)
                .operator(Demo.YOU)
                .register(teller(demo, "small", 50), teller(demo, "large", 5000))
                .start()) {
      demo.ended(assent.run("small", "Transfer 50 to savings."));

      RunResult large = assent.run("large", "Transfer 5000 to savings.");
      demo.paused(large)
          .forEach(
              requirement -> {
                demo.say("you approve " + requirement.terms().rule());
                assent.approve(requirement.id());
              });
      demo.ended(assent.resume(large.run()));
    }
  }
}
