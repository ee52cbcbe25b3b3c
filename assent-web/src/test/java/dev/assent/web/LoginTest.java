package dev.assent.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.spi.AccountStore.Account;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LoginTest {
  private TestingServer server;

  @BeforeAll
  void start() {
    server = new TestingServer();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void sessionBeginsAndEnds() {
    Browser browser = server.browser();
    assertThat(browser.get("/me").mustBe(401).problem()).isEqualTo("not-logged-in");
    assertThat(browser.cookies).containsKey("XSRF-TOKEN");
    String tokenBefore = browser.cookies.get("XSRF-TOKEN");

    Browser.Answer login = browser.post("/login", login("ada", TestingServer.PASSWORD)).mustBe(200);

    assertThat(login.json().get("principal").get("name").asString()).isEqualTo("ada");
    assertThat(login.json().get("principal").get("id").asString()).isEqualTo("id-ada");
    assertThat(login.json().get("profile").asString()).isEqualTo("SEPARATED");
    assertThat(login.response().headers().allValues("Set-Cookie"))
        .anySatisfy(
            cookie ->
                assertThat(cookie)
                    .startsWith("ASSENT_SESSION=")
                    .contains("HttpOnly")
                    .contains("SameSite=Strict")
                    .contains("Path=/"));
    assertThat(browser.cookies.get("XSRF-TOKEN")).isNotEqualTo(tokenBefore);
    assertThat(browser.get("/me").mustBe(200).body()).isEqualTo(login.body());

    String session = browser.cookies.get("ASSENT_SESSION");
    browser.post("/logout", "").mustBe(204);
    assertThat(browser.cookies).doesNotContainKey("ASSENT_SESSION");
    browser.cookies.put("ASSENT_SESSION", session);
    browser.get("/me").mustBe(401);
  }

  @Test
  void unknownNameAndWrongPasswordAreAnsweredAlike() {
    Browser.Answer unknown = server.browser().post("/login", login("nobody", "wrong"));
    Browser.Answer wrong = server.browser().post("/login", login("grace", "wrong"));

    assertThat(unknown.status()).isEqualTo(401);
    assertThat(unknown.problem()).isEqualTo("login-failed");
    assertThat(wrong.body()).isEqualTo(unknown.body());
  }

  @Test
  void sessionThatWasBroughtAlongIsNotAdopted() {
    Browser browser = server.browser();
    browser.cookies.put("ASSENT_SESSION", "chosen-by-an-attacker");

    browser.post("/login", login("ada", TestingServer.PASSWORD)).mustBe(200);

    assertThat(browser.cookies.get("ASSENT_SESSION"))
        .isNotEqualTo("chosen-by-an-attacker")
        .hasSize(43);
    Browser attacker = server.browser();
    attacker.cookies.put("ASSENT_SESSION", "chosen-by-an-attacker");
    attacker.get("/me").mustBe(401);
  }

  @Test
  void guessingIsSlowedDownPerName() {
    server.add("slow");
    Browser browser = server.browser();
    for (int i = 0; i < 6; i++) {
      browser.post("/login", login("slow", "guess " + i));
    }

    Browser.Answer next = browser.post("/login", login("slow", TestingServer.PASSWORD));

    assertThat(next.mustBe(429).problem()).isEqualTo("too-many-attempts");
    assertThat(Integer.parseInt(next.header("Retry-After"))).isPositive();
    server.browser().post("/login", login("alan", TestingServer.PASSWORD)).mustBe(200);
  }

  @Test
  void oneTimePasswordIsGoodForChoosingANewOneOnly() {
    Accounts.OneTimeLogin first =
        new Accounts(server.store, "main", server.passwords)
            .add("new", Set.of("finance"))
            .orElseThrow();
    assertThat(first.toString()).doesNotContain(first.password());
    Browser browser = server.browser();
    assertThat(
            browser
                .post("/login", login("new", first.password()))
                .mustBe(200)
                .json()
                .get("mustChangePassword")
                .asBoolean())
        .isTrue();
    browser.get("/me").mustBe(200);

    for (String path : new String[] {"/agents", "/requirements", "/runs", "/audit", "/events"}) {
      assertThat(browser.get(path).mustBe(403).problem()).isEqualTo("password-change-required");
    }
    assertThat(browser.post("/agents/bot/runs", Map.of("message", "hello")).mustBe(403).problem())
        .isEqualTo("password-change-required");
    assertThat(browser.post("/password", change(first.password(), "short")).mustBe(422).problem())
        .isEqualTo("weak-password");
    assertThat(
            browser
                .post("/password", change(first.password(), first.password()))
                .mustBe(422)
                .problem())
        .isEqualTo("weak-password");

    browser.post("/password", change(first.password(), "a better passphrase")).mustBe(200);
    browser.get("/agents").mustBe(200);
    server.browser().post("/login", login("new", first.password())).mustBe(401);
  }

  @Test
  void changeOfPasswordEndsTheOtherSessions() {
    server.add("twice");
    Browser here = server.as("twice");
    Browser there = server.as("twice");
    String before = here.cookies.get("ASSENT_SESSION");

    assertThat(here.post("/password", change("wrong", "a better passphrase")).mustBe(422).problem())
        .isEqualTo("wrong-password");
    here.post("/password", change(TestingServer.PASSWORD, "a better passphrase")).mustBe(200);

    there.get("/me").mustBe(401);
    here.get("/me").mustBe(200);
    assertThat(here.cookies.get("ASSENT_SESSION")).isNotEqualTo(before);
  }

  @Test
  void lockedAccountIsOutAtOnce() {
    server.add("leaver");
    Browser browser = server.as("leaver");
    Account account = server.accounts().accountNamed("main", "leaver").orElseThrow();
    server
        .accounts()
        .update(
            "main",
            new Account(
                account.id(),
                account.name(),
                account.person(),
                account.roles(),
                account.passwordHash(),
                false,
                true));

    browser.get("/me").mustBe(401);
    assertThat(
            server
                .browser()
                .post("/login", login("leaver", TestingServer.PASSWORD))
                .mustBe(401)
                .problem())
        .isEqualTo("login-failed");
  }

  private static Map<String, String> login(String name, String password) {
    return Map.of("name", name, "password", password);
  }

  private static Map<String, String> change(String current, String replacement) {
    return Map.of("current", current, "replacement", replacement);
  }
}
