package dev.assent.scenarios;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.assent.scenarios.InboxServer.CHOSEN;
import static dev.assent.scenarios.InboxServer.NAME;
import static dev.assent.scenarios.InboxServer.pays;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import dev.assent.core.Message;
import dev.assent.scenarios.InboxServer.Payments.Payment;
import dev.assent.testkit.ScriptedModel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything that is no plain approval, in a real browser before a real server. */
class AnswersBrowserTest {
  private static final long MORE_THAN_A_DOUBLE_HOLDS = 9_007_199_254_740_993L;

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

  /** The agent makes this call; its requirement is open in the page. */
  private Visitor before(String tool, String arguments) {
    return before(ScriptedModel.call("c1", tool, arguments));
  }

  private Visitor before(Message.Call call) {
    server.model.then(request -> new Message.Assistant("", List.of(call))).says("Done.");
    ApiSession session = server.firstSession();
    session.run("Do it");
    Visitor ada = chromium.visitor(server.url());
    ada.logIn(NAME, CHOSEN);
    ada.see("row").click();
    ada.settles();
    return ada;
  }

  private static Locator input(Visitor ada, String path) {
    return ada.page.locator("[data-testid=input][data-path='" + path + "']");
  }

  private String toldTheModel() {
    return server.model.lastHeard().stream()
        .filter(Message.ToolResult.class::isInstance)
        .map(message -> ((Message.ToolResult) message).text())
        .reduce("", String::concat);
  }

  private static void completes(Visitor ada) {
    ada.see("run-link").click();
    assertThat(ada.see("run-status")).hasText("Completed");
  }

  @Test
  @Tag("C2")
  @Tag("X48")
  @DisplayName("fields are filled in, what is wrong stands beside them, numbers are exact")
  void fieldsAreFilledIn() {
    try (Visitor ada = before("book", "{\"city\":\"Oslo\"}")) {
      assertThat(ada.see("prompt")).hasText("Who travels?");
      input(ada, "/seats").getByTestId("control").fill(Long.toString(MORE_THAN_A_DOUBLE_HOLDS));
      input(ada, "/mail").getByTestId("control").fill("no address");
      input(ada, "/class").getByText("second").click();
      ada.expectsRefusals();
      ada.see("answer").click();
      assertThat(input(ada, "/mail").getByTestId("input-error")).isVisible();
      ada.inspect("answer-form");

      ada.page.reload();
      assertThat(input(ada, "/seats").getByTestId("control"))
          .hasValue(Long.toString(MORE_THAN_A_DOUBLE_HOLDS));
      input(ada, "/mail").getByTestId("control").fill("ada@example.org");
      ada.settles();
      ada.see("answer").click();
      assertThat(ada.see("outcome")).containsText("Resolved by " + NAME);
      ada.inspect("answer-given");
      completes(ada);
    }
    assertThat(server.people.heard)
        .singleElement()
        .asString()
        .contains("\"seats\":" + MORE_THAN_A_DOUBLE_HOLDS, "Oslo", "ada@example.org");
  }

  @Test
  @Tag("A1")
  @DisplayName("a secret is typed unseen, kept nowhere in the browser, and never shown")
  void secretIsNeverShown() {
    String pin = "hunter2-and-more";
    try (Visitor ada = before("login", "{}")) {
      assertThat(ada.see("prompt").getByTestId("hidden-char")).hasText("U+200B");
      assertThat(ada.see("control")).hasAttribute("type", "password");
      ada.see("control").fill(pin);
      assertThat(ada.page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})"))
          .asString()
          .doesNotContain(pin);
      ada.inspect("answer-secret");
      ada.settles();
      ada.see("answer").click();
      assertThat(ada.see("decision-hidden")).isVisible();
      assertThat(ada.page.content()).doesNotContain(pin);
      completes(ada);
      assertThat(ada.page.content()).doesNotContain(pin);
    }
    assertThat(server.people.heard).containsExactly(pin);
  }

  @Test
  @Tag("X48")
  @Tag("X26")
  @DisplayName("the edit of one argument keeps the digits of the other; alone, it approves")
  void editedCallRuns() {
    Payment proposed = new Payment("7", MORE_THAN_A_DOUBLE_HOLDS, "Acme\u202E Corp", "for May");
    try (Visitor ada = before(pays("c1", proposed))) {
      ada.see("edit").click();
      String written = ada.see("edit-value").inputValue();
      assertThat(written).contains("Acme\\u202e Corp", Long.toString(MORE_THAN_A_DOUBLE_HOLDS));
      ada.see("edit-value").fill(written.replace("for May", "for June"));
      assertThat(ada.see("edit-diff").getByTestId("change")).hasCount(1);
      assertThat(ada.see("edit-diff")).containsText("for June");
      ada.inspect("edit");
      ada.settles();
      ada.see("confirm-edit").click();
      assertThat(ada.see("edited")).containsText("for June");
      assertThat(ada.see("outcome")).containsText("Approved by " + NAME);
      ada.inspect("edit-sent");
      completes(ada);
    }
    assertThat(server.payments.made)
        .containsExactly(new Payment("7", MORE_THAN_A_DOUBLE_HOLDS, "Acme\u202E Corp", "for June"));
  }

  @Test
  void answerInsteadOfTheCall() {
    try (Visitor ada = before(pays("c1", new Payment("8", 1, "Acme", "")))) {
      ada.see("respond").click();
      ada.see("value").fill("Ask me tomorrow");
      ada.settles();
      ada.see("confirm-respond").click();
      assertThat(ada.see("outcome")).containsText("got this answer instead");
      completes(ada);
    }
    assertThat(server.payments.made).isEmpty();
    assertThat(toldTheModel()).contains("Ask me tomorrow");
  }

  @Test
  @Tag("C5")
  @DisplayName("what is executed outside is taken, and its result brought")
  void resultIsBrought() {
    try (Visitor ada = before("deploy", "{\"build\":" + MORE_THAN_A_DOUBLE_HOLDS + "}")) {
      assertThat(ada.see("instructions")).hasText("Run deploy.sh");
      assertThat(ada.see("fields")).containsText(Long.toString(MORE_THAN_A_DOUBLE_HOLDS));
      ada.see("take").click();
      assertThat(ada.see("taken-by")).containsText(NAME);
      ada.inspect("outside-taken");
      ada.see("result-of").click();
      ada.see("as-json").check();
      ada.see("value").fill("{\"build\":" + MORE_THAN_A_DOUBLE_HOLDS + "}");
      ada.inspect("outside-result");
      ada.settles();
      ada.see("confirm-result-of").click();
      assertThat(ada.see("outcome")).containsText("It was executed");
      completes(ada);
    }
    assertThat(toldTheModel()).contains("{\"build\":" + MORE_THAN_A_DOUBLE_HOLDS + "}");
  }

  @Test
  void outputUnderReviewIsInert() {
    try (Visitor ada = before("report", "{}")) {
      assertThat(ada.see("under-review")).containsText("<img src=x onerror=alert(1)>");
      assertThat(ada.see("under-review").locator("img")).hasCount(0);
      assertThat(ada.see("under-review").getByTestId("hidden-char")).hasText("U+202E");
      ada.inspect("review");
      ada.see("replace").click();
      ada.see("value").fill("Nothing is well.");
      ada.settles();
      ada.see("confirm-replace").click();
      assertThat(ada.see("outcome")).containsText("The replacement counts instead");
      completes(ada);
    }
    assertThat(toldTheModel()).isEqualTo("Nothing is well.");
  }
}
