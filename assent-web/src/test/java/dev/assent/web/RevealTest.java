package dev.assent.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.SealedAuditRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RevealTest {
  private static final String CODE = "open sesame 42";
  private static final String KEY = "AKIA" + "QYLPMN5HNM4ABCDE";
  private TestingServer server;
  private Browser ada;
  private Browser alan;
  private Browser grace;

  @BeforeAll
  void start() {
    server = new TestingServer();
    ada = server.as("ada");
    alan = server.as("alan");
    grace = server.as("grace");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private JsonNode enter(String what) {
    JsonNode asked = alan.pending("enter", "{\"what\":\"" + what + "\",\"code\":\"" + CODE + "\"}");
    return ada.get("/requirements/" + Said.id(asked)).mustBe(200).json();
  }

  private static Map<String, Object> yes(JsonNode shown) {
    return Said.with(Said.verdict(shown, "APPROVE"), "typed", "enter");
  }

  private static Map<String, Object> patch(JsonNode shown, String operations) {
    return Said.with(Said.verdict(shown, "EDIT"), "patch", Browser.JSON.readTree(operations));
  }

  private List<String> audit(String requirement) {
    return server.store.audit("main", 0, 10_000).stream()
        .map(SealedAuditRecord::recordBytes)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .filter(line -> line.contains("\"requirement\":\"" + requirement + "\""))
        .toList();
  }

  @Test
  @Tag("X72")
  @DisplayName("what is secret is in no view, and is shown to who asks, who is written down before")
  void revealedToWhoAsks() {
    JsonNode shown = enter("look");
    String id = Said.id(shown);
    assertThat(shown.toString())
        .doesNotContain(CODE)
        .contains("{\"secret\":\"field marked secret\",\"length\":14}");
    assertThat(shown.get("arguments").get("secrets").asInt()).isEqualTo(1);
    assertThat(shown.get("mayReveal").asBoolean()).isTrue();
    assertThat(shown.get("revealed").asBoolean()).isFalse();
    for (String path :
        List.of("/requirements?status=", "/runs", "/runs/" + shown.get("run").asString())) {
      assertThat(ada.get(path).mustBe(200).body()).doesNotContain(CODE);
    }

    JsonNode revealed = ada.post("/requirements/" + id + "/reveal", Map.of()).mustBe(200).json();

    assertThat(revealed.get("arguments").get("canonical").asString()).contains(CODE);
    assertThat(revealed.get("revealed").asBoolean()).isTrue();
    assertThat(audit(id)).anySatisfy(line -> assertThat(line).contains("requirement.revealed"));
    assertThat(audit(id)).allSatisfy(line -> assertThat(line).doesNotContain(CODE));
    JsonNode after = ada.get("/requirements/" + id).mustBe(200).json();
    assertThat(after.toString()).doesNotContain(CODE).contains("had version 1 revealed");
    assertThat(after.get("revealed").asBoolean()).isTrue();
  }

  @Test
  @Tag("X45")
  @DisplayName("the highest class is not approved before that person was shown what is hidden")
  void highestClassNeedsTheWhole() {
    JsonNode shown = enter("approve");
    String id = Said.id(shown);

    assertThat(ada.resolve(id, yes(shown)).mustBe(422).problem()).isEqualTo("reveal-required");
    grace.post("/requirements/" + id + "/reveal", Map.of()).mustBe(200);
    assertThat(ada.resolve(id, yes(shown)).mustBe(422).problem()).isEqualTo("reveal-required");
    ada.post("/requirements/" + id + "/reveal", Map.of()).mustBe(200);
    ada.resolve(id, yes(shown)).mustBe(200);

    JsonNode run = ada.until(shown.get("run").asString(), "COMPLETED");
    assertThat(server.tools.executed).contains("enter approve " + CODE);
    assertThat(run.toString()).doesNotContain(CODE).contains("entered with ");
  }

  @Test
  @Tag("X72")
  @DisplayName("an edit of something else keeps what is hidden; what stands for it is no value")
  void editKeepsWhatIsHidden() {
    JsonNode shown = enter("edit");
    String id = Said.id(shown);
    String mask = shown.get("arguments").get("canonical").asString();
    assertThat(mask).contains("[secret: field marked secret, 14 characters]");

    assertThat(ada.resolve(id, Said.value(shown, "EDIT", mask.replace("edit", "more"))).mustBe(422))
        .satisfies(answer -> assertThat(answer.body()).contains("stands for a secret"));
    JsonNode edited =
        ada.resolve(
                id, patch(shown, "[{\"op\":\"replace\",\"path\":\"/what\",\"value\":\"more\"}]"))
            .mustBe(200)
            .json();

    assertThat(edited.toString()).doesNotContain(CODE);
    assertThat(
            grace.post("/requirements/" + id + "/reveal", Map.of()).mustBe(200).json().toString())
        .contains("{\\\"code\\\":\\\"" + CODE + "\\\",\\\"what\\\":\\\"more\\\"}");
  }

  @Test
  @Tag("X72")
  @DisplayName("nobody is shown what is hidden who may not decide, nor when it is closed")
  void onlyWhoMayDecide() {
    JsonNode shown = alan.pending("pay", "{\"amount\":1,\"vendor\":\"" + KEY + "\"}");
    String reveal = "/requirements/" + Said.id(shown) + "/reveal";
    assertThat(shown.toString()).doesNotContain(KEY);
    assertThat(shown.get("mayReveal").asBoolean()).isFalse();

    assertThat(alan.post(reveal, Map.of()).mustBe(403).problem()).isEqualTo("not-entitled");
    assertThat(server.as("robot").post(reveal, Map.of()).mustBe(403).problem())
        .isEqualTo("not-entitled");
    ada.resolve(Said.id(shown), Said.verdict(shown, "REJECT")).mustBe(200);
    assertThat(ada.post(reveal, Map.of()).mustBe(403).problem()).isEqualTo("not-entitled");
    assertThat(ada.post("/requirements/none/reveal", Map.of()).status()).isEqualTo(404);
  }

  @Test
  @Tag("X72")
  @DisplayName("a secret is not found by searching for it letter by letter")
  void searchDoesNotTell() {
    JsonNode shown = alan.pending("pay", "{\"amount\":2,\"vendor\":\"" + KEY + "\"}");

    JsonNode found = ada.get("/requirements?q=" + KEY.substring(0, 8)).mustBe(200).json();

    assertThat(found.get("items").toString()).doesNotContain(Said.id(shown));
    ada.resolve(Said.id(shown), Said.verdict(shown, "REJECT")).mustBe(200);
  }

  @Test
  @DisplayName("a person is written down once for each version, before anything is sent")
  void seenOnce() {
    JsonNode shown = enter("see");
    String id = Said.id(shown);
    for (int i = 0; i < 3; i++) {
      ada.get("/requirements/" + id).mustBe(200);
    }
    server.as("robot").get("/requirements/" + id).mustBe(200);

    assertThat(audit(id).stream().filter(line -> line.contains("requirement.seen")))
        .as("alan and ada, each once, and no program")
        .hasSize(2);
    assertThat(ada.get("/requirements/" + id).json().get("activity").toString())
        .contains("saw version 1");
    ada.resolve(id, patch(shown, "[{\"op\":\"replace\",\"path\":\"/what\",\"value\":\"x\"}]"))
        .mustBe(200);
    ada.get("/requirements/" + id).mustBe(200);
    assertThat(audit(id).stream().filter(line -> line.contains("requirement.seen"))).hasSize(3);
  }

  @Test
  @Tag("X72")
  @DisplayName("exports and streams hold no secret")
  void exportsHoldNone() {
    JsonNode shown = alan.pending("pay", "{\"amount\":3,\"vendor\":\"" + KEY + "\"}");
    ada.resolve(Said.id(shown), Said.with(Said.verdict(shown, "REJECT"), "reason", "rotate " + KEY))
        .mustBe(200);

    for (String path :
        List.of(
            "/decisions",
            "/decisions?format=csv",
            "/audit/export",
            "/audit/export?format=csv",
            "/approvals/report?format=csv")) {
      assertThat(ada.get(path).mustBe(200).body()).as(path).doesNotContain(KEY);
    }
    Browser.Answer updates =
        ada.send(
            ada.request("/api/v1/runs/" + shown.get("run").asString() + "/events")
                .header("Accept", "application/json"));
    assertThat(updates.mustBe(200).body())
        .doesNotContain(KEY)
        .contains("\"secret\":\"AWS access key\"");
  }
}
