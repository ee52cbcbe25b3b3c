package dev.assent.store.jdbc;

import dev.assent.core.spi.StoreException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Says what SQLite's errors mean and what to do about them. Immutable. */
final class SqliteErrors {
  private static final Logger LOG = System.getLogger(SqliteErrors.class.getName());
  private static final int PRIMARY = 0xff;
  private static final long NEARLY_FULL = 1 << 20;

  private final Path file;

  SqliteErrors(Path file) {
    this.file = file;
  }

  StoreException translate(SQLException e) {
    SQLiteErrorCode code = primary(e);
    return switch (code) {
      case SQLITE_FULL -> full(e);
      case SQLITE_IOERR ->
          nearlyFull()
              ? full(e)
              : failure(
                  "store-broken",
                  "the disk reported an error. Check the disk; nothing of this was written",
                  e);
      case SQLITE_CORRUPT, SQLITE_NOTADB ->
          failure(
              "store-broken",
              "the file is damaged. Stop, keep a copy of it, and restore a backup",
              e);
      case SQLITE_BUSY, SQLITE_LOCKED ->
          failure(
              "store-held",
              "another program has the database locked. Close that program, for example a database"
                  + " browser",
              e);
      case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH ->
          failure(
              "store-broken",
              "the file or its folder cannot be written to. Give this process the permission",
              e);
      default -> failure("store-broken", "the database refused a statement", e);
    };
  }

  private StoreException full(SQLException e) {
    return failure(
        "store-full",
        "the disk is full. Nothing of this was written and nothing written is lost: free some"
            + " space and try again",
        e);
  }

  StoreException failure(String code, String what, Throwable cause) {
    return new StoreException(
        code, "The store " + file + ": " + what + ". (" + cause.getMessage() + ")", cause);
  }

  StoreException unexpected(Throwable e) {
    return failure("store-broken", "a write failed before it reached the database", e);
  }

  /** True when a failed commit may have left its pages in the log. */
  boolean mayHaveBeenWritten(SQLException e) {
    return primary(e) == SQLiteErrorCode.SQLITE_IOERR;
  }

  /** For what can fail without anything being lost. */
  void unimportant(Exception e) {
    LOG.log(Level.DEBUG, () -> "The store " + file + ": " + e.getMessage(), e);
  }

  void closing(HeldStatements statements) {
    try {
      statements.close();
    } catch (SQLException e) {
      unimportant(e);
    }
  }

  private static SQLiteErrorCode primary(SQLException e) {
    int code = e instanceof SQLiteException sqlite ? sqlite.getResultCode().code : e.getErrorCode();
    return SQLiteErrorCode.getErrorCode(code & PRIMARY);
  }

  private boolean nearlyFull() {
    try {
      return Files.getFileStore(file).getUsableSpace() < NEARLY_FULL;
    } catch (IOException e) {
      return false;
    }
  }
}
