package dev.assent.examples.finance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.assent.core.CanonicalJson;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransactionsTest {
  private final List<Transaction> rows = TransactionGenerator.generate();

  @Test
  void theCommittedFileIsWhatTheGeneratorMakes() {
    assertThat(new String(Transactions.standardBytes(), StandardCharsets.UTF_8))
        .isEqualTo(Transactions.csv(rows));
    assertThat(Transactions.standard()).isEqualTo(rows).hasSize(TransactionGenerator.ORDINARY + 10);
  }

  @Test
  void aWrittenListIsReadBackUnchangedAlsoInsideAMessage() {
    String message = "Please pay:\n\n" + Transactions.csv(rows);

    assertThat(Transactions.parse(Transactions.csv(rows))).isEqualTo(rows);
    assertThat(Transactions.within(message)).contains(rows);
    assertThat(Transactions.within("no list here")).isEmpty();
  }

  @Test
  void hostileRowsReachTheArgumentsByteForByte() {
    for (Transaction row : Transactions.standard()) {
      JsonObject sent =
          (JsonObject) Json.parse(CanonicalJson.text(Json.parse(row.arguments().toString())));

      assertThat(sent.string("invoice_id")).isEqualTo(row.invoice());
      assertThat(sent.number("amount_cents").text()).isEqualTo(Long.toString(row.cents()));
      assertThat(sent.string("vendor").getBytes(StandardCharsets.UTF_8))
          .isEqualTo(row.vendor().getBytes(StandardCharsets.UTF_8));
      assertThat(sent.string("memo").getBytes(StandardCharsets.UTF_8))
          .isEqualTo(row.memo().getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void everyKindOfHostileRowIsThere() {
    assertThat(rows).anyMatch(row -> row.memo().contains("\u202E"));
    assertThat(rows).anyMatch(row -> row.memo().contains("\u200B"));
    assertThat(rows).anyMatch(row -> row.cents() == 9_007_199_254_740_993L);
    assertThat(rows).anyMatch(row -> row.memo().length() == 10_000);
    assertThat(rows).anyMatch(row -> row.memo().contains("\"") && row.memo().contains("\\"));
    assertThat(rows).anyMatch(row -> row.memo().contains("\n") && row.memo().contains("\r\n"));
    assertThat(rows).anyMatch(row -> row.memo().contains("<script>"));
    assertThat(rows.stream().map(Transaction::invoice).distinct()).hasSize(rows.size() - 2);
  }

  @Test
  void whatIsNoTransactionIsNamedByItsLine() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Transactions.parse(Transactions.HEADER + "\nINV-1,1,A,b\nINV-2,1.5,A,b\n"))
        .withMessageContaining("line 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Transactions.parse(Transactions.HEADER + "\nINV-1,1,A\n"))
        .withMessageContaining("3 fields");
    assertThatIllegalArgumentException().isThrownBy(() -> Transactions.parse("id,amount\n"));
  }
}
