package dev.assent.examples.classic;

import dev.assent.core.Message;
import dev.assent.core.TokenUse;
import dev.assent.core.spi.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * No language model: plays finance_bot by rules. It asks for all transactions at one time, reads
 * what came of them, and sums up. Stateless.
 */
final class FinanceDemoModel implements Model {
  private final CompliancePolicy rules = CompliancePolicy.standard();

  @Override
  public String name() {
    return "demo model (rules, no provider)";
  }

  @Override
  public Reply call(Request request, Consumer<String> deltas) {
    Message.Assistant said = reply(request.messages());
    deltas.accept(said.text());
    return new Reply(said, TokenUse.NONE);
  }

  private Message.Assistant reply(List<Message> heard) {
    List<Transaction> all = Transaction.in(((Message.User) heard.getFirst()).text());
    List<Message.ToolResult> results =
        heard.stream()
            .filter(Message.ToolResult.class::isInstance)
            .map(Message.ToolResult.class::cast)
            .toList();
    return results.isEmpty() ? asks(all) : sumsUp(all, results);
  }

  private Message.Assistant asks(List<Transaction> all) {
    List<Message.Call> calls = new ArrayList<>();
    List<String> marks = new ArrayList<>();
    for (Transaction each : all) {
      calls.add(
          new Message.Call(
              "t" + (calls.size() + 1), "process_transaction", each.arguments().toString()));
      marks.add(
          rules.suspicions(each.arguments()).isEmpty()
              ? "**Approved automatically.**"
              : "**Requires approval.**");
    }
    long asked = marks.stream().filter("**Requires approval.**"::equals).count();
    String question =
        asked == 0
            ? ""
            : "\n\nPlease provide approval for the transaction"
                + (asked == 1 ? "" : "s")
                + " requiring it.";
    return new Message.Assistant(
        "Here are the transactions to process:\n\n" + numbered(all, marks) + question, calls);
  }

  private static Message.Assistant sumsUp(List<Transaction> all, List<Message.ToolResult> results) {
    List<String> ends =
        results.stream().map(each -> each.error() ? "Not approved." : "Approved.").toList();
    return new Message.Assistant(
        "All transactions have been processed:\n\n"
            + numbered(all, ends)
            + "\n\nYou can type exit to finish.",
        List.of());
  }

  private static String numbered(List<Transaction> all, List<String> marks) {
    return java.util.stream.IntStream.range(0, all.size())
        .mapToObj(i -> (i + 1) + ". " + all.get(i) + " - " + marks.get(i))
        .collect(Collectors.joining("\n"));
  }
}
