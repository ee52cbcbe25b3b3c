package dev.assent.store.jdbc;

import dev.assent.core.AuditRecord;
import dev.assent.core.Erasure;
import dev.assent.core.Grant;
import dev.assent.core.Keyring;
import dev.assent.core.MalformedJsonException;
import dev.assent.core.Mandate;
import dev.assent.core.RecordJson;
import dev.assent.core.Requirement;
import dev.assent.core.RowCode;
import dev.assent.core.RunState;
import dev.assent.core.Sight;
import dev.assent.core.Verdict;
import dev.assent.core.spi.StoreException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The codes that the rows of runs carry, and whether a row that was read may be relied on.
 * Immutable, thread-safe.
 *
 * <p>A run's row has two: what never changes of it is signed once, its state with every transition.
 * Who holds the run, when it is due and who wants it cancelled is in neither.
 */
final class RowCodes {
  private static final String ORIGIN = "assent-run-origin-1";
  private static final String STATE = "assent-run-state-1";
  private static final String REQUIREMENT = "assent-requirement-1";
  private static final String SIGHT = "assent-sight-1";
  private static final String ERASURE = "assent-erasure-1";
  private static final String GRANT = "assent-grant-row-1";
  private static final String MANDATE = "assent-mandate-row-1";
  private static final String VERSION = '"' + AuditRecord.RUN_VERSION + "\":\"";

  /** A run and what its row is judged by. */
  static final String RUN_COLUMNS =
      Rows.RUN_COLUMNS
          + """
      , root, parent, session, agent, mode, status, ended, idempotency_key, origin_code, state_code,
      (SELECT max(j.version) FROM {journal} j
        WHERE j.tenant = {run}.tenant AND j.run = {run}.id) AS told_by_journal,
      (SELECT a.record FROM {audit} a
        WHERE a.tenant = {run}.tenant AND a.run = {run}.id
          AND substr(a.record, -13) = CAST('"type":"run"}' AS BLOB)
        ORDER BY a.sequence DESC LIMIT 1) AS told_by_audit\
      """;

  /** A requirement and what its row is judged by. */
  static final String REQUIREMENT_COLUMNS =
      Rows.REQUIREMENT_COLUMNS
          + """
      , risk, code,
      (SELECT group_concat(d.verdict || ' ' || d.principal, char(10) ORDER BY d.sequence)
        FROM {decision} d
        WHERE d.tenant = {requirement}.tenant AND d.requirement = {requirement}.id) AS said,
      CASE WHEN kind = 'APPROVAL' AND instr(record, CAST('"editedBy":"' AS BLOB)) > 0 THEN
        (SELECT d.principal FROM {decision} d
          WHERE d.tenant = {requirement}.tenant
            AND d.requirement = substr({requirement}.id, 1, length({requirement}.id) - 2) || 'u1'
            AND d.verdict = 'ANSWER' ORDER BY d.sequence DESC LIMIT 1) END AS filled_in_by\
      """;

  private final Keyring keys;

  RowCodes(Keyring keys) {
    this.keys = keys;
  }

  byte[] origin(
      String tenant,
      String run,
      String root,
      @Nullable String parent,
      String session,
      String agent,
      String mode,
      String requester,
      byte[] labels,
      @Nullable String idempotencyKey,
      long createdAt) {
    return RowCode.of(
        keys,
        ORIGIN,
        tenant,
        run,
        root,
        parent,
        session,
        agent,
        mode,
        requester,
        labels,
        idempotencyKey,
        createdAt);
  }

  byte[] state(
      String tenant,
      String run,
      String status,
      int ended,
      long version,
      int schema,
      byte[] snapshot) {
    return RowCode.of(keys, STATE, tenant, run, status, ended, version, schema, snapshot);
  }

  byte[] sight(String tenant, Sight sight) {
    return RowCode.of(
        keys,
        SIGHT,
        tenant,
        sight.requirement().value(),
        sight.version(),
        sight.person(),
        sight.revealed() ? 1 : 0,
        sight.principal(),
        sight.at().toEpochMilli());
  }

  byte[] erasure(String tenant, Erasure erasure) {
    return RowCode.of(
        keys, ERASURE, tenant, erasure.session(), erasure.by(), erasure.at().toEpochMilli());
  }

  boolean genuine(String tenant, Sight sight, byte[] code) {
    return same(sight(tenant, sight), code);
  }

  boolean genuine(String tenant, Erasure erasure, byte[] code) {
    return same(erasure(tenant, erasure), code);
  }

