package dev.assent.store.jdbc;

import dev.assent.core.Keyring;
import dev.assent.core.spi.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.sqlite.SQLiteDataSource;

/** The database file of a store that holds its lock: whose it is, its tables, its connections. */
final class SqliteFile {
  /** {@code PRAGMA application_id} of our files: "AsNt". */
  static final int APPLICATION_ID = 0x41734E74;

  /** Version of the tables; written to {@code meta} when all that belongs to it is done. */
  static final int TABLES = 7;

  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
  private static final String MIGRATIONS = "classpath:dev/assent/store/jdbc/sqlite";

  private final Path file;
  private final SqlTexts texts;
  private final SqliteErrors errors;

  SqliteFile(Path file, SqlTexts texts, SqliteErrors errors) {
    this.file = file;
    this.texts = texts;
    this.errors = errors;
  }

  /** The file's real path, whether it exists or not, so that links lead to one lock. */
  static Path real(Path file) {
    try {
      Path absolute = file.toAbsolutePath().normalize();
      Path folder = absolute.getParent();
      return Files.exists(absolute) || folder == null
          ? absolute.toRealPath()
          : folder.toRealPath().resolve(absolute.getFileName());
    } catch (IOException e) {
      throw new StoreException(
          "store-broken",
          "The store " + file + " cannot be opened: make its folder first. (" + e + ")",
          e);
    }
  }

  /**
   * Makes the file ours and its tables those of this version.
   *
   * @return the epoch of this opening
   * @throws StoreException {@code store-foreign}, {@code store-newer}, {@code store-broken}
   */
  long prepare(Keyring keys) {
    refuseOtherFormats();
    try {
      PrivateFiles.touch(file);
      try (Connection connection = writing()) {
        claim(connection);
        if (!hasTables(connection)) {
          migrate();
          signOlderRows(connection, keys);
        }
        return nextEpoch(connection, keys);
      }
    } catch (SQLException e) {
      throw errors.translate(e);
    } catch (IOException e) {
      throw errors.failure("store-broken", "the file cannot be made", e);
    }
  }

  private void refuseOtherFormats() {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(MAGIC.length);
      if (start.length > 0 && !Arrays.equals(start, MAGIC)) {
        throw foreign("it is not an SQLite database");
      }
    } catch (java.nio.file.NoSuchFileException e) {
      return; // a new one
    } catch (IOException e) {
      throw errors.failure("store-broken", "the file cannot be read", e);
    }
  }

  private StoreException foreign(String why) {
    return new StoreException(
        "store-foreign",
        "The file " + file + " is not a store of Assent: " + why + ". Name another file.",
        null);
  }

  private void claim(Connection connection) throws SQLException {
    int application = (int) number(connection, "PRAGMA application_id");
    if (application == APPLICATION_ID) {
      return;
    }
    if (application != 0) {
      throw foreign("its application_id is " + Integer.toHexString(application));
    }
    if (number(connection, "SELECT count(*) FROM sqlite_master") > 0) {
      throw foreign("it has tables of another program");
    }
    execute(connection, "PRAGMA application_id = " + APPLICATION_ID);
  }

  /**
   * True when the tables are those of this version. Asked before Flyway is: loading it takes longer
   * than all the rest of opening.
   */
  private boolean hasTables(Connection connection) throws SQLException {
    String there = "SELECT count(*) FROM sqlite_master WHERE name = '" + texts.named("{meta}'");
    if (number(connection, there) == 0) {
      return false;
    }
    int version = meta(connection, "tables").map(Integer::parseInt).orElse(0);
    if (version > TABLES) {
      throw new StoreException(
          "store-newer",
          "The store "
              + file
              + " was made by a newer version (its tables have version "
              + version
              + ", this one knows "
              + TABLES
              + "). Start that version, or restore a backup from before it.",
          null);
    }
    return version == TABLES;
  }

  private void migrate() {
    try {
      Flyway.configure(SqliteFile.class.getClassLoader())
          .dataSource(dataSource())
          .locations(MIGRATIONS)
          .table(texts.prefix() + "schema_history")
          .placeholders(java.util.Map.of("prefix", texts.prefix()))
          .loggers(QuietFlywayLog.class.getName())
          .baselineOnMigrate(true)
          .baselineVersion("0")
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw errors.failure("store-broken", "its tables could not be made or are not ours", e);
    }
  }

  /** The part of the third migration that needs the master key; later ones need none. */
  private void signOlderRows(Connection connection, Keyring keys) throws SQLException {
    execute(connection, "BEGIN IMMEDIATE");
    meta(connection, "master_key").ifPresent(keys::requireKeyId);
    new OlderRows(connection, texts, keys).sign();
    put(connection, "tables", Integer.toString(TABLES));
    execute(connection, "COMMIT");
  }

  private long nextEpoch(Connection connection, Keyring keys) throws SQLException {
    execute(connection, "BEGIN IMMEDIATE");
    Optional<String> keyId = meta(connection, "master_key");
    keyId.ifPresent(keys::requireKeyId);
    long epoch = meta(connection, "epoch").map(Long::parseLong).orElse(0L) + 1;
    put(connection, "master_key", keys.keyId());
    put(connection, "epoch", Long.toString(epoch));
    execute(connection, "COMMIT");
    return epoch;
  }

  private Optional<String> meta(Connection connection, String name) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(texts.named("SELECT value FROM {meta} WHERE name = ?"))) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
      }
    }
  }

  private void put(Connection connection, String name, String value) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            texts.named("INSERT OR REPLACE INTO {meta} (name, value) VALUES (?, ?)"))) {
      statement.setString(1, name);
      statement.setString(2, value);
      statement.executeUpdate();
    }
  }

  /** The connection that writes: every commit is on the disk when it returns. */
  Connection writing() throws SQLException {
    Connection connection = dataSource().getConnection();
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 10000");
      try (ResultSet mode = statement.executeQuery("PRAGMA journal_mode = WAL")) {
        if (!mode.next() || !mode.getString(1).equals("wal")) {
          throw new StoreException(
              "store-broken",
              "The store " + file + " cannot have a write-ahead log; use a local disk.",
              null);
        }
      }
      statement.execute("PRAGMA synchronous = FULL");
      statement.execute("PRAGMA fullfsync = ON");
      statement.execute("PRAGMA checkpoint_fullfsync = ON");
      statement.execute("PRAGMA cache_size = -32000");
      statement.execute("PRAGMA journal_size_limit = 67108864");
      // What is erased, a secret or a key, is overwritten and not only unlinked.
      statement.execute("PRAGMA secure_delete = ON");
      statement.execute("PRAGMA trusted_schema = OFF");
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Brings the log into the file and empties it: erased pages are overwritten in the file, but
   * stand in the log until then. Readers under way may put it off to the next time.
   */
  void sweep() {
    try (Connection connection = writing()) {
      execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    } catch (SQLException e) {
      throw errors.translate(e);
    }
  }

  /** A connection that cannot write. */
  Connection reading() throws SQLException {
    Connection connection = dataSource().getConnection();
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 10000");
      statement.execute("PRAGMA query_only = ON");
      statement.execute("PRAGMA cache_size = -16000");
      statement.execute("PRAGMA trusted_schema = OFF");
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private SQLiteDataSource dataSource() {
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + file);
    // Nobody asks for them, and the driver would read them after each INSERT.
    source.getConfig().setGetGeneratedKeys(false);
    return source;
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.getLong(1);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
