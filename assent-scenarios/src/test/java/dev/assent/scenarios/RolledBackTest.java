package dev.assent.scenarios;

import static dev.assent.scenarios.World.pay;
import static dev.assent.testkit.ScriptedModel.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.AuditChain;
import dev.assent.core.AuditVerification;
import dev.assent.core.CallStatus;
import dev.assent.core.Message;
import dev.assent.core.RecordJson;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RunId;
import dev.assent.core.RunState;
import dev.assent.core.Verdict;
import dev.assent.core.spi.StoreException;
import dev.assent.runtime.RunResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A payment was approved and made, and its run waits for something else. Somebody who can write to
 * the database, and has no key, wants it made again.
 */
@Tag("X9")
@Timeout(60)
class RolledBackTest {
  @TempDir Path folder;
  private World world;
  private RunId run;
  private Requirement approval;

  /** The run's row and the approval's row as they stood when the payment was approved. */
  private Map<String, Object> approvedRun = Map.of();

  private Map<String, Object> approvedRequirement = Map.of();

  @BeforeEach
  void aPaymentIsApprovedAndMade() throws Exception {
    world = new World(World.Kept.IN_SQLITE, folder);
    world.model.calls(pay("p1", "17", 10), call("l1", "letter", "{\"to\":\"bob\"}"));
    RunResult.Paused paused = world.pauses("Pay 17");
    run = paused.run();
    approval = world.open(run, RequirementKind.APPROVAL, "pay");
    world.stop();
    world.store = world.open();
    world.assent = world.startWithoutAgent(world.store);
    world.says(approval, Verdict.APPROVE, null);
    world.stop();
    try (TamperedFile file = TamperedFile.withoutKey(world.file())) {
      approvedRun = file.row("run", run.value());
      approvedRequirement = file.row("requirement", approval.id().value());
    }
    world.store = world.open();
    world.assent = world.start(world.store);
    world.assent.resume(run);
    assertThat(world.ledger).containsExactly("pay 17 10 Acme");
    assertThat(world.call(run, "pay").status()).isEqualTo(CallStatus.SUCCEEDED);
    world.ledger.clear();
    world.stop();
  }

  @AfterEach
  void end() {
    world.close();
  }

  private interface Change {
    void in(TamperedFile file) throws Exception;
  }

  private void after(Change change) throws Exception {
    try (TamperedFile file = TamperedFile.withoutKey(world.file())) {
      change.in(file);
      file.ring(run);
    }
    world.store = world.open();
    world.assent = world.start(world.store);
  }

  private void isRefused(String code, String... says) {
    assertThatThrownBy(() -> world.assent.resume(run))
        .isInstanceOfSatisfying(StoreException.class, e -> assertThat(e.code()).isEqualTo(code))
        .message()
        .contains(run.value())
        .contains(says)
        .contains("backup");
    world.assent.poll();
    assertThat(world.ledger).isEmpty();
    othersGoOn();
  }

  private void othersGoOn() {
    world.model.calls(call("m1", "mail", "{\"to\":\"eve\"}"));
    world.model.otherwise(request -> new Message.Assistant("done", List.of()));
    assertThat(world.assent.run("bot", "Mail Eve").status().toString()).isEqualTo("COMPLETED");
    assertThat(world.ledger).containsExactly("mail eve");
  }

