package dev.assent.store.jdbc;

import dev.assent.core.BodyRef;
import dev.assent.core.Decision;
import dev.assent.core.Erasure;
import dev.assent.core.Grant;
import dev.assent.core.LegalHold;
import dev.assent.core.Mandate;
import dev.assent.core.RecordJson;
import dev.assent.core.Requirement;
import dev.assent.core.RunEvent;
import dev.assent.core.RunState;
import dev.assent.core.Sight;
import dev.assent.core.spi.Write;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What each change is in SQL. Immutable, thread-safe: used on the callers' threads. */
final class SqliteStatements {
  /** The events of a transition, as they are stored. */
  record Events(List<RunEvent> events) {}

  /** The labels of a run, as they are stored. */
  record Labels(Map<String, String> labels) {}

  private final SqlTexts texts;
  private final RowCodes codes;
  private final long epoch;

  /**
   * @param epoch of this opening of the store; a lease of an earlier one is free
   */
  SqliteStatements(SqlTexts texts, RowCodes codes, long epoch) {
    this.texts = texts;
    this.codes = codes;
    this.epoch = epoch;
  }

  BoundStatement newRun(String tenant, Write.NewRun write) {
    RunState state = write.state();
    Write.Lease lease = write.lease();
    byte[] snapshot = RecordJson.write(state);
    byte[] labels = RecordJson.write(new Labels(write.labels()));
    return one(
        Sql.NEW_RUN,
        tenant,
        state.id().value(),
        state.root().value(),
        state.session(),
        state.agent(),
        state.mode().name(),
        state.status().name(),
        state.end() == null ? 0 : 1,
        state.version(),
        state.schema(),
        snapshot,
        write.requester(),
        labels,
        write.idempotencyKey(),
        lease == null ? 0 : 1,
        lease == null ? null : lease.holder(),
        lease == null ? null : soon(lease.until()),
        lease == null ? null : epoch,
        soon(write.readyAt()),
        exact(write.at()),
        exact(write.at()),
        codes.origin(
            tenant,
            state.id().value(),
            state.root().value(),
            null,
            state.session(),
            state.agent(),
            state.mode().name(),
            write.requester(),
            labels,
            write.idempotencyKey(),
            write.at().toEpochMilli()),
        code(tenant, state, snapshot));
  }

  private byte[] code(String tenant, RunState state, byte[] snapshot) {
    return codes.state(
        tenant,
        state.id().value(),
        state.status().name(),
        state.end() == null ? 0 : 1,
        state.version(),
        state.schema(),
        snapshot);
  }

  BoundStatement nextState(String tenant, Write.NextState write) {
    return switch (write.hold()) {
      case Write.Hold.Claim hold -> taking(tenant, write, hold.expectedFence(), hold.lease());
      case Write.Hold.Pass hold -> taking(tenant, write, hold.expectedFence(), null);
      case Write.Hold.Keep hold -> holding(tenant, write, hold.fence(), hold.lease());
      case Write.Hold.Release hold -> holding(tenant, write, hold.fence(), null);
    };
  }

  private BoundStatement taking(
      String tenant, Write.NextState write, long fence, Write.@Nullable Lease lease) {
    RunState state = write.state();
    byte[] snapshot = RecordJson.write(state);
    return one(
        Sql.NEXT_STATE_TAKING,
        state.status().name(),
        state.end() == null ? 0 : 1,
        state.version(),
        state.schema(),
        snapshot,
        code(tenant, state, snapshot),
        exact(write.at()),
        write.ringsSeen(),
        earlier(write.readyAt(), write.at()),
        soon(write.readyAt()),
        lease == null ? null : lease.holder(),
        lease == null ? null : soon(lease.until()),
        lease == null ? null : epoch,
        tenant,
        state.id().value(),
        state.version() - 1,
        write.unlessCancelled() ? 1 : 0,
        write.unlessRung() ? 1 : 0,
        write.ringsSeen(),
        fence,
        RunState.SCHEMA,
        epoch,
        exact(write.at()));
  }

