package dev.assent.web;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;

/** The cookie that carries the session's token. Immutable. */
record SessionCookie(WebSettings settings) {
  static final String NAME = "ASSENT_SESSION";

  private static final int LONGEST = 100;

  static Optional<String> read(HttpServletRequest request) {
    Cookie[] cookies = request.getCookies();
    return cookies == null
        ? Optional.empty()
        : Arrays.stream(cookies)
            .filter(cookie -> cookie.getName().equals(NAME))
            .map(Cookie::getValue)
            .filter(token -> !token.isEmpty() && token.length() <= LONGEST)
            .findFirst();
  }

  void set(HttpServletResponse response, String token) {
    write(response, token, settings.sessionLength());
  }

  void clear(HttpServletResponse response) {
    write(response, "", Duration.ZERO);
  }

  private void write(HttpServletResponse response, String token, Duration age) {
    response.addHeader(
        HttpHeaders.SET_COOKIE,
        ResponseCookie.from(NAME, token)
            .httpOnly(true)
            .secure(settings.secureCookies())
            .sameSite("Strict")
            .path("/")
            .maxAge(age)
            .build()
            .toString());
  }
}
