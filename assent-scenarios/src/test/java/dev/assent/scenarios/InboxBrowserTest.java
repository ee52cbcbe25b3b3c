package dev.assent.scenarios;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.assent.scenarios.InboxServer.CHOSEN;
import static dev.assent.scenarios.InboxServer.NAME;
import static dev.assent.scenarios.InboxServer.pays;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.BoundingBox;
import dev.assent.core.Message;
import dev.assent.scenarios.InboxServer.Payments.Payment;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** The page in a real browser before a real server. */
class InboxBrowserTest {
  private static final long MORE_THAN_A_DOUBLE_HOLDS = 9_007_199_254_740_993L;
  private static final String NASTY =
      "Reimbursement \u202Etxt.exe\u202C <img src=x onerror=alert(1)><b>bold</b> \u001B[2Jwiped";
  private static final Payment HARMLESS =
      new Payment("2026-118", 1_250, "Northwind Office Supplies", "Chairs, second half");
  private static final String REASON = "The vendor was paid last week, see invoice 2026-097.";

  private static Chromium chromium;

  @TempDir Path folder;
  private InboxServer server;

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
    server = new InboxServer(folder.resolve("data"));
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private static Payment nasty() {
    return new Payment(
        "2026-117", MORE_THAN_A_DOUBLE_HOLDS, "Acme Corp", NASTY + " and so on".repeat(300));
  }

  /** The agent asks for these payments as soon as it is spoken to, and then says "Done." */
  private void scriptPayments(Payment... payments) {
    Message.Call[] calls = new Message.Call[payments.length];
    for (int i = 0; i < payments.length; i++) {
      calls[i] = pays("c" + i, payments[i]);
    }
    server
        .model
        .then(
            request ->
                new Message.Assistant("Both are due today, so I pay them now.", List.of(calls)))
        .says("Done.");
  }

  private static Locator row(Visitor ada, String vendor) {
    return ada.see("row").filter(new Locator.FilterOptions().setHasText(vendor));
  }

  private static void openRow(Visitor ada, String vendor) {
    row(ada, vendor).click();
    assertThat(ada.see("fields")).containsText(vendor);
    ada.settles();
  }

  private static Locator value(Visitor ada, String path) {
    return ada.page.locator("[data-testid=field][data-path='" + path + "'] dd");
  }

  @Test
  @ResourceLock(Resources.SYSTEM_OUT)
  void firstLoginAsksForAPasswordOfOnesOwn() {
    try (InboxServer first = InboxServer.first(folder.resolve("first"));
        Visitor ada = chromium.visitor(first.url())) {
      ada.open("/");
      assertThat(ada.see("login")).isVisible();
      ada.inspect("login");

      ada.logIn(NAME, first.oneTimePassword);
      ada.see("password-current").fill(first.oneTimePassword);
      ada.see("password-new").fill(CHOSEN);
      ada.see("password-again").fill(CHOSEN);
      ada.see("password-save").click();

      assertThat(ada.see("empty")).isVisible();
      assertThat(ada.see("who")).containsText(NAME);
      ada.listens();
      ada.inspect("inbox-empty");

      ada.see("logout").click();
      assertThat(ada.see("login")).isVisible();
      ada.logIn(NAME, CHOSEN);
      assertThat(ada.see("empty")).isVisible();
    }
  }

  @Test
  @Tag("X45")
  void personApprovesOnePaymentAndRejectsTheOther() {
    scriptPayments(nasty(), HARMLESS);
    ApiSession elsewhere = server.firstSession();
    try (Visitor ada = chromium.visitor(server.url())) {
      ada.logIn(NAME, CHOSEN);
      assertThat(ada.see("empty")).isVisible();
      ada.listens();
      ada.page.evaluate("window.notReloaded = true");

      elsewhere.run("Pay what is due");

      assertThat(ada.see("row")).hasCount(2);
      assertThat(ada.see("total")).containsText("2");
      openRow(ada, "Acme Corp");
      seesExactlyWhatWouldRun(ada);
      approvesOnlyAfterSeeingTheWhole(ada);
      assertThat(ada.see("outcome")).containsText("Approved by " + NAME);

      openRow(ada, HARMLESS.vendor());
      ada.see("reject").click();
      ada.settles();
      ada.see("reason").fill(REASON);
      ada.see("confirm-reject").click();
      assertThat(ada.see("outcome")).containsText("Rejected by " + NAME);
      assertThat(ada.see("outcome-reason")).hasText(REASON);

      ada.see("run-link").click();
      assertThat(ada.see("run-status")).hasText("Completed");
      assertThat(ada.see("run-output")).hasText("Done.");
      assertThat(ada.page.evaluate("window.notReloaded")).isEqualTo(true);
    }

    assertThat(server.payments.made).containsExactly(nasty());
    assertThat(server.model.requests()).hasSize(2);
    assertThat(answersTheModelGot())
        .hasSize(2)
        .anySatisfy(answer -> assertThat(answer).contains("paid invoice 2026-117"))
        .anySatisfy(answer -> assertThat(answer).contains(REASON));
  }

