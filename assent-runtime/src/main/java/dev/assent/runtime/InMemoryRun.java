package dev.assent.runtime;

import dev.assent.core.RunMode;
import dev.assent.core.RunState;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.Write;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The row of a run in memory. Immutable. */
record InMemoryRun(
    RunState state,
    String requester,
    Map<String, String> labels,
    @Nullable String idempotencyKey,
    long fence,
    Write.@Nullable Lease lease,
    long rings,
    @Nullable Instant readyAt,
    @Nullable String cancelAskedBy,
    Instant createdAt,
    Instant updatedAt) {

  static final Comparator<InMemoryRun> NEWEST_FIRST =
      Comparator.comparing(InMemoryRun::createdAt)
          .thenComparing(run -> run.state().id().value())
          .reversed();

  static final Comparator<InMemoryRun> READY_FIRST =
      Comparator.comparing(InMemoryRun::readySince).thenComparing(run -> run.state().id().value());

  private Instant readySince() {
    return readyAt == null ? Instant.MAX : readyAt;
  }

  static InMemoryRun of(Write.NewRun write) {
    return new InMemoryRun(
        write.state(),
        write.requester(),
        write.labels(),
        write.idempotencyKey(),
        write.lease() == null ? 0 : 1,
        write.lease(),
        0,
        write.readyAt(),
        null,
        write.at(),
        write.at());
  }

  boolean ended() {
    return state.end() != null;
  }

  /** True while it keeps its session from a second conversation. */
  boolean occupiesSession() {
    return !ended() && state.mode() == RunMode.CONVERSATION && state.root().equals(state.id());
  }

  boolean free(Instant at) {
    return lease == null || !lease.until().isAfter(at);
  }

  boolean heldUnder(long expectedFence) {
    return lease != null && fence == expectedFence;
  }

  boolean takeable(long expectedFence, Instant at) {
    return fence == expectedFence && free(at) && state.schema() <= RunState.SCHEMA;
  }

  boolean due(Instant now) {
    return readyAt != null
        && !readyAt.isAfter(now)
        && free(now)
        && state.schema() <= RunState.SCHEMA;
  }

  /** Whether it has ended, has nothing left to look at, and did not change then or later. */
  boolean settled(Instant before) {
    return ended() && readyAt == null && updatedAt.isBefore(before);
  }

  InMemoryRun leased(long nextFence, Write.@Nullable Lease next) {
    return new InMemoryRun(
        state,
        requester,
        labels,
        idempotencyKey,
        nextFence,
        next,
        rings,
        readyAt,
        cancelAskedBy,
        createdAt,
        updatedAt);
  }

  InMemoryRun next(RunState nextState, Instant at) {
    return new InMemoryRun(
        nextState,
        requester,
        labels,
        idempotencyKey,
        fence,
        lease,
        rings,
        readyAt,
        cancelAskedBy,
        createdAt,
        at);
  }

  /** Ready when asked for; at once when it was rung after {@code ringsSeen}. */
  InMemoryRun ready(long ringsSeen, @Nullable Instant when, Instant at) {
    return withReadiness(rings, rings > ringsSeen ? earlier(when, at) : when, cancelAskedBy);
  }

  InMemoryRun rung(Instant at) {
    return withReadiness(rings + 1, earlier(readyAt, at), cancelAskedBy);
  }

  InMemoryRun cancelAsked(String by, Instant at) {
    return withReadiness(rings + 1, earlier(readyAt, at), by);
  }

  private InMemoryRun withReadiness(
      long nextRings, @Nullable Instant nextReadyAt, @Nullable String askedBy) {
    return new InMemoryRun(
        state,
        requester,
        labels,
        idempotencyKey,
        fence,
        lease,
        nextRings,
        nextReadyAt,
        askedBy,
        createdAt,
        updatedAt);
  }

  private static Instant earlier(@Nullable Instant a, Instant b) {
    return a == null || a.isAfter(b) ? b : a;
  }

  Store.StoredRun stored(Instant now) {
    return new Store.StoredRun(
        state,
        requester,
        labels,
        fence,
        free(now),
        rings,
        readyAt,
        cancelAskedBy,
        createdAt,
        updatedAt);
  }
}
