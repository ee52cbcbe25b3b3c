package dev.assent.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutsideTest {
  private TestingServer server;
  private Browser ada;
  private Browser alan;
  private Browser robot;

  @BeforeAll
  void start() {
    server = new TestingServer();
    ada = server.as("ada");
    alan = server.as("alan");
    robot = server.as("robot");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private JsonNode now(JsonNode shown) {
    return ada.get("/requirements/" + Said.id(shown)).mustBe(200).json();
  }

  private String output(JsonNode shown) {
    return ada.until(shown.get("run").asString(), "COMPLETED").get("output").toString();
  }

  @Test
  @Tag("C5")
  @DisplayName("a service takes a call and brings its result; it may do nothing else")
  void serviceBringsTheResult() {
    JsonNode shown = ada.pending("deploy", "{\"build\":9007199254740993}");
    assertThat(shown.get("kind").asString()).isEqualTo("EXTERNAL_EXECUTION");
    assertThat(shown.get("summary").toString()).contains("execute: deploy");
    assertThat(shown.get("external").get("instructions").toString())
        .isEqualTo("[{\"text\":\"Run the\"},{\"hidden\":\"U+202E\"},{\"text\":\" script\"}]");
    assertThat(shown.get("external").get("takenBy").isNull()).isTrue();
    assertThat(shown.get("arguments").get("canonical").asString())
        .isEqualTo("{\"build\":9007199254740993}");

    JsonNode taken = robot.resolve(Said.id(shown), Said.verdict(shown, "TAKE")).mustBe(200).json();

    assertThat(taken.get("status").asString()).isEqualTo("PENDING");
    assertThat(taken.get("external").get("takenBy").get("id").asString()).isEqualTo("id-robot");
    Browser.Answer again = ada.resolve(Said.id(shown), Said.verdict(shown, "TAKE")).mustBe(409);
    assertThat(again.problem()).isEqualTo("already-taken");
    assertThat(again.json().get("takenBy").get("name").asString()).isEqualTo("robot");
    assertThat(
            alan.resolve(Said.id(shown), Said.value(shown, "RESULT", "\"x\""))
                .mustBe(403)
                .problem())
        .isEqualTo("not-entitled");

    JsonNode done =
        robot
            .resolve(
                Said.id(shown),
                Said.value(shown, "RESULT", "{\"build\":9007199254740993,\"ok\":true}"))
            .mustBe(200)
            .json();

    assertThat(done.get("status").asString()).isEqualTo("RESOLVED");
    assertThat(output(shown)).contains("9007199254740993");
    for (String verdict : new String[] {"APPROVE", "REJECT"}) {
      JsonNode approval = alan.pending("pay", "{\"amount\":1,\"vendor\":\"" + verdict + "\"}");
      assertThat(
              robot
                  .resolve(Said.id(approval), Said.verdict(approval, verdict))
                  .mustBe(403)
                  .problem())
          .isEqualTo("not-entitled");
    }
    JsonNode question = alan.pending("ask", "{}");
    assertThat(
            robot
                .resolve(Said.id(question), Said.value(question, "ANSWER", "{\"answer\":\"beep\"}"))
                .mustBe(403)
                .problem())
        .isEqualTo("not-entitled");
  }

  @Test
  void failureReachesTheModel() {
    JsonNode shown = ada.pending("deploy", "{\"build\":2}");

    robot
        .resolve(
            Said.id(shown), Said.with(Said.verdict(shown, "FAILURE"), "reason", "the disk is full"))
        .mustBe(200);

    assertThat(output(shown)).contains("the disk is full");
    JsonNode call = ada.get("/runs/" + shown.get("run").asString()).json().get("calls").get(0);
    assertThat(call.get("status").asString()).isEqualTo("FAILED");
  }

  @Test
  @Tag("X71")
  @DisplayName("a call that is executed outside passes the same gate, and never runs here")
  void nothingRunsHere() {
    JsonNode shown = ada.pending("deploy", "{\"build\":3}");
    Browser.Answer wrong =
        ada.resolve(Said.id(shown), Said.value(shown, "ANSWER", "{\"answer\":\"x\"}")).mustBe(422);
    assertThat(wrong.problem()).isEqualTo("invalid-resolution");
    assertThat(ada.resolve(Said.id(shown), Said.verdict(shown, "RESULT")).mustBe(422).problem())
        .isEqualTo("invalid-resolution");
    assertThat(now(shown).get("status").asString()).isEqualTo("PENDING");
    assertThat(now(shown).get("external").get("takenBy").isNull()).isTrue();

    ada.resolve(Said.id(shown), Said.value(shown, "RESULT", "\"by hand\"")).mustBe(200);

    assertThat(output(shown)).contains("by hand");
  }

  @Test
  void resultIsLookedAt() {
    JsonNode shown = ada.pending("draft", "{\"about\":\"x\"}");
    assertThat(shown.get("kind").asString()).isEqualTo("REVIEW");
    assertThat(shown.get("summary").toString()).contains("review of the result of draft");
    assertThat(shown.get("review").get("output").toString())
        .isEqualTo("[{\"text\":\"<script>x</script>\"}]");
    assertThat(shown.get("review").get("round").asInt()).isEqualTo(1);

    ada.resolve(Said.id(shown), Said.value(shown, "REPLACE", "\"a better one\"")).mustBe(200);

    assertThat(output(shown)).contains("a better one").doesNotContain("script");
  }

  @Test
  @DisplayName("The answer of a run is held until somebody looked at it, for so many rounds")
  void answerIsHeld() {
    String run =
        ada.post("/agents/writer/runs", Map.of("message", "hello"))
            .mustBe(202)
            .json()
            .get("id")
            .asString();
    JsonNode first = ada.waiting(run);
    assertThat(first.get("summary").toString())
        .contains("review of the answer of writer: hello to you");
    assertThat(first.get("review").get("ofTheRun").asBoolean()).isTrue();
    assertThat(first.get("review").get("rounds").asInt()).isEqualTo(2);
    JsonNode held = ada.get("/runs/" + run).json();
    assertThat(held.get("output").isNull()).isTrue();
    assertThat(held.get("held").get("text").toString()).contains("hello to you");
    assertThat(held.get("held").get("requirement").asString()).isEqualTo(Said.id(first));

    assertThat(ada.resolve(Said.id(first), Said.verdict(first, "CHANGES")).mustBe(422).problem())
        .isEqualTo("invalid-resolution");
    ada.resolve(Said.id(first), Said.with(Said.verdict(first, "CHANGES"), "reason", "shorter"))
        .mustBe(200);
    JsonNode second = next(run, first);
    assertThat(second.get("review").get("round").asInt()).isEqualTo(2);
    assertThat(second.get("review").get("mayAskChanges").asBoolean()).isFalse();
    assertThat(
            ada.resolve(
                    Said.id(second), Said.with(Said.verdict(second, "CHANGES"), "reason", "again"))
                .mustBe(422)
                .problem())
        .isEqualTo("invalid-resolution");
    ada.resolve(Said.id(second), Said.verdict(second, "ACCEPT")).mustBe(200);

    JsonNode done = ada.until(run, "COMPLETED");
    assertThat(done.get("held").isNull()).isTrue();
    assertThat(done.get("output").toString()).contains("Please");
  }

  private JsonNode next(String run, JsonNode before) {
    for (int i = 0; i < 400; i++) {
      JsonNode waits = ada.get("/runs/" + run).json().get("waitsFor");
      if (!waits.isEmpty() && !waits.get(0).asString().equals(Said.id(before))) {
        return ada.get("/requirements/" + waits.get(0).asString()).json();
      }
      Browser.pause();
    }
    throw new AssertionError(ada.get("/runs/" + run).body());
  }

  @Test
  void somethingIsSaidToARun() {
    JsonNode shown = alan.pending("pay", "{\"amount\":1,\"vendor\":\"said\"}");
    String run = shown.get("run").asString();

    alan.post("/runs/" + run + "/messages", Map.of("message", "hurry up")).mustBe(202);
    assertThat(
            robot
                .post("/runs/" + run + "/messages", Map.of("message", "beep"))
                .mustBe(403)
                .problem())
        .isEqualTo("forbidden");
    assertThat(
            alan.post("/runs/" + run + "/messages", Map.of("message", " ")).mustBe(400).problem())
        .isEqualTo("invalid-parameter");
    assertThat(alan.post("/runs/nope/messages", Map.of("message", "x")).mustBe(404).problem())
        .isEqualTo("unknown-run");
    ada.resolve(Said.id(shown), Said.verdict(shown, "REJECT")).mustBe(200);

    JsonNode done = alan.until(run, "COMPLETED");
    assertThat(done.get("messages").toString()).contains("hurry up");
    Browser.Answer late = alan.post("/runs/" + run + "/messages", Map.of("message", "more"));
    assertThat(late.mustBe(409).problem()).isEqualTo("run-finished");
    assertThat(late.json().get("runStatus").asString()).isEqualTo("COMPLETED");
  }
}
