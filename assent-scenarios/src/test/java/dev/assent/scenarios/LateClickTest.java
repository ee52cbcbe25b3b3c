package dev.assent.scenarios;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.assent.scenarios.InboxServer.pays;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import dev.assent.core.Principal;
import dev.assent.scenarios.InboxServer.Payments.Payment;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** One decides; whoever else has the same card before them is told, and decides nothing. */
@Tag("X42")
@Timeout(180)
class LateClickTest {
  private static final Payment DUE = new Payment("2026-120", 900, "Northwind", "Chairs");
  private static final String BERTAS = "Rejected by berta, \\S*\\d\\d:\\d\\d.*";

  private static Chromium chromium;

  @TempDir Path folder;
  private InboxServer server;
  private ApiSession berta;

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
    server =
        InboxServer.among(
            folder.resolve("data"), Principal.person("berta"), Principal.person("carl"));
    server.model.calls(pays("c", DUE)).says("Done.");
    berta = server.session("berta");
    server.firstSession().run("Pay what is due");
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private JsonNode waiting() {
    return await()
        .until(() -> berta.get("/requirements?status=PENDING").get("items"), all -> all.size() == 1)
        .get(0);
  }

  private Visitor carl() {
    return chromium.visitor(server.url());
  }

  private static void opens(Visitor visitor) {
    visitor.see("row").click();
    assertThat(visitor.see("fields")).containsText(DUE.vendor());
    visitor.settles();
  }

  private static void seesWhatBertaSaid(Visitor visitor) {
    assertThat(visitor.see("outcome")).containsText(Pattern.compile(BERTAS));
    assertThat(visitor.see("outcome-reason")).hasText("not this one");
    assertThat(visitor.see("frozen")).hasText(Pattern.compile(BERTAS));
    assertThat(visitor.see("approve")).hasAttribute("aria-disabled", "true");
  }

  private void nothingRan() {
    assertThat(server.payments.made).isEmpty();
    assertThat(berta.get("/requirements?status=REJECTED").get("items"))
        .singleElement()
        .satisfies(
            item -> assertThat(item.get("resolvedBy").get("name").asString()).isEqualTo("berta"));
  }

  @Test
  void everyOtherCardChangesByItself() {
    String id = waiting().get("id").asString();
    try (Visitor open = carl();
        Visitor list = carl()) {
      open.logIn("carl", InboxServer.CHOSEN);
      opens(open);
      open.listens();
      list.logIn("carl", InboxServer.CHOSEN);
      assertThat(list.see("row")).hasCount(1);
      list.listens();

      berta.reject(id, "not this one");

      seesWhatBertaSaid(open);
      Locator row = list.see("row");
      assertThat(row).containsText("Rejected");
      assertThat(row).containsText("by berta");
      assertThat(list.see("total")).containsText("0");
      open.page.keyboard().press("a");
      open.see("approve").dispatchEvent("click");
      seesWhatBertaSaid(open);
    }
    nothingRan();
  }

  @Test // the click was on its way when the other decision came
  void aClickThatComesSecondIsToldWhoWasFirst() {
    String id = waiting().get("id").asString();
    try (Visitor carl = carl()) {
      carl.expectsRefusals();
      carl.logIn("carl", InboxServer.CHOSEN);
      opens(carl);
      carl.page.route(
          "**/resolution",
          held -> {
            berta.reject(id, "not this one");
            held.resume();
          });

      carl.see("approve").click();

      assertThat(carl.see("too-late")).isVisible();
      seesWhatBertaSaid(carl);
    }
    nothingRan();
  }

  @Test // the stream of events does not come through, so the page still shows the buttons
  void aClickOnAStalePageDecidesNothingAndIsToldWhoWasFirst() {
    String id = waiting().get("id").asString();
    try (Visitor carl = carl()) {
      carl.expectsRefusals();
      carl.hearsNothing();
      carl.logIn("carl", InboxServer.CHOSEN);
      opens(carl);
      assertThat(carl.see("connection")).not().hasAttribute("data-state", "on");
      berta.reject(id, "not this one");
      assertThat(carl.see("frozen")).hasCount(0);

      carl.see("approve").click();

      assertThat(carl.see("too-late")).isVisible();
      seesWhatBertaSaid(carl);
    }
    nothingRan();
  }

  @Test
  void theApiSaysWhoDecidedWhatAndWhen() {
    String id = waiting().get("id").asString();
    JsonNode shown = berta.get("/requirements/" + id);
    Map<String, Object> yes =
        Map.of(
            "version",
            shown.get("version").asInt(),
            "digest",
            shown.get("digest").asString(),
            "verdict",
            "APPROVE");
    ApiSession carl = server.session("carl");
    berta.reject(id, "not this one");

    List<HttpResponse<String>> late = new CopyOnWriteArrayList<>();
    for (String key : List.of("a-click", "another", "a-click")) {
      late.add(carl.post("/requirements/" + id + "/resolution", key, yes));
    }

    assertThat(late)
        .allSatisfy(
            response -> {
              JsonNode problem = ApiSession.JSON.readTree(response.body());
              assertThat(response.statusCode()).isEqualTo(409);
              assertThat(problem.get("type").asString()).endsWith("already-resolved");
              assertThat(problem.get("requirementStatus").asString()).isEqualTo("REJECTED");
              assertThat(problem.get("resolvedBy").get("name").asString()).isEqualTo("berta");
              assertThat(Instant.parse(problem.get("resolvedAt").asString())).isNotNull();
              assertThat(problem.get("detail").asString()).contains("rejected by berta, 20");
            });
    nothingRan();
  }
}
