package dev.assent.examples.classic;

import dev.assent.core.Param;
import dev.assent.core.Tool;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What finance_bot can do: put a transaction into the books. Thread-safe. */
final class Books {
  private final List<Transaction> entries = new CopyOnWriteArrayList<>();

  /** Processes one transaction. */
  @Tool(name = "process_transaction", value = "Processes one transaction, exactly as it is given.")
  String process(
      @Param("The amount in dollars") long amount,
      @Param("Who gets the money") String vendor,
      @Param("The memo, letter by letter") String memo) {
    entries.add(new Transaction(amount, vendor, memo));
    return "Approved.";
  }

  /** What was processed, in order. */
  List<Transaction> entries() {
    return List.copyOf(entries);
  }
}
