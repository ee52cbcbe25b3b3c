package dev.assent.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

@Tag("X13")
class GrantTest {
  private TestingServer server;
  private Browser grace;
  private Browser alan;

  @BeforeEach
  void start() {
    server = new TestingServer();
    grace = server.as("grace");
    alan = server.as("alan");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String id(JsonNode shown) {
    return shown.get("id").asString();
  }

  private static String pays(int amount, String vendor) {
    return "{\"amount\":" + amount + ",\"vendor\":\"" + vendor + "\"}";
  }

  private static Map<String, Object> upTo(int most) {
    Map<String, Object> scope = new HashMap<>();
    scope.put("reach", "AGENT");
    scope.put("until", Instant.now().plus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS));
    scope.put(
        "arguments",
        Map.of(
            "type", "matching", "rules", Map.of("amount", Map.of("type", "number", "most", most))));
    scope.put("uses", 2);
    scope.put("budget", Map.of("argument", "amount", "most", 100, "window", "PT24H"));
    scope.replaceAll((name, value) -> value instanceof Instant at ? at.toString() : value);
    return scope;
  }

  private Browser.Answer offered(Browser by, JsonNode shown, Map<String, Object> scope) {
    return by.post("/requirements/" + id(shown) + "/grant-offer", Map.of("scope", scope));
  }

  private static Map<String, Object> always(
      JsonNode shown, Map<String, Object> scope, String confirmed) {
    return Map.of(
        "version", shown.get("version").asInt(),
        "digest", shown.get("digest").asString(),
        "verdict", "APPROVE",
        "always", Map.of("scope", scope, "confirmed", confirmed));
  }

  @Test
  void whatWasShownAndConfirmedServesTheNextCall() {
    JsonNode shown = alan.pending("pay", pays(7, "granted"));
    JsonNode offer = offered(grace, shown, upTo(50)).mustBe(200).json();
    assertThat(offer.get("text").toString()).contains("at most 50").contains("granted");
    grace.resolve(id(shown), always(shown, upTo(50), offer.get("digest").asString())).mustBe(200);
    alan.until(shown.get("run").asString(), "COMPLETED");

    String run =
        alan.post("/agents/bot/runs", Map.of("message", "pay " + pays(50, "granted")))
            .mustBe(202)
            .json()
            .get("id")
            .asString();

    JsonNode call = alan.until(run, "COMPLETED").get("calls").get(0);
    JsonNode grant = alan.get("/grants?live=true").mustBe(200).json().get("items").get(0);
    assertThat(call.get("grant").asString()).isEqualTo(id(grant));
    assertThat(server.tools.executed).contains("pay 50 granted");
    assertThat(grant.get("status").asString()).isEqualTo("LIVE");
    assertThat(grant.get("used").asInt()).isEqualTo(1);
    assertThat(grant.get("uses").asInt()).isEqualTo(2);
    assertThat(grant.get("by").get("name").asString()).isEqualTo("grace");
    assertThat(grant.get("budget").get("spent").asString()).isEqualTo("50");
    assertThat(grant.get("mayRevoke").asBoolean()).as("Alan may not approve").isFalse();
    alan.pending("pay", pays(51, "granted"));
  }

  @Test
  void whatWasNotShownIsNotGiven() {
    JsonNode shown = alan.pending("pay", pays(5, "narrow"));
    String digest = offered(grace, shown, upTo(5)).mustBe(200).json().get("digest").asString();

    assertThat(grace.resolve(id(shown), always(shown, upTo(99), digest)).mustBe(422).problem())
        .isEqualTo("grant-not-shown");
    assertThat(grace.get("/requirements/" + id(shown)).json().get("status").asString())
        .isEqualTo("PENDING");
    assertThat(grace.get("/grants").json().get("items")).isEmpty();
  }

