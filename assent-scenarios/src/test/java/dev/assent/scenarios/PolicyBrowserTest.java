package dev.assent.scenarios;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.assent.scenarios.InboxServer.CHOSEN;
import static dev.assent.scenarios.InboxServer.NAME;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.assertions.PlaywrightAssertions;
import dev.assent.core.Message;
import dev.assent.scenarios.InboxServer.Payments.Payment;
import dev.assent.server.ServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file of rules makes of the page. */
class PolicyBrowserTest {
  private static final Payment LARGE = new Payment("2026-119", 250_000, "Acme Corp", "Machines");

  @TempDir Path folder;

  @Test
  @Tag("B18")
  void whatTheRulesPutIntoTheHighestClassIsTypedOnThePage() throws IOException {
    Path rules =
        Files.writeString(
            folder.resolve("policy.yaml"),
            """
            assent: policy/1
            name: payments
            version: 1
            default-approvers: 1 of role approver
            otherwise: allow
            risk:
              - {id: large, tools: payInvoice, when: arguments.amount > 100000, class: high}
            rules:
              - {id: payments, tools: payInvoice, then: {require: {message: Ask the treasurer.}}}
            """);
    ServerOptions options = ServerOptions.in(folder.resolve("data")).onPort(0).policy(rules);
    PlaywrightAssertions.setDefaultAssertionTimeout(Chromium.PATIENCE_MILLIS);
    try (Chromium chromium = new Chromium();
        InboxServer server = new InboxServer(options)) {
      server
          .model
          .then(
              request ->
                  new Message.Assistant("It is due.", List.of(InboxServer.pays("c1", LARGE))))
          .says("Done.");
      server.firstSession().run("Pay what is due");
      try (Visitor ada = chromium.visitor(server.url())) {
        ada.logIn(NAME, CHOSEN);
        ada.see("row").click();
        assertThat(ada.see("fields")).containsText(LARGE.vendor());
        assertThat(ada.see("request")).containsText("payments (payments v1)");
        ada.settles();

        ada.see("approve").click();
        ada.see("typed").fill("payinvoice");
        assertThat(ada.see("confirm-approve")).hasAttribute("aria-disabled", "true");
        assertThat(server.payments.made).isEmpty();

        ada.settles();
        ada.see("typed").fill("payInvoice");
        ada.see("confirm-approve").click();

        assertThat(ada.see("outcome")).containsText("Approved by " + NAME);
        ada.see("run-link").click();
        assertThat(ada.see("run-status")).hasText("Completed");
      }
      assertThat(server.payments.made).containsExactly(LARGE);
    }
  }
}
