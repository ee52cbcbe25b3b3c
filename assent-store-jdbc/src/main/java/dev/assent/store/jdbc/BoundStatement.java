package dev.assent.store.jdbc;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/**
 * A statement with what is bound to it. Immutable by agreement.
 *
 * @param sql its text
 * @param parameters texts, longs, integers, byte arrays and nulls
 * @param rows how many rows it must change, or find if it is a query; {@link #ANY} when it does not
 *     matter
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record BoundStatement(String sql, @Nullable Object[] parameters, int rows)
    implements WriteItem.Step {
  static final int ANY = -1;

  /** Executes it; false when it did not meet as many rows as it must. */
  boolean execute(PreparedStatement statement) throws SQLException {
    bind(statement, parameters);
    if (rows == ANY) {
      if (statement.execute()) {
        statement.getResultSet().close();
      }
      return true;
    }
    if (sql.startsWith("SELECT")) {
      try (ResultSet found = statement.executeQuery()) {
        return found.next() == (rows > 0);
      }
    }
    return statement.executeUpdate() == rows;
  }

  static void bind(PreparedStatement statement, @Nullable Object... parameters)
      throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      switch (parameters[i]) {
        case null -> statement.setNull(i + 1, Types.NULL);
        case String text -> statement.setString(i + 1, text);
        case Long number -> statement.setLong(i + 1, number);
        case Integer number -> statement.setInt(i + 1, number);
        case byte[] bytes -> statement.setBytes(i + 1, bytes);
        case Object other ->
            throw new IllegalArgumentException("cannot bind a " + other.getClass().getName());
      }
    }
  }

  /** How many bytes are bound. */
  long size() {
    long size = 0;
    for (Object parameter : parameters) {
      size +=
          switch (parameter) {
            case null -> 0;
            case String text -> text.length();
            case byte[] bytes -> bytes.length;
            case Object number -> 8;
          };
    }
    return size;
  }
}