  @Test
  void whoMayNotGiveIsTold() {
    JsonNode pay = alan.pending("pay", pays(5, "mine"));
    JsonNode wipe = alan.pending("wipe", "{\"disk\":\"c\"}");
    JsonNode twice = alan.pending("payTwice", "{\"vendor\":\"x\"}");

    for (Browser.Answer refused :
        new Browser.Answer[] {
          offered(alan, pay, upTo(50)),
          offered(server.as("robot"), pay, upTo(50)),
          offered(
              grace,
              wipe,
              Map.of(
                  "reach",
                  "RUN",
                  "until",
                  "2099-01-01T00:00:00Z",
                  "arguments",
                  Map.of("type", "any"))),
          offered(
              grace,
              twice,
              Map.of(
                  "reach",
                  "RUN",
                  "until",
                  "2099-01-01T00:00:00Z",
                  "arguments",
                  Map.of("type", "any")))
        }) {
      assertThat(refused.mustBe(422).problem()).isEqualTo("grant-refused");
    }
    assertThat(offered(grace, pay, Map.of("reach", "EVERYWHERE")).mustBe(400).problem())
        .isEqualTo("malformed-json");
  }

  @Test
  void onlyAnApprovalTakesOne() {
    JsonNode shown = alan.pending("pay", pays(5, "no"));
    Map<String, Object> body = new HashMap<>(always(shown, upTo(50), "0".repeat(64)));
    body.put("verdict", "REJECT");

    assertThat(grace.resolve(id(shown), body).mustBe(422).problem())
        .isEqualTo("invalid-resolution");
  }

  @Test
  void revokedItServesNobody() {
    JsonNode shown = alan.pending("pay", pays(7, "revoked"));
    String digest = offered(grace, shown, upTo(50)).mustBe(200).json().get("digest").asString();
    grace.resolve(id(shown), always(shown, upTo(50), digest)).mustBe(200);
    alan.until(shown.get("run").asString(), "COMPLETED");
    String grant = id(grace.get("/grants").json().get("items").get(0));

    assertThat(alan.post("/grants/" + grant + "/revoke", "").mustBe(403).problem())
        .isEqualTo("not-entitled");
    assertThat(alan.post("/grants/g0/revoke", "").mustBe(404).problem()).isEqualTo("unknown-grant");
    JsonNode revoked = server.as("ada").post("/grants/" + grant + "/revoke", "").mustBe(200).json();

    assertThat(revoked.get("status").asString()).isEqualTo("REVOKED");
    assertThat(revoked.get("revokedBy").get("name").asString()).isEqualTo("ada");
    alan.pending("pay", pays(7, "revoked"));
    assertThat(grace.get("/grants?live=true").json().get("items")).isEmpty();
    assertThat(grace.get("/grants/" + grant).mustBe(200).json().get("status").asString())
        .isEqualTo("REVOKED");
  }

  @Test
  void requestsForTheVerySameAreAnsweredInOneAct() {
    JsonNode first = alan.pending("pay", pays(3, "twins"));
    JsonNode second = alan.pending("pay", pays(3, "twins"));
    JsonNode alike = grace.get("/requirements/" + id(first)).json().get("alike");
    assertThat(alike).hasSize(1);
    assertThat(id(alike.get(0))).isEqualTo(id(second));
    Map<String, Object> both =
        Map.of(
            "version", first.get("version").asInt(),
            "digest", first.get("digest").asString(),
            "verdict", "APPROVE",
            "also",
                java.util.List.of(
                    Map.of(
                        "id", id(second),
                        "version", alike.get(0).get("version").asInt(),
                        "digest", alike.get(0).get("digest").asString())));

    grace.resolve(id(first), both).mustBe(200);

    alan.until(first.get("run").asString(), "COMPLETED");
    alan.until(second.get("run").asString(), "COMPLETED");
    assertThat(grace.get("/requirements/" + id(second)).json().get("decisions")).hasSize(1);
    assertThat(server.tools.executed).filteredOn("pay 3 twins"::equals).hasSize(2);
  }
}
