package dev.assent.scenarios;

import static dev.assent.scenarios.Desk.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.AuditVerification;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RequiresApproval;
import dev.assent.core.RunId;
import dev.assent.core.RunStatus;
import dev.assent.core.SignedDecision;
import dev.assent.core.Tool;
import dev.assent.core.Verdict;
import dev.assent.core.spi.Write;
import dev.assent.runtime.RunStream;
import dev.assent.scenarios.Desk.Habit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was asked and decided outlives pages, processes, erasure and the wish to have it gone. */
@Timeout(60)
class NothingDeletedTest {
  @TempDir Path folder;
  private final List<String> paid = new CopyOnWriteArrayList<>();
  private Desk desk;

  class Tools {
    @RequiresApproval
    @Tool("Pays")
    String pay(String to) {
      paid.add(to);
      return "paid";
    }
  }

  private void desk() {
    desk = new Desk(Habit.STAYS, folder, agent -> agent.tools(new Tools()));
  }

  @AfterEach
  void close() {
    if (desk != null) {
      desk.close();
    }
  }

  private Requirement asked() {
    desk.model.calls(call("pay", "{\"to\":\"Acme\"}")).says("Paid.");
    return desk.waitsFor(desk.run("Pay"), RequirementKind.APPROVAL);
  }

  private Map<String, Long> rows() throws SQLException {
    Map<String, Long> rows = new TreeMap<>();
    try (Connection file = DriverManager.getConnection("jdbc:sqlite:" + desk.file());
        Statement statement = file.createStatement()) {
      for (String table : List.of("requirement", "decision", "audit", "run")) {
        try (ResultSet count = statement.executeQuery("SELECT count(*) FROM assent_" + table)) {
          count.next();
          rows.put(table, count.getLong(1));
        }
      }
    }
    return rows;
  }

  @Test
  @Tag("X44")
  void erasingWhatWasSaidLeavesWhoDecidedWhat() throws SQLException {
    desk();
    Requirement asked = asked();
    desk.answers(asked, Verdict.APPROVE, null);
    desk.completes(asked.run());
    Map<String, Long> before = rows();

    assertThat(desk.assent.erase(asked.session(), Desk.ADA)).isEmpty();

    Map<String, Long> after = rows();
    before.forEach(
        (table, count) -> assertThat(after.get(table)).as(table).isGreaterThanOrEqualTo(count));
    assertThat(desk.store.requirement(Desk.TENANT, asked.id()).orElseThrow().status())
        .isEqualTo(RequirementStatus.APPROVED);
    assertThat(desk.store.decisions(Desk.TENANT, asked.id()))
        .extracting(SignedDecision::decision)
        .singleElement()
        .satisfies(said -> assertThat(said.principal()).isEqualTo("ada"));
    assertThat(AuditVerification.verify(Desk.TENANT, desk.store.audit(Desk.TENANT, 0, 10_000)))
        .isInstanceOf(AuditVerification.Intact.class);
  }

  @Test
  @Tag("X44")
  void theStoreKnowsNoWayToDeleteWhatWasAskedOrDecided() {
    assertThat(Arrays.stream(Write.class.getPermittedSubclasses()).map(Class::getSimpleName))
        .as("new kinds of writes: say here that they delete no record")
        .noneMatch(name -> name.startsWith("Delete") || name.startsWith("Remove"))
        .contains("NewRequirement", "NewDecision", "Audit");
  }

  @Test
  @Tag("X44")
  void theApiKnowsNoWayToDeleteAnything() throws IOException {
    try (InputStream in =
        dev.assent.web.WebSettings.class.getResourceAsStream("/dev/assent/web/openapi.json")) {
      String api = new String(in.readAllBytes(), StandardCharsets.UTF_8);

      assertThat(api)
          .contains("/api/v1/requirements/{id}/resolution")
          .doesNotContain("\"delete\":");
    }
  }

  @Test
  @Tag("X44")
  void aDecisionThatIsTakenOutOfTheFileIsMissed() throws SQLException {
    desk();
    Requirement asked = asked();
    desk.answers(asked, Verdict.APPROVE, null);
    desk.completes(asked.run());
    try (Connection file = DriverManager.getConnection("jdbc:sqlite:" + desk.file());
        Statement statement = file.createStatement()) {
      assertThat(statement.executeUpdate("DELETE FROM assent_audit WHERE position = 3")).isOne();
    }

    desk.restart();

    assertThat(AuditVerification.verify(Desk.TENANT, desk.store.audit(Desk.TENANT, 0, 10_000)))
        .isNotInstanceOf(AuditVerification.Intact.class);
  }

  @Test
  @Tag("X51")
  void theRequestOutlivesWhoLookedAtItAndTheProcess() {
    desk();
    Requirement asked = asked();
    RunId run = asked.run();
    try (RunStream page = desk.assent.events(run)) {
      assertThat(page.poll(Duration.ofSeconds(20))).isPresent();
    }
    desk.assent.seen(asked, Desk.ADA);

    for (int day = 0; day < 3; day++) {
      desk.restart();
      desk.clock.advance(Duration.ofDays(30));

      assertThat(desk.waitsFor(run, RequirementKind.APPROVAL)).isEqualTo(asked);
      assertThat(desk.state(run).status()).isEqualTo(RunStatus.PAUSED);
      assertThat(paid).as("nobody has answered, and that is no answer").isEmpty();
    }
    assertThat(desk.says(asked, Verdict.APPROVE, null))
        .isInstanceOf(DecisionOutcome.Recorded.class);
    assertThat(desk.completes(run)).isEqualTo("Paid.");
    assertThat(paid).containsExactly("Acme");
  }

  @Test
  @Tag("X51")
  void whoWaitsForTheRunWaitsUntilSomebodyHasDecided() {
    desk();
    Requirement asked = asked();

    assertThat(desk.assent.resume(asked.run(), Duration.ofMillis(1)))
        .as("a caller may stop waiting; the run does not")
        .hasValueSatisfying(
            result -> assertThat(result).isInstanceOf(dev.assent.runtime.RunResult.Paused.class));
    assertThat(paid).isEmpty();
    desk.answers(asked, Verdict.APPROVE, null);
    assertThat(desk.completes(asked.run())).isEqualTo("Paid.");
  }
}
