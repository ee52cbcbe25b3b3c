package dev.assent.web;

import dev.assent.core.Profile;
import dev.assent.core.spi.AccountStore.Account;
import dev.assent.runtime.Assent;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Logging in and out, and who one is. */
@RestController
@RequestMapping(ApiPaths.V1)
final class SessionController {
  private final Assent assent;
  private final Logins logins;
  private final SessionCookie cookie;
  private final CsrfTokenRepository csrfTokens;

  SessionController(
      Assent assent, Logins logins, WebSettings settings, CsrfTokenRepository csrfTokens) {
    this.assent = assent;
    this.logins = logins;
    this.cookie = new SessionCookie(settings);
    this.csrfTokens = csrfTokens;
  }

  record Login(String name, String password) {}

  record Change(String current, String replacement) {}

  record MeView(Whom principal, Profile profile, boolean mustChangePassword) {
    record Whom(String id, String name, List<String> roles) {}
  }

  @GetMapping("/me")
  MeView me(LoggedIn login) {
    return view(login.account());
  }

  @PostMapping("/login")
  MeView login(@RequestBody Login body, HttpServletRequest request, HttpServletResponse response) {
    Logins.Opened opened = logins.logIn(body.name(), body.password(), request.getRemoteAddr());
    SessionCookie.read(request).flatMap(logins::find).ifPresent(logins::logOut);
    return answer(opened, request, response);
  }

  @PostMapping("/password")
  MeView password(
      @RequestBody Change body,
      LoggedIn login,
      HttpServletRequest request,
      HttpServletResponse response) {
    return answer(
        logins.changePassword(login, body.current(), body.replacement(), request.getRemoteAddr()),
        request,
        response);
  }

  @PostMapping("/logout")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void logout(LoggedIn login, HttpServletRequest request, HttpServletResponse response) {
    logins.logOut(login);
    cookie.clear(response);
    csrfTokens.saveToken(null, request, response);
  }

  /** A new session and a new token against forgery: neither was known to anybody before. */
  private MeView answer(
      Logins.Opened opened, HttpServletRequest request, HttpServletResponse response) {
    cookie.set(response, opened.token());
    csrfTokens.saveToken(csrfTokens.generateToken(request), request, response);
    return view(opened.login().account());
  }

  private MeView view(Account account) {
    return new MeView(
        new MeView.Whom(
            account.id(),
            Shown.name(account.name()),
            account.roles().stream().sorted().map(Shown::name).toList()),
        assent.authority().profile(),
        account.mustChangePassword());
  }
}
