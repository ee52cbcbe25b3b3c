package dev.assent.store.jdbc;

import dev.assent.core.Grant;
import dev.assent.core.GrantId;
import dev.assent.core.MalformedJsonException;
import dev.assent.core.RecordJson;
import dev.assent.core.SessionKey;
import dev.assent.core.TamperedException;
import dev.assent.core.spi.Store;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows of grants: read, and looked at whether this system wrote them last. Thread-safe.
 *
 * <p>A whole row of an earlier time has a good code; the newest line of the audit log about the
 * grant says which revision it had come to.
 */
final class GrantRows {
  /** All of a row and what it is judged by. */
  private static final String COLUMNS =
      """
      id, session, tool, revision, until, revoked, created_at, record, code,
      (SELECT CAST(json_extract(CAST(a.record AS TEXT), '$.details."grant.revision"') AS INTEGER)
        FROM {audit} a
        WHERE a.tenant = {standing_grant}.tenant
          AND json_extract(CAST(a.record AS TEXT), '$.details."grant.id"') = {standing_grant}.id
          AND substr(a.record, -15) = CAST('"type":"grant"}' AS BLOB)
        ORDER BY a.position DESC LIMIT 1) AS told_by_audit\
      """;

  private final ReadPool pool;
  private final SqlTexts texts;
  private final SessionKeys keys;
  private final RowCodes codes;
  private final String one;
  private final String any;

  GrantRows(ReadPool pool, SqlTexts texts, SessionKeys keys, RowCodes codes) {
    this.pool = pool;
    this.texts = texts;
    this.keys = keys;
    this.codes = codes;
    this.any = texts.named("SELECT 1 FROM {standing_grant} WHERE tenant = ? LIMIT 1");
    this.one =
        texts.named("SELECT " + COLUMNS + " FROM {standing_grant} WHERE tenant = ? AND id = ?");
  }

  static byte[] encrypt(SessionKey key, String tenant, Grant grant) {
    return key.encrypt(
        RecordJson.write(grant), context(tenant, grant.session(), grant.id().value()));
  }

  private static byte[] context(String tenant, String session, String id) {
    return Bodies.context(tenant, session, "grant", id);
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Row(
      String id,
      String session,
      String tool,
      long revision,
      byte[] record,
      @Nullable String wrong) {}

  Optional<Grant> grant(String tenant, GrantId id) {
    return pool.first(one, row -> row(tenant, row), tenant, id.value())
        .map(row -> read(tenant, row))
        .map(
            stored -> {
              if (stored.grant() == null) {
                throw Tampered.grant(String.valueOf(stored.problem()), id.value());
              }
              return stored.grant();
            });
  }

  /** True when there is any, whatever it is worth. */
  boolean any(String tenant) {
    return pool.first(any, row -> row.getInt(1), tenant).isPresent();
  }

  List<Store.StoredGrant> grants(String tenant, Store.GrantQuery query) {
    Filters filters = new Filters("tenant = ?", tenant);
    filters.and("tool = ?", query.tool());
    if (query.liveAt() != null) {
      // Written out, not bound: only so the index of those that are not revoked can be used.
      filters.and("revoked = 0 AND until > ?", query.liveAt().toEpochMilli());
    }
    if (query.after() != null) {
      filters.and(
          "(created_at, id) < (SELECT created_at, id FROM {standing_grant}"
              + " WHERE tenant = ? AND id = ?)",
          tenant,
          query.after().value());
    }
    String sql =
        "SELECT "
            + COLUMNS
            + " FROM {standing_grant} WHERE "
            + filters.sql()
            + " ORDER BY created_at DESC, id DESC LIMIT ?";
    return pool
        .list(texts.named(sql), row -> row(tenant, row), filters.parametersAnd(query.limit()))
        .stream()
        .map(row -> read(tenant, row))
        .toList();
  }

  private Row row(String tenant, ResultSet row) throws SQLException {
    return new Row(
        row.getString("id"),
        row.getString("session"),
        row.getString("tool"),
        row.getLong("revision"),
        row.getBytes("record"),
        codes.wrongGrant(tenant, row));
  }

  private Store.StoredGrant read(String tenant, Row row) {
    if (row.wrong() != null) {
      return unusable(row, row.wrong());
    }
    SessionKey key = keys.find(tenant, row.session());
    if (key == null) {
      return unusable(row, "grant-erased");
    }
    try {
      Grant grant =
          RecordJson.read(
              Grant.class, key.decrypt(row.record(), context(tenant, row.session(), row.id())));
      boolean agrees = grant.id().value().equals(row.id()) && grant.revision() == row.revision();
      return agrees
          ? new Store.StoredGrant(grant.id(), grant.tool(), grant, null)
          : unusable(row, "grant-changed");
    } catch (TamperedException | MalformedJsonException e) {
      return unusable(row, "grant-changed");
    }
  }

  private static Store.StoredGrant unusable(Row row, String problem) {
    return new Store.StoredGrant(new GrantId(row.id()), row.tool(), null, problem);
  }
}
