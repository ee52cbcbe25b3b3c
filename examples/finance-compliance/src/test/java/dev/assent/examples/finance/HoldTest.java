package dev.assent.examples.finance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
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

    CountDownLatch waits = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    CompletableFuture<Void> paying =
        CompletableFuture.runAsync(
            () -> {
              try {
                new Hold(
                        folder,
                        () -> {
                          waits.countDown();
                          released.await();
                        })
                    .at(Hold.Point.BEFORE_EFFECT, "INV-7");
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    assertThat(waits.await(15, TimeUnit.SECONDS)).isTrue();
    assertThat(hold.reached()).isTrue();
    assertThat(paying).isNotDone();
    hold.release();
    released.countDown();
    paying.get(15, TimeUnit.SECONDS);
    assertThat(hold.reached()).isFalse();
  }
}
