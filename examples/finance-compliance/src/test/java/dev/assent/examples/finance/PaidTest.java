package dev.assent.examples.finance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.CallStatus;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.Principal;
import dev.assent.core.RequirementId;
import dev.assent.core.RunStatus;
import dev.assent.runtime.Assent;
import dev.assent.runtime.InMemoryStore;
import dev.assent.runtime.RequirementCard;
import dev.assent.runtime.RunCard;
import dev.assent.runtime.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole list in one process, with a scripted approver. */
@Timeout(60)
class PaidTest {
  @TempDir Path folder;
  private final List<Transaction> rows = Transactions.standard();

  static Transaction transaction(String arguments) {
    JsonObject json = (JsonObject) Json.parse(arguments);
    return new Transaction(
        json.string("invoice_id"),
        json.number("amount_cents").toLong(),
        json.string("vendor"),
        json.string("memo"));
  }

  @Test
  void everyRowIsPaidOnceAsApprovedOrRejectedOrDenied() throws IOException {
    Map<String, String> approved = new HashMap<>();
    try (Assent assent =
        Assent.on(new InMemoryStore())
            .answeredFromOutside()
            .operator(Principal.person("ada"))
            .register(FinanceBot.agent(folder, new DemoModel()))
            .pollEvery(Duration.ofMillis(20))
            .start()) {
      RunResult result = assent.run(FinanceBot.NAME, FinanceBot.message(rows));
      while (result instanceof RunResult.Paused paused) {
        paused.requirements().forEach(each -> decide(assent, each.id(), approved));
        result = assent.resume(paused.run());
      }

      assertThat(result.status()).isEqualTo(RunStatus.COMPLETED);
      check(assent.runCard(result.run()).calls(), result.run().value(), approved);
    }
  }

  private static void decide(Assent assent, RequirementId id, Map<String, String> approved) {
    RequirementCard card = assent.card(id).orElseThrow();
    Transaction asked = transaction(card.arguments());
    if (asked.memo().contains("<") || asked.memo().contains("\u202E")) {
      assent.reject(id, "not readable");
    } else {
      approved.put(card.requirement().call().value(), card.arguments());
      assent.approve(id);
    }
  }

  private void check(List<RunCard.CardCall> calls, String run, Map<String, String> approved)
      throws IOException {
    Map<String, Ledger.Line> lines = new HashMap<>();
    for (Ledger.Line line : new Ledger(folder).lines()) {
      assertThat(lines.put(line.key(), line)).isNull();
    }
    assertThat(lines.values()).extracting(Ledger.Line::invoice).doesNotHaveDuplicates();
    assertThat(calls).hasSize(rows.size());
    int rejected = 0;
    int denied = 0;
    for (RunCard.CardCall call : calls) {
      String id = call.call().id().value();
      Ledger.Line line = lines.remove(run + "-" + id);
      switch (call.call().status()) {
        case SUCCEEDED -> {
          assertThat(line).isNotNull();
          assertThat(line.arguments()).isEqualTo(call.arguments());
          if (call.call().requirement() != null) {
            assertThat(line.arguments()).isEqualTo(approved.get(id));
          }
        }
        case REJECTED -> rejected++;
        case DENIED -> denied++;
        default -> throw new AssertionError(id + " is " + call.call().status());
      }
      if (call.call().status() != CallStatus.SUCCEEDED) {
        assertThat(line).isNull();
      }
    }
    assertThat(lines).isEmpty();
    assertThat(rejected).isEqualTo(2);
    assertThat(denied).isEqualTo(2);
  }
}
