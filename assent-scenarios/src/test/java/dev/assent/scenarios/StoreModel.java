package dev.assent.scenarios;

import static dev.assent.scenarios.StoreFixture.LATER;
import static dev.assent.scenarios.StoreFixture.T0;
import static dev.assent.scenarios.StoreFixture.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.Body;
import dev.assent.core.BodyId;
import dev.assent.core.Digest;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RunId;
import dev.assent.core.RunState;
import dev.assent.core.ToolCallId;
import dev.assent.core.spi.Committed;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.Write;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What a store should do, said a second time and naively: one thread makes random transactions in a
 * corner of its own and foresees each outcome.
 */
final class StoreModel {
  /** A run as the model sees it. */
  private record Row(
      RunState state,
      long fence,
      Write.@Nullable Lease lease,
      long rings,
      @Nullable Long readyAt,
      boolean cancelAsked) {
    boolean free() {
      return lease == null || !lease.until().isAfter(T0);
    }
  }

  /** Everything that a transaction may change. */
  private static final class Corner {
    final Map<RunId, Row> runs = new LinkedHashMap<>();
    final Map<String, Requirement> requirements = new LinkedHashMap<>();
    final Map<String, Integer> decisions = new LinkedHashMap<>();
    final Map<Digest, String> effects = new LinkedHashMap<>();
    final Map<String, String> bodies = new LinkedHashMap<>();
    final Map<String, Integer> messages = new LinkedHashMap<>();
    final Map<String, Long> timers = new LinkedHashMap<>();
    int told;
    long audited;

    Corner copy() {
      Corner copy = new Corner();
      copy.runs.putAll(runs);
      copy.requirements.putAll(requirements);
      copy.decisions.putAll(decisions);
      copy.effects.putAll(effects);
      copy.bodies.putAll(bodies);
      copy.messages.putAll(messages);
      copy.timers.putAll(timers);
      copy.told = told;
      copy.audited = audited;
      return copy;
    }
  }

  private final String name;
  private final Random random;
  private Corner corner = new Corner();

  StoreModel(int thread, long seed) {
    this.name = "t" + thread;
    this.random = new Random(seed);
  }

  long audited() {
    return corner.audited;
  }

  /** One random transaction, in the model and in the store. */
  void step(Store store) {
    Corner after = corner.copy();
    List<Write> writes = new ArrayList<>();
    Write conflict = null;
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      Write write = anyWrite();
      writes.add(write);
      if (conflict == null && !apply(after, write)) {
        conflict = write;
      }
    }

    Committed outcome = store.commit(TENANT, writes);

