package dev.assent.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReasonTest {
  private TestingServer server;
  private Browser ada;
  private Browser grace;
  private JsonNode asked;

  @BeforeEach
  void start() {
    server = new TestingServer();
    ada = server.as("ada");
    grace = server.as("grace");
    asked = ada.pending("refund", "{\"order\":\"17\"}");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Browser.Answer says(String verdict, Map<String, Object> more) {
    Map<String, Object> body = new HashMap<>(Said.verdict(asked, verdict));
    body.putAll(more);
    return grace.resolve(Said.id(asked), body);
  }

  @Test
  @Tag("C10")
  void theChoicesAreShownAndWhatIsNoneOfThemIsRefused() {
    JsonNode shown = grace.get("/requirements/" + Said.id(asked)).mustBe(200).json();
    assertThat(shown.get("reasons").get("approve")).isEmpty();
    assertThat(shown.get("reasons").get("reject").values())
        .extracting(JsonNode::asString)
        .containsExactly("fraud", "late");

    Browser.Answer none = says("REJECT", Map.of("reason", "no")).mustBe(422);
    assertThat(none.problem()).isEqualTo("reason-required");
    assertThat(none.json().get("detail").asString()).contains("fraud, late");
    assertThat(none.json().get("reasons").get("reject")).hasSize(2);
    assertThat(says("REJECT", Map.of("reasonCode", "mood")).mustBe(422).problem())
        .isEqualTo("unknown-reason");
    assertThat(says("APPROVE", Map.of()).mustBe(422).problem()).isEqualTo("reason-required");
    JsonNode still = grace.get("/requirements/" + Said.id(asked)).json();
    assertThat(still.get("status").asString()).isEqualTo("PENDING");
    assertThat(still.get("decisions")).isEmpty();
    assertThat(server.tools.executed).isEmpty();
  }

  @Test
  @Tag("B8")
  void theReasonIsInTheViewAndInTheLogAndFindsItsDecisions() {
    says("REJECT", Map.of("reasonCode", "late", "reason", "after 30 days")).mustBe(200);

    JsonNode said = grace.get("/requirements/" + Said.id(asked)).json().get("decisions").get(0);
    assertThat(said.get("reasonCode").asString()).isEqualTo("late");
    assertThat(ada.get("/decisions?reasonCode=late").mustBe(200).body().lines().toList())
        .singleElement()
        .extracting(line -> JsonMapper.builder().build().readTree(line))
        .extracting(line -> line.get("reasonCode").asString())
        .isEqualTo("late");
    assertThat(ada.get("/decisions?reasonCode=fraud").mustBe(200).body()).isEmpty();
    List<String> csv = ada.get("/decisions?format=csv").mustBe(200).body().lines().toList();
    assertThat(csv.getFirst()).contains(",verdict,reason_code,reason,");
    assertThat(csv.get(1)).contains("\"REJECT\",\"late\",\"after 30 days\"");
  }

  @Test
  void aYesWithItsReasonRuns() {
    says("APPROVE", Map.of("reason", "sent back unopened")).mustBe(200);

    ada.until(asked.get("run").asString(), "COMPLETED");
    assertThat(server.tools.executed).containsExactly("refund 17");
  }
}
