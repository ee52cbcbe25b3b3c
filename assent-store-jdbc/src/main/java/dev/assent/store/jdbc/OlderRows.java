package dev.assent.store.jdbc;

import dev.assent.core.Keyring;
import dev.assent.core.SessionKey;
import dev.assent.core.TamperedException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives the rows of a file from before there were codes theirs, once, as part of its migration.
 *
 * <p>Which rows are that old nobody is believed, least of all the file's own version number: a
 * session's key tells, which only the master key could have wrapped, and which is wrapped anew
 * here. Rows of a session whose key is already of the new form must have had codes from their
 * beginning; they get none. For one migration, inside of its transaction.
 */
final class OlderRows {
  private final Connection connection;
  private final SqlTexts texts;
  private final Keyring keys;
  private final RowCodes codes;

  OlderRows(Connection connection, SqlTexts texts, Keyring keys) {
    this.connection = connection;
    this.texts = texts;
    this.keys = keys;
    this.codes = new RowCodes(keys);
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Session(String tenant, String name, byte[] wrapped) {}

  void sign() throws SQLException {
    for (Session session : sessions()) {
      SessionKey key = ofOlderForm(session);
      if (key != null) {
        signRuns(session);
        signRequirements(session);
        update(
            "UPDATE {session_key} SET wrapped = ? WHERE tenant = ? AND session = ?",
            keys.wrap(key, SessionKeys.context(session.tenant(), session.name())),
            session.tenant(),
            session.name());
      }
    }
  }

  private List<Session> sessions() throws SQLException {
    List<Session> all = new ArrayList<>();
    try (PreparedStatement statement = prepare("SELECT * FROM {session_key}");
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        all.add(
            new Session(
                row.getString("tenant"), row.getString("session"), row.getBytes("wrapped")));
      }
    }
    return all;
  }

  private @Nullable SessionKey ofOlderForm(Session session) {
    try {
      return keys.unwrap(session.wrapped(), Bodies.context(session.tenant(), session.name()));
    } catch (TamperedException e) {
      return null;
    }
  }

  private void signRuns(Session session) throws SQLException {
    String sql =
        "SELECT * FROM {run} WHERE tenant = ? AND session = ?"
            + " AND origin_code IS NULL AND state_code IS NULL";
    try (PreparedStatement statement = prepare(sql, session.tenant(), session.name());
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        update(
            "UPDATE {run} SET origin_code = ?, state_code = ? WHERE tenant = ? AND id = ?",
            codes.origin(session.tenant(), row),
            codes.state(session.tenant(), row),
            session.tenant(),
            row.getString("id"));
      }
    }
  }

  private void signRequirements(Session session) throws SQLException {
    String sql =
        "SELECT * FROM {requirement} WHERE tenant = ? AND code IS NULL"
            + " AND run IN (SELECT id FROM {run} WHERE tenant = ? AND session = ?)";
    try (PreparedStatement statement =
            prepare(sql, session.tenant(), session.tenant(), session.name());
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        update(
            "UPDATE {requirement} SET code = ? WHERE tenant = ? AND id = ?",
            codes.requirement(session.tenant(), row),
            session.tenant(),
            row.getString("id"));
      }
    }
  }

  private PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(texts.named(sql));
    BoundStatement.bind(statement, parameters);
    return statement;
  }

  private void update(String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters)) {
      statement.executeUpdate();
    }
  }
}
