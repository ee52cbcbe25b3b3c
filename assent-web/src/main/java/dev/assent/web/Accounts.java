package dev.assent.web;

import dev.assent.core.spi.AccountStore;
import dev.assent.core.spi.AccountStore.Account;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Makes accounts and gives out one-time passwords; there is no default one. Thread-safe. */
public final class Accounts {
  /** The name of the account that the first start makes. */
  public static final String FIRST = "admin";

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._@-]{0,63}");

  private final AccountStore store;
  private final String tenant;
  private final Passwords passwords;

  /** Over the accounts of a tenant. */
  public Accounts(AccountStore store, String tenant) {
    this(store, tenant, new Passwords());
  }

  Accounts(AccountStore store, String tenant, Passwords passwords) {
    this.store = store;
    this.tenant = tenant;
    this.passwords = passwords;
  }

  /** The login of the first account, made now with these roles; empty when there is one already. */
  public Optional<OneTimeLogin> first(Set<String> roles) {
    return store.accounts(tenant).isEmpty() ? add(FIRST, roles) : Optional.empty();
  }

  /**
   * Makes an account of a person of its own; empty when the name is taken.
   *
   * @throws IllegalArgumentException when the name is not of lower-case letters, digits and . _ @ -
   */
  public Optional<OneTimeLogin> add(String name, Set<String> roles) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a name has 1 to 64 lower-case letters, digits and . _ @ -, and begins with one of the"
              + " first two");
    }
    String password = passwords.oneTime();
    return store.create(
            tenant, new Account(name, name, name, roles, passwords.hash(password), true, false))
        ? Optional.of(new OneTimeLogin(name, password))
        : Optional.empty();
  }

  /** A new one-time password; ends the account's sessions. Empty when there is no such account. */
  public Optional<OneTimeLogin> reset(String name) {
    String password = passwords.oneTime();
    Optional<Account> found = store.accountNamed(tenant, name);
    found.ifPresent(
        account -> {
          store.update(
              tenant,
              new Account(
                  account.id(),
                  account.name(),
                  account.person(),
                  account.roles(),
                  passwords.hash(password),
                  true,
                  false));
          store.end(tenant, account.id(), "");
        });
    return found.map(account -> new OneTimeLogin(account.name(), password));
  }

  /** What somebody logs in with once. Immutable; shown once, stored nowhere. */
  public record OneTimeLogin(String name, String password) {
    @Override
    public String toString() {
      return "OneTimeLogin[" + name + "]";
    }
  }
}
