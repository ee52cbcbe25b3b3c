package dev.assent.store.jdbc;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.AuditRecord;
import dev.assent.core.Body;
import dev.assent.core.BodyId;
import dev.assent.core.Digest;
import dev.assent.core.Keyring;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RunId;
import dev.assent.core.RunMachine;
import dev.assent.core.RunMode;
import dev.assent.core.RunState;
import dev.assent.core.ToolCallId;
import dev.assent.core.spi.Write;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What tests of the store put into it. */
final class Samples {
  static final String TENANT = "main";
  static final Instant T0 = Instant.parse("2026-01-31T12:00:00.123Z");
  static final Keyring KEYS = Keyring.of(new byte[Keyring.MASTER_KEY_BYTES]);

  private Samples() {}

  static RunState run(String id) {
    RunId run = new RunId(id);
    return RunMachine.first(
        RunMachine.start(run, run, "session-" + id, "bot", RunMode.CONVERSATION, null), List.of());
  }

  static Write.NewRun newRun(String id, Write.Lease lease) {
    return new Write.NewRun(run(id), "ada", Map.of(), null, lease, T0, T0);
  }

  static Write.PutBody body(String session, String id, String text) {
    return new Write.PutBody(
        session, new Body(new BodyId(id), new byte[16], text.getBytes(StandardCharsets.UTF_8)));
  }

  static Write.Audit audit(String run) {
    return new Write.Audit(AuditRecord.of(TENANT, T0, "test.happened").withRun(run, run, 1));
  }

  static Requirement requirement(String run) {
    RunId id = new RunId(run);
    ToolCallId call = new ToolCallId("c1");
    return new Requirement(
        RequirementId.of(id, call, RequirementKind.APPROVAL, 1),
        RequirementKind.APPROVAL,
        id,
        id,
        "session-" + run,
        "bot",
        call,
        "pay",
        0,
        1,
        1,
        1,
        Digest.sha256(new byte[1]),
        ApprovalTerms.simple("test"),
        "ada",
        body("s", "b", "x").body().ref(),
        null,
        T0,
        T0.plusSeconds(60),
        RequirementStatus.PENDING,
        null,
        null);
  }

  /** Changes a database behind the store's back. */
  static void tamper(Path file, String... statements) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
