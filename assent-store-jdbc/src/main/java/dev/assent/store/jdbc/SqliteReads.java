package dev.assent.store.jdbc;

import dev.assent.core.Body;
import dev.assent.core.BodyId;
import dev.assent.core.BodyRef;
import dev.assent.core.Digest;
import dev.assent.core.Erasure;
import dev.assent.core.Json;
import dev.assent.core.JsonArray;
import dev.assent.core.JsonString;
import dev.assent.core.LegalHold;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RunId;
import dev.assent.core.RunState;
import dev.assent.core.RunStatus;
import dev.assent.core.SealedAuditRecord;
import dev.assent.core.SessionKey;
import dev.assent.core.Sight;
import dev.assent.core.SignedDecision;
import dev.assent.core.TamperedException;
import dev.assent.core.spi.Store;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The queries. Thread-safe. */
final class SqliteReads {
  private final ReadPool pool;
  private final SqlTexts texts;
  private final SessionKeys keys;
  private final RowCodes codes;
  private final long epoch;

  private final String run;
  private final String runOf;
  private final String due;
  private final String unserved;
  private final String journal;
  private final String messages;
  private final String bodies;
  private final String requirement;
  private final String requirementsOf;
  private final String pendingUnder;
  private final String decisions;
  private final String sights;
  private final String holds;
  private final String erasures;
  private final String sessionsOf;
  private final String effect;
  private final String timers;
  private final String outbox;
  private final String audit;
  private final String auditHead;

  /**
   * @param epoch of this opening of the store; a lease of an earlier one is free
   */
  SqliteReads(ReadPool pool, SqlTexts texts, SessionKeys keys, RowCodes codes, long epoch) {
    this.pool = pool;
    this.texts = texts;
    this.keys = keys;
    this.codes = codes;
    this.epoch = epoch;
    this.run =
        texts.named("SELECT " + RowCodes.RUN_COLUMNS + " FROM {run} WHERE tenant = ? AND id = ?");
    this.runOf =
        texts.named(
            "SELECT "
                + RowCodes.RUN_COLUMNS
                + " FROM {run} WHERE tenant = ? AND agent = ? AND idempotency_key = ?");
    this.due = texts.named(READY.formatted("IN"));
    this.unserved = texts.named(READY.formatted("NOT IN"));
    this.journal =
        texts.named(
            """
            SELECT version, at, events FROM {journal}
            WHERE tenant = ? AND run = ? AND version > ? ORDER BY version LIMIT ?\
            """);
    this.messages =
        texts.named(
            """
            SELECT sequence, run, role, body, commitment, at FROM {message}
            WHERE tenant = ? AND session = ? ORDER BY sequence\
            """);
    this.bodies =
        texts.named(
            """
            SELECT id, session, encrypted FROM {body}
            WHERE tenant = ? AND id IN (SELECT value FROM json_each(?))\
            """);
    this.requirement =
        texts.named(
            "SELECT "
                + RowCodes.REQUIREMENT_COLUMNS
                + " FROM {requirement} WHERE tenant = ? AND id = ?");
    this.requirementsOf =
        texts.named(
            "SELECT "
                + RowCodes.REQUIREMENT_COLUMNS
                + " FROM {requirement} WHERE tenant = ? AND run = ? ORDER BY created_at, rowid");
    this.pendingUnder =
        texts.named(
            "SELECT "
                + RowCodes.REQUIREMENT_COLUMNS
                + " FROM {requirement} WHERE tenant = ? AND root = ? AND status = 'PENDING'"
                + " ORDER BY created_at, rowid");
    this.decisions =
        texts.named(
            "SELECT * FROM {decision} WHERE tenant = ? AND requirement = ? ORDER BY sequence");
    this.sights =
        texts.named(
            """
            SELECT requirement, version, person, principal, revealed, at, code FROM {sight}
            WHERE tenant = ? AND requirement = ? ORDER BY at, version, person, revealed\
            """);
    this.holds =
        texts.named(
            """
            SELECT session, ordered_by, why, why_commitment, at FROM {hold}
            WHERE tenant = ? ORDER BY session\
            """);
    this.erasures =
        texts.named(
            """
            SELECT ordered_by, at, code FROM {erasure}
            WHERE tenant = ? AND session = ? ORDER BY sequence\
            """);
    this.sessionsOf =
        texts.named(
            """
            SELECT DISTINCT session FROM {run}
            WHERE tenant = ? AND requester = ? AND session > ? ORDER BY session LIMIT ?\
            """);
    this.effect =
        texts.named(
            """
            SELECT key, run, call, attempt, status, at FROM {effect} WHERE tenant = ? AND key = ?\
            """);
    this.timers =
        texts.named(
            """
            SELECT requirement, kind, due FROM {timer}
            WHERE tenant = ? AND due <= ? ORDER BY due, requirement, kind LIMIT ?\
            """);
    this.outbox =
        texts.named(
            """
            SELECT id, topic, subject, at FROM {outbox}
            WHERE tenant = ? AND destination = ? ORDER BY id LIMIT ?\
            """);
    this.audit =
        texts.named(
            """
            SELECT position, record, hash, chain FROM {audit}
            WHERE tenant = ? AND position > ? ORDER BY position LIMIT ?\
            """);
    this.auditHead = texts.named("SELECT coalesce(max(position), 0) FROM {audit} WHERE tenant = ?");
  }