    assertThat(outcome)
        .as("%s: %s", name, writes)
        .isEqualTo(conflict == null ? new Committed.Done() : new Committed.Conflict(conflict));
    if (conflict == null) {
      corner = after;
    }
  }

  private Write anyWrite() {
    RunId run = new RunId(name + "-r" + random.nextInt(4));
    Requirement asked = StoreFixture.requirement(run.value(), random.nextInt(2), T0, null);
    Digest key = Digest.sha256((name + random.nextInt(3)).getBytes(StandardCharsets.UTF_8));
    ToolCallId call = new ToolCallId("c" + random.nextInt(2));
    return switch (random.nextInt(18)) {
      case 0, 1 -> StoreFixture.newRun(StoreFixture.first(run.value()));
      case 2, 3, 4 -> nextState(run);
      case 5 -> new Write.TakeLease(run, version(run), fence(run), lease(), T0);
      case 6 -> new Write.KeepLease(run, fence(run), lease());
      case 7 -> new Write.GiveLease(run, fence(run), rings(run), LATER);
      case 8 -> new Write.Ring(run, random.nextBoolean(), T0);
      case 9 -> new Write.AskCancel(run, "bob", T0);
      case 10 -> StoreFixture.putBody(name + "-s" + random.nextInt(3), name + random.nextInt(60));
      case 11 -> new Write.NewMessage(name + "-s", run, "user", StoreFixture.ref("m"), T0);
      case 12 -> new Write.NewRequirement(asked);
      case 13 -> new Write.NextRequirement(nextOf(asked), random.nextBoolean(), T0);
      case 14 ->
          random.nextBoolean()
              ? new Write.Expect(asked.id(), 1, RequirementStatus.PENDING)
              : new Write.ExpectRun(run, version(run));
      case 15 ->
          random.nextBoolean()
              ? new Write.ReserveEffect(key, run, call, 1, T0)
              : new Write.ReleaseEffect(key, run, call);
      case 16 -> new Write.StartTimer(asked.id(), "k" + random.nextInt(2), T0);
      default ->
          random.nextBoolean()
              ? StoreFixture.audit(run.value())
              : new Write.Tell(name, "topic", run.value(), T0);
    };
  }

  private Write nextState(RunId run) {
    Row row = corner.runs.get(run);
    RunState state = row == null ? StoreFixture.first(run.value()) : row.state();
    RunState next = random.nextInt(12) == 0 ? StoreFixture.ended(state) : StoreFixture.next(state);
    long fence = fence(run);
    Write.Hold hold =
        switch (random.nextInt(4)) {
          case 0 -> new Write.Hold.Claim(fence, lease());
          case 1 -> new Write.Hold.Keep(fence, lease());
          case 2 -> new Write.Hold.Release(fence);
          default -> new Write.Hold.Pass(fence);
        };
    return new Write.NextState(
        next,
        hold,
        random.nextBoolean(),
        random.nextBoolean(),
        rings(run),
        random.nextBoolean() ? LATER : null,
        T0);
  }

  /** Mostly the stored fence. */
  private long fence(RunId run) {
    Row row = corner.runs.get(run);
    return (row == null ? 0 : row.fence()) + (random.nextInt(6) == 0 ? 1 : 0);
  }

  private long version(RunId run) {
    Row row = corner.runs.get(run);
    return row == null ? 1 : row.state().version();
  }

  /** Sometimes one ring behind. */
  private long rings(RunId run) {
    Row row = corner.runs.get(run);
    return row == null ? 0 : Math.max(0, row.rings() - random.nextInt(2));
  }

  private Write.Lease lease() {
    return new Write.Lease(name, random.nextInt(3) == 0 ? T0 : LATER);
  }

  private Requirement nextOf(Requirement asked) {
    Requirement stored = corner.requirements.getOrDefault(asked.id().value(), asked);
    return random.nextInt(4) == 0
        ? stored.closed(RequirementStatus.APPROVED, "bob", T0)
        : stored.voted();
  }

  private boolean apply(Corner to, Write write) {
    return switch (write) {
      case Write.NewRun w ->
          to.runs.putIfAbsent(
                  w.state().id(), new Row(w.state(), 0, null, 0, T0.toEpochMilli(), false))
              == null;
      case Write.NextState w -> next(to, w);
      case Write.TakeLease w -> {
        Row row = to.runs.get(w.run());
        yield row != null
            && row.state().version() == w.expectedVersion()
            && row.fence() == w.expectedFence()
            && row.free()
            && set(to, row, row.state(), row.fence() + 1, w.lease(), row.readyAt());
      }
      case Write.KeepLease w -> {
        Row row = to.runs.get(w.run());
        yield held(row, w.fence())
            && set(to, row, row.state(), row.fence(), w.lease(), row.readyAt());
      }
      case Write.GiveLease w -> {
        Row row = to.runs.get(w.run());
        yield held(row, w.fence())
            && set(to, row, row.state(), row.fence(), null, ready(row, w.ringsSeen(), LATER));
      }
      case Write.Ring w -> {
        Row row = to.runs.get(w.run());
        yield !(w.unlessEnded() && row != null && row.state().end() != null)
            && rung(to, w.run(), false);
      }
      case Write.AskCancel w -> {
        Row row = to.runs.get(w.run());
        yield row != null
            && row.state().end() == null
            && !row.cancelAsked()
            && rung(to, w.run(), true);
      }
      case Write.PutBody w -> to.bodies.putIfAbsent(w.body().id().value(), w.session()) == null;
      case Write.EraseBody w -> {
        to.bodies.remove(w.body().value());
        yield true;
      }
      case Write.NewMessage w -> to.messages.merge(w.session(), 1, Integer::sum) > 0;
      case Write.NewRequirement w ->
          to.requirements.putIfAbsent(w.requirement().id().value(), w.requirement()) == null;
      case Write.NextRequirement w -> {
        Requirement stored = to.requirements.get(w.requirement().id().value());
        yield stored != null
            && stored.revision() == w.requirement().revision() - 1
            && to.requirements.put(stored.id().value(), w.requirement()) != null;
      }
      case Write.Expect w -> {
        Requirement stored = to.requirements.get(w.requirement().value());
        yield stored != null && stored.version() == w.version() && stored.status() == w.status();
      }
      case Write.ExpectRun w -> {
        Row row = to.runs.get(w.run());
        yield row != null && row.state().version() == w.version();
      }
      case Write.NewGrant w -> throw new AssertionError(w);
      case Write.NextGrant w -> throw new AssertionError(w);
      case Write.NewMandate w -> throw new AssertionError(w);
      case Write.NextMandate w -> throw new AssertionError(w);
      case Write.ReserveEffect w ->
          to.effects.putIfAbsent(w.key(), w.run() + "/" + w.call()) == null;
      case Write.ReleaseEffect w -> to.effects.remove(w.key(), w.run() + "/" + w.call());
      case Write.StartTimer w -> {
        to.timers.put(w.requirement() + "/" + w.kind(), w.due().toEpochMilli());
        yield true;
      }
      case Write.Audit w -> ++to.audited > 0;
      case Write.Tell w -> ++to.told > 0;
      case Write.Journal w -> throw new AssertionError(w);
      case Write.NewDecision w -> throw new AssertionError(w);
      case Write.NewSight w -> throw new AssertionError(w);
      case Write.NewHold w -> throw new AssertionError(w);
      case Write.EndHold w -> throw new AssertionError(w);
      case Write.Erase w -> throw new AssertionError(w);
      case Write.SettleEffect w -> throw new AssertionError(w);
      case Write.StopTimer w -> true;
      case Write.StopTimers w -> throw new AssertionError(w);
      case Write.Told w -> throw new AssertionError(w);
    };
  }

  private boolean next(Corner to, Write.NextState write) {
    Row row = to.runs.get(write.state().id());
    if (row == null
        || row.state().version() != write.state().version() - 1
        || (write.unlessCancelled() && row.cancelAsked())
        || (write.unlessRung() && row.rings() > write.ringsSeen())) {
      return false;
    }
    Long ready = ready(row, write.ringsSeen(), write.readyAt());
    return switch (write.hold()) {
      case Write.Hold.Claim h ->
          row.fence() == h.expectedFence()
              && row.free()
              && set(to, row, write.state(), row.fence() + 1, h.lease(), ready);
      case Write.Hold.Pass h ->
          row.fence() == h.expectedFence()
              && row.free()
              && set(to, row, write.state(), row.fence() + 1, null, ready);
      case Write.Hold.Keep h ->
          held(row, h.fence()) && set(to, row, write.state(), row.fence(), h.lease(), ready);
      case Write.Hold.Release h ->
          held(row, h.fence()) && set(to, row, write.state(), row.fence(), null, ready);
    };
  }

  private static boolean held(@Nullable Row row, long fence) {
    return row != null && row.lease() != null && row.fence() == fence;
  }

  private static @Nullable Long ready(Row row, long ringsSeen, java.time.@Nullable Instant when) {
    if (row.rings() > ringsSeen) {
      return T0.toEpochMilli();
    }
    return when == null ? null : when.toEpochMilli();
  }

  private static boolean set(
      Corner to,
      Row row,
      RunState state,
      long fence,
      Write.@Nullable Lease lease,
      @Nullable Long readyAt) {
    to.runs.put(state.id(), new Row(state, fence, lease, row.rings(), readyAt, row.cancelAsked()));
    return true;
  }

  private static boolean rung(Corner to, RunId run, boolean cancel) {
    Row row = to.runs.get(run);
    if (row == null) {
      return false;
    }
    to.runs.put(
        run,
        new Row(
            row.state(),
            row.fence(),
            row.lease(),
            row.rings() + 1,
            T0.toEpochMilli(),
            row.cancelAsked() || cancel));
    return true;
  }

  /** Compares all that the model knows with what the store has. */
  void compare(Store store) {
    corner.runs.forEach(
        (id, row) -> {
          Store.StoredRun stored = store.run(TENANT, id).orElseThrow();
          assertThat(stored.state()).isEqualTo(row.state());
          assertThat(stored.fence()).isEqualTo(row.fence());
          assertThat(stored.leaseFree()).isEqualTo(row.free());
          assertThat(stored.rings()).isEqualTo(row.rings());
          assertThat(stored.readyAt() == null ? null : stored.readyAt().toEpochMilli())
              .isEqualTo(row.readyAt());
          assertThat(stored.cancelAskedBy() != null).isEqualTo(row.cancelAsked());
        });
    corner.requirements.forEach(
        (id, requirement) ->
            assertThat(store.requirement(TENANT, requirement.id())).contains(requirement));
    corner.effects.forEach(
        (key, holder) ->
            assertThat(store.effect(TENANT, key))
                .hasValueSatisfying(
                    effect -> assertThat(effect.run() + "/" + effect.call()).isEqualTo(holder)));
    for (int i = 0; i < 60; i++) {
      BodyId id = new BodyId(name + i);
      assertThat(store.body(TENANT, id).map(Body::text).orElse(null))
          .isEqualTo(corner.bodies.containsKey(id.value()) ? id.value() : null);
    }
    assertThat(store.messages(TENANT, name + "-s"))
        .hasSize(corner.messages.getOrDefault(name + "-s", 0));
    assertThat(store.outbox(TENANT, name, 10_000)).hasSize(corner.told);
    assertThat(
            store.timers(TENANT, LATER, 10_000).stream()
                .filter(timer -> timer.requirement().value().startsWith(name + "-")))
        .hasSize(corner.timers.size());
  }
}
