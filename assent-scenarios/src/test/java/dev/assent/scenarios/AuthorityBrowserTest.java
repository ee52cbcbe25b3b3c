package dev.assent.scenarios;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.assent.scenarios.InboxServer.CHOSEN;
import static dev.assent.scenarios.InboxServer.NAME;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.assertions.PlaywrightAssertions;
import dev.assent.core.Message;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Tool;
import dev.assent.server.ServerOptions;
import dev.assent.testkit.ScriptedModel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people do on the page beside saying yes and no: claim, take back, uncover, allow, ask. */
class AuthorityBrowserTest {
  private static final String KEY = "sk_live_4eC39HqLyjWDarjtT1zdp7dc";

  private static Chromium chromium;

  @TempDir Path folder;
  private final Orders orders = new Orders();
  private InboxServer server;

  /** Orders with a preview, and for a while an approval can be taken back. */
  static final class Orders {
    final List<String> made = new CopyOnWriteArrayList<>();

    @RequiresApproval(summary = "Order {what}", undo = "PT1H")
    @Tool("Orders, not at once")
    String order(String what) {
      made.add(what);
      return "ordered";
    }

    @RequiresApproval(summary = "Buy {what}")
    @Tool(value = "Buys", preview = "shown")
    String buy(String what, long pieces) {
      made.add(pieces + " " + what);
      return "bought " + what;
    }

    String shown(String what, long pieces) {
      return pieces + " times " + what + " from the shop around the corner";
    }

