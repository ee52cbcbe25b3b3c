package dev.assent.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.RunId;
import dev.assent.core.spi.AccountStore;
import dev.assent.core.spi.Committed;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.StoreException;
import dev.assent.core.spi.Write;
import dev.assent.runtime.InMemoryStore;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CrashingStoreTest {
  private final InMemoryStore behind = new InMemoryStore(VirtualClock.standing());

  private Committed tell(Store store, String subject) {
    return store.commit("main", List.of(new Write.Tell("test", "topic", subject, store.now())));
  }

  private List<String> told() {
    return behind.outbox("main", "test", 10).stream().map(Store.StoredNotice::subject).toList();
  }

  @Test
  void beforeACommitItIsLost() {
    CrashingStore crashing = CrashingStore.at(behind, CrashPoint.before(2));
    tell(crashing.store(), "one");

    assertThatThrownBy(() -> tell(crashing.store(), "two"))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.code()).isEqualTo("store-closed"));

    assertThat(crashing.dead()).isTrue();
    assertThat(crashing.commits()).isEqualTo(2);
    assertThat(told()).containsExactly("one");
  }

  @Test
  void afterACommitItIsWrittenAndNothingElseIs() {
    AtomicInteger refused = new AtomicInteger();
    CrashingStore crashing =
        CrashingStore.at(behind, CrashPoint.after(1)).onRefusal(refused::incrementAndGet);

    assertThatThrownBy(() -> tell(crashing.store(), "one")).isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> tell(crashing.store(), "two")).isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> crashing.store().auditHead("main")).isInstanceOf(StoreException.class);

    assertThat(told()).containsExactly("one");
    assertThat(crashing.commits()).isEqualTo(1);
    assertThat(refused).hasValue(2);
    assertThat(crashing.store().now()).isEqualTo(behind.now());
  }

  @Test
  void itDiesAndIsRevivedByHand() {
    CrashingStore crashing = CrashingStore.around(behind);
    crashing.die();
    assertThatThrownBy(() -> tell(crashing.store(), "one")).isInstanceOf(StoreException.class);
    crashing.revive();

    assertThat(tell(crashing.store(), "two")).isInstanceOf(Committed.Done.class);
    assertThat(told()).containsExactly("two");
  }

  @Test
  void aCommitThatOnlyKeepsALeaseIsNotCounted() {
    CrashingStore crashing = CrashingStore.at(behind, CrashPoint.before(1));
    Write keeps =
        new Write.KeepLease(
            new RunId("none"), 1, new Write.Lease("me", behind.now().plusSeconds(1)));

    assertThat(crashing.store().commit("main", List.of(keeps)))
        .isInstanceOf(Committed.Conflict.class);

    assertThat(crashing.commits()).isZero();
    assertThatThrownBy(() -> tell(crashing.store(), "one")).isInstanceOf(StoreException.class);
  }

  @Test
  void closingItLeavesTheStoreBehindOpen() {
    CrashingStore.around(behind).store().close();

    assertThat(tell(behind, "one")).isInstanceOf(Committed.Done.class);
  }

  @Test
  void itIsWhateverElseTheStoreBehindIs() {
    Store store = CrashingStore.around(behind).store();

    assertThat(store).isInstanceOf(AccountStore.class).isEqualTo(store).isNotEqualTo(behind);
    assertThat(store.hashCode()).isEqualTo(store.hashCode());
    assertThat(store).hasToString("crashing " + behind);
  }

  @Test
  void anErrorOfTheStoreBehindIsPassedOn() {
    behind.close();

    assertThatThrownBy(() -> CrashingStore.around(behind).store().auditHead("main"))
        .isInstanceOf(StoreException.class);
  }

  @Test
  void commitsAreCountedFromOne() {
    assertThatThrownBy(() -> CrashPoint.before(0)).isInstanceOf(IllegalArgumentException.class);
    assertThat(CrashPoint.after(3)).hasToString("crash AFTER commit 3");
  }

  @Test
  void effectsKnowWhoMadeThem() {
    Effects effects = new Effects();
    effects.happened("rain");
    effects.happened("rain");

    assertThat(effects.lines()).containsExactly("rain", "rain");
    assertThat(effects.times("rain")).isEqualTo(2);
    assertThat(effects.attributed()).isFalse();
  }
}
