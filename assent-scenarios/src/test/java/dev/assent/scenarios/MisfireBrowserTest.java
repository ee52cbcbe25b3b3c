package dev.assent.scenarios;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.assent.scenarios.InboxServer.CHOSEN;
import static dev.assent.scenarios.InboxServer.NAME;
import static dev.assent.scenarios.InboxServer.pays;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import dev.assent.scenarios.InboxServer.Payments.Payment;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two requests wait at once; a key is only meant for the one that a person looks at. */
@Timeout(180)
class MisfireBrowserTest {
  private static final Payment CHAIRS = new Payment("2026-118", 1_250, "Northwind", "Chairs");
  private static final Payment PENS = new Payment("2026-119", 12, "Stationers", "Pens");

  private static Chromium chromium;

  @TempDir Path folder;
  private final List<String> sent = new CopyOnWriteArrayList<>();
  private InboxServer server;
  private Visitor ada;

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
  void twoWait() {
    server = new InboxServer(folder.resolve("data"));
    server.model.calls(pays("c", CHAIRS), pays("p", PENS)).says("Done.");
    server.firstSession().run("Pay what is due");
    ada = chromium.visitor(server.url());
    ada.page.onRequest(
        request -> {
          if (request.url().endsWith("/resolution")) {
            sent.add(request.url());
          }
        });
    ada.logIn(NAME, CHOSEN);
    assertThat(ada.see("row")).hasCount(2);
  }

  @AfterEach
  void close() {
    ada.close();
    server.close();
  }

  private Locator row(Payment payment) {
    return ada.see("row").filter(new Locator.FilterOptions().setHasText(payment.vendor()));
  }

  private void opens(Payment payment) {
    row(payment).click();
    assertThat(ada.see("fields")).containsText(payment.vendor());
    ada.settles();
  }

  @Test
  @Tag("X49")
  void aKeyThatIsTypedIntoAFieldDecidesNothing() {
    opens(CHAIRS);
    ada.see("filter").click();
    ada.page.keyboard().type("a r a");
    ada.see("filter").fill("");
    ada.see("reject").click();
    ada.settles();
    ada.see("reason").click();
    ada.page.keyboard().type("a r a");
    assertThat(ada.see("reason")).hasValue("a r a");
    assertThat(sent).isEmpty();

    ada.page.keyboard().press("Escape");
    ada.settles();
    ada.page.keyboard().press("a");

    assertThat(ada.see("outcome")).containsText("Approved by " + NAME);
    assertThat(sent).hasSize(1);
  }

  @Test
  @Tag("X49")
  void aKeyThatIsHeldDecidesOneAndNotTheNext() {
    opens(CHAIRS);
    ada.page.keyboard().down("a");
    assertThat(ada.see("outcome")).containsText("Approved by " + NAME);

    opens(PENS);
    for (int repeat = 0; repeat < 20; repeat++) {
      ada.page.keyboard().down("a");
    }
    assertThat(ada.see("approve")).hasAttribute("aria-disabled", "false");
    assertThat(sent).as("the same key, never let go").hasSize(1);

    ada.page.keyboard().up("a");
    ada.page.keyboard().press("a");
    assertThat(ada.see("outcome")).containsText("Approved by " + NAME);
    assertThat(sent).hasSize(2);
  }

  @Test
  @Tag("X50")
  void bothAreShownAndTheLaterOneIsDecidedFirst() {
    assertThat(row(CHAIRS)).hasCount(1);
    opens(PENS);
    ada.see("approve").click();
    assertThat(ada.see("outcome")).containsText("Approved by " + NAME);
    assertThat(row(CHAIRS)).not().containsText("by " + NAME);

    opens(CHAIRS);
    ada.see("approve").click();
    assertThat(ada.see("outcome")).containsText("Approved by " + NAME);
    ada.see("run-link").click();
    assertThat(ada.see("run-status")).hasText("Completed");

    assertThat(server.payments.made).containsExactlyInAnyOrder(PENS, CHAIRS);
  }
}
