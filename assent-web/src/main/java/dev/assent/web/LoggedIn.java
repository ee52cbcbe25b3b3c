package dev.assent.web;

import dev.assent.core.Principal;
import dev.assent.core.spi.AccountStore.Account;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;

/** Who is logged in, as Spring Security carries it. Made anew for each request. */
final class LoggedIn extends AbstractAuthenticationToken {
  private static final long serialVersionUID = 1L;

  private final transient Account account;
  private final String tokenHash;

  LoggedIn(Account account, String tokenHash) {
    super(List.of());
    this.account = account;
    this.tokenHash = tokenHash;
    setAuthenticated(true);
  }

  Account account() {
    return account;
  }

  Principal principal() {
    return AccountDirectory.principal(account);
  }

  String tokenHash() {
    return tokenHash;
  }

  @Override
  public String getCredentials() {
    return "";
  }

  @Override
  public Account getPrincipal() {
    return account;
  }

  @Override
  public String getName() {
    return account.id();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LoggedIn that
        && account.id().equals(that.account.id())
        && tokenHash.equals(that.tokenHash);
  }

  @Override
  public int hashCode() {
    return tokenHash.hashCode();
  }
}
