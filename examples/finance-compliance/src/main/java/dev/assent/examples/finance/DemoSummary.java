package dev.assent.examples.finance;

import dev.assent.core.Message;
import dev.assent.core.SafeText;
import java.math.BigDecimal;
import java.util.List;

/** The demo model's last message, in the style of the reference. Stateless. */
final class DemoSummary {
  private static final int SHOWN = 60;

  private DemoSummary() {}

  /** One line for each row; the results are in the order of the rows. */
  static String of(List<Transaction> rows, List<Message.ToolResult> results) {
    StringBuilder text = new StringBuilder("All transactions have been processed:\n");
    int paid = 0;
    for (int i = 0; i < rows.size(); i++) {
      Message.ToolResult result = results.get(i);
      paid += result.error() ? 0 : 1;
      text.append('\n')
          .append(i + 1)
          .append(". ")
          .append(line(rows.get(i)))
          .append(result.error() ? " - Not paid: " + excerpt(result.text()) : " - Approved.");
    }
    return text.append("\n\nPaid ")
        .append(paid)
        .append(" of ")
        .append(rows.size())
        .append(". You can type exit to finish.")
        .toString();
  }

  private static String line(Transaction row) {
    return "Transaction: $%s to %s. Memo: %s."
        .formatted(dollars(row.cents()), excerpt(row.vendor()), excerpt(row.memo()));
  }

  private static String excerpt(String text) {
    return SafeText.of(text).cut(SHOWN).toString();
  }

  private static String dollars(long cents) {
    BigDecimal dollars = BigDecimal.valueOf(cents, 2);
    return cents % 100 == 0 ? dollars.setScale(0).toPlainString() : dollars.toPlainString();
  }
}
