package dev.assent.scenarios;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.assent.scenarios.InboxServer.CHOSEN;
import static dev.assent.scenarios.InboxServer.NAME;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.assertions.PlaywrightAssertions;
import dev.assent.core.Authority;
import dev.assent.core.Principal;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Tool;
import dev.assent.server.ServerOptions;
import dev.assent.testkit.ScriptedModel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who decides for whom, given, used and taken back on the page; and the glass broken. */
@Timeout(180)
class MandatesBrowserTest {
  private static final DateTimeFormatter FIELD = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm");

  private static Chromium chromium;

  @TempDir Path folder;
  private final Plant plant = new Plant();
  private InboxServer server;
  private ApiSession starts;

  /** What only the role finance decides. */
  static final class Plant {
    final List<String> bought = new CopyOnWriteArrayList<>();

    @RequiresApproval(role = "finance", summary = "Buy {what}")
    @Tool("Buys")
    String buy(String what) {
      bought.add(what);
      return "bought " + what;
    }
  }

  @BeforeAll
  static void startBrowser() {
    chromium = new Chromium();
    PlaywrightAssertions.setDefaultAssertionTimeout(Chromium.PATIENCE_MILLIS);
  }

  @AfterAll
  static void closeBrowser() {
    if (chromium != null) {
      chromium.close();
    }
  }

  @BeforeEach
  void startServer() {
    Path data = folder.resolve("data");
    KnownPeople.in(
        data,
        Principal.person("gil", "finance"),
        Principal.person("bob"),
        Principal.person("dora", Authority.BREAK_GLASS));
    server = new InboxServer(ServerOptions.in(data).onPort(0), plant);
    starts = server.firstSession();
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private void wantsToBuy(String what) {
    server.model.replies("", ScriptedModel.call("b-" + what, "buy", "{\"what\":\"" + what + "\"}"));
    starts.run("Buy " + what);
  }

  private Visitor person(String name, String path) {
    Visitor visitor = chromium.visitor(server.url());
    visitor.logIn(name, CHOSEN);
    assertThat(visitor.see("who")).containsText(name);
    visitor.listens();
    if (!path.isEmpty()) {
      visitor.open(path);
      visitor.listens();
    }
    return visitor;
  }

  private static void opens(Visitor visitor, String what) {
    visitor.see("row").getByText("Buy " + what).click();
    assertThat(visitor.see("fields")).containsText(what);
    visitor.settles();
  }

  private static String in(Duration time) {
    return LocalDateTime.now().plus(time).format(FIELD);
  }

  @Test
  void whatIsDelegatedIsDecidedByAnotherUntilItIsTakenBack() {
    wantsToBuy("pens");
    try (Visitor gil = person("gil", "/mandates");
        Visitor bob = person("bob", "")) {
      assertThat(gil.see("no-mandates")).isVisible();
      gil.see("give").click();
      assertThat(gil.see("mandate-wrong")).hasText("Name the account that decides.");
      gil.see("mandate-to").fill("bob");
      gil.see("mandate-tools").fill("bu*");
      gil.see("mandate-highest").selectOption("MEDIUM");
      gil.see("mandate-ends").fill(in(Duration.ofDays(1)));
      gil.see("mandate-reason").fill("on a train");
      gil.inspect("mandates-give");
      gil.see("give").click();

      assertThat(gil.see("mandate")).hasAttribute("data-status", "LIVE");
      assertThat(gil.see("mandate")).containsText("bob decides with the authority of gil");
      assertThat(gil.see("mandate")).containsText("bu* up to medium risk");
      gil.inspect("mandates");

      opens(bob, "pens");
      assertThat(bob.see("by-mandate")).containsText("with the authority of gil");
      bob.inspect("request-by-mandate");
      bob.settles();
      bob.see("approve").click();
      assertThat(bob.see("outcome")).containsText("Approved by bob");
      assertThat(bob.see("decided-by-mandate")).containsText("gil");

      gil.see("end-mandate").click();
      assertThat(gil.see("no-mandates")).isVisible();
      gil.see("mandates-all").check();
      assertThat(gil.see("mandate")).hasAttribute("data-status", "REVOKED");
      assertThat(gil.see("end-mandate")).hasCount(0);

      wantsToBuy("ink");
      bob.see("new-pill").click();
      bob.see("row").getByText("Buy ink").click();
      assertThat(bob.see("frozen")).containsText("You cannot decide");
    }
    assertThat(plant.bought).containsExactly("pens");
  }

  @Test
  void anAdministratorSetsUpWhoDecidesForSomebodyWhoIsAway() {
    try (Visitor admin = person(NAME, "/mandates");
        Visitor gil = person("gil", "/mandates")) {
      assertThat(gil.see("mandate-giver")).hasCount(0);
      admin.see("mandate-kind").selectOption("OUT_OF_OFFICE");
      admin.see("mandate-giver").fill("gil");
      admin.see("mandate-to").fill("bob");
      admin.see("mandate-begins").fill(in(Duration.ofHours(2)));
      admin.see("mandate-ends").fill(in(Duration.ofHours(1)));
      admin.see("give").click();
      assertThat(admin.see("mandate-wrong")).containsText("has to end after it begins");
      admin.inspect("mandates-away");
      admin.see("mandate-ends").fill(in(Duration.ofDays(3)));
      admin.see("give").click();

      for (Visitor each : List.of(admin, gil)) {
        assertThat(each.see("mandate")).hasAttribute("data-status", "TO_COME");
        assertThat(each.see("mandate")).containsText("out of office");
        assertThat(each.see("mandate")).containsText("set up by " + NAME);
      }
      gil.see("end-mandate").click();
      assertThat(gil.see("no-mandates")).isVisible();
      assertThat(admin.see("no-mandates")).isVisible();
    }
  }

  @Test
  void whoBreaksTheGlassDecidesAloneAndEverybodySeesIt() {
    wantsToBuy("a press");
    try (Visitor dora = person("dora", "");
        Visitor bob = person("bob", "")) {
      opens(dora, "a press");
      assertThat(dora.see("frozen")).containsText("You cannot decide");
      dora.see("break-glass").click();
      dora.see("glass-reason").fill("The press stands");
      dora.inspect("glass");
      dora.see("confirm-glass").click();

      assertThat(dora.see("by-mandate")).hasAttribute("data-kind", "BREAK_GLASS");
      for (Visitor each : List.of(dora, bob)) {
        assertThat(each.see("glass-banner")).containsText("Break-glass: dora decides alone");
        assertThat(each.see("glass-banner")).containsText("The press stands");
      }
      dora.settles();
      dora.inspect("glass-broken");
      bob.inspect("glass-banner");
      dora.settles();
      dora.see("approve").click();
      assertThat(dora.see("outcome")).containsText("Approved by dora");
      assertThat(dora.see("decided-by-mandate")).containsText("break-glass");

      bob.see("nav-mandates").click();
      assertThat(bob.see("mandate")).containsText("dora decides alone, by break-glass");
    }
    assertThat(plant.bought).containsExactly("a press");
  }
}
