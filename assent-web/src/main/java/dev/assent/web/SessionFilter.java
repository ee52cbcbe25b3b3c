package dev.assent.web;

import dev.assent.core.spi.StoreException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Finds who is logged in by the session cookie, anew for each request, and lets nobody pass who has
 * to change a one-time password first.
 */
final class SessionFilter extends OncePerRequestFilter {
  private static final Set<String> BEFORE_CHANGE =
      Set.of(
          ApiPaths.V1 + "/me",
          ApiPaths.V1 + "/login",
          ApiPaths.V1 + "/logout",
          ApiPaths.V1 + "/password",
          ApiPaths.V1 + "/openapi.json");

  private final Logins logins;

  SessionFilter(Logins logins) {
    this.logins = logins;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Optional<LoggedIn> login;
    try {
      login = SessionCookie.read(request).flatMap(logins::find);
    } catch (StoreException e) {
      ProblemHandler.of(e).writeTo(response);
      return;
    }
    if (login.isPresent()
        && login.get().account().mustChangePassword()
        && !BEFORE_CHANGE.contains(ApiPaths.inside(request))) {
      Problem.of(
              403,
              "password-change-required",
              "Change your password first",
              "The one-time password is good for choosing a new one only.")
          .writeTo(response);
      return;
    }
    login.ifPresent(found -> SecurityContextHolder.setContext(new SecurityContextImpl(found)));
    try {
      chain.doFilter(request, response);
    } finally {
      SecurityContextHolder.clearContext();
    }
  }
}
