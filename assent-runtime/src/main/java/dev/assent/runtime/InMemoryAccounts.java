package dev.assent.runtime;

import dev.assent.core.spi.AccountStore.Account;
import dev.assent.core.spi.AccountStore.LoginSession;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Accounts and login sessions of one tenant. Not thread-safe: its store's lock guards it. */
final class InMemoryAccounts {
  private final Map<String, Account> accounts = new TreeMap<>();
  private final Map<String, LoginSession> sessions = new HashMap<>();

  boolean create(Account account) {
    if (accounts.containsKey(account.id()) || byName(account.name()).isPresent()) {
      return false;
    }
    accounts.put(account.id(), account);
    return true;
  }

  Optional<Account> byId(String id) {
    return Optional.ofNullable(accounts.get(id));
  }

  Optional<Account> byName(String name) {
    return accounts.values().stream().filter(a -> a.name().equals(name)).findFirst();
  }

  List<Account> all() {
    return List.copyOf(accounts.values());
  }

  boolean update(Account account) {
    boolean nameIsFree =
        byName(account.name()).filter(other -> !other.id().equals(account.id())).isEmpty();
    return nameIsFree && accounts.replace(account.id(), account) != null;
  }

  boolean open(LoginSession session) {
    return sessions.putIfAbsent(session.tokenHash(), session) == null;
  }

  Optional<LoginSession> session(String tokenHash, Instant now) {
    return Optional.ofNullable(sessions.get(tokenHash))
        .filter(session -> session.expiresAt().isAfter(now));
  }

  boolean end(String account, String tokenHash) {
    return sessions
        .values()
        .removeIf(
            session ->
                session.account().equals(account)
                    && (tokenHash.isEmpty() || session.tokenHash().equals(tokenHash)));
  }
}
