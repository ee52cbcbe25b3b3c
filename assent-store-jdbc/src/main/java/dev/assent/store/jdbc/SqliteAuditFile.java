package dev.assent.store.jdbc;

import dev.assent.core.Digest;
import dev.assent.core.SealedAuditRecord;
import dev.assent.core.spi.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/**
 * The audit log of a store's file, read without the master key, without its lock and without
 * writing: also while a server runs, and of a copy. Not thread-safe.
 */
public final class SqliteAuditFile implements Iterable<SealedAuditRecord>, AutoCloseable {
  private static final byte[] NOTHING = {};

  private final Path file;
  private final SqlTexts texts;
  private final String tenant;
  private final Connection connection;

  private SqliteAuditFile(Path file, SqlTexts texts, String tenant, Connection connection) {
    this.file = file;
    this.texts = texts;
    this.tenant = tenant;
    this.connection = connection;
  }

  /**
   * Opens the log of a tenant in the file of a store with the usual table prefix.
   *
   * @throws StoreException {@code store-missing} when there is no such file, or as it is broken
   */
  public static SqliteAuditFile open(Path file, String tenant) {
    if (!Files.isRegularFile(file)) {
      throw new StoreException(
          "store-missing", "There is no store " + file + "; name its folder or file.", null);
    }
    try {
      SQLiteConfig config = new SQLiteConfig();
      config.setReadOnly(true);
      Connection connection = config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
      return new SqliteAuditFile(file, new SqlTexts("assent_"), tenant, connection);
    } catch (SQLException e) {
      throw new SqliteErrors(file).translate(e);
    }
  }

  @Override
  public Iterator<SealedAuditRecord> iterator() {
    try {
      PreparedStatement statement =
          connection.prepareStatement(
              texts.named(
                  "SELECT position, record, hash, chain FROM {audit} WHERE tenant = ?"
                      + " ORDER BY position"));
      statement.setString(1, tenant);
      return new Rows(statement, statement.executeQuery());
    } catch (SQLException e) {
      throw new SqliteErrors(file).translate(e);
    }
  }

  private final class Rows implements Iterator<SealedAuditRecord> {
    private final PreparedStatement statement;
    private final ResultSet rows;
    private @Nullable SealedAuditRecord next;

    private Rows(PreparedStatement statement, ResultSet rows) {
      this.statement = statement;
      this.rows = rows;
      advance();
    }

    private void advance() {
      try {
        next =
            rows.next()
                ? new SealedAuditRecord(
                    rows.getLong(1),
                    Objects.requireNonNullElse(rows.getBytes(2), NOTHING),
                    digest(rows.getBytes(3)),
                    digest(rows.getBytes(4)))
                : null;
        if (next == null) {
          statement.close();
        }
      } catch (SQLException e) {
        throw new SqliteErrors(file).translate(e);
      }
    }

    /** What is no digest was changed; no record has this one, so the verification names it. */
    private static Digest digest(byte @Nullable [] stored) {
      return stored != null && stored.length == Digest.BYTES
          ? Digest.ofBytes(stored)
          : Digest.sha256(NOTHING);
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public SealedAuditRecord next() {
      SealedAuditRecord record = next;
      if (record == null) {
        throw new NoSuchElementException();
      }
      advance();
      return record;
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new SqliteErrors(file).translate(e);
    }
  }
}
