package dev.assent.store.jdbc;

import dev.assent.core.MalformedJsonException;
import dev.assent.core.Mandate;
import dev.assent.core.MandateId;
import dev.assent.core.RecordJson;
import dev.assent.core.spi.Store;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The rows of mandates: read, and looked at whether this system wrote them last. Thread-safe.
 *
 * <p>A whole row of an earlier time has a good code; the newest line of the audit log about the
 * mandate says which revision it had come to. Somebody may have cut that line: what this process
 * has seen taken back stays taken back. What an earlier one saw, the checkpoint says that a start
 * compares the log with.
 */
final class MandateRows {
  /** All of a row and what it is judged by. */
  private static final String COLUMNS =
      """
      id, holder, revision, ends, ended, given_at, record, code,
      (SELECT CAST(json_extract(CAST(a.record AS TEXT), '$.details."mandate.revision"') AS INTEGER)
        FROM {audit} a
        WHERE a.tenant = {mandate}.tenant
          AND json_extract(CAST(a.record AS TEXT), '$.details."mandate.id"') = {mandate}.id
          AND substr(a.record, -17) = CAST('"type":"mandate"}' AS BLOB)
        ORDER BY a.position DESC LIMIT 1) AS told_by_audit\
      """;

  private final ReadPool pool;
  private final SqlTexts texts;
  private final RowCodes codes;
  private final String one;
  private final String any;
  private final Set<String> over = ConcurrentHashMap.newKeySet();

  MandateRows(ReadPool pool, SqlTexts texts, RowCodes codes) {
    this.pool = pool;
    this.texts = texts;
    this.codes = codes;
    this.any = texts.named("SELECT 1 FROM {mandate} WHERE tenant = ? LIMIT 1");
    this.one = texts.named("SELECT " + COLUMNS + " FROM {mandate} WHERE tenant = ? AND id = ?");
  }

  Optional<Mandate> mandate(String tenant, MandateId id) {
    return pool.first(one, row -> read(tenant, row), tenant, id.value())
        .map(
            stored -> {
              if (stored.mandate() == null) {
                throw Tampered.mandate(String.valueOf(stored.problem()), id.value());
              }
              return stored.mandate();
            });
  }

  /** True when there is any, whatever it is worth. */
  boolean any(String tenant) {
    return pool.first(any, row -> row.getInt(1), tenant).isPresent();
  }

  List<Store.StoredMandate> mandates(String tenant, Store.MandateQuery query) {
    Filters filters = new Filters("tenant = ?", tenant);
    filters.and("holder = ?", query.holder());
    if (query.liveAt() != null) {
      filters.and("ended = 0 AND ends > ?", query.liveAt().toEpochMilli());
    }
    if (query.after() != null) {
      filters.and(
          "(given_at, id) < (SELECT given_at, id FROM {mandate} WHERE tenant = ? AND id = ?)",
          tenant,
          query.after().value());
    }
    String sql =
        "SELECT "
            + COLUMNS
            + " FROM {mandate} WHERE "
            + filters.sql()
            + " ORDER BY given_at DESC, id DESC LIMIT ?";
    return pool.list(
        texts.named(sql), row -> read(tenant, row), filters.parametersAnd(query.limit()));
  }

  /** It is taken back, durably. */
  void written(String tenant, Mandate mandate) {
    if (mandate.revokedBy() != null) {
      over.add(place(tenant, mandate.id()));
    }
  }

  private static String place(String tenant, MandateId id) {
    return tenant.length() + ":" + tenant + id.value();
  }

  private Store.StoredMandate read(String tenant, ResultSet row) throws SQLException {
    MandateId id = new MandateId(row.getString("id"));
    String wrong = codes.wrongMandate(tenant, row);
    if (wrong != null) {
      return new Store.StoredMandate(id, null, wrong);
    }
    try {
      Mandate mandate = RecordJson.read(Mandate.class, row.getBytes("record"));
      boolean seenOver = over.contains(place(tenant, id));
      if (mandate.revokedBy() == null && seenOver) {
        return new Store.StoredMandate(id, null, "mandate-rolled-back");
      }
      written(tenant, mandate);
      return new Store.StoredMandate(id, mandate, null);
    } catch (MalformedJsonException | IllegalArgumentException e) {
      return new Store.StoredMandate(id, null, "mandate-changed");
    }
  }
}
