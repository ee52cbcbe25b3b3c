package dev.assent.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResolutionTest {
  private TestingServer server;
  private Browser ada;
  private Browser grace;
  private Browser alan;

  @BeforeAll
  void start() {
    server = new TestingServer();
    ada = server.as("ada");
    grace = server.as("grace");
    alan = server.as("alan");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private static Map<String, Object> saying(JsonNode shown, String verdict) {
    Map<String, Object> body = new HashMap<>();
    body.put("version", shown.get("version").asInt());
    body.put("digest", shown.get("digest").asString());
    body.put("verdict", verdict);
    return body;
  }

  private static Map<String, Object> with(Map<String, Object> body, String name, Object value) {
    body.put(name, value);
    return body;
  }

  private static String id(JsonNode shown) {
    return shown.get("id").asString();
  }

  @Test
  void approvedCallRunsAndItsResultIsSeen() {
    JsonNode shown = alan.pending("pay", "{\"amount\":7,\"vendor\":\"approved\"}");
    assertThat(shown.get("mayDecide").asBoolean()).isFalse();
    assertThat(grace.get("/requirements/" + id(shown)).json().get("mayDecide").asBoolean())
        .isTrue();

    JsonNode after = grace.resolve(id(shown), saying(shown, "APPROVE")).mustBe(200).json();

    assertThat(after.get("status").asString()).isEqualTo("APPROVED");
    assertThat(after.get("resolvedBy").get("name").asString()).isEqualTo("grace");
    assertThat(after.get("votes").asInt()).isEqualTo(1);
    JsonNode run = alan.until(shown.get("run").asString(), "COMPLETED");
    assertThat(run.get("output").get(0).get("text").asString()).isEqualTo("done: paid 7");
    assertThat(run.get("calls").get(0).get("status").asString()).isEqualTo("SUCCEEDED");
    assertThat(server.tools.executed).contains("pay 7 approved");
  }

  @Test
  void rejectionReachesTheModelWithItsReason() {
    JsonNode shown = alan.pending("pay", "{\"amount\":8,\"vendor\":\"rejected\"}");

    JsonNode after =
        grace
            .resolve(id(shown), with(saying(shown, "REJECT"), "reason", "Not\u202Eours"))
            .mustBe(200)
            .json();

    assertThat(after.get("status").asString()).isEqualTo("REJECTED");
    assertThat(after.get("decisions").get(0).get("reason").toString())
        .isEqualTo("[{\"text\":\"Not\"},{\"hidden\":\"U+202E\"},{\"text\":\"ours\"}]");
    JsonNode run = alan.until(shown.get("run").asString(), "COMPLETED");
    assertThat(run.get("output").toString()).contains("ours");
    assertThat(server.tools.executed).doesNotContain("pay 8 rejected");
  }

  @Test
  @Tag("X37")
  @DisplayName("who decides comes from the session; a body that says so is refused")
  void nobodyDecidesAsSomebodyElse() {
    JsonNode shown = alan.pending("pay", "{\"amount\":9,\"vendor\":\"forged\"}");

    for (String member : new String[] {"resolvedBy", "by", "principal"}) {
      assertThat(
              alan.resolve(id(shown), with(saying(shown, "APPROVE"), member, "id-grace"))
                  .mustBe(400)
                  .problem())
          .isEqualTo("malformed-json");
    }
    assertThat(status(shown)).isEqualTo("PENDING");
  }

  @Test
  @Tag("X38")
  @Tag("X64")
  @DisplayName("a service neither decides nor cancels the runs of others")
  void serviceDecidesNothing() {
    Browser robot = server.as("robot");
    JsonNode shown = alan.pending("pay", "{\"amount\":10,\"vendor\":\"robot\"}");

    Browser.Answer answer = robot.resolve(id(shown), saying(shown, "APPROVE"));

    assertThat(answer.mustBe(403).problem()).isEqualTo("not-entitled");
    assertThat(answer.json().get("detail").asString()).contains("service");
    robot.post("/runs/" + shown.get("run").asString() + "/cancel", "{}").mustBe(403);
    assertThat(status(shown)).isEqualTo("PENDING");
  }

  @Test
  @Tag("X39")
  @DisplayName("who asked does not decide, and is told why")
  void requesterDoesNotDecide() {
    JsonNode shown = ada.pending("pay", "{\"amount\":11,\"vendor\":\"own\"}");
    assertThat(shown.get("mayDecide").asBoolean()).isFalse();
    assertThat(shown.get("whyNot").asString()).contains("yourself");
    assertThat(shown.get("whyNotCode").asString()).isEqualTo("requester");

    Browser.Answer own = ada.resolve(id(shown), saying(shown, "APPROVE")).mustBe(403);

    assertThat(own.problem()).isEqualTo("not-entitled");
    assertThat(own.json().get("reason").asString()).isEqualTo("requester");
    assertThat(own.json().get("detail").asString()).isEqualTo(shown.get("whyNot").asString());
    assertThat(alan.resolve(id(shown), saying(shown, "APPROVE")).mustBe(403).problem())
        .isEqualTo("not-entitled");
  }

  @Test
  void whatHasBegunIsNotTakenBack() {
    JsonNode shown = alan.pending("pay", "{\"amount\":13,\"vendor\":\"revoked\"}");
    assertThat(grace.resolve(id(shown), saying(shown, "REVOKE")).mustBe(422).problem())
        .isEqualTo("invalid-resolution");
    grace.resolve(id(shown), saying(shown, "APPROVE")).mustBe(200);
    grace.until(shown.get("run").asString(), "COMPLETED");

    Browser.Answer late = grace.resolve(id(shown), saying(shown, "REVOKE")).mustBe(409);

    assertThat(late.problem()).isEqualTo("already-begun");
    assertThat(grace.get("/requirements/" + id(shown)).json().get("mayRevoke").asBoolean())
        .isFalse();
  }

  @Test
  void whatIsClaimedWaitsForWhoClaimedIt() {
    JsonNode shown = alan.pending("pay", "{\"amount\":14,\"vendor\":\"claimed\"}");
    String path = "/requirements/" + id(shown);

    JsonNode claimed = ada.post(path + "/claim", Map.of()).mustBe(200).json();
    Browser.Answer late = grace.post(path + "/claim", Map.of("minutes", 5)).mustBe(409);

    assertThat(claimed.get("claim").get("by").get("name").asString()).isEqualTo("ada");
    assertThat(late.problem()).isEqualTo("claimed");
    assertThat(late.json().get("claimedBy").get("name").asString()).isEqualTo("ada");
    assertThat(grace.get(path).json().get("whyNotCode").asString()).isEqualTo("claimed-by");
    assertThat(grace.get(path).json().get("whyNot").asString()).startsWith("ada sees to it until");
    grace.resolve(id(shown), saying(shown, "APPROVE")).mustBe(403);
    ada.post(path + "/delegate", Map.of("to", "id-alan")).mustBe(403);
    ada.post(path + "/delegate", Map.of("to", "id-grace", "minutes", 0)).mustBe(422);
    ada.post(path + "/delegate", Map.of("to", "id-grace")).mustBe(200);
    grace.post(path + "/release", Map.of()).mustBe(200);
    ada.resolve(id(shown), saying(shown, "APPROVE")).mustBe(200);
  }

  @Test
  void unknownRequirement() {
    Map<String, Object> body = Map.of("version", 1, "digest", "0".repeat(64), "verdict", "APPROVE");

    assertThat(ada.resolve("nope", body).mustBe(404).problem()).isEqualTo("unknown-requirement");
  }

  @Test
  void firstDecisionCountsAndTheNextIsToldWhose() {
    JsonNode shown = alan.pending("pay", "{\"amount\":12,\"vendor\":\"twice\"}");
    grace.resolve(id(shown), saying(shown, "REJECT")).mustBe(200);

    Browser.Answer late = ada.resolve(id(shown), saying(shown, "APPROVE")).mustBe(409);

    assertThat(late.problem()).isEqualTo("already-resolved");
    assertThat(late.json().get("resolvedBy").get("name").asString()).isEqualTo("grace");
    assertThat(late.json().get("resolvedAt").asString()).endsWith("Z");
    assertThat(late.json().get("requirementStatus").asString()).isEqualTo("REJECTED");
    assertThat(late.json().get("status").asInt()).isEqualTo(409);
  }

  @Test
  void otherVersionIsStale() {
    JsonNode shown = alan.pending("pay", "{\"amount\":13,\"vendor\":\"stale\"}");

    Browser.Answer answer = ada.resolve(id(shown), with(saying(shown, "APPROVE"), "version", 7));

    assertThat(answer.mustBe(409).problem()).isEqualTo("stale-version");
    assertThat(answer.json().get("version").asInt()).isEqualTo(1);
    assertThat(answer.json().get("shownVersion").asInt()).isEqualTo(7);
  }

  @Test
  void otherDigestIsAMismatch() {
    JsonNode shown = alan.pending("pay", "{\"amount\":14,\"vendor\":\"digest\"}");

    assertThat(
            ada.resolve(id(shown), with(saying(shown, "APPROVE"), "digest", "0".repeat(64)))
                .mustBe(409)
                .problem())
        .isEqualTo("digest-mismatch");
  }

  @Test
  void cancelledRunWithdrawsWhatItAsked() {
    JsonNode shown = alan.pending("pay", "{\"amount\":15,\"vendor\":\"cancelled\"}");
    String run = shown.get("run").asString();
    assertThat(
            alan.post("/runs/" + run + "/cancel", "{\"reason\":\"changed my mind\"}")
                .mustBe(400)
                .problem())
        .isEqualTo("malformed-json");
    assertThat(alan.get("/runs/" + run).json().get("status").asString()).isEqualTo("PAUSED");
    alan.post("/runs/" + run + "/cancel", "{}").mustBe(202);
    alan.until(run, "CANCELLED");

    assertThat(ada.resolve(id(shown), saying(shown, "APPROVE")).mustBe(409).problem())
        .isEqualTo("withdrawn");
    assertThat(alan.post("/runs/" + run + "/cancel", "{}").mustBe(409).problem())
        .isEqualTo("run-finished");
  }

  @Test
  @DisplayName("all runs of an agent are stopped at once, by a person")
  void allRunsOfAnAgentAreStopped() {
    JsonNode one = alan.pending("pay", "{\"amount\":16,\"vendor\":\"one\"}");
    JsonNode two = alan.pending("pay", "{\"amount\":16,\"vendor\":\"two\"}");
    String agent = alan.get("/runs/" + one.get("run").asString()).json().get("agent").asString();

    assertThat(server.as("robot").post("/agents/" + agent + "/stop", "{}").mustBe(403).problem())
        .isEqualTo("forbidden");
    assertThat(alan.post("/agents/nobody/stop", "{}").mustBe(404).problem())
        .isEqualTo("unknown-agent");
    assertThat(alan.get("/runs/" + one.get("run").asString()).json().get("status").asString())
        .isEqualTo("PAUSED");

    JsonNode stopped = alan.post("/agents/" + agent + "/stop", "{}").mustBe(202).json();

    assertThat(stopped.get("runs").asInt()).isGreaterThanOrEqualTo(2);
    alan.until(one.get("run").asString(), "CANCELLED");
    alan.until(two.get("run").asString(), "CANCELLED");
    assertThat(ada.resolve(id(two), saying(two, "APPROVE")).mustBe(409).problem())
        .isEqualTo("withdrawn");
    assertThat(server.tools.executed).doesNotContain("pay 16 one", "pay 16 two");
  }

  @Test
  void deadlineIsKept() {
    JsonNode shown = alan.pending("hurry", "{\"what\":\"now\"}");
    server.later(Duration.ofMinutes(61));

    assertThat(ada.resolve(id(shown), saying(shown, "APPROVE")).mustBe(409).problem())
        .isEqualTo("expired");
    assertThat(server.tools.executed).doesNotContain("hurry now");
  }

  @Test
  void sameKeyIsTheSameDecision() {
    JsonNode shown = alan.pending("payTwice", "{\"vendor\":\"key\"}");
    ada.resolve(id(shown), saying(shown, "APPROVE"), "k1").mustBe(200);

    JsonNode again = ada.resolve(id(shown), saying(shown, "APPROVE"), "k1").mustBe(200).json();

    assertThat(again.get("votes").asInt()).isEqualTo(1);
    assertThat(again.get("mayDecide").asBoolean()).isFalse();
    assertThat(ada.resolve(id(shown), saying(shown, "REJECT"), "k1").mustBe(422).problem())
        .isEqualTo("idempotency-key-reused");
    Browser.Answer clicks = ada.resolve(id(shown), saying(shown, "APPROVE"), "k2").mustBe(422);
    assertThat(clicks.problem()).isEqualTo("invalid-resolution");
    assertThat(
            grace
                .resolve(id(shown), saying(shown, "APPROVE"), "k1")
                .mustBe(200)
                .json()
                .get("status")
                .asString())
        .isEqualTo("APPROVED");
  }

  @Test
  void keyIsRequired() {
    JsonNode shown = alan.pending("pay", "{\"amount\":16,\"vendor\":\"keyless\"}");
    Browser.Answer answer =
        ada.post("/requirements/" + id(shown) + "/resolution", saying(shown, "APPROVE"));

    assertThat(answer.mustBe(428).problem()).isEqualTo("idempotency-key-required");
  }

  @Test
  void verdictMustFit() {
    JsonNode shown = alan.pending("pay", "{\"amount\":17,\"vendor\":\"fit\"}");

    Browser.Answer answer =
        ada.resolve(id(shown), with(saying(shown, "HAPPENED"), "typed", "pay")).mustBe(422);
    assertThat(answer.problem()).isEqualTo("invalid-resolution");
    assertThat(answer.json().get("errors").findValuesAsString("member"))
        .containsExactly("result", "typed");
    assertThat(
            ada.resolve(id(shown), with(saying(shown, "HAPPENED"), "result", "x"))
                .mustBe(422)
                .problem())
        .isEqualTo("invalid-resolution");
    assertThat(ada.resolve(id(shown), saying(shown, "MAYBE")).mustBe(400).problem())
        .isEqualTo("malformed-json");
  }

  @Test
  void highRiskIsTyped() {
    JsonNode shown = alan.pending("wipe", "{\"disk\":\"a\"}");
    assertThat(shown.get("risk").asString()).isEqualTo("HIGH");

    assertThat(ada.resolve(id(shown), saying(shown, "APPROVE")).mustBe(422).problem())
        .isEqualTo("typed-confirmation-required");
    ada.resolve(id(shown), with(saying(shown, "APPROVE"), "typed", "wipe")).mustBe(200);
  }

  @Test
  void doubtIsReconciled() {
    JsonNode asked = alan.pending("crash", "{\"what\":\"line\"}");
    ada.resolve(id(asked), saying(asked, "APPROVE")).mustBe(200);
    JsonNode doubt = inDoubt(asked.get("run").asString());

    assertThat(doubt.get("reconciliation").get("attempt").asInt()).isEqualTo(1);
    assertThat(doubt.get("reconciliation").get("effectKey").toString()).contains("crash:line");
    assertThat(doubt.get("reconciliation").get("startedAt").asString()).endsWith("Z");
    ada.resolve(id(doubt), with(saying(doubt, "HAPPENED"), "result", "it went through"))
        .mustBe(200);
    JsonNode run = alan.until(asked.get("run").asString(), "COMPLETED");
    assertThat(run.get("output").toString()).contains("it went through");
  }

  private JsonNode inDoubt(String run) {
    for (int i = 0; i < 200; i++) {
      JsonNode found = ada.get("/requirements?kind=RECONCILIATION&run=" + run).mustBe(200).json();
      if (found.get("total").asInt() > 0) {
        return ada.get("/requirements/" + found.get("items").get(0).get("id").asString()).json();
      }
      Browser.pause();
    }
    throw new AssertionError(ada.get("/runs/" + run).body());
  }

  private String status(JsonNode shown) {
    return ada.get("/requirements/" + id(shown)).json().get("status").asString();
  }
}
