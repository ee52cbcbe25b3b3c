package dev.assent.store.jdbc;

import dev.assent.core.AuditRecord;
import dev.assent.core.Grant;
import dev.assent.core.SessionKey;
import dev.assent.core.spi.Write;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One transaction on its way to the writer: its steps, made on the caller's thread, and the keys of
 * sessions that it uses until its {@link #end}. Not thread-safe.
 */
final class SqliteTransaction {
  private final String tenant;
  private final Instant now;
  private final SqliteStatements statements;
  private final SessionKeys keys;
  private final AuditSealer sealer;
  private final List<WriteItem.Step> steps = new ArrayList<>();
  private final List<Write> origins = new ArrayList<>();
  private final Map<String, SessionKeys.Use> uses = new HashMap<>();
  private final List<String> erasing = new ArrayList<>();
  private final Map<String, Integer> auditOfRun = new HashMap<>();
  private @Nullable String fresh;

  SqliteTransaction(
      String tenant,
      Instant now,
      SqliteStatements statements,
      SessionKeys keys,
      AuditSealer sealer) {
    this.tenant = tenant;
    this.now = now;
    this.statements = statements;
    this.keys = keys;
    this.sealer = sealer;
  }

  /**
   * Makes the steps of these changes.
   *
   * @return the change that cannot be made, since somebody is writing to what it erases; else null
   */
  @Nullable Write prepare(List<Write> writes) {
    for (Write write : writes) {
      if (write instanceof Write.Erase erase) {
        if (!keys.beginErasing(tenant, erase.erasure().session())) {
          return write;
        }
        erasing.add(erase.erasure().session());
      } else if (write instanceof Write.NewRun run && fresh == null) {
        fresh = run.state().id().ownSession();
      }
    }
    writes.forEach(this::add);
    return null;
  }

  List<WriteItem.Step> steps() {
    return steps;
  }

  /** The change that a step belongs to. */
  Write origin(int step) {
    return origins.get(step);
  }

  /**
   * It is over.
   *
   * @param durable true when it was written
   */
  void end(boolean durable) {
    for (SessionKeys.Use use : uses.values()) {
      keys.end(use, durable);
    }
    for (String session : erasing) {
      keys.endErasing(tenant, session, durable);
    }
    uses.clear();
    erasing.clear();
  }

  private void add(Write write) {
    if (write instanceof Write.Erase erase) {
      statements.erase(tenant, erase).forEach(step -> add(step, erase));
      return;
    }
    WriteItem.Step step =
        switch (write) {
          case Write.NewRun w -> statements.newRun(tenant, w);
          case Write.NextState w -> statements.nextState(tenant, w);
          case Write.TakeLease w -> statements.takeLease(tenant, w);
          case Write.KeepLease w -> statements.keepLease(tenant, w);
          case Write.GiveLease w -> statements.giveLease(tenant, w, now);
          case Write.Ring w -> statements.ring(tenant, w);
          case Write.AskCancel w -> statements.askCancel(tenant, w);
          case Write.Journal w -> statements.journal(tenant, w);
          case Write.PutBody w -> body(w);
          case Write.EraseBody w -> statements.eraseBody(tenant, w);
          case Write.NewMessage w -> statements.newMessage(tenant, w);
          case Write.NewRequirement w -> statements.newRequirement(tenant, w.requirement());
          case Write.NextRequirement w -> statements.nextRequirement(tenant, w);
          case Write.Expect w -> statements.expect(tenant, w);
          case Write.ExpectRun w -> statements.expectRun(tenant, w);
          case Write.NewDecision w -> statements.newDecision(tenant, w);
          case Write.NewSight w -> statements.newSight(tenant, w.sight());
          case Write.NewHold w -> statements.newHold(tenant, w.hold());
          case Write.EndHold w -> statements.endHold(tenant, w.session());
          case Write.Erase w -> throw new IllegalStateException("is many steps");
          case Write.NewGrant w -> grant(w, w.grant(), true);
          case Write.NextGrant w -> grant(w, w.grant(), false);
          case Write.NewMandate w -> statements.newMandate(tenant, w.mandate());
          case Write.NextMandate w -> statements.nextMandate(tenant, w.mandate());
          case Write.ReserveEffect w -> statements.reserveEffect(tenant, w);
          case Write.SettleEffect w -> statements.settleEffect(tenant, w);
          case Write.ReleaseEffect w -> statements.releaseEffect(tenant, w);
          case Write.StartTimer w -> statements.startTimer(tenant, w);
          case Write.StopTimer w -> statements.stopTimer(tenant, w);
          case Write.StopTimers w -> statements.stopTimers(tenant, w);
          case Write.Audit w -> audit(w.record());
          case Write.Tell w -> statements.tell(tenant, w);
          case Write.Told w -> statements.told(tenant, w);
        };
    add(step, write);
    AuditRecord told =
        switch (write) {
          case Write.NewGrant w -> w.told();
          case Write.NextGrant w -> w.told();
          case Write.NewMandate w -> w.told();
          case Write.NextMandate w -> w.told();
          default -> null;
        };
    if (told != null) {
      add(audit(told), write);
    }
  }

  private void add(WriteItem.Step step, Write origin) {
    steps.add(step);
    origins.add(origin);
  }

  private BoundStatement body(Write.PutBody write) {
    return statements.putBody(
        tenant,
        write,
        Bodies.encrypt(key(write.session(), write), tenant, write.session(), write.body()));
  }

  private BoundStatement grant(Write write, Grant grant, boolean first) {
    byte[] record = GrantRows.encrypt(key(grant.session(), write), tenant, grant);
    return first
        ? statements.newGrant(tenant, grant, record)
        : statements.nextGrant(tenant, grant, record);
  }

  private SessionKey key(String session, Write write) {
    SessionKeys.Use use = uses.get(session);
    if (use == null) {
      use = keys.begin(tenant, session, session.equals(fresh));
      uses.put(session, use);
      if (keys.isNew(use)) {
        add(statements.sessionKey(tenant, session, use.wrapped()), write);
      }
    }
    return use.key();
  }

  private AuditSealer.Line audit(AuditRecord record) {
    String run = record.run();
    int earlier = run == null ? 0 : auditOfRun.merge(run, 1, Integer::sum) - 1;
    return sealer.prepare(tenant, record, earlier);
  }
}
