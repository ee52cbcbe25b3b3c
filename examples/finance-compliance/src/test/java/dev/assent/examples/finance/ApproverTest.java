package dev.assent.examples.finance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.CanonicalJson;
import org.junit.jupiter.api.Test;

class ApproverTest {
  private static boolean approves(Transaction row) {
    String arguments = CanonicalJson.text(row.arguments());
    return Approver.objection(
            new Payment("r", "APPROVAL", "c", "pay_invoice", 1, "d", "MEDIUM", arguments))
        .isEmpty();
  }

  @Test
  void onlyWhatCannotBeReadIsRejected() {
    assertThat(Transactions.standard().stream().filter(row -> !approves(row)))
        .extracting(Transaction::invoice)
        .containsExactly("INV-9001", "INV-9002", "INV-9007", "INV-9008");
  }
}