  private static byte[] withoutAttempt(byte[] snapshot) {
    String state = new String(snapshot, StandardCharsets.UTF_8);
    String changed =
        state
            .replaceFirst("\"status\":\"SUCCEEDED\"", "\"status\":\"APPROVED\"")
            .replaceFirst(",\"attempt\":\\{[^}]*}", "")
            .replaceFirst(",\"result\":\\{[^}]*}", "");
    assertThat(changed).isNotEqualTo(state).doesNotContain("attempt\"");
    RecordJson.read(RunState.class, changed.getBytes(StandardCharsets.UTF_8)); // well formed
    return changed.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  @DisplayName("the attempt taken out of the snapshot in place")
  void theAttemptTakenOut() throws Exception {
    after(
        file ->
            file.put(
                "run",
                run.value(),
                Map.of(
                    "snapshot",
                    withoutAttempt((byte[]) file.row("run", run.value()).get("snapshot")))));

    isRefused("run-changed", "changed outside of Assent");
  }

  @Test
  @DisplayName("the state set back to approved in place")
  void theStateSetBack() throws Exception {
    after(
        file ->
            file.put(
                "run",
                run.value(),
                Map.of(
                    "snapshot",
                    new String(
                            (byte[]) file.row("run", run.value()).get("snapshot"),
                            StandardCharsets.UTF_8)
                        .replaceFirst("\"status\":\"SUCCEEDED\"", "\"status\":\"APPROVED\"")
                        .getBytes(StandardCharsets.UTF_8))));

    isRefused("run-changed", "changed outside of Assent");
  }

  @ParameterizedTest
  @ValueSource(strings = {"state_code", "origin_code"})
  void aCodeTakenAway(String code) throws Exception {
    after(
        file -> {
          file.put(
              "run",
              run.value(),
              Map.of(
                  "snapshot",
                  withoutAttempt((byte[]) file.row("run", run.value()).get("snapshot"))));
          file.update("UPDATE assent_run SET " + code + " = NULL WHERE id = ?", run.value());
        });

    isRefused("run-unsigned", "lost the code");
  }

  @Test
  @DisplayName("codes taken away, and the file said to be one from before there were codes")
  void theFileMadeOlder() throws Exception {
    after(
        file -> {
          file.put(
              "run",
              run.value(),
              Map.of(
                  "snapshot",
                  withoutAttempt((byte[]) file.row("run", run.value()).get("snapshot"))));
          file.all("UPDATE assent_run SET state_code = NULL, origin_code = NULL");
          file.all("UPDATE assent_requirement SET code = NULL");
          file.update("UPDATE assent_meta SET value = '2' WHERE name = 'tables'");
        });

    isRefused("run-unsigned", "lost the code");
  }

  @Test
  @DisplayName("the columns of the codes taken out of the table as well, and the migration undone")
  void theTableMadeOlder() throws Exception {
    after(
        file -> {
          file.put("run", run.value(), approvedRun);
          file.all("ALTER TABLE assent_run DROP COLUMN state_code");
          file.all("ALTER TABLE assent_run DROP COLUMN origin_code");
          file.all("ALTER TABLE assent_requirement DROP COLUMN code");
          file.all("ALTER TABLE assent_decision DROP COLUMN reason");
          file.all("DROP TABLE assent_standing_grant");
          file.all("DROP INDEX assent_audit_grant");
          file.all("DROP TABLE assent_mandate");
          file.all("DROP INDEX assent_audit_mandate");
          for (String table : List.of("sight", "hold", "erasure")) {
            file.all("DROP TABLE assent_" + table);
          }
          for (String index :
              List.of("run_session", "run_requester", "body_session", "effect_run")) {
            file.all("DROP INDEX assent_" + index);
          }
          file.all("DELETE FROM assent_schema_history WHERE version IN ('3', '4', '5', '6', '7')");
          file.update("UPDATE assent_meta SET value = '2' WHERE name = 'tables'");
        });

    isRefused("run-unsigned", "lost the code");
  }

  @Test
  @DisplayName("the whole row put back to when the payment was approved")
  void theRowPutBack() throws Exception {
    after(
        file -> {
          file.put("run", run.value(), approvedRun);
          file.put("requirement", approval.id().value(), approvedRequirement);
          file.all("DELETE FROM assent_effect");
        });

    isRefused("run-rolled-back", "put back to version");
  }

  @Test
  @DisplayName("the whole row put back, and the journal cut")
  void theRowPutBackAndTheJournalCut() throws Exception {
    after(
        file -> {
          file.put("run", run.value(), approvedRun);
          file.all("DELETE FROM assent_effect");
          file.all(
              "DELETE FROM assent_journal WHERE run = ? AND version > ?",
              run.value(),
              approvedRun.get("version"));
        });

    isRefused("run-rolled-back", "put back to version");
  }

  @Test
  @DisplayName("row, journal and audit log cut: the log does not fit any more")
  void theAuditLogCutToo() throws Exception {
    long before;
    world.store = world.open();
    before = world.store.auditHead(World.TENANT);
    List<AuditChain> checkpoint =
        List.of(
            new AuditChain(
                World.TENANT,
                before,
                world.store.audit(World.TENANT, before - 1, 1).getFirst().chain()));
    world.store.close();
    after(
        file -> {
          file.put("run", run.value(), approvedRun);
          file.all(
              "DELETE FROM assent_journal WHERE run = ? AND version > ?",
              run.value(),
              approvedRun.get("version"));
          file.all(
              "DELETE FROM assent_audit WHERE run = ? AND position > (SELECT max(position) FROM"
                  + " assent_audit WHERE record LIKE '%\"type\":\"decision\"%')",
              run.value());
        });

    assertThat(
            AuditVerification.verify(
                AuditChain.start(World.TENANT),
                checkpoint,
                world.store.audit(World.TENANT, 0, 1_000)))
        .isInstanceOf(AuditVerification.Broken.class);
  }

  @Test
  @DisplayName("the row of another run put over it")
  void anotherRowPutOverIt() throws Exception {
    world.store = world.open();
    world.assent = world.start(world.store);
    world.model.calls(pay("p2", "18", 20));
    RunId other = world.pauses("Pay 18").run();
    world.stop();
    after(
        file -> {
          Map<String, Object> row = file.row("run", other.value());
          row.keySet()
              .removeAll(
                  List.of("id", "session", "root", "idempotency_key", "requester", "labels"));
          file.put("run", run.value(), row);
        });

    isRefused("run-copied", other.value());
  }

  @Test
  void anotherSessionsRequesterIsNoticed() throws Exception {
    after(file -> file.put("run", run.value(), Map.of("requester", "zoe")));

    isRefused("run-changed", "changed outside of Assent");
  }

  @Test
  void theTestWouldNoticeARunThatGoesOn() throws Exception {
    world.model.otherwise(request -> new Message.Assistant("done", List.of()));
    after(file -> {});
    world.approve(run, "letter");

    assertThat(world.assent.resume(run).status().toString()).isEqualTo("COMPLETED");
    assertThat(world.ledger).containsExactly("letter bob");
  }
}