  private BoundStatement holding(
      String tenant, Write.NextState write, long fence, Write.@Nullable Lease lease) {
    RunState state = write.state();
    byte[] snapshot = RecordJson.write(state);
    return one(
        Sql.NEXT_STATE_HOLDING,
        state.status().name(),
        state.end() == null ? 0 : 1,
        state.version(),
        state.schema(),
        snapshot,
        code(tenant, state, snapshot),
        exact(write.at()),
        write.ringsSeen(),
        earlier(write.readyAt(), write.at()),
        soon(write.readyAt()),
        lease == null ? null : lease.holder(),
        lease == null ? null : soon(lease.until()),
        lease == null ? null : epoch,
        tenant,
        state.id().value(),
        state.version() - 1,
        write.unlessCancelled() ? 1 : 0,
        write.unlessRung() ? 1 : 0,
        write.ringsSeen(),
        fence,
        epoch);
  }

  BoundStatement takeLease(String tenant, Write.TakeLease write) {
    return one(
        Sql.TAKE_LEASE,
        write.lease().holder(),
        soon(write.lease().until()),
        epoch,
        tenant,
        write.run().value(),
        write.expectedVersion(),
        write.expectedFence(),
        RunState.SCHEMA,
        epoch,
        exact(write.at()));
  }

  BoundStatement keepLease(String tenant, Write.KeepLease write) {
    return one(
        Sql.KEEP_LEASE,
        write.lease().holder(),
        soon(write.lease().until()),
        tenant,
        write.run().value(),
        write.fence(),
        epoch);
  }

  BoundStatement giveLease(String tenant, Write.GiveLease write, Instant now) {
    return one(
        Sql.GIVE_LEASE,
        write.ringsSeen(),
        earlier(write.readyAt(), now),
        soon(write.readyAt()),
        tenant,
        write.run().value(),
        write.fence(),
        epoch);
  }

  BoundStatement ring(String tenant, Write.Ring write) {
    return one(
        Sql.RING, tenant, exact(write.at()), write.run().value(), write.unlessEnded() ? 1 : 0);
  }

  BoundStatement askCancel(String tenant, Write.AskCancel write) {
    return one(Sql.ASK_CANCEL, tenant, exact(write.at()), write.run().value(), write.by());
  }

  BoundStatement journal(String tenant, Write.Journal write) {
    return one(
        Sql.JOURNAL,
        tenant,
        write.run().value(),
        write.version(),
        exact(write.at()),
        RecordJson.write(new Events(write.events())));
  }

  BoundStatement sessionKey(String tenant, String session, byte[] wrapped) {
    return any(Sql.SESSION_KEY, tenant, session, wrapped);
  }

  BoundStatement putBody(String tenant, Write.PutBody write, byte[] encrypted) {
    return one(Sql.PUT_BODY, tenant, write.body().id().value(), write.session(), encrypted);
  }

  BoundStatement newMessage(String tenant, Write.NewMessage write) {
    return one(
        Sql.NEW_MESSAGE,
        tenant,
        write.session(),
        write.run().value(),
        write.role(),
        write.body().id().value(),
        write.body().commitment().bytes(),
        exact(write.at()));
  }

  BoundStatement newRequirement(String tenant, Requirement requirement) {
    byte[] record = RecordJson.write(requirement);
    return one(
        Sql.NEW_REQUIREMENT,
        tenant,
        requirement.id().value(),
        requirement.kind().name(),
        requirement.run().value(),
        requirement.root().value(),
        requirement.agent(),
        requirement.tool(),
        requirement.terms().risk().name(),
        requirement.revision(),
        requirement.version(),
        requirement.countsFrom(),
        requirement.digest().bytes(),
        requirement.status().name(),
        exact(requirement.createdAt()),
        exact(requirement.deadline()),
        requirement.closedBy(),
        exact(requirement.closedAt()),
        record,
        codes.requirement(tenant, requirement, record));
  }

