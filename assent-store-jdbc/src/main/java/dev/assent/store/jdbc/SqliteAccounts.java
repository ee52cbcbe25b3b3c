package dev.assent.store.jdbc;

import dev.assent.core.RecordJson;
import dev.assent.core.spi.AccountStore;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Accounts and login sessions. Thread-safe; written by the same one writer. */
final class SqliteAccounts implements AccountStore {
  /** The roles of an account, as they are stored. */
  record Roles(List<String> roles) {}

  private static final String ACCOUNTS = "SELECT * FROM {account} WHERE tenant = ?";

  private final SqliteWriter writer;
  private final ReadPool pool;
  private final SqlTexts texts;

  SqliteAccounts(SqliteWriter writer, ReadPool pool, SqlTexts texts) {
    this.writer = writer;
    this.pool = pool;
    this.texts = texts;
  }

  @Override
  public boolean create(String tenant, Account account) {
    return write(
        one(
            Sql.NEW_ACCOUNT,
            tenant,
            account.id(),
            account.name(),
            account.person(),
            roles(account),
            account.passwordHash(),
            account.mustChangePassword() ? 1 : 0,
            account.locked() ? 1 : 0));
  }

  @Override
  public Optional<Account> account(String tenant, String id) {
    return pool.first(texts.named(ACCOUNTS + " AND id = ?"), SqliteAccounts::account, tenant, id);
  }

  @Override
  public Optional<Account> accountNamed(String tenant, String name) {
    return pool.first(
        texts.named(ACCOUNTS + " AND name = ?"), SqliteAccounts::account, tenant, name);
  }

  @Override
  public List<Account> accounts(String tenant) {
    return pool.list(texts.named(ACCOUNTS + " ORDER BY id"), SqliteAccounts::account, tenant);
  }

  @Override
  public boolean update(String tenant, Account account) {
    return write(
        one(
            Sql.UPDATE_ACCOUNT,
            account.name(),
            account.person(),
            roles(account),
            account.passwordHash(),
            account.mustChangePassword() ? 1 : 0,
            account.locked() ? 1 : 0,
            tenant,
            account.id()));
  }

  /** Also drops sessions of the account that had expired when this one began. */
  @Override
  public void open(String tenant, LoginSession session) {
    long createdAt = session.createdAt().toEpochMilli();
    write(
        any(Sql.FORGET_LOGIN_SESSIONS, tenant, session.account(), createdAt),
        any(
            Sql.NEW_LOGIN_SESSION,
            tenant,
            session.tokenHash(),
            session.account(),
            createdAt,
            session.expiresAt().toEpochMilli()));
  }

  @Override
  public Optional<LoginSession> session(String tenant, String tokenHash, Instant now) {
    return pool.first(
        texts.named(
            """
            SELECT token_hash, account, created_at, expires_at FROM {login_session}
            WHERE tenant = ? AND token_hash = ? AND expires_at > ?\
            """),
        row ->
            new LoginSession(
                row.getString("token_hash"),
                row.getString("account"),
                Rows.mustTime(row, "created_at"),
                Rows.mustTime(row, "expires_at")),
        tenant,
        tokenHash,
        now.toEpochMilli());
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

  private static String roles(Account account) {
    return new String(
        RecordJson.write(new Roles(account.roles().stream().sorted().toList())),
        StandardCharsets.UTF_8);
  }

  private static Account account(ResultSet row) throws SQLException {
    Roles roles =
        RecordJson.read(Roles.class, row.getString("roles").getBytes(StandardCharsets.UTF_8));
    return new Account(
        row.getString("id"),
        row.getString("name"),
        row.getString("person"),
        Set.copyOf(roles.roles()),
        row.getString("password_hash"),
        row.getInt("must_change_password") != 0,
        row.getInt("locked") != 0);
  }
}
