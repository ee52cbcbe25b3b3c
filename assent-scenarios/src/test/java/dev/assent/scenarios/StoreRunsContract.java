package dev.assent.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.RunId;
import dev.assent.core.RunMachine;
import dev.assent.core.RunMode;
import dev.assent.core.RunState;
import dev.assent.core.RunStatus;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What every store does with runs: versions, leases, rings. */
abstract class StoreRunsContract extends StoreFixture {

  @Nested
  class NewRuns {

    @Test
    void areReadAsTheyWereWritten() {
      RunState state = first("r1");
      done(new Write.NewRun(state, "ada", Map.of("team", "ops"), "key-1", LEASE, LATER, T0));

      Store.StoredRun expected =
          new Store.StoredRun(
              state, "ada", Map.of("team", "ops"), 1, false, 0, LATER, null, T0, T0);
      assertThat(run("r1")).isEqualTo(expected);
      assertThat(store.runOf(TENANT, "finance_bot", "key-1")).contains(expected);
      assertThat(store.runOf(TENANT, "other_bot", "key-1")).isEmpty();
      assertThat(store.run("other", new RunId("r1"))).isEmpty();
    }

    @Test
    void conflictWithAnIdThatExists() {
      done(newRun(first("r1")));

      conflicts(newRun(RunMachine.first(started("r1", "s9", RunMode.CONVERSATION), List.of())));
    }

    @Test
    void conflictWithAnIdempotencyKeyOfTheSameAgent() {
      done(new Write.NewRun(first("r1"), "ada", Map.of(), "key-1", null, T0, T0));

      conflicts(new Write.NewRun(first("r2"), "ada", Map.of(), "key-1", null, T0, T0));
    }

    @Test
    void conflictWithAnUnfinishedConversationOfTheSession() {
      RunState one = RunMachine.first(started("r1", "s1", RunMode.CONVERSATION), List.of());
      RunState two = RunMachine.first(started("r2", "s1", RunMode.CONVERSATION), List.of());
      RunState gate = RunMachine.first(started("g1", "s1", RunMode.GATE), List.of());
      done(newRun(one, LEASE));

      conflicts(newRun(two));
      done(newRun(gate));
      done(nextState(ended(one), new Write.Hold.Release(1)));
      done(newRun(two));
    }

    @Test
    void ofAnotherTenantHaveNothingToDoWithIt() {
      done(newRun(first("r1")));

      assertThat(store.commit("other", List.of(newRun(first("r1"))))).isNotNull();
      assertThat(store.runs("other", null, null, 10, null)).hasSize(1);
    }
  }

  @Nested
  class NextStates {

    @Test
    void conflictUnlessTheVersionIsTheNext() {
      RunState state = first("r1");
      done(newRun(state, LEASE));

      conflicts(nextState(next(next(state)), new Write.Hold.Keep(1, LEASE)));
      conflicts(nextState(state, new Write.Hold.Keep(1, LEASE)));
      conflicts(nextState(next(first("r9")), new Write.Hold.Keep(1, LEASE)));
      done(nextState(next(state), new Write.Hold.Keep(1, LEASE)));
      assertThat(run("r1").state()).isEqualTo(next(state));
    }

    @Test
    void claimAFreeLeaseOnly() {
      RunState state = first("r1");
      done(newRun(state));

      conflicts(nextState(next(state), new Write.Hold.Claim(1, LEASE)));
      done(nextState(next(state), new Write.Hold.Claim(0, LEASE)));
      assertThat(run("r1").fence()).isEqualTo(1);
      assertThat(run("r1").leaseFree()).isFalse();
      conflicts(nextState(next(next(state)), new Write.Hold.Claim(1, OTHER_LEASE)));
      conflicts(nextState(next(next(state)), new Write.Hold.Pass(1)));
    }

    @Test
    void claimAnExpiredLeaseAndFenceItsHolderOff() {
      RunState state = first("r1");
      done(newRun(state, leaseFor(Duration.ZERO)));
      assertThat(run("r1").leaseFree()).isTrue();

      done(nextState(next(state), new Write.Hold.Claim(1, OTHER_LEASE)));

      RunState after = next(next(state));
      conflicts(nextState(after, new Write.Hold.Keep(1, LEASE)));
      conflicts(nextState(after, new Write.Hold.Release(1)));
      conflicts(new Write.KeepLease(after.id(), 1, LEASE));
      conflicts(new Write.GiveLease(after.id(), 1, 0, null));
      done(nextState(after, new Write.Hold.Release(2)));
    }

    @Test
    void ofAHolderWhoseLeaseNobodyTookGoOn() {
      RunState state = first("r1");
      done(newRun(state, leaseFor(Duration.ZERO)));

      done(nextState(next(state), new Write.Hold.Keep(1, LEASE)));

      assertThat(run("r1").leaseFree()).isFalse();
    }

