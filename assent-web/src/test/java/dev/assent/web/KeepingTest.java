package dev.assent.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.AuditVerification;
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
class KeepingTest {
  private TestingServer server;
  private Browser ada;
  private Browser alan;
  private Browser root;

  @BeforeAll
  void start() {
    server = new TestingServer();
    server.add("root", "admin");
    ada = server.as("ada");
    alan = server.as("alan");
    root = server.as("root");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  /** A run of alan's that was paid for and has ended. */
  private JsonNode paid(String vendor) {
    JsonNode shown = alan.pending("pay", "{\"amount\":1,\"vendor\":\"" + vendor + "\"}");
    ada.resolve(Said.id(shown), Said.verdict(shown, "APPROVE")).mustBe(200);
    ada.until(shown.get("run").asString(), "COMPLETED");
    return shown;
  }

  private String audit() {
    StringBuilder all = new StringBuilder();
    for (SealedAuditRecord record : server.store.audit("main", 0, 10_000)) {
      all.append(new String(record.recordBytes(), StandardCharsets.UTF_8)).append('\n');
    }
    return all.toString();
  }

  @Test
  @DisplayName("what a session held is destroyed; what happened can still be read and verified")
  void erased() {
    JsonNode shown = paid("Wanda & Sons");
    String run = shown.get("run").asString();

    JsonNode done = root.post("/erasures", Map.of("run", run)).mustBe(200).json();

    assertThat(done.get("sessions").size()).isEqualTo(1);
    JsonNode after = ada.get("/runs/" + run).mustBe(200).json();
    assertThat(after.toString()).doesNotContain("Wanda");
    assertThat(after.get("status").asString()).isEqualTo("COMPLETED");
    assertThat(after.get("erased").get("by").get("name").asString()).isEqualTo("root");
    JsonNode requirement = ada.get("/requirements/" + Said.id(shown)).mustBe(200).json();
    assertThat(requirement.toString()).doesNotContain("Wanda");
    assertThat(requirement.get("resolvedBy").get("name").asString()).isEqualTo("ada");
    assertThat(requirement.get("erased").get("at").asString()).isNotEmpty();
    assertThat(ada.get("/runs/" + run + "/events").mustBe(410).problem()).isEqualTo("erased");
    assertThat(ada.get("/decisions").mustBe(200).body())
        .contains(Said.id(shown))
        .doesNotContain("Wanda");
    assertThat(audit()).contains("session.erased");
    assertThat(AuditVerification.verify("main", server.store.audit("main", 0, 10_000)))
        .isInstanceOf(AuditVerification.Intact.class);
  }

  @Test
  @DisplayName("a hold keeps a session until it is released; both are written down with a reason")
  void held() {
    String run = paid("Held Inc").get("run").asString();
    Map<String, Object> order = Map.of("run", run, "why", "case 12");
    JsonNode holds = root.post("/holds", order).mustBe(200).json();
    assertThat(holds.get("items").toString()).contains("case 12");

    assertThat(root.post("/erasures", Map.of("run", run)).mustBe(409).body())
        .contains("not-erasable")
        .contains("It is kept by order of");
    assertThat(root.post("/holds", order).mustBe(409).problem()).isEqualTo("already-held");
    assertThat(server.assent.purge(java.time.Duration.ZERO))
        .doesNotContain(ada.get("/runs/" + run).json().get("session").asString());
    root.post("/holds/release", Map.of("run", run, "why", "closed")).mustBe(200);
    assertThat(root.post("/holds/release", Map.of("run", run, "why", "x")).mustBe(409).problem())
        .isEqualTo("not-held");

    root.post("/erasures", Map.of("run", run)).mustBe(200);
    assertThat(audit()).contains("session.held").contains("session.released");
    assertThat(audit()).doesNotContain("case 12");
  }

  @Test
  @Tag("X58")
  @DisplayName("what is under way or in doubt is not erased, and its effect stays taken")
  void inDoubt() {
    JsonNode waits = alan.pending("pay", "{\"amount\":1,\"vendor\":\"Pending\"}");
    assertThat(
            root.post("/erasures", Map.of("run", waits.get("run").asString()))
                .mustBe(409)
                .problem())
        .isEqualTo("not-erasable");
    JsonNode crash = alan.pending("crash", "{\"what\":\"doubtful\"}");
    String run = crash.get("run").asString();
    ada.resolve(Said.id(crash), Said.verdict(crash, "APPROVE")).mustBe(200);
    until(run, "RECONCILIATION");
    alan.post("/runs/" + run + "/cancel", Map.of()).mustBe(202);

    assertThat(root.post("/erasures", Map.of("run", run)).mustBe(409).problem())
        .isEqualTo("not-erasable");
    assertThat(root.post("/erasures", Map.of("person", "id-alan")).mustBe(200).json().get("kept"))
        .anySatisfy(
            kept ->
                assertThat(kept.asString())
                    .isEqualTo(ada.get("/runs/" + run).json().get("session").asString()));
    assertThat(ada.get("/runs/" + run).json().toString()).contains("doubtful");
    ada.resolve(Said.id(waits), Said.verdict(waits, "REJECT")).mustBe(200);
  }

  private void until(String run, String kind) {
    for (int i = 0; i < 400; i++) {
      if (ada.get("/requirements?run=" + run + "&kind=" + kind).body().contains(kind)) {
        return;
      }
      Browser.pause();
    }
    throw new AssertionError("no " + kind);
  }

  @Test
  @DisplayName("only an administrator holds and erases, only an auditor reads reports")
  void roles() {
    for (String path : List.of("/holds", "/holds/release")) {
      assertThat(ada.post(path, Map.of("session", "s", "why", "x")).mustBe(403).body())
          .contains("It needs the role admin.");
    }
    assertThat(ada.post("/erasures", Map.of("session", "s")).status()).isEqualTo(403);
    assertThat(ada.get("/holds").status()).isEqualTo(403);
    for (String path :
        List.of("/audit", "/audit/export", "/approvals/report", "/decisions?format=csv")) {
      ada.get(path).mustBe(200);
      root.get(path).mustBe(200);
      assertThat(alan.get(path).mustBe(403).body()).contains("It needs the role auditor or admin.");
    }
    assertThat(root.post("/holds", Map.of("why", "x")).status()).isEqualTo(400);
    assertThat(root.post("/erasures", Map.of("session", "none")).mustBe(409).problem())
        .isEqualTo("not-erasable");
  }
}
