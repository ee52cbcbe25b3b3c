package dev.assent.web;

import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.web.csrf.CsrfException;

/** What the security chain says when it lets nobody through. Stateless. */
final class Refusals {
  private Refusals() {}

  static Problem notLoggedIn() {
    return Problem.of(401, "not-logged-in", "Log in first", "");
  }

  static Problem denied(AccessDeniedException e) {
    return e instanceof CsrfException
        ? Problem.of(
            403,
            "csrf",
            "The request carries no valid token",
            "Send the value of the cookie XSRF-TOKEN in the header X-XSRF-TOKEN.")
        : Problem.of(403, "forbidden", "You may not do that", "");
  }
}
