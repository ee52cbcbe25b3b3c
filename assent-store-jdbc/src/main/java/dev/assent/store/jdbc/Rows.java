package dev.assent.store.jdbc;

import dev.assent.core.BodyId;
import dev.assent.core.BodyRef;
import dev.assent.core.Decision;
import dev.assent.core.Digest;
import dev.assent.core.MalformedJsonException;
import dev.assent.core.RecordJson;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RunId;
import dev.assent.core.RunState;
import dev.assent.core.SignedDecision;
import dev.assent.core.ToolCallId;
import dev.assent.core.Verdict;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.StoreException;
import dev.assent.core.spi.Write;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Values of rows. Stateless. */
final class Rows {
  static final String RUN_COLUMNS =
      """
      id, version, snapshot_schema, snapshot, requester, labels, fence, holder, lease_until,
      lease_epoch, rings, ready_at, cancel_asked_by, created_at, updated_at\
      """;

  static final String REQUIREMENT_COLUMNS =
      """
      id, kind, run, root, agent, tool, revision, version, counts_from, digest, status, created_at,
      deadline, closed_by, closed_at, record\
      """;

  private Rows() {}

  /**
   * A run. Its snapshot is the truth; the columns beside it are for finding it, and must agree.
   *
   * @throws StoreException {@code snapshot-newer} or {@code snapshot-broken}
   */
  static Store.StoredRun run(ResultSet row, long epoch, Instant now) throws SQLException {
    RunState state = state(row);
    boolean held =
        row.getString("holder") != null
            && row.getLong("lease_epoch") == epoch
            && row.getLong("lease_until") > now.toEpochMilli();
    return new Store.StoredRun(
        state,
        row.getString("requester"),
        RecordJson.read(SqliteStatements.Labels.class, row.getBytes("labels")).labels(),
        row.getLong("fence"),
        !held,
        row.getLong("rings"),
        time(row, "ready_at"),
        row.getString("cancel_asked_by"),
        mustTime(row, "created_at"),
        mustTime(row, "updated_at"));
  }

  private static RunState state(ResultSet row) throws SQLException {
    String id = row.getString("id");
    int schema = row.getInt("snapshot_schema");
    if (schema > RunState.SCHEMA) {
      throw new StoreException(
          "snapshot-newer",
          "Run "
              + id
              + " was written by a newer version (snapshot schema "
              + schema
              + ", this one knows "
              + RunState.SCHEMA
              + "); continue it with that version.",
          null);
    }
    try {
      RunState state = RecordJson.read(RunState.class, row.getBytes("snapshot"));
      if (state.id().value().equals(id) && state.version() == row.getLong("version")) {
        return state;
      }
      throw broken(id, "it is that of " + state.id() + " in version " + state.version(), null);
    } catch (MalformedJsonException e) {
      throw broken(id, String.valueOf(e.getMessage()), e);
    }
  }

  private static StoreException broken(String run, String why, @Nullable Throwable cause) {
    return new StoreException(
        "snapshot-broken",
        "The snapshot of run "
            + run
            + " cannot be used: "
            + why
            + ". Its journal and audit are untouched; restore the row from a backup.",
        cause);
  }

  /** A requirement. Where a column and the record differ, the column counts. */
  static Requirement requirement(ResultSet row) throws SQLException {
    Requirement record = RecordJson.read(Requirement.class, row.getBytes("record"));
    RequirementStatus status = RequirementStatus.valueOf(row.getString("status"));
    Instant createdAt = mustTime(row, "created_at");
    Instant closedAt = time(row, "closed_at");
    boolean open = status == RequirementStatus.PENDING;
    return new Requirement(
        new RequirementId(row.getString("id")),
        RequirementKind.valueOf(row.getString("kind")),
        new RunId(row.getString("run")),
        new RunId(row.getString("root")),
        record.session(),
        row.getString("agent"),
        record.call(),
        row.getString("tool"),
        record.attempt(),
        row.getLong("revision"),
        row.getInt("version"),
        row.getInt("counts_from"),
        Digest.ofBytes(row.getBytes("digest")),
        record.terms(),
        record.requester(),
        record.arguments(),
        record.words(),
        createdAt,
        time(row, "deadline"),
        status,
        open ? null : row.getString("closed_by"),
        open ? null : Objects.requireNonNullElse(closedAt, createdAt),
        record.content(),
        record.proposed(),
        record.editedBy(),
        record.takenBy(),
        record.claim(),
        record.askedAt(),
        record.addedRungs());
  }

  static SignedDecision decision(ResultSet row) throws SQLException {
    return new SignedDecision(
        new Decision(
            new RequirementId(row.getString("requirement")),
            row.getInt("version"),
            Digest.ofBytes(row.getBytes("digest")),
            row.getString("principal"),
            row.getString("person"),
            Verdict.valueOf(row.getString("verdict")),
            bodyRef(row, "words"),
            mustTime(row, "at"),
            row.getString("idempotency_key"),
            Digest.ofBytes(row.getBytes("request")),
            bodyRef(row, "value"),
            row.getString("reason")),
        row.getBytes("signature"));
  }

  private static @Nullable BodyRef bodyRef(ResultSet row, String column) throws SQLException {
    String id = row.getString(column);
    return id == null
        ? null
        : new BodyRef(new BodyId(id), Digest.ofBytes(row.getBytes(column + "_commitment")));
  }

  static Store.StoredMessage message(ResultSet row) throws SQLException {
    return new Store.StoredMessage(
        row.getLong("sequence"),
        new RunId(row.getString("run")),
        row.getString("role"),
        new BodyRef(new BodyId(row.getString("body")), Digest.ofBytes(row.getBytes("commitment"))),
        mustTime(row, "at"));
  }

  static Store.JournalEntry journal(ResultSet row) throws SQLException {
    return new Store.JournalEntry(
        row.getLong("version"),
        mustTime(row, "at"),
        RecordJson.read(SqliteStatements.Events.class, row.getBytes("events")).events());
  }

  static Store.StoredEffect effect(ResultSet row) throws SQLException {
    return new Store.StoredEffect(
        Digest.ofBytes(row.getBytes("key")),
        new RunId(row.getString("run")),
        new ToolCallId(row.getString("call")),
        row.getInt("attempt"),
        Write.EffectStatus.valueOf(row.getString("status")),
        mustTime(row, "at"));
  }

  static @Nullable Instant time(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }

  static Instant mustTime(ResultSet row, String column) throws SQLException {
    return Instant.ofEpochMilli(row.getLong(column));
  }
}
