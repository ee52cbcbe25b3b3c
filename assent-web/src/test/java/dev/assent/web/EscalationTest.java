package dev.assent.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Tag("C18")
@Timeout(60)
class EscalationTest {
  private TestingServer server;
  private Browser ada;
  private Browser grace;

  @BeforeEach
  void start() {
    server = new TestingServer();
    ada = server.as("ada");
    grace = server.as("grace");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private JsonNode row(JsonNode asked) {
    return grace
        .get("/requirements?status=PENDING&tool=lend")
        .mustBe(200)
        .json()
        .get("items")
        .values()
        .stream()
        .filter(each -> Said.id(each).equals(Said.id(asked)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theNextOnesAreToldFromWhenOnAndThenItIsTheirs() {
    JsonNode asked = ada.pending("lend", "{\"to\":\"Acme\"}");
    Instant half = Instant.parse(asked.get("createdAt").asString()).plus(Duration.ofHours(4));

    JsonNode before = row(asked);
    assertThat(before.get("mayDecide").asBoolean()).isFalse();
    assertThat(before.get("whyNotCode").asString()).isEqualTo("not-yet");
    assertThat(before.get("whyNot").asString()).contains(half.toString());
    assertThat(before.get("escalatedAt").isNull()).isTrue();
    Browser.Answer early =
        grace.resolve(Said.id(asked), Said.verdict(asked, "APPROVE")).mustBe(403);
    assertThat(early.json().get("reason").asString()).isEqualTo("not-yet");
    JsonNode group =
        grace
            .get("/requirements/" + Said.id(asked))
            .json()
            .get("progress")
            .get(0)
            .get("groups")
            .get(1);
    assertThat(group.get("who").asString()).isEqualTo("role finance, from 4h after it was asked");
    assertThat(group.get("from").asString()).isEqualTo(half.toString());

    server.later(Duration.ofHours(5));
    server.assent.poll();

    JsonNode after = row(asked);
    assertThat(after.get("mayDecide").asBoolean()).isTrue();
    assertThat(after.get("escalatedAt").asString()).isEqualTo(half.toString());
    assertThat(ada.get("/audit?limit=200").json().toString()).contains("\"type\":\"escalation\"");
    grace.resolve(Said.id(asked), Said.verdict(asked, "APPROVE")).mustBe(200);
    ada.until(asked.get("run").asString(), "COMPLETED");
    assertThat(server.tools.executed).containsExactly("lend Acme");
  }
}