  private static final String READY =
      """
      SELECT id FROM {run}
      WHERE tenant = ? AND ready_at IS NOT NULL AND ready_at <= ?
        AND snapshot_schema <= ?
        AND (holder IS NULL OR lease_epoch <> ? OR lease_until <= ?)
        AND agent %s (SELECT value FROM json_each(?))
      ORDER BY ready_at, id LIMIT ?\
      """;

  Optional<Store.StoredRun> run(String tenant, RunId id, Instant now) {
    return pool.first(run, row -> genuine(tenant, row, now), tenant, id.value());
  }

  Optional<Store.StoredRun> runOf(String tenant, String agent, String key, Instant now) {
    return pool.first(runOf, row -> genuine(tenant, row, now), tenant, agent, key);
  }

  private Store.StoredRun genuine(String tenant, ResultSet row, Instant now) throws SQLException {
    if (row.getInt("snapshot_schema") <= RunState.SCHEMA) {
      codes.check(tenant, row);
    }
    return Rows.run(row, epoch, now);
  }

  List<Store.StoredRun> runs(
      String tenant,
      @Nullable RunStatus status,
      @Nullable String agent,
      int limit,
      @Nullable RunId after,
      Instant now) {
    Filters filters = runs(tenant, status, agent, after);
    return pool.list(
        listing(Rows.RUN_COLUMNS, filters),
        row -> Rows.run(row, epoch, now),
        filters.parametersAnd(limit));
  }

  List<RunId> runIds(
      String tenant,
      @Nullable RunStatus status,
      @Nullable String agent,
      int limit,
      @Nullable RunId after) {
    Filters filters = runs(tenant, status, agent, after);
    return pool.list(
        listing("id", filters), row -> new RunId(row.getString(1)), filters.parametersAnd(limit));
  }

  private static Filters runs(
      String tenant, @Nullable RunStatus status, @Nullable String agent, @Nullable RunId after) {
    Filters filters = new Filters("tenant = ?", tenant);
    filters.and("status = ?", status == null ? null : status.name());
    filters.and("agent = ?", agent);
    if (after != null) {
      filters.and(
          "(created_at, id) < (SELECT created_at, id FROM {run} WHERE tenant = ? AND id = ?)",
          tenant,
          after.value());
    }
    return filters;
  }

  private String listing(String columns, Filters filters) {
    return texts.named(
        "SELECT "
            + columns
            + " FROM {run} WHERE "
            + filters.sql()
            + " ORDER BY created_at DESC, id DESC LIMIT ?");
  }

  List<RunId> ready(
      String tenant, boolean served, Collection<String> agents, Instant now, int limit) {
    return pool.list(
        served ? due : unserved,
        row -> new RunId(row.getString(1)),
        tenant,
        now.toEpochMilli(),
        RunState.SCHEMA,
        epoch,
        now.toEpochMilli(),
        array(agents),
        limit);
  }

  List<Store.JournalEntry> journal(String tenant, RunId id, long afterVersion, int limit) {
    return pool.list(journal, Rows::journal, tenant, id.value(), afterVersion, limit);
  }