  private static void seesExactlyWhatWouldRun(Visitor ada) {
    assertThat(value(ada, "/amount")).hasText(Long.toString(MORE_THAN_A_DOUBLE_HOLDS));
    Locator memo = value(ada, "/memo");
    assertThat(memo.getByTestId("hidden-char"))
        .hasText(new String[] {"U+202E", "U+202C", "U+001B"});
    assertThat(memo).containsText("<img src=x onerror=alert(1)><b>bold</b>");
    assertThat(memo).not().containsText(Pattern.compile("[\u202E\u202C\u001B]"));
    assertThat(ada.see("request").locator("img, dd b")).hasCount(0);
    assertThat(ada.see("hidden-warning")).containsText("U+202E");
    assertThat(ada.see("hidden-warning")).containsText("U+001B");
  }

  private static void approvesOnlyAfterSeeingTheWhole(Visitor ada) {
    assertThat(ada.see("unread")).isVisible();
    assertThat(ada.see("approve")).hasAttribute("aria-disabled", "true");
    ada.see("show-whole").click();
    assertThat(ada.see("unread")).hasCount(0);
    ada.settles();
    ada.see("approve").click();
  }

  private List<String> answersTheModelGot() {
    return server.model.lastHeard().stream()
        .filter(Message.ToolResult.class::isInstance)
        .map(message -> ((Message.ToolResult) message).text())
        .toList();
  }

  @Test
  void decisionElsewhereFreezesThePageThatIsOpen() {
    scriptPayments(HARMLESS);
    ApiSession elsewhere = server.firstSession();
    elsewhere.run("Pay what is due");
    try (Visitor ada = chromium.visitor(server.url())) {
      ada.logIn(NAME, CHOSEN);
      openRow(ada, HARMLESS.vendor());
      ada.listens();
      ada.see("reject").click();
      ada.see("reason").fill("half a sent");

      elsewhere.reject(ada.see("request").getAttribute("data-id"), REASON);

      assertThat(ada.see("frozen"))
          .hasText(Pattern.compile("Rejected by " + NAME + ", .*\\d\\d:\\d\\d"));
      assertThat(ada.see("confirm-reject")).hasAttribute("aria-disabled", "true");
      assertThat(ada.see("reason")).hasValue("half a sent");
      assertThat(ada.see("outcome-reason")).hasText(REASON);
      ada.inspect("request-frozen");
    }
    assertThat(server.payments.made).isEmpty();
  }

  @Test
  void onAPhoneTheTwoMainButtonsStandInOneRowAndTheRestBehindOne() {
    scriptPayments(HARMLESS);
    server.firstSession().run("Pay what is due");
    try (Visitor ada = chromium.visitor(server.url())) {
      ada.logIn(NAME, CHOSEN);
      openRow(ada, HARMLESS.vendor());
      assertThat(ada.see("more-actions")).isHidden();
      assertThat(ada.see("edit")).isVisible();

      ada.onAPhone();

      assertThat(ada.see("edit")).isHidden();
      BoundingBox approve = ada.see("approve").boundingBox();
      BoundingBox reject = ada.see("reject").boundingBox();
      BoundingBox more = ada.see("more-actions").boundingBox();
      assertThat(List.of(reject.y, more.y)).containsOnly(approve.y);
      assertThat(approve.height).isGreaterThanOrEqualTo(44);
      assertThat(ada.see("bar").boundingBox().height).as("one row").isLessThan(90);

      ada.see("more-actions").click();
      for (String rest : List.of("edit", "ask-back", "respond", "always")) {
        assertThat(ada.see(rest)).isVisible();
        assertThat(ada.see(rest).boundingBox().y).isGreaterThan(ada.see("approve").boundingBox().y);
      }
      ada.inspect("request-more");
      ada.onAPhone();
      ada.see("respond").click();
      ada.see("value").fill("I paid it by hand.");
      ada.settles();
      ada.see("confirm-respond").click();
      assertThat(ada.see("outcome")).containsText("by " + NAME);
    }
    assertThat(server.payments.made).isEmpty();
  }

  @Test
  void pagesAreAccessibleInLightAndDarkAndOnAPhone() {
    scriptPayments(nasty(), HARMLESS);
    ApiSession elsewhere = server.firstSession();
    String run = elsewhere.run("Pay what is due");
    try (Visitor ada = chromium.visitor(server.url())) {
      ada.logIn(NAME, CHOSEN);
      assertThat(ada.see("row")).hasCount(2);
      ada.listens();
      ada.inspect("inbox");

      openRow(ada, "Acme Corp");
      ada.inspect("request-hidden");
      openRow(ada, HARMLESS.vendor());
      ada.inspect("request");

      ada.open("/runs/" + run);
      assertThat(ada.see("waits-for")).isVisible();
      ada.inspect("run");
      ada.open("/audit");
      assertThat(ada.see("verify-intact")).isVisible();
      ada.inspect("audit");
    }
  }

  @Test
  void deepLinksSurviveAReload() {
    scriptPayments(HARMLESS);
    ApiSession elsewhere = server.firstSession();
    String run = elsewhere.run("Pay what is due");
    try (Visitor ada = chromium.visitor(server.url())) {
      ada.logIn(NAME, CHOSEN);
      openRow(ada, HARMLESS.vendor());
      assertThat(ada.page).hasURL(Pattern.compile("/requirements/[^/]+$"));

      ada.page.reload();
      assertThat(ada.see("fields")).containsText(HARMLESS.memo());

      ada.see("run-link").click();
      assertThat(ada.see("run")).hasAttribute("data-id", run);
      ada.page.reload();
      assertThat(ada.see("run")).hasAttribute("data-id", run);
      assertThat(ada.see("run-status")).hasText("Paused");

      ada.page.goBack();
      assertThat(ada.see("fields")).containsText(HARMLESS.memo());
    }
  }
}