    @Test
    void passTheLeaseOn() {
      RunState state = first("r1");
      done(newRun(state));

      done(nextState(next(state), new Write.Hold.Pass(0)));

      assertThat(run("r1").fence()).isEqualTo(1);
      assertThat(run("r1").leaseFree()).isTrue();
      conflicts(nextState(next(next(state)), new Write.Hold.Release(1)));
    }

    @Test
    void thatStartSomethingConflictOnceACancelWasAsked() {
      RunState state = first("r1");
      done(newRun(state, LEASE));
      done(new Write.AskCancel(state.id(), "bob", T0));

      Write.Hold keep = new Write.Hold.Keep(1, LEASE);
      conflicts(new Write.NextState(next(state), keep, true, 9, null, T0));
      done(new Write.NextState(next(state), keep, false, 9, null, T0));
    }
  }

  @Nested
  class Leases {

    @Test
    void areTakenOnce() {
      RunState state = first("r1");
      done(newRun(state));

      conflicts(new Write.TakeLease(state.id(), 2, 0, LEASE, T0));
      conflicts(new Write.TakeLease(state.id(), 1, 1, LEASE, T0));
      done(new Write.TakeLease(state.id(), 1, 0, LEASE, T0));
      conflicts(new Write.TakeLease(state.id(), 1, 0, OTHER_LEASE, T0));
      conflicts(new Write.TakeLease(state.id(), 1, 1, OTHER_LEASE, T0));
      done(new Write.TakeLease(state.id(), 1, 1, OTHER_LEASE, LATER));
    }

    @Test
    void areKeptForLonger() {
      RunState state = first("r1");
      done(newRun(state, LEASE));

      done(new Write.KeepLease(state.id(), 1, OTHER_LEASE));

      clock.advance(Duration.ofSeconds(90));
      assertThat(run("r1").leaseFree()).isFalse();
      clock.advance(Duration.ofSeconds(30));
      assertThat(run("r1").leaseFree()).isTrue();
    }

    @Test
    void areGivenBackOnce() {
      RunState state = first("r1");
      done(newRun(state, LEASE));

      done(new Write.GiveLease(state.id(), 1, 0, LATER));

      assertThat(run("r1").leaseFree()).isTrue();
      assertThat(run("r1").readyAt()).isEqualTo(LATER);
      conflicts(new Write.GiveLease(state.id(), 1, 0, LATER));
      conflicts(new Write.KeepLease(state.id(), 1, LEASE));
    }
  }

  @Nested
  class Rings {

    @Test
    void makeARunReady() {
      RunState state = first("r1");
      done(newRun(state, LEASE));
      done(nextState(next(state), new Write.Hold.Release(1)));
      assertThat(due()).isEmpty();

      done(new Write.Ring(state.id(), T0));

      assertThat(due()).containsExactly(state.id());
      assertThat(run("r1").rings()).isEqualTo(1);
      conflicts(new Write.Ring(new RunId("r9"), T0));
    }

    @Test
    void betweenLookingAndLettingGoKeepItReady() {
      RunState state = first("r1");
      done(newRun(state, LEASE));
      long seen = run("r1").rings();
      done(new Write.Ring(state.id(), T0));

      done(new Write.NextState(next(state), new Write.Hold.Release(1), false, seen, LATER, T0));

      assertThat(due()).containsExactly(state.id());
    }

    @Test
    void thatWereNotSeenKeepItFromEnding() {
      RunState state = first("r1");
      done(newRun(state, LEASE));
      done(new Write.Ring(state.id(), true, T0));
      Write.Hold hold = new Write.Hold.Release(1);

      conflicts(new Write.NextState(ended(state), hold, false, true, 0, null, T0));
      done(new Write.NextState(ended(state), hold, false, true, 1, null, T0));
      conflicts(new Write.Ring(state.id(), true, T0));
      done(new Write.Ring(state.id(), false, T0));
    }

    @Test
    void betweenLookingAndGivingBackKeepItReady() {
      RunState state = first("r1");
      done(newRun(state, LEASE));
      done(new Write.Ring(state.id(), T0));

      done(new Write.GiveLease(state.id(), 1, 0, null));

      assertThat(due()).containsExactly(state.id());
    }

    @Test
    void thatWereSeenDoNotKeepItReady() {
      RunState state = first("r1");
      done(newRun(state, LEASE));
      done(new Write.Ring(state.id(), T0));

      done(new Write.GiveLease(state.id(), 1, 1, null));

      assertThat(due()).isEmpty();
    }

