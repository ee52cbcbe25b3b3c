package dev.assent.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.AuditExport;
import dev.assent.core.AuditVerification;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReportTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private TestingServer server;
  private Browser ada;
  private Browser grace;
  private JsonNode approved;
  private JsonNode rejected;

  @BeforeAll
  void start() {
    server = new TestingServer();
    ada = server.as("ada");
    grace = server.as("grace");
    approved = ada.pending("pay", "{\"amount\":1,\"vendor\":\"=Acme\"}");
    grace.resolve(Said.id(approved), Said.verdict(approved, "APPROVE")).mustBe(200);
    rejected = ada.pending("pay", "{\"amount\":2,\"vendor\":\"Acme\"}");
    grace
        .resolve(
            Said.id(rejected),
            Said.with(Said.verdict(rejected, "REJECT"), "reason", "=too much\u202e"))
        .mustBe(200);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  @Tag("C14")
  @DisplayName("the report counts what was decided, by month, tool and approver")
  void report() {
    JsonNode report = ada.get("/approvals/report?zone=Europe/Berlin&tool=pay").mustBe(200).json();

    assertThat(report.get("zone").asString()).isEqualTo("Europe/Berlin");
    JsonNode line = report.get("lines").get(0);
    assertThat(line.get("tool").asString()).isEqualTo("pay");
    assertThat(line.get("approver").get("name").asString()).isEqualTo("grace");
    assertThat(line.get("approved").asInt()).isEqualTo(1);
    assertThat(line.get("rejected").asInt()).isEqualTo(1);
    assertThat(line.get("rate").asDouble()).isEqualTo(0.5);
    assertThat(report.get("total").get("total").asInt()).isEqualTo(2);

    assertThat(ada.get("/approvals/report?approver=nobody").json().get("lines")).isEmpty();
    JsonNode none = ada.get("/approvals/report?to=2020-01-01T00:00:00Z").json().get("total");
    assertThat(none.get("total").asInt()).isZero();
    assertThat(none.get("rate").isNull()).isTrue();
    assertThat(ada.get("/approvals/report?zone=Mars").mustBe(400).problem())
        .isEqualTo("invalid-parameter");
    assertThat(ada.get("/approvals/report?from=yesterday").mustBe(400).problem())
        .isEqualTo("invalid-parameter");
    assertThat(ada.get("/approvals/report?format=csv").mustBe(200).body())
        .startsWith("month,tool,approver,")
        .contains("\"pay\"");
  }

  @Test
  @Tag("B8")
  @DisplayName("every decision is in the log, with what was asked and said")
  void decisions() {
    String log = ada.get("/decisions").mustBe(200).body();

    assertThat(log.lines()).hasSize(2);
    JsonNode second =
        log.lines()
            .map(JSON::readTree)
            .filter(each -> each.get("verdict").asString().equals("REJECT"))
            .findFirst()
            .orElseThrow();
    assertThat(second.get("by").get("name").asString()).isEqualTo("grace");
    assertThat(second.get("reason").asString()).isEqualTo("=too much\u202e");
    assertThat(second.get("arguments").asString()).isEqualTo("{\"amount\":2,\"vendor\":\"Acme\"}");
    assertThat(second.get("prompt").asString()).isNotBlank();
    assertThat(second.get("requirement").asString()).isEqualTo(Said.id(rejected));

    assertThat(ada.get("/decisions?format=csv").mustBe(200).body())
        .contains("\"'=too much")
        .doesNotContain("\"=too")
        .doesNotContain("\u202e");
    assertThat(ada.get("/decisions?to=2020-01-01T00:00:00Z").mustBe(200).body()).isEmpty();
    assertThat(server.browser().get("/decisions").status()).isEqualTo(401);
  }

  @Test
  @Tag("C9")
  @DisplayName("the list is narrowed by who asked, who decided and when")
  void lists() {
    assertThat(total("requester=id-ada")).isEqualTo(2);
    assertThat(total("requester=id-grace")).isZero();
    assertThat(total("resolvedBy=id-grace&status=REJECTED")).isEqualTo(1);
    assertThat(total("createdFrom=2020-01-01T00:00:00Z")).isEqualTo(2);
    assertThat(total("createdTo=2020-01-01T00:00:00Z")).isZero();
    assertThat(total("resolvedFrom=2020-01-01T00:00:00Z&tool=pay")).isEqualTo(2);
    assertThat(total("session=" + approved.get("session").asString())).isEqualTo(1);
    assertThat(ada.get("/requirements?createdFrom=noon").mustBe(400).problem())
        .isEqualTo("invalid-parameter");
  }

  @Test
  @DisplayName("the exported audit log can be verified by itself")
  void auditExport() {
    String log = ada.get("/audit/export").mustBe(200).body();

    AuditVerification verified =
        AuditVerification.verify("main", log.lines().map(AuditExport::read).toList());
    assertThat(verified).isInstanceOf(AuditVerification.Intact.class);
    JsonNode view = ada.get("/audit/verify").mustBe(200).json();
    assertThat(view.get("intact").asBoolean()).isTrue();
    assertThat(view.get("coveredTo").asLong()).isZero();
    assertThat(view.get("uncovered").asLong()).isPositive();
    assertThat(view.get("key").asString()).startsWith("302a");
    assertThat(ada.get("/audit/export?format=csv").mustBe(200).body())
        .startsWith("position,at,type,run");
    assertThat(ada.get("/audit/export?format=xls").mustBe(400).problem())
        .isEqualTo("invalid-parameter");
    assertThat(server.browser().get("/audit/export").status()).isEqualTo(401);
  }

  private int total(String filter) {
    return ada.get("/requirements?" + filter).mustBe(200).json().get("total").asInt();
  }
}
