package dev.assent.examples.finance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.Json;
import dev.assent.core.Message;
import dev.assent.core.spi.Model;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoModelTest {
  private final DemoModel model = new DemoModel();
  private final List<Message> conversation = new ArrayList<>();

  private Message.Assistant next() {
    Message.Assistant reply =
        model.call(new Model.Request("", conversation, List.of()), text -> {}).message();
    conversation.add(reply);
    return reply;
  }

  @Test
  void itProposesEveryRowOnceInBatchesAndSumsUp() {
    List<Transaction> rows = Transactions.standard();
    conversation.add(new Message.User(FinanceBot.message(rows)));
    List<Message.Call> calls = new ArrayList<>();

    Message.Assistant reply = next();
    while (!reply.calls().isEmpty()) {
      assertThat(reply.calls()).hasSizeLessThanOrEqualTo(DemoModel.BATCH);
      for (Message.Call call : reply.calls()) {
        calls.add(call);
        boolean rejected = calls.size() == 2;
        conversation.add(
            new Message.ToolResult(
                call.providerId(),
                call.tool(),
                rejected ? "rejected by the user: <b>\u202Eno" : "Paid.",
                rejected));
      }
      reply = next();
    }

    assertThat(calls).hasSize(rows.size());
    assertThat(calls).extracting(Message.Call::providerId).doesNotHaveDuplicates();
    for (int i = 0; i < rows.size(); i++) {
      assertThat(Json.parse(calls.get(i).arguments())).isEqualTo(rows.get(i).arguments());
    }
    assertThat(reply.text())
        .startsWith("All transactions have been processed:\n\n1. Transaction: $")
        .contains("- Approved.")
        .contains("Not paid: rejected by the user: <b><U+202E>no")
        .contains("more characters)")
        .contains("You can type exit to finish")
        .contains("demo model (rules, no provider)");
  }

  @Test
  void withoutAListItSaysWhatItNeeds() {
    conversation.add(new Message.User("Hello"));
    assertThat(next().text())
        .contains("invoice_id,amount_cents,vendor,memo")
        .contains("demo model");

    conversation.add(new Message.User("exit"));
    assertThat(next().text()).startsWith("Finished.");

    conversation.add(new Message.User(Transactions.HEADER + "\nINV-1,many,A,b\n"));
    assertThat(next().text()).contains("line 2");
  }
}
