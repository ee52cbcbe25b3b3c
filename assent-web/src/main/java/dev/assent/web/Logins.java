package dev.assent.web;

import dev.assent.core.Digest;
import dev.assent.core.spi.AccountStore;
import dev.assent.core.spi.AccountStore.Account;
import dev.assent.core.spi.AccountStore.LoginSession;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Logs people in and out. Thread-safe. A session is a row of the store, found by the hash of a
 * random token that only the browser has: it survives a restart, and who reads the database cannot
 * log in. Who writes to it cannot either where the store seals its rows.
 */
final class Logins {
  private static final int TOKEN_BYTES = 32;
  private static final int LONGEST_NAME = 200;
  private static final int FREE_PER_NAME = 5;
  private static final int FREE_PER_ADDRESS = 50;

  private final AccountStore store;
  private final String tenant;
  private final Supplier<Instant> clock;
  private final Duration sessionLength;
  private final Passwords passwords;
  private final Attempts perName = new Attempts(FREE_PER_NAME);
  private final Attempts perAddress = new Attempts(FREE_PER_ADDRESS);
  private final SecureRandom random = new SecureRandom();

  Logins(
      AccountStore store,
      String tenant,
      Supplier<Instant> clock,
      Duration sessionLength,
      Passwords passwords) {
    this.store = store;
    this.tenant = tenant;
    this.clock = clock;
    this.sessionLength = sessionLength;
    this.passwords = passwords;
  }

  /** A login that succeeded; the token is for the cookie and nothing else. */
  record Opened(LoggedIn login, String token) {
    @Override
    public String toString() {
      return "Opened[" + login.getName() + "]";
    }
  }

  /**
   * Logs in.
   *
   * @throws ProblemException {@code login-failed}, the same whatever was wrong, or {@code
   *     too-many-attempts}
   */
  Opened logIn(String name, String password, String address) {
    String key = (name.length() > LONGEST_NAME ? "" : name.toLowerCase(Locale.ROOT));
    throttle(key, address);
    Optional<Account> account = key.isEmpty() ? Optional.empty() : store.accountNamed(tenant, name);
    boolean fits = passwords.fits(password, account);
    if (!fits || account.isEmpty() || account.get().locked()) {
      throw Problem.of(401, "login-failed", "Name or password is wrong", "Nobody is logged in.")
          .exception();
    }
    perName.succeeded(key);
    perAddress.succeeded(address);
    return open(account.get());
  }

  private void throttle(String name, String address) {
    Instant now = clock.get();
    Optional<Duration> wait = perAddress.begin(address, now).or(() -> perName.begin(name, now));
    wait.ifPresent(
        time -> {
          throw tooMany(time);
        });
  }

  private static ProblemException tooMany(Duration wait) {
    long seconds = Math.max(1, wait.plusMillis(999).toSeconds());
    return Problem.of(
            429,
            "too-many-attempts",
            "Too many attempts",
            "Try again in " + seconds + (seconds == 1 ? " second." : " seconds."))
        .with("retryAfter", seconds)
        .exception();
  }

  /** Who has this token; empty when nobody, not any more, or when the account is locked. */
  Optional<LoggedIn> find(String token) {
    return byHash(hash(token));
  }

  /** As {@link #find}, for a login that was found before. */
  Optional<LoggedIn> again(LoggedIn login) {
    return byHash(login.tokenHash());
  }

  private Optional<LoggedIn> byHash(String tokenHash) {
    return store
        .session(tenant, tokenHash, clock.get())
        .flatMap(session -> store.account(tenant, session.account()))
        .filter(account -> !account.locked())
        .map(account -> new LoggedIn(account, tokenHash));
  }

  /** Ends this session. */
  void logOut(LoggedIn login) {
    store.end(tenant, login.account().id(), login.tokenHash());
  }

  /**
   * Changes the password and ends all sessions of the account; the answer is a new one.
   *
   * @throws ProblemException {@code login-failed} or {@code weak-password}
   */
  Opened changePassword(LoggedIn login, String current, String replacement, String address) {
    Account account = login.account();
    throttle(account.name().toLowerCase(Locale.ROOT), address);
    if (!passwords.fits(current, Optional.of(account))) {
      throw Problem.of(
              422, "wrong-password", "That is not the current password", "Nothing was changed.")
          .exception();
    }
    perName.succeeded(account.name().toLowerCase(Locale.ROOT));
    perAddress.succeeded(address);
    passwords
        .weakness(replacement, account)
        .ifPresent(
            why -> {
              throw Problem.of(422, "weak-password", "Choose another password", why).exception();
            });
    Account changed =
        new Account(
            account.id(),
            account.name(),
            account.person(),
            account.roles(),
            passwords.hash(replacement),
            false,
            account.locked());
    store.update(tenant, changed);
    store.end(tenant, account.id(), "");
    return open(changed);
  }

  private Opened open(Account account) {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    Instant now = clock.get();
    store.open(tenant, new LoginSession(hash(token), account.id(), now, now.plus(sessionLength)));
    return new Opened(new LoggedIn(account, hash(token)), token);
  }

  private static String hash(String token) {
    return Digest.sha256(token.getBytes(StandardCharsets.UTF_8)).hex();
  }
}