    @RequiresApproval(summary = "Tell {to}")
    @Tool("Tells somebody something")
    String tell(String to, String words) {
      made.add(to + ": " + words);
      return "told";
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
    server = new InboxServer(ServerOptions.in(folder.resolve("data")).onPort(0), orders);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private static Message.Call call(String tool, String arguments) {
    return ScriptedModel.call("c", tool, arguments);
  }

  /** Logs in before the one request that is open. */
  private Visitor before(ApiSession elsewhere) {
    elsewhere.run("Go on");
    Visitor ada = chromium.visitor(server.url());
    ada.logIn(NAME, CHOSEN);
    ada.see("row").click();
    assertThat(ada.see("fields")).isVisible();
    ada.listens();
    ada.settles();
    return ada;
  }

  @Test
  void whoClaimsARequestCanGiveItBack() {
    server.model.replies("", call("tell", "{\"to\":\"bob\",\"words\":\"hi\"}"));
    try (Visitor ada = before(server.firstSession())) {
      ada.see("claim").click();
      assertThat(ada.see("release")).isVisible();
      assertThat(ada.see("facts")).containsText(NAME);
      ada.inspect("request-claimed");

      ada.see("release").click();

      assertThat(ada.see("claim")).isVisible();
    }
  }

  @Test
  void anApprovalIsTakenBackBeforeItBegins() {
    server.model.replies("", call("order", "{\"what\":\"pens\"}")).says("Then not.");
    try (Visitor ada = before(server.firstSession())) {
      ada.see("approve").click();
      assertThat(ada.see("outcome")).containsText("Approved by " + NAME);
      assertThat(ada.see("not-before")).isVisible();
      ada.inspect("request-undo");

      ada.see("revoke").click();
      ada.settles();
      ada.see("reason").fill("we have enough of them");
      ada.see("confirm-revoke").click();

      assertThat(ada.see("outcome")).containsText("revoked");
      ada.see("run-link").click();
      assertThat(ada.see("run-status")).hasText("Completed");
    }
    assertThat(orders.made).isEmpty();
  }

  @Test
  @Tag("C29")
  void whatACallWouldDoIsShownAndRunsAsShown() {
    server
        .model
        .replies("We are out of them.", call("buy", "{\"pieces\":3,\"what\":\"pens\"}"))
        .says("Done.");
    try (Visitor ada = before(server.firstSession())) {
      assertThat(ada.see("preview")).containsText("3 times pens from the shop");
      assertThat(ada.see("pinned")).isVisible();
      assertThat(ada.see("agents-words")).containsText("We are out of them.");
      ada.inspect("request-preview");

      ada.see("approve").click();

      assertThat(ada.see("outcome")).containsText("Approved by " + NAME);
      ada.see("run-link").click();
      assertThat(ada.see("run-status")).hasText("Completed");
    }
    assertThat(orders.made).containsExactly("3 pens");
  }

  @Test
  void aSecretIsUncoveredOnlyWhenAskedFor() {
    server
        .model
        .replies("", call("tell", "{\"to\":\"bob\",\"words\":\"use " + KEY + "\"}"))
        .says("Done.");
    try (Visitor ada = before(server.firstSession())) {
      assertThat(ada.see("secret")).isVisible();
      assertThat(ada.see("request")).not().containsText(KEY);
      ada.inspect("request-secret");

      ada.see("reveal").click();

      assertThat(ada.see("revealed")).isVisible();
      assertThat(ada.see("fields")).containsText(KEY);
      ada.settles();
      ada.see("approve").click();
      assertThat(ada.see("outcome")).containsText("Approved by " + NAME);
      ada.see("run-link").click();
      assertThat(ada.see("run-status")).hasText("Completed");
    }
    assertThat(orders.made).containsExactly("bob: use " + KEY);
  }

  @Test
  void whatIsAlwaysAllowedRunsUnaskedUntilItIsRevoked() {
    String hello = "{\"to\":\"bob\",\"words\":\"hello\"}";
    server
        .model
        .replies("", call("tell", hello))
        .replies("", ScriptedModel.call("d", "tell", hello))
        .says("Told twice.");
    ApiSession elsewhere = server.firstSession();
    try (Visitor ada = before(elsewhere)) {
      ada.see("always").click();
      ada.see("always-reach").selectOption("AGENT");
      ada.see("look-always").click();
      assertThat(ada.see("always-text")).containsText("tell");
      ada.inspect("request-always");
      ada.settles();
      ada.see("confirm-always").click();
      assertThat(ada.see("outcome")).containsText("Approved by " + NAME);
      ada.see("run-link").click();
      assertThat(ada.see("run-status")).hasText("Completed");
      assertThat(ada.see("call-grant")).hasCount(1);

      ada.see("nav-grants").click();
      assertThat(ada.see("grant")).hasAttribute("data-status", "LIVE");
      ada.inspect("grants");
      ada.see("revoke").click();
      assertThat(ada.see("grant")).hasAttribute("data-status", "REVOKED");
    }
    assertThat(orders.made).containsExactly("bob: hello", "bob: hello");
  }

  @Test
  void theAgentIsAskedBackAndProposesSomethingElse() {
    server
        .model
        .replies("Twelve pens.", call("buy", "{\"pieces\":12,\"what\":\"pens\"}"))
        .replies("Three will do.", call("buy", "{\"pieces\":3,\"what\":\"pens\"}"))
        .says("Done.");
    try (Visitor ada = before(server.firstSession())) {
      ada.see("ask-back").click();
      ada.settles();
      ada.see("reason").fill("Why so many?");
      ada.see("confirm-ask-back").click();

      assertThat(ada.see("round-question")).containsText("Why so many?");
      ada.see("show-newer").click();
      assertThat(ada.see("round-answer")).containsText("Three will do.");
      assertThat(ada.see("round-diff")).containsText(Pattern.compile("12.*3", Pattern.DOTALL));
      assertThat(ada.see("preview")).containsText("3 times pens");
      ada.inspect("request-asked-back");
      ada.settles();
      ada.see("approve").click();

      assertThat(ada.see("outcome")).containsText("Approved by " + NAME);
      ada.see("run-link").click();
      assertThat(ada.see("run-status")).hasText("Completed");
    }
    assertThat(orders.made).containsExactly("3 pens");
  }
}
