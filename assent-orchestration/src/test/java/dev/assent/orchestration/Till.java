package dev.assent.orchestration;

import dev.assent.core.RequiresApproval;
import dev.assent.core.Tool;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Two tools that keep what they did: one that nobody guards, one that people approve. */
public final class Till {
  final List<String> done = new CopyOnWriteArrayList<>();

  /** Looks. */
  @Tool("Looks something up.")
  public String look(String what) {
    done.add("look " + what);
    return what + " is there";
  }

  /** Asks by itself. */
  @Tool("Asks which one.")
  public String which(dev.assent.runtime.ToolContext context) {
    String one = context.ask("Which one?");
    done.add("which " + one);
    return one;
  }

  /** Pays. */
  @Tool("Pays.")
  @RequiresApproval(summary = "Pay {amount} to {vendor}")
  public String pay(long amount, String vendor) {
    done.add("pay " + amount + " " + vendor);
    return "paid " + amount;
  }
}
