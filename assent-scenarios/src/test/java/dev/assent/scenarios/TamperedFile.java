package dev.assent.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.Body;
import dev.assent.core.BodyRef;
import dev.assent.core.Digest;
import dev.assent.core.RecordJson;
import dev.assent.core.Requirement;
import dev.assent.core.RowCode;
import dev.assent.core.RunId;
import dev.assent.core.RunState;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The database file in the hands of somebody who knows its tables, and the master key: whatever
 * they change of runs and requirements gets a good code, so that what lies behind the codes is
 * tried too.
 */
final class TamperedFile implements AutoCloseable {
  private final Connection connection;
  private final boolean signing;

  TamperedFile(Path file) throws SQLException {
    this(file, true);
  }

  private TamperedFile(Path file, boolean signing) throws SQLException {
    this.connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    this.signing = signing;
  }

  /** In the hands of somebody who can write to the database and has no key. */
  static TamperedFile withoutKey(Path file) throws SQLException {
    return new TamperedFile(file, false);
  }

  /** Says that every row of runs and requirements is genuine. */
  private void sign() throws SQLException {
    for (String[] kind : SIGNED) {
      try (PreparedStatement statement =
              connection.prepareStatement(
                  "SELECT rowid, " + kind[3] + " FROM assent_" + kind[0] + " ORDER BY rowid");
          ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          Object[] fields = new Object[kind[3].split(",").length];
          for (int i = 0; i < fields.length; i++) {
            fields[i] = row.getObject(i + 2);
          }
          update(
              "UPDATE assent_" + kind[0] + " SET " + kind[1] + " = ? WHERE rowid = ?",
              RowCode.of(World.keyring(), kind[2], fields),
              row.getLong(1));
        }
      }
    }
  }

  /** Table, column of the code, its domain, what it covers. */
  private static final List<String[]> SIGNED =
      List.of(
          new String[] {
            "run",
            "origin_code",
            "assent-run-origin-1",
            "tenant, id, root, parent, session, agent, mode, requester, labels, idempotency_key,"
                + " created_at"
          },
          new String[] {
            "run",
            "state_code",
            "assent-run-state-1",
            "tenant, id, status, ended, version, snapshot_schema, snapshot"
          },
          new String[] {
            "requirement",
            "code",
            "assent-requirement-1",
            "tenant, id, kind, run, root, agent, tool, risk, revision, version, counts_from,"
                + " digest, status, created_at, deadline, closed_by, closed_at, record"
          });

  /** What stands in a row now, to be put back later. */
  Map<String, Object> row(String table, String id) throws SQLException {
    Map<String, Object> columns = new LinkedHashMap<>();
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT * FROM assent_" + table + " WHERE id = ?")) {
      statement.setString(1, id);
      try (ResultSet found = statement.executeQuery()) {
        assertThat(found.next()).as(id).isTrue();
        ResultSetMetaData names = found.getMetaData();
        for (int i = 1; i <= names.getColumnCount(); i++) {
          if (!names.getColumnName(i).equals("sort_deadline")) {
            columns.put(names.getColumnName(i), found.getObject(i));
          }
        }
      }
    }
    return columns;
  }

  /** Puts these columns into the row. */
  void put(String table, String id, Map<String, Object> columns) throws SQLException {
    List<Object> parameters = new ArrayList<>(columns.values());
    parameters.add(id);
    update(
        "UPDATE assent_"
            + table
            + " SET "
            + String.join(" = ?, ", columns.keySet())
            + " = ? WHERE id = ?",
        parameters.toArray());
  }

  /** Executes it, on any number of rows. */
  void all(String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      statement.executeUpdate();
    }
  }

  /** Changes exactly one row. */
  void update(String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      assertThat(statement.executeUpdate()).as(sql).isEqualTo(1);
    }
  }

  private byte[] bytes(String sql, String... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      try (ResultSet found = statement.executeQuery()) {
        assertThat(found.next()).as(sql).isTrue();
        return found.getBytes(1);
      }
    }
  }

  /** Makes the run due. */
  void ring(RunId run) throws SQLException {
    update("UPDATE assent_run SET ready_at = 0, rings = rings + 1 WHERE id = ?", run.value());
  }

  /** Encrypts another content under the name and salt of the stored one. */
  void body(String session, Body forged) throws SQLException {
    byte[] wrapped = bytes("SELECT wrapped FROM assent_session_key WHERE session = ?", session);
    byte[] plain = new byte[1 + 16 + forged.content().length];
    System.arraycopy(forged.salt(), 0, plain, 1, 16);
    System.arraycopy(forged.content(), 0, plain, 17, forged.content().length);
    byte[] encrypted =
        World.keyring()
            .unwrap(wrapped, context(World.TENANT, session, "codes"))
            .encrypt(plain, context(World.TENANT, session, forged.id().value()));
    update("UPDATE assent_body SET encrypted = ? WHERE id = ?", encrypted, forged.id().value());
  }

  private static byte[] context(String... place) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String part : place) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
      out.writeBytes(bytes);
    }
    return out.toByteArray();
  }

  void snapshot(RunId run, UnaryOperator<RunState> change) throws SQLException {
    RunState state =
        RecordJson.read(
            RunState.class, bytes("SELECT snapshot FROM assent_run WHERE id = ?", run.value()));
    update(
        "UPDATE assent_run SET snapshot = ? WHERE id = ?",
        RecordJson.write(change.apply(state)),
        run.value());
  }

  void requirement(Requirement requirement, UnaryOperator<String> change) throws SQLException {
    String record =
        new String(
            bytes("SELECT record FROM assent_requirement WHERE id = ?", requirement.id().value()),
            StandardCharsets.UTF_8);
    assertThat(change.apply(record)).isNotEqualTo(record);
    update(
        "UPDATE assent_requirement SET record = ? WHERE id = ?",
        change.apply(record).getBytes(StandardCharsets.UTF_8),
        requirement.id().value());
  }

  void requirementStatus(Requirement requirement, String status, String by) throws SQLException {
    update(
        "UPDATE assent_requirement SET status = ?, closed_by = ?, closed_at = created_at,"
            + " revision = revision + 1 WHERE id = ?",
        status,
        by,
        requirement.id().value());
  }

  void digest(Requirement requirement, Digest digest, BodyRef arguments) throws SQLException {
    requirement(
        requirement,
        record ->
            record
                .replace(requirement.digest().hex(), digest.hex())
                .replace(requirement.arguments().commitment().hex(), arguments.commitment().hex()));
    update(
        "UPDATE assent_requirement SET digest = ? WHERE id = ?",
        digest.bytes(),
        requirement.id().value());
  }

  void decision(Requirement requirement, byte[] signature) throws SQLException {
    update(
        "INSERT INTO assent_decision (tenant, requirement, version, digest, principal, person,"
            + " verdict, at, idempotency_key, request, signature)"
            + " VALUES ('main', ?, 1, ?, 'ada', 'ada', 'APPROVE', ?, 'forged', ?, ?)",
        requirement.id().value(),
        requirement.digest().bytes(),
        requirement.createdAt().toEpochMilli(),
        requirement.digest().bytes(),
        signature);
  }

  @Override
  public void close() throws SQLException {
    try {
      if (signing) {
        sign();
      }
    } finally {
      connection.close();
    }
  }
}
