package dev.assent.examples.finance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class HoldTest {
  @TempDir Path folder;

  @Test
  void onlyTheNamedInvoiceWaitsOnlyAtTheNamedPoint() throws Exception {
    Hold hold = new Hold(folder);
    hold.ask(Hold.Point.BEFORE_EFFECT, "INV-7");

    hold.at(Hold.Point.AFTER_EFFECT, "INV-7");
    hold.at(Hold.Point.BEFORE_EFFECT, "INV-8");
    assertThat(hold.reached()).isFalse();

    CompletableFuture<Void> paying =
        CompletableFuture.runAsync(
            () -> {
              try {
                new Hold(folder).at(Hold.Point.BEFORE_EFFECT, "INV-7");
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    while (!hold.reached()) {
      Thread.sleep(5);
    }
    assertThat(paying).isNotDone();
    hold.release();
    paying.get(5, TimeUnit.SECONDS);
    assertThat(hold.reached()).isFalse();
  }
}
