package dev.assent.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OtherAgentTest {
  @Test
  @DisplayName("What the run of another agent waits for is listed on the run that a person started")
  void whatAChildWaitsForShowsOnItsRoot() {
    try (TestingServer server = new TestingServer()) {
      Browser alan = server.as("alan");
      Browser grace = server.as("grace");
      String task = "pay {\"amount\":9007199254740993,\"vendor\":\"child\"}";
      String root =
          alan.post(
                  "/agents/boss/runs",
                  Map.of("message", "bot " + Browser.JSON.writeValueAsString(Map.of("task", task))))
              .mustBe(202)
              .json()
              .get("id")
              .asString();

      JsonNode shown = alan.waiting(root);

      assertThat(shown.get("tool").asString()).isEqualTo("pay");
      String child = shown.get("run").asString();
      JsonNode whole = alan.get("/runs/" + root).json();
      assertThat(child).isNotEqualTo(root);
      assertThat(whole.get("calls").get(0).get("child").asString()).isEqualTo(child);
      assertThat(whole.get("parent").isNull()).isTrue();
      JsonNode parent = alan.get("/runs/" + child).json().get("parent");
      assertThat(parent.get("run").asString()).isEqualTo(root);
      assertThat(parent.get("root").asString()).isEqualTo(root);
      assertThat(parent.get("toolCallId").asString())
          .isEqualTo(whole.get("calls").get(0).get("toolCallId").asString());
      assertThat(alan.get("/runs/" + child).json().get("waitsFor").get(0).asString())
          .isEqualTo(Said.id(shown));

      grace.resolve(Said.id(shown), Said.verdict(shown, "APPROVE")).mustBe(200);

      JsonNode done = alan.until(root, "COMPLETED");
      assertThat(done.get("waitsFor").isEmpty()).isTrue();
      assertThat(done.get("output").toString()).contains("paid 9007199254740993");
      assertThat(server.tools.executed).contains("pay 9007199254740993 child");
    }
  }
}
