package dev.assent.store.jdbc;

import static dev.assent.store.jdbc.Samples.KEYS;
import static dev.assent.store.jdbc.Samples.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.AuditVerification;
import dev.assent.core.BodyId;
import dev.assent.core.RunId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteCrashTest {
  private static final int KILLS = 3;
  private static final int BEFORE_EACH = 150;

  @TempDir Path folder;

  @Test
  void whatWasAcknowledgedOutlivesEveryKill() throws Exception {
    Path file = folder.resolve("assent.db");
    List<String> acknowledged = new ArrayList<>();

    for (int kill = 0; kill < KILLS; kill++) {
      try (ChildProcess child = ChildProcess.start(CrashChild.class, file.toString(), "k" + kill)) {
        for (int i = 0; i < BEFORE_EACH; i++) {
          acknowledged.add(child.line());
        }
        acknowledged.addAll(child.kill());
      }
    }

    try (SqliteStore store = SqliteStore.open(file, KEYS)) {
      for (String line : acknowledged) {
        assertThat(line).startsWith("acknowledged ");
        String id = line.substring("acknowledged ".length());
        assertThat(store.run(TENANT, new RunId(id))).as(id).isPresent();
        assertThat(store.body(TENANT, new BodyId("body-" + id)).orElseThrow().text())
            .isEqualTo("secret words of " + id);
      }
      long runs = store.runs(TENANT, null, null, Integer.MAX_VALUE, null).size();
      assertThat(runs).isGreaterThanOrEqualTo(acknowledged.size());
      assertThat(AuditVerification.verify(TENANT, store.audit(TENANT, 0, Integer.MAX_VALUE)))
          .isInstanceOfSatisfying(
              AuditVerification.Intact.class,
              intact -> assertThat(intact.records()).isEqualTo(runs));
    }
  }
}
