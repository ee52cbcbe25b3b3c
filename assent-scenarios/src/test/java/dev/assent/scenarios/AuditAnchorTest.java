package dev.assent.scenarios;

import static dev.assent.testkit.ScriptedModel.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.AssentException;
import dev.assent.core.AuditAnchorFile;
import dev.assent.core.AuditCheckpoint;
import dev.assent.core.AuditReport;
import dev.assent.core.AuditSigner;
import dev.assent.core.AuditVerification;
import dev.assent.core.Message;
import dev.assent.store.jdbc.SqliteAuditFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is signed outside the database shows what was done to it. */
@Timeout(60)
class AuditAnchorTest {
  private static final Duration EVERY = Duration.ofSeconds(30);

  @TempDir Path folder;
  private World world;
  private AuditAnchorFile anchor;
  private int mails;

  @BeforeEach
  void anchored() {
    anchor = new AuditAnchorFile(folder.resolve("checkpoints.jsonl"));
    world = new World(World.Kept.IN_SQLITE, folder);
    world.more = builder -> builder.anchor(anchor, EVERY);
    world.model.otherwise(
        request ->
            request.messages().getLast() instanceof Message.User
                ? new Message.Assistant(
                    "", List.of(call("m", "mail", "{\"to\":\"bob" + ++mails + "\"}")))
                : new Message.Assistant("done", List.of()));
    world.restart();
  }

  @AfterEach
  void end() {
    world.close();
  }

  private void aMail() {
    world.assent.run("bot", "Mail");
  }

  private long head() {
    return world.store.auditHead(World.TENANT);
  }

  private void aMinutePasses() {
    world.clock.advance(Duration.ofMinutes(1));
    world.assent.poll();
  }

  @Test
  @DisplayName("the end is signed when time has passed and something was written, and only then")
  void signedFromTimeToTime() {
    aMail();
    aMinutePasses();
    assertThat(anchor.kept()).hasSize(1);
    AuditCheckpoint first = anchor.kept().getFirst();
    assertThat(first.end().position()).isEqualTo(head());
    assertThat(first.genuine(AuditSigner.of(World.keyring()).publicKey())).isTrue();

    aMinutePasses();
    assertThat(anchor.kept()).hasSize(1);

    aMail();
    world.assent.poll();
    assertThat(anchor.kept()).hasSize(2);
    aMail();
    world.assent.poll();
    assertThat(anchor.kept()).as("too soon").hasSize(2);
    assertThat(world.assent.verifyAudit().uncovered()).isPositive();

    world.restart();
    assertThat(anchor.kept()).as("the last one of a process that ends").hasSize(3);
    AuditReport report = world.assent.verifyAudit();
    assertThat(report.coveredTo()).isEqualTo(head());
    assertThat(report.uncovered()).isZero();
  }

  @Test
  @Tag("X9")
  @DisplayName("a database that was replaced by an older one does not start")
  void anOlderDatabase() throws IOException {
    aMail();
    world.stop();
    Path older = Files.copy(world.file(), folder.resolve("older.db"));
    world.store = world.open();
    world.assent = world.start(world.store);
    aMail();
    world.stop();
    Path newest = Files.copy(world.file(), folder.resolve("newest.db"));
    replaceBy(older);

    assertThatThrownBy(() -> world.start(world.store))
        .isInstanceOfSatisfying(
            AssentException.class, e -> assertThat(e.code()).isEqualTo("audit-rolled-back"))
        .hasMessageContaining("Calls that were executed since may run again");

    world.store.close();
    replaceBy(newest);
    world.assent = world.start(world.store);
    aMail();
    assertThat(world.ledger).hasSize(3);
  }

  private void replaceBy(Path other) throws IOException {
    Files.deleteIfExists(Path.of(world.file() + "-wal"));
    Files.deleteIfExists(Path.of(world.file() + "-shm"));
    Files.copy(other, world.file(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    world.store = world.open();
  }

  @Test
  @DisplayName("nothing is signed from a changed record on, and the report names it")
  void aChangedRecord() throws Exception {
    aMail();
    aMinutePasses();
    long covered = head();
    aMail();
    long changed = covered + 2;
    try (TamperedFile file = TamperedFile.withoutKey(world.file())) {
      file.update(
          "UPDATE assent_audit SET record = CAST(replace(CAST(record AS TEXT), '\"ada\"',"
              + " '\"eve\"') AS BLOB) WHERE position = ?",
          changed);
    }

    aMinutePasses();
    assertThat(anchor.kept()).hasSize(1);
    assertThat(world.assent.verifyAudit().verification())
        .isInstanceOfSatisfying(
            AuditVerification.Broken.class,
            broken -> assertThat(broken.firstBadPosition()).isEqualTo(changed));
  }

  @Test
  @DisplayName("the log is read without key and lock while the store is open")
  void besideARunningProcess() {
    aMail();
    aMinutePasses();

    try (SqliteAuditFile log = SqliteAuditFile.open(world.file(), World.TENANT)) {
      AuditReport report =
          AuditReport.of(
              World.TENANT, log, anchor.kept(), AuditSigner.of(World.keyring()).publicKey());

      assertThat(report).isEqualTo(world.assent.verifyAudit());
      assertThat(report.coveredTo()).isEqualTo(head());
    }
    assertThatThrownBy(() -> SqliteAuditFile.open(folder.resolve("no.db"), World.TENANT))
        .hasMessageContaining("There is no store");
  }
}