    @Test
    void doNotPutOffWhatIsReadyBefore() {
      done(newRun(first("r1")));

      done(new Write.Ring(new RunId("r1"), LATER));

      assertThat(run("r1").readyAt()).isEqualTo(T0);
    }

    @Test
    void aCancelIsAskedOnceAndRings() {
      RunState state = first("r1");
      done(newRun(state, LEASE));

      done(new Write.AskCancel(state.id(), "bob", T0));

      assertThat(run("r1").cancelAskedBy()).isEqualTo("bob");
      assertThat(run("r1").rings()).isEqualTo(1);
      conflicts(new Write.AskCancel(state.id(), "eve", T0));
      conflicts(new Write.AskCancel(new RunId("r9"), "eve", T0));
    }

    @Test
    void aRunThatHasEndedIsNotCancelled() {
      RunState state = first("r1");
      done(newRun(state, LEASE));
      done(nextState(ended(state), new Write.Hold.Release(1)));

      conflicts(new Write.AskCancel(state.id(), "bob", T0));
    }
  }

  @Nested
  class Lists {

    @Test
    void ofDueRunsHaveThoseThatSomebodyShouldWorkOn() {
      done(newRun(first("free")));
      done(newRun(first("held"), LEASE));
      done(new Write.NewRun(first("later"), "ada", Map.of(), null, null, LATER, T0));
      done(new Write.NewRun(first("waiting"), "ada", Map.of(), null, null, null, T0));
      RunState ended = first("ended");
      done(newRun(ended, LEASE));
      done(nextState(ended(ended), new Write.Hold.Release(1)));

      assertThat(due()).containsExactly(new RunId("free"));
      assertThat(store.due(TENANT, List.of("finance_bot"), LATER, 10))
          .containsExactlyInAnyOrder(new RunId("free"), new RunId("held"), new RunId("later"));
      assertThat(store.due(TENANT, List.of("finance_bot"), LATER, 1)).hasSize(1);
      assertThat(store.due(TENANT, List.of("other_bot"), LATER, 10)).isEmpty();
      assertThat(store.due(TENANT, List.of(), LATER, 10)).isEmpty();
      assertThat(store.unserved(TENANT, List.of("other_bot"), T0, 10))
          .containsExactly(new RunId("free"));
      assertThat(store.unserved(TENANT, List.of("finance_bot"), T0, 10)).isEmpty();
    }

    @Test
    void ofDueRunsHaveOneThatHasEndedOnceItIsRung() {
      RunState ended = first("ended");
      done(newRun(ended, LEASE));
      done(nextState(ended(ended), new Write.Hold.Release(1)));
      assertThat(due()).isEmpty();

      done(new Write.Ring(ended.id(), T0));

      assertThat(due()).containsExactly(ended.id());
    }

    @Test
    void ofRunsAreNewestFirstAndGoOnAfterTheLast() {
      for (int i = 0; i < 7; i++) {
        Instant at = T0.plusMillis(i / 2);
        done(new Write.NewRun(first("r" + i), "ada", Map.of(), null, null, null, at));
      }

      List<String> all = ids(store.runs(TENANT, null, null, 10, null));
      List<String> one = ids(store.runs(TENANT, null, null, 3, null));
      List<String> two = ids(store.runs(TENANT, null, null, 3, new RunId(one.getLast())));
      List<String> three = ids(store.runs(TENANT, null, null, 3, new RunId(two.getLast())));

      assertThat(all).containsExactly("r6", "r5", "r4", "r3", "r2", "r1", "r0");
      assertThat(one).isEqualTo(all.subList(0, 3));
      assertThat(two).isEqualTo(all.subList(3, 6));
      assertThat(three).isEqualTo(all.subList(6, 7));
      assertThat(store.runs(TENANT, null, null, 3, new RunId("gone"))).isEmpty();
    }

    @Test
    void ofRunsCanBeOfOneStatusAndAgent() {
      RunState state = first("r1");
      done(newRun(state, LEASE), newRun(first("r2")));
      done(nextState(ended(state), new Write.Hold.Release(1)));

      assertThat(ids(store.runs(TENANT, RunStatus.COMPLETED, null, 9, null))).containsExactly("r1");
      assertThat(ids(store.runs(TENANT, RunStatus.RUNNING, "finance_bot", 9, null)))
          .containsExactly("r2");
      assertThat(store.runs(TENANT, null, "other_bot", 9, null)).isEmpty();
    }

    private List<String> ids(List<Store.StoredRun> runs) {
      return runs.stream().map(run -> run.state().id().value()).toList();
    }
  }

  List<RunId> due() {
    return store.due(TENANT, List.of("finance_bot", "idle_bot"), T0, 10);
  }
}
