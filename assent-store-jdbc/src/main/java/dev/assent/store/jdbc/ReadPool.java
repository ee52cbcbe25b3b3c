package dev.assent.store.jdbc;

import dev.assent.core.spi.StoreException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A few connections that can only read; a read sees everything that was committed before it.
 * Thread-safe: who reads while all are in use waits for one.
 *
 * <p>The connection that was used last is used next: what it read is still in its cache.
 */
final class ReadPool implements AutoCloseable {
  private final BlockingDeque<HeldStatements> idle;
  private final int size;
  private final SqliteErrors errors;
  private final String store;
  private volatile @Nullable Consumer<String> trace;
  private volatile boolean closed;

  /**
   * @param connections their statements; at least one
   * @param store names the store in errors
   */
  ReadPool(List<HeldStatements> connections, SqliteErrors errors, String store) {
    this.idle = new LinkedBlockingDeque<>(connections);
    this.size = connections.size();
    this.errors = errors;
    this.store = store;
  }

  /** Makes a value of a row. */
  @FunctionalInterface
  interface RowMapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  /** Tells the text of each read before it begins, or nobody. */
  void trace(@Nullable Consumer<String> listener) {
    trace = listener;
  }

  <T> List<T> list(String sql, RowMapper<T> mapper, @Nullable Object... parameters) {
    Consumer<String> listener = trace;
    if (listener != null) {
      listener.accept(sql);
    }
    HeldStatements connection = take();
    try {
      PreparedStatement statement = connection.of(sql);
      BoundStatement.bind(statement, parameters);
      try (ResultSet rows = statement.executeQuery()) {
        List<T> values = new ArrayList<>();
        while (rows.next()) {
          values.add(mapper.map(rows));
        }
        return values;
      }
    } catch (SQLException e) {
      connection.discard();
      throw errors.translate(e);
    } finally {
      idle.addFirst(connection);
    }
  }

  /** The first row. */
  <T> Optional<T> first(String sql, RowMapper<T> mapper, @Nullable Object... parameters) {
    return list(sql, mapper, parameters).stream().findFirst();
  }

  private HeldStatements take() {
    boolean interrupted = false;
    try {
      while (!closed) {
        try {
          HeldStatements connection = idle.take();
          if (!closed) {
            return connection;
          }
          idle.addFirst(connection);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      throw new StoreException(
          "store-closed", "The store " + store + " is closed; open it again.", null);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Lets reads under way end, then frees the connections. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    boolean interrupted = false;
    int freed = 0;
    while (freed < size) {
      try {
        errors.closing(idle.take());
        freed++;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
