package dev.assent.store.jdbc;

import static dev.assent.store.jdbc.Samples.KEYS;
import static dev.assent.store.jdbc.Samples.T0;
import static dev.assent.store.jdbc.Samples.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.spi.AccountStore.Account;
import dev.assent.core.spi.AccountStore.LoginSession;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who can write to the database, and has not the master key, cannot become anybody. */
class SqliteAccountsTest {
  private static final Account ADA = account("a-ada", "ada", "approver", "finance");
  private static final Account MAL = account("a-mal", "mal");
  private static final LoginSession OF_MAL =
      new LoginSession("hash-mal", MAL.id(), T0, T0.plusSeconds(60));

  private static final Logger LOGGER = Logger.getLogger(SqliteAccounts.class.getName());

  @TempDir Path folder;
  private final List<String> errors = new ArrayList<>();
  private final Handler listening = new Listening();
  private Path file;
  private SqliteStore store;

  private final class Listening extends Handler {
    private final SimpleFormatter formatter = new SimpleFormatter();

    @Override
    public void publish(LogRecord entry) {
      if (entry.getLevel() == Level.SEVERE) {
        errors.add(formatter.formatMessage(entry));
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private static Account account(String id, String name, String... roles) {
    return new Account(id, name, name, Set.of(roles), "hash of " + name, false, false);
  }

  @BeforeEach
  void open() {
    LOGGER.addHandler(listening);
    LOGGER.setUseParentHandlers(false);
    file = folder.resolve("assent.db");
    store = SqliteStore.open(file, KEYS);
    store.create(TENANT, ADA);
    store.create(TENANT, MAL);
    store.open(TENANT, OF_MAL);
  }

  @AfterEach
  void close() {
    store.close();
    LOGGER.removeHandler(listening);
    LOGGER.setUseParentHandlers(true);
  }

  @Test
  void whatTheStoreWroteIsThereAgain() {
    Account locked =
        new Account(MAL.id(), "mal", "mal", Set.of("finance"), "another hash", true, true);
    assertThat(store.update(TENANT, locked)).isTrue();
    store.close();
    store = SqliteStore.open(file, KEYS);

    assertThat(store.accounts(TENANT)).containsExactly(ADA, locked);
    assertThat(store.accountNamed(TENANT, "mal")).contains(locked);
    assertThat(store.session(TENANT, "hash-mal", T0)).contains(OF_MAL);
    assertThat(errors).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name = 'root'",
        "person = 'ada'",
        "roles = (SELECT roles FROM assent_account WHERE id = 'a-ada')",
        "roles = 'not even JSON'",
        "password_hash = (SELECT password_hash FROM assent_account WHERE id = 'a-ada')",
        "must_change_password = 1",
        "locked = 1",
        "tenant = 'other'",
        "id = 'a-other'",
        "mac = x''",
        "mac = (SELECT mac FROM assent_account WHERE id = 'a-ada')",
        "name = 'root', roles = (SELECT roles FROM assent_account WHERE id = 'a-ada'),"
            + " mac = (SELECT mac FROM assent_account WHERE id = 'a-ada')"
      })
  void changedAccountDoesNotExist(String change) {
    Samples.tamper(file, "UPDATE assent_account SET " + change + " WHERE id = 'a-mal'");

    assertThat(store.accounts(TENANT)).containsExactly(ADA);
    assertThat(store.accounts("other")).isEmpty();
    assertThat(store.account(TENANT, "a-mal")).isEmpty();
    assertThat(store.account(TENANT, "a-other")).isEmpty();
    assertThat(store.accountNamed(TENANT, "mal")).isEmpty();
    assertThat(store.accountNamed(TENANT, "root")).isEmpty();
    assertThat(errors).isNotEmpty().allMatch(error -> error.matches(".*account a-(mal|other) .*"));
  }

  @Test
  void addedAccountDoesNotExist() {
    Samples.tamper(
        file,
        "INSERT INTO assent_account SELECT tenant, 'a-new', 'new', person, roles, 'known hash', 0, 0, mac"
            + " FROM assent_account WHERE id = 'a-ada'");

    assertThat(store.account(TENANT, "a-new")).isEmpty();
    assertThat(store.accountNamed(TENANT, "new")).isEmpty();
    assertThat(store.accounts(TENANT)).containsExactly(ADA, MAL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "account = 'a-ada'",
        "token_hash = 'hash-known'",
        "expires_at = expires_at + 1",
        "created_at = created_at + 1",
        "tenant = 'other'",
        "mac = x'00'"
      })
  void changedSessionDoesNotExist(String change) {
    Samples.tamper(file, "UPDATE assent_login_session SET " + change);

    assertThat(store.session(TENANT, "hash-mal", T0)).isEmpty();
    assertThat(store.session(TENANT, "hash-known", T0)).isEmpty();
    assertThat(store.session("other", "hash-mal", T0)).isEmpty();
    assertThat(errors).singleElement().asString().containsPattern("session hash-(mal|known) ");
  }

  @Test
  void addedSessionDoesNotExist() {
    Samples.tamper(
        file,
        "INSERT INTO assent_login_session SELECT tenant, 'hash-known', 'a-ada', created_at, expires_at,"
            + " mac FROM assent_login_session");

    assertThat(store.session(TENANT, "hash-known", T0)).isEmpty();
    assertThat(store.session(TENANT, "hash-mal", T0)).contains(OF_MAL);
    assertThat(errors).singleElement().asString().contains("hash-known", "a-ada");
  }
}