  /** The code of a requirement's row: of all its columns. */
  byte[] requirement(String tenant, Requirement requirement, byte[] record) {
    return RowCode.of(
        keys,
        REQUIREMENT,
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
        requirement.createdAt().toEpochMilli(),
        SqliteStatements.soon(requirement.deadline()),
        requirement.closedBy(),
        SqliteStatements.soon(requirement.closedAt()),
        record);
  }

  /** The code of a grant's row: of all its columns. */
  byte[] grant(String tenant, Grant grant, byte[] record) {
    return RowCode.of(
        keys,
        GRANT,
        tenant,
        grant.id().value(),
        grant.session(),
        grant.tool(),
        grant.revision(),
        grant.scope().until().toEpochMilli(),
        grant.revokedBy() == null ? 0 : 1,
        grant.createdAt().toEpochMilli(),
        record);
  }

  /** The code that a grant's row ought to have. */
  byte[] grant(String tenant, ResultSet row) throws SQLException {
    return RowCode.of(
        keys,
        GRANT,
        tenant,
        row.getString("id"),
        row.getString("session"),
        row.getString("tool"),
        row.getLong("revision"),
        row.getLong("until"),
        row.getInt("revoked"),
        row.getLong("created_at"),
        row.getBytes("record"));
  }

  /**
   * What is wrong with a grant's row: {@code grant-changed} or {@code grant-rolled-back}; absent
   * when it is the newest that this system wrote.
   */
  @Nullable String wrongGrant(String tenant, ResultSet row) throws SQLException {
    byte[] code = row.getBytes("code");
    if (code == null || !same(grant(tenant, row), code)) {
      return "grant-changed";
    }
    return row.getLong("told_by_audit") == row.getLong("revision") ? null : "grant-rolled-back";
  }

  /** The code of a mandate's row: of all its columns. */
  byte[] mandate(String tenant, Mandate mandate, byte[] record) {
    return RowCode.of(
        keys,
        MANDATE,
        tenant,
        mandate.id().value(),
        mandate.holder(),
        mandate.revision(),
        mandate.ends().toEpochMilli(),
        mandate.revokedBy() == null ? 0 : 1,
        mandate.givenAt().toEpochMilli(),
        record);
  }

  /**
   * What is wrong with a mandate's row: {@code mandate-changed} or {@code mandate-rolled-back};
   * absent when it is the newest that this system wrote.
   */
  @Nullable String wrongMandate(String tenant, ResultSet row) throws SQLException {
    byte[] ought =
        RowCode.of(
            keys,
            MANDATE,
            tenant,
            row.getString("id"),
            row.getString("holder"),
            row.getLong("revision"),
            row.getLong("ends"),
            row.getInt("ended"),
            row.getLong("given_at"),
            row.getBytes("record"));
    byte[] code = row.getBytes("code");
    if (code == null || !same(ought, code)) {
      return "mandate-changed";
    }
    return row.getLong("told_by_audit") == row.getLong("revision") ? null : "mandate-rolled-back";
  }

  /** The code that a requirement's row ought to have. */
  byte[] requirement(String tenant, ResultSet row) throws SQLException {
    return RowCode.of(
        keys,
        REQUIREMENT,
        tenant,
        row.getString("id"),
        row.getString("kind"),
        row.getString("run"),
        row.getString("root"),
        row.getString("agent"),
        row.getString("tool"),
        row.getString("risk"),
        row.getLong("revision"),
        row.getLong("version"),
        row.getLong("counts_from"),
        row.getBytes("digest"),
        row.getString("status"),
        row.getLong("created_at"),
        row.getString("deadline"),
        row.getString("closed_by"),
        row.getString("closed_at"),
        row.getBytes("record"));
  }

  /** The code that the row's unchanging part ought to have. */
  byte[] origin(String tenant, ResultSet row) throws SQLException {
    return origin(
        tenant,
        row.getString("id"),
        row.getString("root"),
        row.getString("parent"),
        row.getString("session"),
        row.getString("agent"),
        row.getString("mode"),
        row.getString("requester"),
        row.getBytes("labels"),
        row.getString("idempotency_key"),
        row.getLong("created_at"));
  }

  /** The code that the row's state ought to have. */
  byte[] state(String tenant, ResultSet row) throws SQLException {
    return state(
        tenant,
        row.getString("id"),
        row.getString("status"),
        row.getInt("ended"),
        row.getLong("version"),
        row.getInt("snapshot_schema"),
        row.getBytes("snapshot"));
  }