  List<Store.StoredMessage> messages(String tenant, String session) {
    return pool.list(messages, Rows::message, tenant, session);
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record EncryptedBody(BodyId id, String session, byte[] bytes) {}

  Map<BodyId, Body> bodies(String tenant, Collection<BodyId> ids) {
    List<EncryptedBody> found =
        pool.list(
            bodies,
            row ->
                new EncryptedBody(
                    new BodyId(row.getString("id")),
                    row.getString("session"),
                    row.getBytes("encrypted")),
            tenant,
            array(ids.stream().map(BodyId::value).toList()));
    Map<BodyId, Body> decrypted = new LinkedHashMap<>();
    for (EncryptedBody body : found) {
      SessionKey key = keys.find(tenant, body.session());
      if (key == null) {
        throw new TamperedException("body's session key", null);
      }
      decrypted.put(
          body.id(), Bodies.decrypt(key, tenant, body.session(), body.id(), body.bytes()));
    }
    return decrypted;
  }

  Optional<Requirement> requirement(String tenant, RequirementId id) {
    return pool.first(requirement, row -> codes.mustBeGenuine(tenant, row), tenant, id.value());
  }

  List<Requirement> requirementsOf(String tenant, RunId id) {
    return pool.list(requirementsOf, row -> codes.mustBeGenuine(tenant, row), tenant, id.value());
  }

  List<Requirement> pendingUnder(String tenant, RunId root) {
    return pool.list(pendingUnder, row -> codes.shown(tenant, row), tenant, root.value());
  }

  List<SignedDecision> decisions(String tenant, RequirementId id) {
    return pool.list(decisions, Rows::decision, tenant, id.value());
  }

  List<Sight> sights(String tenant, RequirementId id) {
    return pool
        .list(
            sights,
            row -> {
              Sight sight =
                  new Sight(
                      new RequirementId(row.getString("requirement")),
                      row.getInt("version"),
                      row.getString("person"),
                      row.getString("principal"),
                      row.getInt("revealed") == 1,
                      Rows.mustTime(row, "at"));
              return codes.genuine(tenant, sight, row.getBytes("code"))
                  ? Optional.of(sight)
                  : Optional.<Sight>empty();
            },
            tenant,
            id.value())
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  List<LegalHold> holds(String tenant) {
    return pool.list(
        holds,
        row ->
            new LegalHold(
                row.getString("session"),
                row.getString("ordered_by"),
                new BodyRef(
                    new BodyId(row.getString("why")),
                    Digest.ofBytes(row.getBytes("why_commitment"))),
                Rows.mustTime(row, "at")),
        tenant);
  }

  List<Erasure> erasures(String tenant, String session) {
    return pool
        .list(
            erasures,
            row -> {
              Erasure erasure =
                  new Erasure(session, row.getString("ordered_by"), Rows.mustTime(row, "at"));
              return codes.genuine(tenant, erasure, row.getBytes("code"))
                  ? Optional.of(erasure)
                  : Optional.<Erasure>empty();
            },
            tenant,
            session)
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  List<String> erasable(
      String tenant, Instant before, @Nullable String requester, String after, int limit) {
    Filters filters = new Filters("tenant = ?", tenant);
    filters.and("session > ?", after);
    if (requester != null) {
      filters.and(
          "session IN (SELECT session FROM {run} WHERE tenant = ? AND requester = ?)",
          tenant,
          requester);
    }
    String sql =
        "SELECT session FROM {run} WHERE "
            + filters.sql()
            + """
             GROUP BY session HAVING min(ended) = 1 AND count(ready_at) = 0 AND max(updated_at) < ?
              AND EXISTS (SELECT 1 FROM {session_key} k
                WHERE k.tenant = {run}.tenant AND k.session = {run}.session)
            ORDER BY session LIMIT ?\
            """;
    return pool.list(
        texts.named(sql),
        row -> row.getString(1),
        filters.parametersAnd(before.toEpochMilli(), limit));
  }

  List<String> sessionsOf(String tenant, String requester, String after, int limit) {
    return pool.list(sessionsOf, row -> row.getString(1), tenant, requester, after, limit);
  }

  Optional<Store.StoredEffect> effect(String tenant, Digest key) {
    return pool.first(effect, Rows::effect, tenant, key.bytes());
  }

  List<Store.StoredTimer> timers(String tenant, Instant now, int limit) {
    return pool.list(
        timers,
        row ->
            new Store.StoredTimer(
                new RequirementId(row.getString("requirement")),
                row.getString("kind"),
                Rows.mustTime(row, "due")),
        tenant,
        now.toEpochMilli(),
        limit);
  }

  List<Store.StoredNotice> outbox(String tenant, String destination, int limit) {
    return pool.list(
        outbox,
        row ->
            new Store.StoredNotice(
                row.getLong("id"),
                row.getString("topic"),
                row.getString("subject"),
                Rows.mustTime(row, "at")),
        tenant,
        destination,
        limit);
  }

  List<SealedAuditRecord> audit(String tenant, long afterPosition, int limit) {
    return pool.list(
        audit,
        row ->
            new SealedAuditRecord(
                row.getLong("position"),
                row.getBytes("record"),
                Digest.ofBytes(row.getBytes("hash")),
                Digest.ofBytes(row.getBytes("chain"))),
        tenant,
        afterPosition,
        limit);
  }

  long auditHead(String tenant) {
    return pool.first(auditHead, row -> row.getLong(1), tenant).orElse(0L);
  }

  /** A list that {@code json_each} reads. */
  private static String array(Collection<String> values) {
    return new JsonArray(values.stream().<Json>map(JsonString::new).toList()).toString();
  }
}
