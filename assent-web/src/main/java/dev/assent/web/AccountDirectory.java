package dev.assent.web;

import dev.assent.core.Principal;
import dev.assent.core.Profile;
import dev.assent.core.spi.AccountStore;
import dev.assent.core.spi.AccountStore.Account;
import dev.assent.core.spi.Directory;
import java.util.Optional;

/**
 * Knows the accounts of a server, as they are now: a role that was lost, or a lock, counts at the
 * next question. Thread-safe.
 */
public final class AccountDirectory implements Directory {
  /** An account with this role is a program: it never decides. */
  public static final String SERVICE = "service";

  private final AccountStore accounts;
  private final String tenant;

  /** Over the accounts of a tenant. */
  public AccountDirectory(AccountStore accounts, String tenant) {
    this.accounts = accounts;
    this.tenant = tenant;
  }

  @Override
  public Optional<Principal> find(String principal) {
    return accounts
        .account(tenant, principal)
        .filter(account -> !account.locked())
        .map(AccountDirectory::principal);
  }

  @Override
  public Optional<String> personOf(String principal) {
    return accounts.account(tenant, principal).map(Account::person);
  }

  @Override
  public String displayName(String principal) {
    return accounts
        .account(tenant, principal)
        .map(Account::name)
        .filter(name -> !name.isBlank())
        .orElse(principal);
  }

  /** One person may approve what they asked for; from the second person on nobody may. */
  public Profile profile() {
    long people =
        accounts.accounts(tenant).stream()
            .filter(account -> !account.roles().contains(SERVICE))
            .map(Account::person)
            .distinct()
            .count();
    return people <= 1 ? Profile.SOLO : Profile.SEPARATED;
  }

  static Principal principal(Account account) {
    return new Principal(
        account.id(),
        account.roles().contains(SERVICE) ? Principal.Kind.SERVICE : Principal.Kind.PERSON,
        account.person(),
        account.roles());
  }
}
