package dev.assent.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Who decides for whom, over HTTP. */
@Timeout(120)
class MandateTest {
  private TestingServer server;
  private Browser grace;
  private Browser alan;
  private Browser bob;

  @BeforeEach
  void start() {
    server = new TestingServer();
    server.add("bob");
    server.add("dora", "break-glass");
    server.add("root", "admin");
    grace = server.as("grace");
    alan = server.as("alan");
    bob = server.as("bob");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String id(JsonNode shown) {
    return shown.get("id").asString();
  }

  private static String in(Duration time) {
    return Instant.now().plus(time).truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private JsonNode asks(String vendor) {
    return alan.pending("pay", "{\"amount\":5,\"vendor\":\"" + vendor + "\"}");
  }

  private static Map<String, Object> wish(String kind, Object... more) {
    Map<String, Object> wish = new HashMap<>(Map.of("kind", kind));
    for (int i = 0; i < more.length; i += 2) {
      wish.put((String) more[i], more[i + 1]);
    }
    return wish;
  }

  private static Map<String, Object> lends(Object... more) {
    Map<String, Object> wish = wish("DELEGATION", "to", "id-bob", "ends", in(Duration.ofHours(1)));
    wish.putAll(wish("DELEGATION", more));
    return wish;
  }

  private static Map<String, Object> approves(JsonNode shown) {
    return Map.of(
        "version",
        shown.get("version").asInt(),
        "digest",
        shown.get("digest").asString(),
        "verdict",
        "APPROVE");
  }

  private JsonNode shown(Browser to, JsonNode asked) {
    return to.get("/requirements/" + id(asked)).mustBe(200).json();
  }

  @Test
  @Tag("C15")
  void whoHoldsOneDecidesAndEverybodySeesWithWhoseAuthority() {
    JsonNode asked = asks("lent");
    assertThat(shown(bob, asked).get("whyNotCode").asString()).isEqualTo("none-of-these");

    JsonNode mandate =
        grace
            .post("/mandates", lends("tools", new String[] {"p*"}, "reason", "on\u202Eholiday"))
            .mustBe(201)
            .json();
    assertThat(mandate.get("status").asString()).isEqualTo("LIVE");
    assertThat(mandate.get("mayRevoke").asBoolean()).isTrue();
    assertThat(mandate.get("reason").toString()).contains("U+202E");
    JsonNode mine = shown(bob, asked);
    assertThat(mine.get("mayDecide").asBoolean()).isTrue();
    assertThat(mine.get("byMandate").get("giver").get("name").asString()).isEqualTo("grace");
    assertThat(shown(grace, asked).get("byMandate").isNull()).isTrue();

    bob.resolve(id(asked), approves(asked)).mustBe(200);

    alan.until(asked.get("run").asString(), "COMPLETED");
    JsonNode said = shown(alan, asked).get("decisions").get(0);
    assertThat(said.get("byMandate").get("kind").asString()).isEqualTo("DELEGATION");
    assertThat(said.get("byMandate").get("id").asString()).isEqualTo(id(mandate));
    assertThat(server.as("ada").get("/decisions?format=csv").body())
        .contains("arguments,mandate,mandate_kind,authority")
        .contains("\"" + id(mandate) + "\",\"DELEGATION\",\"id-grace\"");
  }

  @Test
  void itIsListedAndTakenBackByWhoMay() {
    JsonNode asked = asks("over");
    String mandate = id(grace.post("/mandates", lends()).mustBe(201).json());

    assertThat(alan.post("/mandates/" + mandate + "/revoke", Map.of()).mustBe(403).problem())
        .isEqualTo("not-entitled");
    assertThat(alan.post("/mandates/nobody/revoke", Map.of()).mustBe(404).problem())
        .isEqualTo("unknown-mandate");
    JsonNode listed = alan.get("/mandates?live=true").mustBe(200).json().get("items").get(0);
    assertThat(listed.get("mayRevoke").asBoolean()).isFalse();
    JsonNode ended = grace.post("/mandates/" + mandate + "/revoke", Map.of()).mustBe(200).json();

    assertThat(ended.get("status").asString()).isEqualTo("REVOKED");
    assertThat(ended.get("revokedBy").get("name").asString()).isEqualTo("grace");
    assertThat(alan.get("/mandates?live=true").json().get("items")).isEmpty();
    assertThat(alan.get("/mandates?holder=id-bob").json().get("items")).hasSize(1);
    assertThat(alan.get("/mandates?holder=id-alan").json().get("items")).isEmpty();
    assertThat(shown(bob, asked).get("whyNotCode").asString()).isEqualTo("mandate-over");
    assertThat(bob.resolve(id(asked), approves(asked)).mustBe(403).problem())
        .isEqualTo("not-entitled");
  }

  @Test
  void whatMakesNoSenseIsSaid() {
    for (Map<String, Object> wrong :
        new Map[] {
          wish("DELEGATION"),
          wish("DELEGATION", "to", "id-bob"),
          lends("ends", in(Duration.ofHours(-1))),
          lends("ends", in(Duration.ofDays(500))),
          lends("to", "id-grace"),
          lends("giver", "id-ada"),
          lends("minutes", 5),
          lends("reason", "x".repeat(501)),
          lends("tools", new String[] {" "}),
          wish("BREAK_GLASS", "to", "id-bob", "reason", "fire")
        }) {
      assertThat(grace.post("/mandates", wrong).mustBe(422).problem())
          .as("%s", wrong)
          .isEqualTo("invalid-mandate");
    }
    assertThat(grace.post("/mandates", lends("to", "id-nobody")).mustBe(422).problem())
        .isEqualTo("unknown-account");
    assertThat(grace.post("/mandates", lends("to", "id-robot")).mustBe(422).problem())
        .isEqualTo("unknown-account");
    assertThat(grace.post("/mandates", lends("requirement", "r-none")).mustBe(404).problem())
        .isEqualTo("unknown-requirement");
    assertThat(grace.post("/mandates", wish("KINGDOM")).mustBe(400).problem())
        .isEqualTo("malformed-json");
    assertThat(alan.get("/mandates").json().get("items")).isEmpty();
  }

  @Test
  void onlyAnAdministratorSeesToWhoIsAwayAndNeverForThemselves() {
    Map<String, Object> away =
        wish(
            "OUT_OF_OFFICE",
            "giver",
            "id-grace",
            "to",
            "id-bob",
            "ends",
            in(Duration.ofDays(3)),
            "reason",
            "ill");
    Map<String, Object> taken = new HashMap<>(away);
    taken.put("to", "id-root");

    assertThat(bob.post("/mandates", away).mustBe(403).problem()).isEqualTo("not-entitled");
    Browser root = server.as("root");
    assertThat(root.post("/mandates", taken).mustBe(403).problem()).isEqualTo("not-entitled");
    JsonNode given = root.post("/mandates", away).mustBe(201).json();
    assertThat(given.get("givenBy").get("name").asString()).isEqualTo("root");
    assertThat(shown(bob, asks("away")).get("mayDecide").asBoolean()).isTrue();
  }

  @Test
  void aRequirementIsDelegatedWithOnesAuthority() {
    JsonNode asked = asks("assigned");
    String path = "/requirements/" + id(asked) + "/delegate";

    grace.post(path, Map.of("to", "id-bob")).mustBe(403);
    grace.post(path, Map.of("to", "id-bob", "withAuthority", true, "minutes", 5)).mustBe(200);

    JsonNode listed = alan.get("/mandates?live=true").json().get("items").get(0);
    assertThat(listed.get("requirement").asString()).isEqualTo(id(asked));
    assertThat(shown(bob, asked).get("claim").get("by").get("name").asString()).isEqualTo("bob");
    bob.resolve(id(asked), approves(asked)).mustBe(200);

    JsonNode own = asks("own");
    alan.post(
            "/requirements/" + id(own) + "/delegate", Map.of("to", "id-bob", "withAuthority", true))
        .mustBe(403);
    assertThat(alan.get("/mandates?live=true").json().get("items"))
        .as("what could not be given is taken back")
        .hasSize(1);
  }

  @Test
  void theGlassIsBrokenForAReasonAndEverybodyIsTold() throws IOException {
    Browser dora = server.as("dora");
    JsonNode asked = asks("urgent");
    assertThat(shown(dora, asked).get("mayBreakGlass").asBoolean()).isTrue();
    assertThat(shown(grace, asked).get("mayBreakGlass").asBoolean()).isFalse();
    Map<String, Object> glass = wish("BREAK_GLASS", "requirement", id(asked), "reason", "fire");

    assertThat(grace.post("/mandates", glass).mustBe(403).problem()).isEqualTo("not-entitled");
    assertThat(
            dora.post("/mandates", wish("BREAK_GLASS", "requirement", id(asked)))
                .mustBe(422)
                .problem())
        .isEqualTo("invalid-mandate");
    assertThat(dora.post("/mandates", wish("BREAK_GLASS", "reason", "fire")).mustBe(422).problem())
        .isEqualTo("invalid-mandate");
    try (Listening inbox = new Listening(grace, "/events", "")) {
      String opened = id(dora.post("/mandates", glass).mustBe(201).json());
      assertThat(inbox.until(event -> event.name().equals("mandate")).getLast().data())
          .contains(opened);
    }

    JsonNode now = shown(dora, asked);
    assertThat(now.get("byMandate").get("kind").asString()).isEqualTo("BREAK_GLASS");
    assertThat(now.get("mayBreakGlass").asBoolean()).isFalse();
    dora.resolve(id(asked), approves(asked)).mustBe(200);
    alan.until(asked.get("run").asString(), "COMPLETED");

    JsonNode after = shown(alan, asked);
    assertThat(after.get("decisions").get(0).get("byMandate").get("kind").asString())
        .isEqualTo("BREAK_GLASS");
    assertThat(after.get("activity").toString()).contains("approved by break-glass");
    Browser ada = server.as("ada");
    assertThat(
            ada.get("/approvals/report").mustBe(200).json().get("total").get("brokeGlass").asInt())
        .isEqualTo(1);
    assertThat(ada.get("/approvals/report?format=csv").body()).contains("by_break_glass");
  }
}
