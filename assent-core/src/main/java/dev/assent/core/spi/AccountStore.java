package dev.assent.core.spi;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Accounts and login sessions of a server, kept beside the runs. Thread-safe, durable at once.
 *
 * <p>Where others may write to the storage, an account or session that was not written by this
 * store does not exist: whoever can forge one decides in somebody's name.
 */
public interface AccountStore {
  /** Creates the account; false when the id or the name exists. */
  boolean create(String tenant, Account account);

  /** The account of this id. */
  Optional<Account> account(String tenant, String id);

  /** The account that logs in under this name. */
  Optional<Account> accountNamed(String tenant, String name);

  /** All accounts, by id. */
  List<Account> accounts(String tenant);

  /** Replaces roles, lock and password; false when there is no such account. */
  boolean update(String tenant, Account account);

  /** Creates a login session. */
  void open(String tenant, LoginSession session);

  /** The session of this token's hash, unless it has expired at {@code now}. */
  Optional<LoginSession> session(String tenant, String tokenHash, Instant now);

  /** Ends a session; ends all of the account's when {@code tokenHash} is empty. */
  void end(String tenant, String account, String tokenHash);

  /**
   * An account. Immutable.
   *
   * @param id opaque
   * @param name what is typed at login and shown; erasable
   * @param person the human behind it
   * @param passwordHash in the encoder's own form
   * @param mustChangePassword true after a one-time password
   * @param locked true when it cannot log in
   */
  record Account(
      String id,
      String name,
      String person,
      Set<String> roles,
      String passwordHash,
      boolean mustChangePassword,
      boolean locked) {
    public Account {
      roles = Set.copyOf(roles);
    }
  }

  /** A login session. Immutable. The token itself is stored nowhere, only its SHA-256. */
  record LoginSession(String tokenHash, String account, Instant createdAt, Instant expiresAt) {}
}