  BoundStatement nextRequirement(String tenant, Write.NextRequirement write) {
    Requirement requirement = write.requirement();
    byte[] record = RecordJson.write(requirement);
    return one(
        Sql.NEXT_REQUIREMENT,
        requirement.terms().risk().name(),
        requirement.revision(),
        requirement.version(),
        requirement.countsFrom(),
        requirement.digest().bytes(),
        requirement.status().name(),
        exact(requirement.deadline()),
        requirement.closedBy(),
        exact(requirement.closedAt()),
        record,
        codes.requirement(tenant, requirement, record),
        tenant,
        requirement.id().value(),
        requirement.revision() - 1,
        write.onTime() ? 1 : 0,
        exact(write.at()));
  }

  BoundStatement eraseBody(String tenant, Write.EraseBody write) {
    return any(Sql.ERASE_BODY, tenant, write.body().value());
  }

  BoundStatement expect(String tenant, Write.Expect write) {
    return one(
        Sql.EXPECT, tenant, write.requirement().value(), write.version(), write.status().name());
  }

  BoundStatement expectRun(String tenant, Write.ExpectRun write) {
    return one(Sql.EXPECT_RUN, tenant, write.run().value(), write.version());
  }

  BoundStatement newDecision(String tenant, Write.NewDecision write) {
    Decision decision = write.decision().decision();
    BodyRef words = decision.words();
    BodyRef value = decision.value();
    return one(
        Sql.NEW_DECISION,
        tenant,
        decision.requirement().value(),
        decision.version(),
        decision.digest().bytes(),
        decision.principal(),
        decision.person(),
        decision.verdict().name(),
        words == null ? null : words.id().value(),
        words == null ? null : words.commitment().bytes(),
        exact(decision.at()),
        decision.idempotencyKey(),
        decision.request().bytes(),
        write.decision().signature(),
        value == null ? null : value.id().value(),
        value == null ? null : value.commitment().bytes(),
        decision.reasonCode());
  }

  BoundStatement newSight(String tenant, Sight sight) {
    return one(
        Sql.NEW_SIGHT,
        tenant,
        sight.requirement().value(),
        sight.version(),
        sight.person(),
        sight.revealed() ? 1 : 0,
        sight.principal(),
        exact(sight.at()),
        codes.sight(tenant, sight));
  }

  BoundStatement newHold(String tenant, LegalHold hold) {
    return one(
        Sql.NEW_HOLD,
        tenant,
        hold.session(),
        hold.by(),
        hold.why().id().value(),
        hold.why().commitment().bytes(),
        exact(hold.at()));
  }

  BoundStatement endHold(String tenant, String session) {
    return one(Sql.END_HOLD, tenant, session);
  }

  /** First whether it may be, then all that goes, then that it went. */
  List<BoundStatement> erase(String tenant, Write.Erase write) {
    Erasure erasure = write.erasure();
    String session = erasure.session();
    return List.of(
        one(Sql.MAY_ERASE, tenant, session, soon(write.before()), exact(erasure.at())),
        any(Sql.ERASE_KEY, tenant, session),
        any(Sql.ERASE_BODIES, tenant, session),
        any(Sql.ERASE_MESSAGES, tenant, session),
        any(Sql.ERASE_JOURNALS, tenant, session),
        one(
            Sql.NEW_ERASURE,
            tenant,
            session,
            erasure.by(),
            exact(erasure.at()),
            codes.erasure(tenant, erasure)));
  }

  BoundStatement newGrant(String tenant, Grant grant, byte[] record) {
    return one(
        Sql.NEW_GRANT,
        tenant,
        grant.id().value(),
        grant.session(),
        grant.tool(),
        grant.revision(),
        exact(grant.scope().until()),
        grant.revokedBy() == null ? 0 : 1,
        exact(grant.createdAt()),
        record,
        codes.grant(tenant, grant, record));
  }

