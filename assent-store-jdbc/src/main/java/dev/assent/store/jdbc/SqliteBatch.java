package dev.assent.store.jdbc;

import dev.assent.core.spi.StoreException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes one commit of many items. For the writer's thread only. */
final class SqliteBatch implements AutoCloseable {
  private final HeldStatements statements;
  private final SqlTexts texts;
  private final AuditSealer sealer;
  private final SqliteErrors errors;
  private final Runnable others;
  private long lastVersion;

  /** Sees the statements of each item that is durable; absent when nobody looks. */
  private volatile @Nullable Consumer<List<BoundStatement>> trace;

  /**
   * @param others told when another connection has written to the file
   */
  SqliteBatch(
      HeldStatements statements,
      SqlTexts texts,
      AuditSealer sealer,
      SqliteErrors errors,
      Runnable others) {
    this.others = others;
    this.statements = statements;
    this.texts = texts;
    this.sealer = sealer;
    this.errors = errors;
  }

  void trace(@Nullable Consumer<List<BoundStatement>> next) {
    trace = next;
  }

  /** What came of one item, told when all is durable. */
  private record Outcome(
      WriteItem item,
      int conflict,
      @Nullable StoreException failure,
      List<BoundStatement> executed) {

    void tell() {
      if (failure == null && conflict == WriteItem.DONE) {
        item.done();
      } else if (failure == null) {
        item.answer().complete(conflict);
      } else {
        item.answer().completeExceptionally(failure);
      }
    }
  }

  /** Something went wrong that took the whole transaction with it. */
  private static final class TransactionLost extends Exception {
    private static final long serialVersionUID = 1L;

    TransactionLost(Exception cause) {
      super(cause);
    }

    Throwable why() {
      return Objects.requireNonNullElse(getCause(), this);
    }
  }

  /** Writes the items, each whole or not at all, and answers every one of them. */
  void commit(List<WriteItem> batch) {
    List<WriteItem> rest = batch;
    while (!rest.isEmpty()) {
      List<Outcome> outcomes = new ArrayList<>(rest.size());
      try {
        execute(Sql.BEGIN);
        lookForOthers();
        for (WriteItem item : rest) {
          outcomes.add(apply(item));
        }
        execute(Sql.COMMIT);
        outcomes.forEach(this::told);
        return;
      } catch (TransactionLost e) {
        // Only the item that broke it fails; the others have another try.
        WriteItem culprit = rest.get(outcomes.size());
        takeBackAll();
        culprit.answer().completeExceptionally(failure(e.why()));
        rest = rest.stream().filter(item -> item != culprit).toList();
      } catch (SQLException e) {
        takeBackAll();
        StoreException failure = errors.translate(e);
        rest.forEach(item -> item.answer().completeExceptionally(failure));
        if (errors.mayHaveBeenWritten(e)) {
          overwriteWhatMayHaveBeenWritten(e);
        }
        return;
      }
    }
  }

  /** SQLite counts the commits of other connections: there are none but somebody else's. */
  private void lookForOthers() throws SQLException {
    try (ResultSet row = statements.of("PRAGMA data_version").executeQuery()) {
      long version = row.next() ? row.getLong(1) : 0;
      if (version != lastVersion) {
        lastVersion = version;
        others.run();
      }
    }
  }

  private void told(Outcome outcome) {
    Consumer<List<BoundStatement>> listener = trace;
    if (listener != null && outcome.failure() == null && outcome.conflict() == WriteItem.DONE) {
      listener.accept(outcome.executed());
    }
    outcome.tell();
  }

  private Outcome apply(WriteItem item) throws SQLException, TransactionLost {
    List<BoundStatement> executed = new ArrayList<>();
    execute(Sql.SAVEPOINT);
    try {
      int conflict = conflict(item, executed);
      if (conflict != WriteItem.DONE) {
        takeBackItem();
      } else {
        execute(Sql.RELEASE);
        sealer.keep();
      }
      return new Outcome(item, conflict, null, executed);
    } catch (SQLException | RuntimeException e) {
      statements.discard();
      try {
        takeBackItem();
      } catch (SQLException lost) {
        e.addSuppressed(lost);
        throw new TransactionLost(e);
      }
      return new Outcome(item, WriteItem.DONE, failure(e), executed);
    }
  }

  private int conflict(WriteItem item, List<BoundStatement> executed) throws SQLException {
    boolean traced = trace != null;
    for (int i = 0; i < item.steps().size(); i++) {
      BoundStatement statement =
          switch (item.steps().get(i)) {
            case BoundStatement bound -> bound;
            case AuditSealer.Line line -> sealer.seal(line, statements);
          };
      if (!statement.execute(statements.of(statement.sql()))) {
        return i;
      }
      if (traced) {
        executed.add(statement);
      }
    }
    return WriteItem.DONE;
  }

  private void takeBackItem() throws SQLException {
    sealer.takeBack();
    execute(Sql.ROLLBACK_TO);
    execute(Sql.RELEASE);
  }

  private void takeBackAll() {
    sealer.forget();
    statements.discard();
    try {
      execute(Sql.ROLLBACK);
    } catch (SQLException e) {
      statements.discard(); // SQLite has rolled back by itself
    }
  }

  private StoreException failure(Throwable e) {
    return e instanceof SQLException sql ? errors.translate(sql) : errors.unexpected(e);
  }

  /**
   * After a commit that the disk failed: its pages may have reached the log all the same, and would
   * come alive in the next recovery. Another commit writes over them.
   *
   * @throws IllegalStateException when that fails too: only a restart can tell what is durable
   */
  private void overwriteWhatMayHaveBeenWritten(SQLException cause) {
    try {
      execute(Sql.BEGIN);
      execute(Sql.TOUCH);
      execute(Sql.COMMIT);
    } catch (SQLException e) {
      cause.addSuppressed(e);
      takeBackAll();
      throw new IllegalStateException("the disk failed twice in a commit", cause);
    }
  }

  private void execute(Sql sql) throws SQLException {
    PreparedStatement statement = statements.of(texts.of(sql));
    statement.execute();
  }

  /** Brings everything into the database file and closes the connection. */
  @Override
  public void close() {
    try {
      statements.of("PRAGMA wal_checkpoint(TRUNCATE)").execute();
    } catch (SQLException e) {
      errors.unimportant(e); // the log is read again at the next open
    } finally {
      errors.closing(statements);
    }
  }
}
