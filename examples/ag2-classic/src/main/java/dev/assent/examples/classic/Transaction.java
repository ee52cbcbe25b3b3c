package dev.assent.examples.classic;

import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** A transaction of the example. Immutable. {@code amount} is in dollars. */
record Transaction(long amount, String vendor, String memo) {
  private static final List<Long> AMOUNTS = List.of(500L, 1500L, 9999L, 12000L, 23000L, 4000L);
  private static final List<String> VENDORS =
      List.of("Staples", "Acme Corp", "CyberSins Ltd", "Initech", "Globex", "Unicorn LLC");
  private static final List<String> MEMOS =
      List.of(
          "Quarterly supplies",
          "Confidential",
          "NDA services",
          "Routine payment",
          "Urgent request",
          "Reimbursement");
  private static final Pattern WRITTEN =
      Pattern.compile("Transaction: \\$(\\d+) to (.+)\\. Memo: (.+)\\.");

  static Transaction random(RandomGenerator random) {
    return new Transaction(
        AMOUNTS.get(random.nextInt(AMOUNTS.size())),
        VENDORS.get(random.nextInt(VENDORS.size())),
        MEMOS.get(random.nextInt(MEMOS.size())));
  }

  /** All that are written in a text, in order. */
  static List<Transaction> in(String text) {
    return WRITTEN
        .matcher(text)
        .results()
        .map(
            found ->
                new Transaction(Long.parseLong(found.group(1)), found.group(2), found.group(3)))
        .toList();
  }

  JsonObject arguments() {
    return JsonObject.of("amount", Json.of(amount))
        .with("vendor", Json.of(vendor))
        .with("memo", Json.of(memo));
  }

  @Override
  public String toString() {
    return "Transaction: $" + amount + " to " + vendor + ". Memo: " + memo + ".";
  }
}
