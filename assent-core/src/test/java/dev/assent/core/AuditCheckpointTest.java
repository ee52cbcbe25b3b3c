package dev.assent.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditCheckpointTest {
  private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

  @TempDir Path folder;

  private final AuditSigner signer = AuditSigner.of(keyring(1));
  private final List<SealedAuditRecord> log = log(30);

  private static Keyring keyring(int first) {
    byte[] master = new byte[Keyring.MASTER_KEY_BYTES];
    master[0] = (byte) first;
    return Keyring.of(master);
  }

  private static List<SealedAuditRecord> log(int size) {
    List<SealedAuditRecord> records = new ArrayList<>();
    AuditChain end = AuditChain.start("main");
    for (int i = 0; i < size; i++) {
      records.add(
          end.seal(
              AuditRecord.of("main", NOON.plusSeconds(i), "policy.changed")
                  .withPrincipal(i == 3 ? "=HYPERLINK(\"x\")" : "ada\u202e")
                  .with("n", "" + i)
                  .bytes()));
      end = end.after(records.getLast());
    }
    return records;
  }

  private AuditCheckpoint at(int position) {
    return signer.sign(
        AuditChain.start("main").after(log.get(position - 1)), NOON.plusSeconds(position));
  }

  @Test
  @DisplayName("a checkpoint is good under its own key, and after every change of it bad")
  void onlyTheSignedOne() {
    AuditCheckpoint good = at(20);

    assertThat(AuditCheckpoint.read(good.line())).isEqualTo(good);
    assertThat(good.genuine(signer.publicKey())).isTrue();
    assertThat(AuditSigner.of(keyring(1)).publicKey()).isEqualTo(signer.publicKey());
    assertThat(good.genuine(AuditSigner.of(keyring(2)).publicKey())).isFalse();
    List<AuditCheckpoint> changed =
        List.of(
            new AuditCheckpoint(at(21).end(), good.at(), good.key(), good.signature()),
            new AuditCheckpoint(
                new AuditChain("other", 20, good.end().head()),
                good.at(),
                good.key(),
                good.signature()),
            new AuditCheckpoint(good.end(), NOON, good.key(), good.signature()),
            new AuditCheckpoint(good.end(), good.at(), good.key(), at(21).signature()),
            new AuditCheckpoint(good.end(), good.at(), good.key(), "00"));
    assertThat(changed).noneMatch(each -> each.genuine(signer.publicKey()));
    AuditCheckpoint another = AuditSigner.of(keyring(2)).sign(good.end(), good.at());
    assertThat(another.genuine(signer.publicKey())).isFalse();
  }

  @Test
  @DisplayName("the file keeps what was written, also behind a line that a crash cut short")
  void theFile() throws IOException {
    Path file = folder.resolve("checkpoints.jsonl");
    AuditAnchorFile anchor = new AuditAnchorFile(file);
    assertThat(anchor.kept()).isEmpty();

    anchor.keep(at(10));
    Files.writeString(file, at(11).line().substring(0, 40), StandardOpenOption.APPEND);
    assertThat(new AuditAnchorFile(file).kept()).containsExactly(at(10));
    new AuditAnchorFile(file).keep(at(12));
    assertThat(new AuditAnchorFile(file).kept()).containsExactly(at(10), at(12));

    Files.writeString(file, Files.readString(file).replace("\"schema\":1", "\"schema\":9"));
    assertThatThrownBy(anchor::kept)
        .isInstanceOf(AssentException.class)
        .hasMessageContaining("changed in line 1");
  }

  @Test
  @DisplayName("a report says how far checkpoints prove the log, and since when they do not")
  void howFar() {
    AuditReport report = AuditReport.of("main", log, List.of(at(10), at(20)), signer.publicKey());

    assertThat(report.verification())
        .isEqualTo(new AuditVerification.Intact(30, log.get(29).chain()));
    assertThat(report.coveredTo()).isEqualTo(20);
    assertThat(report.coveredAt()).isEqualTo(NOON.plusSeconds(20));
    assertThat(report.uncovered()).isEqualTo(10);
    assertThat(report.uncoveredSince()).isEqualTo(NOON.plusSeconds(20));
    assertThat(AuditReport.of("main", log, List.of(at(30)), signer.publicKey()))
        .isEqualTo(
            new AuditReport(
                new AuditVerification.Intact(30, log.get(29).chain()),
                30,
                NOON.plusSeconds(30),
                0,
                null));
    assertThatThrownBy(
            () ->
                AuditReport.of(
                    "main", log, List.of(at(10)), AuditSigner.of(keyring(2)).publicKey()))
        .hasMessageContaining("was not signed by the key");
  }

  @Test
  @DisplayName("a log that was cut before the newest checkpoint is found, wherever it was cut")
  void cutShort() {
    for (int length = 0; length < 20; length++) {
      AuditReport report =
          AuditReport.of("main", log.subList(0, length), List.of(at(20)), signer.publicKey());

      assertThat(report.verification())
          .isInstanceOfSatisfying(
              AuditVerification.Broken.class,
              broken -> assertThat(broken.problem()).contains("checkpoint was made at 20"));
      assertThat(report.coveredTo()).isZero();
    }
  }

  @Test
  @Tag("X57")
  @DisplayName("an export is verified by itself: the very bytes are in it")
  void anExport() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AuditExport.write(AuditExport.Format.JSONL, log, out);

    List<SealedAuditRecord> read =
        out.toString(StandardCharsets.UTF_8).lines().map(AuditExport::read).toList();

    assertThat(AuditReport.of("main", read, List.of(at(20)), signer.publicKey()).verification())
        .isEqualTo(new AuditVerification.Intact(30, log.get(29).chain()));
  }

  @Test
  @DisplayName("a spreadsheet takes nothing of the CSV for a formula, and sees hidden characters")
  void noFormula() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AuditExport.write(AuditExport.Format.CSV, log, out);
    String csv = out.toString(StandardCharsets.UTF_8);

    assertThat(csv.lines()).hasSize(31);
    assertThat(csv)
        .contains("\"'=HYPERLINK(\"\"x\"\")\"")
        .doesNotContain("\"=HYPERLINK")
        .doesNotContain("\u202e")
        .contains("n=29");
    assertThatThrownBy(() -> AuditExport.Format.of("xls")).hasMessageContaining("jsonl or csv");
  }
}
