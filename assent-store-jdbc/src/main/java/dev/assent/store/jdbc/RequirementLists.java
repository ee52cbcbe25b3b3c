package dev.assent.store.jdbc;

import dev.assent.core.AssentException;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementStatus;
import dev.assent.core.spi.RequirementCursor;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.Store.Page;
import dev.assent.core.spi.Store.RequirementQuery;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Pages of requirements, by their place and not by their number. Thread-safe. */
final class RequirementLists {
  private static final long NO_DEADLINE = Long.MAX_VALUE;

  private final ReadPool pool;
  private final SqlTexts texts;
  private final RowCodes codes;

  RequirementLists(ReadPool pool, SqlTexts texts, RowCodes codes) {
    this.pool = pool;
    this.texts = texts;
    this.codes = codes;
  }

  Page<Requirement> page(String tenant, RequirementQuery query) {
    RequirementCursor after = query.after() == null ? null : RequirementCursor.parse(query.after());
    Filters filters = filters(tenant, query);
    long total =
        pool.first(
                texts.named("SELECT count(*) FROM {requirement} WHERE " + filters.sql()),
                row -> row.getLong(1),
                filters.parameters())
            .orElse(0L);
    if (after != null) {
      filters.and(
          "(sort_deadline, created_at, id) > (?, ?, ?)",
          after.deadline() == null ? NO_DEADLINE : after.deadline().toEpochMilli(),
          after.createdAt().toEpochMilli(),
          after.id());
    }
    List<Read> found =
        pool.list(
            texts.named(
                "SELECT "
                    + RowCodes.REQUIREMENT_COLUMNS
                    + " FROM {requirement} WHERE "
                    + filters.sql()
                    + " ORDER BY sort_deadline, created_at, id LIMIT ?"),
            row -> read(tenant, row),
            filters.parametersAnd(query.limit() + 1));
    boolean more = found.size() > query.limit();
    List<Read> items = more ? found.subList(0, query.limit()) : found;
    return new Page<>(
        items.stream().flatMap(read -> Stream.ofNullable(read.requirement())).toList(),
        more && !items.isEmpty() ? items.getLast().place().text() : null,
        total,
        items.stream().flatMap(read -> Stream.ofNullable(read.unreadable())).toList());
  }

  /** A row, whether it can be read or not. */
  private record Read(
      RequirementCursor place,
      @Nullable Requirement requirement,
      Store.@Nullable Unreadable unreadable) {}

  private Read read(String tenant, ResultSet row) throws SQLException {
    String id = row.getString("id");
    RequirementCursor place =
        new RequirementCursor(Rows.time(row, "deadline"), Rows.mustTime(row, "created_at"), id);
    try {
      return new Read(place, codes.shown(tenant, row), null);
    } catch (AssentException e) {
      return new Read(place, null, new Store.Unreadable(id, e.code()));
    } catch (RuntimeException e) {
      // A column holds what no version has ever written.
      return new Read(place, null, new Store.Unreadable(id, "requirement-broken"));
    }
  }

  private static Filters filters(String tenant, RequirementQuery query) {
    Filters filters = new Filters("tenant = ?", tenant);
    Set<RequirementStatus> statuses = query.statuses();
    if (!statuses.isEmpty()) {
      // Written out, not bound: only so the index of what is pending can be used.
      List<String> names = statuses.stream().sorted().map(status -> "'" + status + "'").toList();
      filters.and(
          names.size() == 1
              ? "status = " + names.getFirst()
              : "status IN (" + String.join(", ", names) + ")");
    }
    filters.and("kind = ?", query.kind() == null ? null : query.kind().name());
    filters.and("agent = ?", query.agent());
    filters.and("tool = ?", query.tool());
    filters.and("run = ?", query.run() == null ? null : query.run().value());
    filters.and("risk = ?", query.risk() == null ? null : query.risk().name());
    filters.and("closed_by = ?", query.closedBy());
    if (query.session() != null) {
      filters.and(
          "run IN (SELECT id FROM {run} WHERE tenant = ? AND session = ?)",
          tenant,
          query.session());
    }
    if (query.requester() != null) {
      filters.and(
          "run IN (SELECT id FROM {run} WHERE tenant = ? AND requester = ?)",
          tenant,
          query.requester());
    }
    span(filters, "created_at", query.created());
    span(filters, "closed_at", query.closed());
    return filters;
  }

  private static void span(Filters filters, String column, Store.Span span) {
    if (span.from() != null) {
      filters.and(column + " >= ?", span.from().toEpochMilli());
    }
    if (span.to() != null) {
      filters.and(column + " < ?", span.to().toEpochMilli());
    }
  }
}
