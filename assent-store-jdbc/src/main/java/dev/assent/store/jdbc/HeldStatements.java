package dev.assent.store.jdbc;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** The prepared statements of one connection, kept. Not thread-safe, as the connection. */
final class HeldStatements implements AutoCloseable {
  /** More than all that we have; replayed ones and combinations of filters could be many. */
  private static final int KEPT = 256;

  private static final Logger LOG = System.getLogger(HeldStatements.class.getName());

  private final Connection connection;
  private final Map<String, PreparedStatement> statements = new LinkedHashMap<>(64, 0.75f, true);

  HeldStatements(Connection connection) {
    this.connection = connection;
  }

  PreparedStatement of(String sql) throws SQLException {
    PreparedStatement statement = statements.get(sql);
    if (statement == null) {
      if (statements.size() >= KEPT) {
        Iterator<PreparedStatement> eldestFirst = statements.values().iterator();
        eldestFirst.next().close();
        eldestFirst.remove();
      }
      statement = connection.prepareStatement(sql);
      statements.put(sql, statement);
    }
    return statement;
  }

  /** Prepares all anew when they are needed: the driver ends a statement that has failed. */
  void discard() {
    for (PreparedStatement statement : statements.values()) {
      try {
        statement.close();
      } catch (SQLException e) {
        LOG.log(Level.TRACE, "a statement repeats the error that it had", e);
      }
    }
    statements.clear();
  }

  @Override
  public void close() throws SQLException {
    discard();
    connection.close();
  }
}