  BoundStatement nextGrant(String tenant, Grant grant, byte[] record) {
    return one(
        Sql.NEXT_GRANT,
        grant.revision(),
        exact(grant.scope().until()),
        grant.revokedBy() == null ? 0 : 1,
        record,
        codes.grant(tenant, grant, record),
        tenant,
        grant.id().value(),
        grant.session(),
        grant.revision() - 1);
  }

  BoundStatement newMandate(String tenant, Mandate mandate) {
    byte[] record = RecordJson.write(mandate);
    return one(
        Sql.NEW_MANDATE,
        tenant,
        mandate.id().value(),
        mandate.holder(),
        mandate.revision(),
        exact(mandate.ends()),
        mandate.revokedBy() == null ? 0 : 1,
        exact(mandate.givenAt()),
        record,
        codes.mandate(tenant, mandate, record));
  }

  BoundStatement nextMandate(String tenant, Mandate mandate) {
    byte[] record = RecordJson.write(mandate);
    return one(
        Sql.NEXT_MANDATE,
        mandate.holder(),
        mandate.revision(),
        exact(mandate.ends()),
        mandate.revokedBy() == null ? 0 : 1,
        exact(mandate.givenAt()),
        record,
        codes.mandate(tenant, mandate, record),
        tenant,
        mandate.id().value(),
        mandate.revision() - 1);
  }

  BoundStatement reserveEffect(String tenant, Write.ReserveEffect write) {
    return one(
        Sql.RESERVE_EFFECT,
        tenant,
        write.key().bytes(),
        write.run().value(),
        write.call().value(),
        write.attempt(),
        exact(write.at()));
  }

  BoundStatement settleEffect(String tenant, Write.SettleEffect write) {
    return one(
        Sql.SETTLE_EFFECT,
        write.status().name(),
        exact(write.at()),
        tenant,
        write.key().bytes(),
        write.run().value(),
        write.call().value());
  }

  BoundStatement releaseEffect(String tenant, Write.ReleaseEffect write) {
    return one(
        Sql.RELEASE_EFFECT, tenant, write.key().bytes(), write.run().value(), write.call().value());
  }

  BoundStatement startTimer(String tenant, Write.StartTimer write) {
    return one(
        Sql.START_TIMER, tenant, write.requirement().value(), write.kind(), soon(write.due()));
  }

  BoundStatement stopTimer(String tenant, Write.StopTimer write) {
    return one(Sql.STOP_TIMER, tenant, write.requirement().value(), write.kind());
  }

  BoundStatement stopTimers(String tenant, Write.StopTimers write) {
    return any(Sql.STOP_TIMERS, tenant, write.requirement().value());
  }

  BoundStatement tell(String tenant, Write.Tell write) {
    return one(
        Sql.TELL, tenant, write.destination(), write.topic(), write.subject(), exact(write.at()));
  }

  BoundStatement told(String tenant, Write.Told write) {
    return any(Sql.TOLD, tenant, write.outboxId());
  }

  private BoundStatement one(Sql sql, @Nullable Object... parameters) {
    return new BoundStatement(texts.of(sql), parameters, 1);
  }

  private BoundStatement any(Sql sql, @Nullable Object... parameters) {
    return new BoundStatement(texts.of(sql), parameters, BoundStatement.ANY);
  }

  /**
   * A time that is part of what was said: it must come back as it was.
   *
   * @throws IllegalArgumentException when it is finer than a millisecond
   */
  static @Nullable Long exact(@Nullable Instant at) {
    if (at != null && !at.truncatedTo(ChronoUnit.MILLIS).equals(at)) {
      throw new IllegalArgumentException(
          "A stored time has whole milliseconds, this one is " + at + "; take Store.now().");
    }
    return soon(at);
  }

  /** A time that only says when to act. */
  static @Nullable Long soon(@Nullable Instant at) {
    return at == null ? null : at.toEpochMilli();
  }

  private static @Nullable Long earlier(@Nullable Instant when, Instant at) {
    return soon(when == null || when.isAfter(at) ? at : when);
  }
}
