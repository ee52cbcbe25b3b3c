package dev.assent.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.Redaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ViewTest {
  private TestingServer server;
  private Browser ada;

  @BeforeAll
  void start() {
    server = new TestingServer();
    ada = server.as("ada");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  @Tag("X48")
  @DisplayName("a number is shown with all its digits")
  void longNumberIsExact() {
    JsonNode shown = ada.pending("pay", "{\"amount\":9007199254740993,\"vendor\":\"Acme\"}");

    JsonNode amount = shown.get("arguments").get("fields").get(0);
    assertThat(amount.get("name").asString()).isEqualTo("amount");
    assertThat(amount.get("type").asString()).isEqualTo("number");
    assertThat(amount.get("shown").toString()).isEqualTo("[{\"text\":\"9007199254740993\"}]");
    assertThat(shown.get("arguments").get("canonical").asString())
        .isEqualTo("{\"amount\":9007199254740993,\"vendor\":\"Acme\"}");
    assertThat(shown.get("summary").toString())
        .isEqualTo("[{\"text\":\"Pay 9007199254740993 to Acme\"}]");
  }

  @Test
  @Tag("X46")
  @Tag("X47")
  @DisplayName("hidden characters are named, markup is text")
  void hiddenCharactersAreNamed() {
    JsonNode shown =
        ada.pending("pay", "{\"amount\":1,\"vendor\":\"<b>A\\u202Ecme\\u200B\\u001b[2J\"}");

    assertThat(shown.get("arguments").get("fields").get(1).get("shown").toString())
        .isEqualTo(
            "[{\"text\":\"<b>A\"},{\"hidden\":\"U+202E\"},{\"text\":\"cme\"},"
                + "{\"hidden\":\"U+200B\"},{\"hidden\":\"U+001B\"},{\"text\":\"[2J\"}]");
    assertThat(shown.get("summary").toString()).contains("{\"hidden\":\"U+202E\"}");
    assertThat(shown.get("agentsWords").toString()).contains("{\"hidden\":\"U+202E\"}");
    String raw = ada.get("/requirements/" + shown.get("id").asString()).body();
    JsonNode rest = Browser.JSON.readTree(raw);
    ((ObjectNode) rest.get("arguments")).remove("canonical");
    ((ObjectNode) rest.get("call").get("arguments")).remove("canonical");
    assertThat(rest.toString()).doesNotContain("\u202E", "\u200B", "\u001b");
  }

  @Test
  @Tag("X45")
  @DisplayName("ten thousand characters are shown whole, with their number")
  void longTextIsWhole() {
    String vendor = "x".repeat(10_000);
    JsonNode shown = ada.pending("pay", "{\"amount\":1,\"vendor\":\"" + vendor + "\"}");

    JsonNode field = shown.get("arguments").get("fields").get(1);
    assertThat(field.get("length").asInt()).isEqualTo(10_000);
    assertThat(field.get("shown").get(0).get("text").asString()).isEqualTo(vendor);
    assertThat(shown.get("arguments").get("fields").get(0).has("length")).isFalse();
  }

  @Test
  void everyLeafIsAField() {
    ArgumentsView view =
        ArgumentsView.of(
            "{\"b\":[1,{\"c/d\":true}],\"a\":{\"x~\":null,\"e\":{},\"f\":[]}}", Redaction.SHAPES);

    assertThat(view.fields().stream().map(f -> f.path() + " " + f.name() + " " + f.type()))
        .containsExactly(
            "/a/e e object",
            "/a/f f array",
            "/a/x~0 x~ null",
            "/b/0 0 number",
            "/b/1/c~1d c/d boolean");
  }

  @Test
  void requirementIsWhole() {
    JsonNode shown = ada.pending("pay", "{\"amount\":2,\"vendor\":\"Whole\"}");

    assertThat(shown.propertyNames())
        .containsExactly(
            "id",
            "kind",
            "status",
            "version",
            "run",
            "session",
            "agent",
            "toolCallId",
            "tool",
            "requester",
            "summary",
            "risk",
            "createdAt",
            "deadline",
            "votes",
            "needed",
            "mayDecide",
            "whyNot",
            "whyNotCode",
            "resolvedBy",
            "resolvedAt",
            "escalatedAt",
            "digest",
            "fingerprint",
            "message",
            "rule",
            "onExpiry",
            "approvers",
            "progress",
            "arguments",
            "agentsWords",
            "decisions",
            "call",
            "runStatus",
            "reconciliation",
            "form",
            "review",
            "external",
            "edit",
            "mayRevoke",
            "claim",
            "notBefore",
            "pinned",
            "mayReveal",
            "revealed",
            "activity",
            "alike",
            "askBack",
            "reasons",
            "byMandate",
            "mayBreakGlass");
    assertThat(shown.get("fingerprint").asString()).matches("[0-9a-f]{4}-[0-9a-f]{4}");
    assertThat(shown.get("digest").asString()).hasSize(64);
    assertThat(shown.get("approvers").get(0).asString()).isEqualTo("role finance");
    assertThat(shown.get("progress").toString())
        .isEqualTo(
            "[{\"met\":false,\"failed\":false,\"groups\":[{\"who\":\"role finance\",\"approvals\":0,"
                + "\"needed\":1,\"denials\":0,\"failsAt\":1,\"failed\":false,\"from\":null}]}]");
    assertThat(shown.get("requester").toString()).isEqualTo("{\"id\":\"id-ada\",\"name\":\"ada\"}");
    assertThat(shown.get("runStatus").asString()).isEqualTo("PAUSED");
    assertThat(shown.get("call").get("digest").asString())
        .isEqualTo(shown.get("digest").asString());
  }

  @Test
  void listIsPagedFilteredAndSearched() {
    for (int i = 0; i < 5; i++) {
      ada.pending("wipe", "{\"disk\":\"needle" + i + "\"}");
    }
    List<String> seen = new ArrayList<>();
    String after = "";
    do {
      JsonNode page = ada.get("/requirements?tool=wipe&limit=2" + after).mustBe(200).json();
      assertThat(page.get("total").asInt()).isEqualTo(5);
      page.get("items").forEach(item -> seen.add(item.get("id").asString()));
      after = page.get("next").isNull() ? "" : "&after=" + page.get("next").asString();
    } while (!after.isEmpty());
    assertThat(seen).hasSize(5).doesNotHaveDuplicates();

    JsonNode found = ada.get("/requirements?q=NEEDLE3").mustBe(200).json();
    assertThat(found.get("items")).hasSize(1);
    assertThat(found.get("total").asInt()).isEqualTo(1);
    assertThat(ada.get("/requirements?risk=HIGH&q=needle&limit=2").json().get("next").isNull())
        .isFalse();
    assertThat(ada.get("/requirements?status=REJECTED").json().get("items")).isEmpty();
  }

  @Test
  void runsAreListedNewestFirst() {
    String first = start("hello");
    String second = start("hello");
    ada.until(first, "COMPLETED");
    ada.until(second, "COMPLETED");

    JsonNode page = ada.get("/runs?limit=1").mustBe(200).json();

    assertThat(page.get("items").get(0).get("id").asString()).isEqualTo(second);
    assertThat(page.get("items").get(0).has("calls")).isFalse();
    JsonNode next = ada.get("/runs?limit=1&after=" + page.get("next").asString()).json();
    assertThat(next.get("items").get(0).get("id").asString()).isEqualTo(first);
    assertThat(ada.get("/runs?status=COMPLETED&agent=bot").json().get("items").size())
        .isGreaterThanOrEqualTo(2);
    JsonNode alone = ada.get("/runs/" + first).json();
    assertThat(alone.get("messages")).hasSize(2);
    assertThat(alone.get("messages").get(1).get("role").asString()).isEqualTo("assistant");
    assertThat(alone.get("error").isNull()).isTrue();
  }

  @Test
  void sameKeyStartsOneRun() {
    String body = "{\"message\":\"hello\"}";
    String first = keyed(body).mustBe(202).json().get("id").asString();

    assertThat(keyed(body).mustBe(202).json().get("id").asString()).isEqualTo(first);
    assertThat(keyed("{\"message\":\"other\"}").mustBe(422).problem())
        .isEqualTo("idempotency-key-reused");
  }

  @Test
  void auditIsReadAndVerified() {
    JsonNode shown = ada.pending("pay", "{\"amount\":3,\"vendor\":\"Audit\"}");
    String run = shown.get("run").asString();

    JsonNode page = ada.get("/audit?limit=2").mustBe(200).json();
    assertThat(page.get("items")).hasSize(2);
    assertThat(page.get("items").get(0).get("position").asInt()).isEqualTo(1);
    assertThat(page.get("next").asString()).isEqualTo("2");
    JsonNode ofRun = ada.get("/audit?run=" + run).mustBe(200).json();
    assertThat(ofRun.get("items")).isNotEmpty();
    ofRun.get("items").forEach(item -> assertThat(item.get("run").asString()).isEqualTo(run));
    JsonNode record = ofRun.get("items").get(0);
    assertThat(
            dev.assent.core.AuditRecord.hash(
                    record
                        .get("record")
                        .asString()
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .hex())
        .isEqualTo(record.get("hash").asString());
    JsonNode verified = ada.get("/audit/verify").mustBe(200).json();
    assertThat(verified.get("intact").asBoolean()).isTrue();
    assertThat(verified.get("records").asInt()).isPositive();
  }

  private Browser.Answer keyed(String body) {
    return ada.send(ada.posting("/agents/bot/runs", body).header("Idempotency-Key", "run-key"));
  }

  private String start(String message) {
    return ada.post("/agents/bot/runs", Map.of("message", message))
        .mustBe(202)
        .json()
        .get("id")
        .asString();
  }
}
