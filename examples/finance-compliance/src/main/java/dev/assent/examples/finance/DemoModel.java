package dev.assent.examples.finance;

import dev.assent.core.Message;
import dev.assent.core.TokenUse;
import dev.assent.core.spi.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Plays finance_bot by rules where there is no provider: proposes the next rows of the list, reads
 * the results, and sums up. Stateless: everything it does follows from the conversation.
 */
final class DemoModel implements Model {
  static final String NAME = "demo model (rules, no provider)";

  /** How many payments it proposes in one message. */
  static final int BATCH = 25;

  private static final String SIGNATURE = "\n\n[" + NAME + "]";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Reply call(Request request, Consumer<String> deltas) {
    Message.Assistant reply = reply(request.messages());
    deltas.accept(reply.text());
    return new Reply(reply, TokenUse.NONE);
  }

  private static Message.Assistant reply(List<Message> messages) {
    int asked = lastQuestion(messages);
    if (asked < 0) {
      return says("There is nothing to do yet.");
    }
    List<Transaction> rows;
    try {
      rows = Transactions.within(messages.get(asked).text()).orElse(List.of());
    } catch (IllegalArgumentException e) {
      return says("I cannot read the list: " + e.getMessage() + ".");
    }
    if (rows.isEmpty()) {
      return says(
          messages.get(asked).text().strip().equalsIgnoreCase("exit")
              ? "Finished."
              : "Send me transactions as CSV with the header " + Transactions.HEADER + ".");
    }
    List<Message.ToolResult> results =
        messages.subList(asked, messages.size()).stream()
            .filter(Message.ToolResult.class::isInstance)
            .map(Message.ToolResult.class::cast)
            .toList();
    return results.size() < rows.size()
        ? proposes(rows, results.size())
        : says(DemoSummary.of(rows, results));
  }

  private static int lastQuestion(List<Message> messages) {
    for (int i = messages.size() - 1; i >= 0; i--) {
      if (messages.get(i) instanceof Message.User) {
        return i;
      }
    }
    return -1;
  }

  private static Message.Assistant proposes(List<Transaction> rows, int done) {
    int end = Math.min(done + BATCH, rows.size());
    List<Message.Call> calls = new ArrayList<>();
    for (int i = done; i < end; i++) {
      calls.add(
          new Message.Call("row-" + (i + 1), PaymentTools.PAY, rows.get(i).arguments().toString()));
    }
    return new Message.Assistant(
        "Here are the transactions to process: %d to %d of %d. What is unusual waits for approval."
                .formatted(done + 1, end, rows.size())
            + SIGNATURE,
        calls);
  }

  private static Message.Assistant says(String text) {
    return new Message.Assistant(text + SIGNATURE, List.of());
  }
}
