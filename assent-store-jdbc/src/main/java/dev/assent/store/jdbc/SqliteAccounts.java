package dev.assent.store.jdbc;

import dev.assent.core.Digest;
import dev.assent.core.Keyring;
import dev.assent.core.RecordJson;
import dev.assent.core.SafeText;
import dev.assent.core.spi.AccountStore;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Accounts and login sessions. Thread-safe; written by the same one writer.
 *
 * <p>Each row carries a code under the master key over its tenant and all its fields. A row whose
 * code is wrong was written by somebody else: it counts as absent, and the log names it.
 */
final class SqliteAccounts implements AccountStore {
  /** The roles of an account, as they are stored. */
  record Roles(List<String> roles) {}

  private static final Logger LOG = System.getLogger(SqliteAccounts.class.getName());

  private static final String ACCOUNT = "assent-account";
  private static final List<String> ACCOUNT_FIELDS =
      List.of(
          "tenant",
          "id",
          "name",
          "person",
          "roles",
          "password_hash",
          "must_change_password",
          "locked");
  private static final String LOGIN = "assent-login";
  private static final List<String> LOGIN_FIELDS =
      List.of("tenant", "token_hash", "account", "created_at", "expires_at");

  private static final String ACCOUNTS = "SELECT * FROM {account} WHERE tenant = ?";

  private final SqliteWriter writer;
  private final ReadPool pool;
  private final SqlTexts texts;
  private final Keyring keyring;

  SqliteAccounts(SqliteWriter writer, ReadPool pool, SqlTexts texts, Keyring keyring) {
    this.writer = writer;
    this.pool = pool;
    this.texts = texts;
    this.keyring = keyring;
  }

  @Override
  public boolean create(String tenant, Account account) {
    return write(one(Sql.NEW_ACCOUNT, row(tenant, account)));
  }

  @Override
  public Optional<Account> account(String tenant, String id) {
    return pool.first(texts.named(ACCOUNTS + " AND id = ?"), this::account, tenant, id)
        .flatMap(Function.identity());
  }

  @Override
  public Optional<Account> accountNamed(String tenant, String name) {
    return pool.first(texts.named(ACCOUNTS + " AND name = ?"), this::account, tenant, name)
        .flatMap(Function.identity());
  }

  @Override
  public List<Account> accounts(String tenant) {
    return pool.list(texts.named(ACCOUNTS + " ORDER BY id"), this::account, tenant).stream()
        .flatMap(Optional::stream)
        .toList();
  }

  @Override
  public boolean update(String tenant, Account account) {
    return write(one(Sql.UPDATE_ACCOUNT, row(tenant, account)));
  }

  /** Also drops sessions of the account that had expired when this one began. */
  @Override
  public void open(String tenant, LoginSession session) {
    long createdAt = session.createdAt().toEpochMilli();
    write(
        any(Sql.FORGET_LOGIN_SESSIONS, tenant, session.account(), createdAt),
        any(
            Sql.NEW_LOGIN_SESSION,
            sealed(
                LOGIN,
                tenant,
                session.tokenHash(),
                session.account(),
                createdAt,
                session.expiresAt().toEpochMilli())));
  }

  @Override
  public Optional<LoginSession> session(String tenant, String tokenHash, Instant now) {
    return pool.first(
            texts.named(
                """
                SELECT * FROM {login_session}
                WHERE tenant = ? AND token_hash = ? AND expires_at > ?\
                """),
            this::session,
            tenant,
            tokenHash,
            now.toEpochMilli())
        .flatMap(Function.identity());
  }

  @Override
  public void end(String tenant, String account, String tokenHash) {
    write(
        tokenHash.isEmpty()
            ? any(Sql.END_LOGIN_SESSIONS, tenant, account)
            : any(Sql.END_LOGIN_SESSION, tenant, account, tokenHash));
  }

  private boolean write(BoundStatement... statements) {
    return writer.write(new WriteItem(List.of(statements))) == WriteItem.DONE;
  }

  private BoundStatement one(Sql sql, @Nullable Object... parameters) {
    return new BoundStatement(texts.of(sql), parameters, 1);
  }

  private BoundStatement any(Sql sql, @Nullable Object... parameters) {
    return new BoundStatement(texts.of(sql), parameters, BoundStatement.ANY);
  }

  /** What {@link #ACCOUNT_FIELDS} names, and the code. */
  private Object[] row(String tenant, Account account) {
    return sealed(
        ACCOUNT,
        tenant,
        account.id(),
        account.name(),
        account.person(),
        roles(account),
        account.passwordHash(),
        account.mustChangePassword() ? 1 : 0,
        account.locked() ? 1 : 0);
  }

  private static String roles(Account account) {
    return new String(
        RecordJson.write(new Roles(account.roles().stream().sorted().toList())),
        StandardCharsets.UTF_8);
  }

  /** The fields, and after them their code. */
  private Object[] sealed(String domain, Object... fields) {
    Object[] row = Arrays.copyOf(fields, fields.length + 1);
    row[fields.length] =
        keyring.mac(domain, framed(domain, Stream.of(fields).map(Object::toString)));
    return row;
  }

  private boolean isOurs(ResultSet row, String domain, List<String> names) throws SQLException {
    List<String> fields = new ArrayList<>();
    for (String name : names) {
      fields.add(row.getString(name));
    }
    return keyring.verifyMac(domain, framed(domain, fields.stream()), row.getBytes("mac"));
  }

  private static byte[] framed(String domain, Stream<String> fields) {
    return Digest.over(
            domain,
            fields.map(field -> field.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new))
        .bytes();
  }

  private Optional<Account> account(ResultSet row) throws SQLException {
    if (!isOurs(row, ACCOUNT, ACCOUNT_FIELDS)) {
      LOG.log(
          Level.ERROR,
          "The row of account {0} was not written by this server, so there is no such account."
              + " Find out who writes to the database; delete the row or restore a backup.",
          SafeText.of(row.getString("id")));
      return Optional.empty();
    }
    Roles roles =
        RecordJson.read(Roles.class, row.getString("roles").getBytes(StandardCharsets.UTF_8));
    return Optional.of(
        new Account(
            row.getString("id"),
            row.getString("name"),
            row.getString("person"),
            Set.copyOf(roles.roles()),
            row.getString("password_hash"),
            row.getInt("must_change_password") != 0,
            row.getInt("locked") != 0));
  }

  private Optional<LoginSession> session(ResultSet row) throws SQLException {
    if (!isOurs(row, LOGIN, LOGIN_FIELDS)) {
      LOG.log(
          Level.ERROR,
          "The login session {0} of account {1} was not written by this server, so there is no such"
              + " session. Find out who writes to the database and delete the row.",
          SafeText.of(row.getString("token_hash")),
          SafeText.of(row.getString("account")));
      return Optional.empty();
    }
    return Optional.of(
        new LoginSession(
            row.getString("token_hash"),
            row.getString("account"),
            Rows.mustTime(row, "created_at"),
            Rows.mustTime(row, "expires_at")));
  }
}
