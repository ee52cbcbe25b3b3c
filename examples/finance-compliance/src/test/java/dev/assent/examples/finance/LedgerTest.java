package dev.assent.examples.finance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
  private static final Transaction ONE = new Transaction("INV-1", 5, "Acme Corp", "Supplies");

  @TempDir Path folder;

  @Test
  void aPaymentIsOneLineWithTheCanonicalArguments() throws IOException {
    Ledger ledger = new Ledger(folder);

    assertThat(ledger.lines()).isEmpty();
    assertThat(ledger.pay(ONE, "run-1")).isEqualTo(1);

    String arguments =
        "{\"amount_cents\":5,\"invoice_id\":\"INV-1\",\"memo\":\"Supplies\",\"vendor\":\"Acme Corp\"}";
    assertThat(ledger.lines())
        .containsExactly(
            new Ledger.Line(
                1,
                "INV-1",
                "run-1",
                arguments,
                Ledger.sha256(arguments.getBytes(StandardCharsets.UTF_8))));
  }

  @Test
  void hostileTextStaysInItsLine() throws IOException {
    Ledger ledger = new Ledger(folder);
    List<Transaction> rows = Transactions.standard();

    for (Transaction row : rows) {
      ledger.pay(row, "k");
    }

    assertThat(ledger.lines()).hasSize(rows.size());
    assertThat(ledger.lines())
        .extracting(line -> PaidTest.transaction(line.arguments()))
        .isEqualTo(rows);
  }

  @Test
  void aTornLineIsNoPaymentAndDoesNoHarm() throws IOException {
    Ledger ledger = new Ledger(folder);
    ledger.pay(ONE, "a");
    Files.writeString(ledger.file(), "{\"invoice\":\"INV-2\"", StandardOpenOption.APPEND);

    assertThat(ledger.lines()).hasSize(1);
    assertThat(ledger.pay(ONE, "b")).isEqualTo(2);

    assertThat(ledger.lines()).extracting(Ledger.Line::key).containsExactly("a", "b");
  }

  @Test
  void manyPayAtOnce() throws Exception {
    Ledger ledger = new Ledger(folder);

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads.invokeAll(
          IntStream.range(0, 50)
              .mapToObj(i -> (Callable<Integer>) () -> ledger.pay(ONE, "k" + i))
              .toList());
    }

    assertThat(ledger.lines()).hasSize(50).extracting(Ledger.Line::key).doesNotHaveDuplicates();
  }
}
