package dev.assent.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** Asking the agent back, what a request shows, and its attachments, over HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AskBackTest {
  private TestingServer server;
  private Browser ada;
  private Browser grace;
  private int keys;

  @BeforeAll
  void start() {
    server = new TestingServer();
    ada = server.as("ada");
    grace = server.as("grace");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private Browser.Answer asks(Browser who, JsonNode shown, String words) {
    Map<String, Object> body = new HashMap<>();
    body.put("version", shown.get("version").asInt());
    body.put("digest", shown.get("digest").asString());
    body.put("verdict", "ASK_BACK");
    if (words != null) {
      body.put("reason", words);
    }
    return who.resolve(shown.get("id").asString(), body, "ask-" + ++keys);
  }

  private JsonNode answered(String id) {
    for (int i = 0; i < 2_000; i++) {
      JsonNode now = grace.get("/requirements/" + id).mustBe(200).json();
      JsonNode rounds = now.get("askBack").get("rounds");
      if (!rounds.isEmpty() && !rounds.get(rounds.size() - 1).get("answer").isNull()) {
        return now;
      }
      Browser.pause();
    }
    throw new AssertionError("the agent does not answer " + id);
  }

  @Test
  void theAgentsAnswerAndTheDifferenceStandOnTheCard() {
    JsonNode shown = ada.pending("pay", "{\"amount\":500,\"vendor\":\"Acme\"}");
    String id = shown.get("id").asString();
    JsonNode mine = grace.get("/requirements/" + id).mustBe(200).json();
    assertThat(mine.get("askBack").get("may").asBoolean()).isTrue();
    assertThat(shown.get("askBack").get("may").asBoolean()).as("who asked for it").isFalse();

    asks(grace, mine, "again {\"amount\":50,\"vendor\":\"Acme\"}").mustBe(200);
    JsonNode now = answered(id);

    assertThat(now.get("version").asInt()).isEqualTo(2);
    assertThat(now.get("status").asString()).isEqualTo("PENDING");
    JsonNode round = now.get("askBack").get("rounds").get(0);
    assertThat(round.get("by").get("id").asString()).isEqualTo("id-grace");
    assertThat(round.get("version").asInt()).isEqualTo(1);
    assertThat(round.get("answer").get("words").toString()).contains("U+202E");
    assertThat(round.get("answer").get("version").asInt()).isEqualTo(2);
    assertThat(round.get("answer").get("changes").toString())
        .isEqualTo(
            "[{\"path\":\"/amount\",\"before\":[{\"text\":\"500\"}],"
                + "\"after\":[{\"text\":\"50\"}]}]");
    assertThat(now.get("activity").toString()).contains("asked the agent back", "version 2");
    assertThat(now.get("summary").toString()).contains("Pay 50 to Acme");
    assertThat(asks(grace, mine, "And now?").status()).as("that was version 1").isEqualTo(409);
  }

  @Test
  void wordsAloneLeaveTheVersion() {
    JsonNode shown = ada.pending("pay", "{\"amount\":7,\"vendor\":\"Acme\"}");

    asks(grace, shown, "Why?").mustBe(200);
    JsonNode now = answered(shown.get("id").asString());

    assertThat(now.get("version").asInt()).isEqualTo(1);
    assertThat(now.get("digest")).isEqualTo(shown.get("digest"));
    JsonNode answer = now.get("askBack").get("rounds").get(0).get("answer");
    assertThat(answer.get("changes").isNull()).isTrue();
    assertThat(answer.get("words").toString()).contains("done: ");
  }

  @Test
  void whoMayNotDecideOrSaysNothingIsRefused() {
    JsonNode shown = ada.pending("pay", "{\"amount\":8,\"vendor\":\"Acme\"}");

    assertThat(asks(grace, shown, null).status()).isEqualTo(422);
    assertThat(asks(server.as("alan"), shown, "Why?").status()).isEqualTo(403);
  }

  @Test
  @Tag("C29")
  void aSummaryTheRiskAndTheAgentsWhyStandApartInListAndCard() {
    JsonNode shown = ada.pending("pay", "{\"amount\":3,\"vendor\":\"<i>A\\u202Ecme\"}");
    String summary = "[{\"text\":\"Pay 3 to <i>A\"},{\"hidden\":\"U+202E\"},{\"text\":\"cme\"}]";

    assertThat(shown.get("summary").toString()).isEqualTo(summary);
    assertThat(shown.get("risk").asString()).isEqualTo("MEDIUM");
    assertThat(shown.get("agentsWords").toString())
        .isEqualTo("[{\"text\":\"I will call\"},{\"hidden\":\"U+202E\"},{\"text\":\" pay\"}]");
    JsonNode row =
        grace
            .get("/requirements?status=PENDING&run=" + shown.get("run").asString())
            .mustBe(200)
            .json()
            .get("items")
            .get(0);
    assertThat(row.get("summary").toString()).isEqualTo(summary);
    assertThat(row.get("risk").asString()).isEqualTo("MEDIUM");
    assertThat(row.toString())
        .as("the agent's words are nothing of the list")
        .doesNotContain("I will");
  }

  @Test
  @Tag("X61")
  void eachCallOfABatchIsShownWhole() {
    String run =
        ada.post(
                "/agents/bot/runs",
                Map.of(
                    "message",
                    "all pay {\"amount\":1,\"vendor\":\"One\"};;wipe {\"disk\":\"C\"};;"
                        + "crash {\"what\":\"three\"}"))
            .mustBe(202)
            .json()
            .get("id")
            .asString();
    for (int i = 0; i < 2_000 && ada.get("/runs/" + run).json().get("waitsFor").size() < 3; i++) {
      Browser.pause();
    }

    JsonNode view = ada.get("/runs/" + run).mustBe(200).json();
    assertThat(view.get("calls")).hasSize(3);
    assertThat(view.get("calls").get(0).get("arguments").get("canonical").asString())
        .isEqualTo("{\"amount\":1,\"vendor\":\"One\"}");
    assertThat(view.get("calls").get(1).get("arguments").get("canonical").asString())
        .isEqualTo("{\"disk\":\"C\"}");
    assertThat(view.get("calls").get(2).get("arguments").get("canonical").asString())
        .isEqualTo("{\"what\":\"three\"}");
    for (JsonNode id : view.get("waitsFor")) {
      JsonNode card = grace.get("/requirements/" + id.asString()).mustBe(200).json();
      assertThat(card.get("arguments").get("fields")).isNotEmpty();
      assertThat(card.get("summary")).isNotEmpty();
    }
  }

  @Test
  void anAttachmentIsAFileToSaveAndNothingABrowserRuns() {
    JsonNode shown = ada.pending("post", "{\"to\":\"Bob\"}");
    String id = shown.get("id").asString();
    JsonNode attached = shown.get("pinned").get("attachments").get(0);
    assertThat(attached.get("number").asInt()).isEqualTo(1);
    assertThat(attached.get("size").asInt()).isEqualTo(server.tools.letter.length);
    assertThat(attached.get("mediaType").asString()).isEqualTo("text/html");
    assertThat(attached.get("name").toString()).contains("U+202E");
    assertThat(attached.get("sha256").asString())
        .isEqualTo(dev.assent.core.Digest.sha256(server.tools.letter).hex());

    Browser.Answer got = grace.get("/requirements/" + id + "/attachments/1").mustBe(200);

    assertThat(got.body()).isEqualTo(new String(server.tools.letter, StandardCharsets.UTF_8));
    assertThat(got.header("Content-Type")).isEqualTo("application/octet-stream");
    assertThat(got.header("Content-Disposition"))
        .startsWith("attachment;")
        .doesNotContain("\u202E");
    assertThat(got.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(got.header("Content-Security-Policy")).startsWith("default-src 'none'");
    assertThat(got.header("Repr-Digest")).startsWith("sha-256=:");
    assertThat(grace.get("/requirements/" + id).json().get("activity").toString())
        .as("who had it is written down")
        .contains("id-grace");
    assertThat(grace.get("/requirements/" + id + "/attachments/2").status()).isEqualTo(404);
    assertThat(grace.get("/requirements/" + id + "/attachments/x").status()).isEqualTo(404);
    assertThat(new Browser(server.port).get("/requirements/" + id + "/attachments/1").status())
        .as("without a login")
        .isEqualTo(401);
  }

  @Test
  @Tag("X72")
  void whatCannotBeRedactedIsGivenOnceItIsRevealed() {
    byte[] before = server.tools.letter;
    server.tools.letter = new byte[] {(byte) 0xff, (byte) 0xfe, 0};
    try {
      String id = ada.pending("post", "{\"to\":\"Cleo\"}").get("id").asString();
      String path = "/requirements/" + id + "/attachments/1";

      assertThat(grace.get(path).mustBe(403).problem()).isEqualTo("reveal-required");
      JsonNode revealed =
          grace.post("/requirements/" + id + "/reveal", Map.of()).mustBe(200).json();

      assertThat(revealed.get("pinned").get("attachments").get(0).get("access").asString())
          .isEqualTo("WHOLE");
      grace.get(path).mustBe(200);
      assertThat(server.as("alan").get(path).status()).isEqualTo(403);
    } finally {
      server.tools.letter = before;
    }
  }
}