  /**
   * Looks whether a run's row is the newest that this system wrote.
   *
   * @throws StoreException {@code run-changed}, {@code run-unsigned}, {@code run-copied} or {@code
   *     run-rolled-back}
   */
  void check(String tenant, ResultSet row) throws SQLException {
    String run = row.getString("id");
    byte[] origin = row.getBytes("origin_code");
    byte[] state = row.getBytes("state_code");
    if (origin == null || state == null) {
      throw Tampered.run("run-unsigned", run, "its row has lost the code that proves who wrote it");
    }
    if (!same(origin(tenant, row), origin) || !same(state(tenant, row), state)) {
      String other = otherRun(row, run);
      throw other == null
          ? Tampered.run("run-changed", run, "its row was changed outside of Assent")
          : Tampered.run("run-copied", run, "its row holds the state of run " + other);
    }
    long version = row.getLong("version");
    long later = Math.max(row.getLong("told_by_journal"), version(row.getBytes("told_by_audit")));
    if (later > version) {
      throw Tampered.run(
          "run-rolled-back",
          run,
          "its row was put back to version " + version + ", but it had come to " + later);
    }
  }

  /**
   * The requirement, to go on with.
   *
   * @throws StoreException {@code requirement-changed}, {@code requirement-unsigned} or {@code
   *     requirement-rolled-back}
   */
  Requirement mustBeGenuine(String tenant, ResultSet row) throws SQLException {
    byte[] code = row.getBytes("code");
    if (code == null) {
      throw wrong(row, "unsigned", "its row has lost the code that proves who wrote it");
    }
    if (!same(requirement(tenant, row), code)) {
      throw wrong(row, "changed", "its row was changed outside of Assent");
    }
    Requirement requirement = Rows.requirement(row);
    String all = row.getString("said");
    List<String> said = all == null ? List.of() : all.lines().toList();
    boolean newest =
        requirement.revision() > said.size()
            && edited(requirement.editedBy(), said, row)
            && Objects.equals(requirement.takenBy(), last(said, Verdict.TAKE));
    if (!newest) {
      throw wrong(
          row,
          "rolled-back",
          "its row does not know the decisions on it: it was put back, or they were put in");
    }
    return requirement;
  }

  /** Who said this last, of lines of verdict and principal. */
  private static @Nullable String last(List<String> said, Verdict verdict) {
    String begin = verdict.name() + " ";
    return said.reversed().stream()
        .filter(line -> line.startsWith(begin))
        .map(line -> line.substring(begin.length()))
        .findFirst()
        .orElse(null);
  }

  /** Who fills in the form of a call may edit it, too; that comes after any other edit. */
  private static boolean edited(@Nullable String by, List<String> said, ResultSet row)
      throws SQLException {
    return Objects.equals(by, last(said, Verdict.EDIT))
        || (by != null && by.equals(row.getString("filled_in_by")));
  }

  /** The requirement, to be listed: one that somebody else wrote is seen, and cannot be decided. */
  Requirement shown(String tenant, ResultSet row) throws SQLException {
    try {
      return mustBeGenuine(tenant, row);
    } catch (StoreException e) {
      return Rows.requirement(row).notAsWritten();
    }
  }

  private static StoreException wrong(ResultSet row, String how, String why) throws SQLException {
    return Tampered.requirement(
        "requirement-" + how, row.getString("id"), row.getString("run"), why);
  }

  private static boolean same(byte[] ought, byte[] is) {
    return MessageDigest.isEqual(ought, is);
  }

  private static @Nullable String otherRun(ResultSet row, String run) throws SQLException {
    try {
      String found = RecordJson.read(RunState.class, row.getBytes("snapshot")).id().value();
      return found.equals(run) ? null : found;
    } catch (MalformedJsonException e) {
      return null;
    }
  }

  /**
   * The run's version after the transition that this record tells of; 0 when it does not say. Reads
   * no more than that: a quotation mark inside of a value never stands without a backslash.
   */
  private static long version(byte @Nullable [] record) {
    if (record == null) {
      return 0;
    }
    String text = new String(record, StandardCharsets.ISO_8859_1);
    int at = text.indexOf(VERSION);
    int end = at < 0 ? -1 : text.indexOf('"', at + VERSION.length());
    try {
      return end < 0 ? 0 : Long.parseLong(text, at + VERSION.length(), end, 10);
    } catch (NumberFormatException e) {
      return 0; // whoever verifies the log is told
    }
  }
}
