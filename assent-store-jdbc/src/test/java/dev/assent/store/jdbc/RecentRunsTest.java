package dev.assent.store.jdbc;

import static dev.assent.store.jdbc.Samples.KEYS;
import static dev.assent.store.jdbc.Samples.T0;
import static dev.assent.store.jdbc.Samples.TENANT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.BodyId;
import dev.assent.core.Requirement;
import dev.assent.core.RunId;
import dev.assent.core.spi.Committed;
import dev.assent.core.spi.StoreException;
import dev.assent.core.spi.Write;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecentRunsTest {
  @TempDir Path folder;
  private SqliteStore store;
  private final List<String> reads = new ArrayList<>();

  @BeforeEach
  void open() {
    store = SqliteStore.at(folder.resolve("assent.db"), KEYS).remembering(2).open();
    StatementTrace.of(store).listenToReads(reads::add);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void done(Write... writes) {
    assertThat(store.commit(TENANT, List.of(writes))).isEqualTo(new Committed.Done());
  }

  /** Somebody else writes to the file. */
  private void tamper(String sql) throws SQLException {
    try (Connection other =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("assent.db"));
        Statement statement = other.createStatement()) {
      assertThat(statement.executeUpdate(sql)).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("what was just written is not read from the file")
  void notRead() {
    Requirement asked = Samples.requirement("r1");
    done(
        Samples.newRun("r1", null),
        new Write.NewRequirement(asked),
        Samples.body("session-r1", "b1", "hello"));
    reads.clear();

    assertThat(store.run(TENANT, new RunId("r1"))).isPresent();
    assertThat(store.requirement(TENANT, asked.id())).contains(asked);
    assertThat(store.requirementsOf(TENANT, new RunId("r1"))).containsExactly(asked);
    assertThat(store.decisions(TENANT, asked.id())).isEmpty();
    assertThat(store.body(TENANT, new BodyId("b1"))).isPresent();
    assertThat(reads).isEmpty();
  }

  @Test
  @DisplayName("only so many runs are remembered; the others are read")
  void bounded() {
    Requirement asked = Samples.requirement("r1");
    done(Samples.newRun("r1", null), new Write.NewRequirement(asked));
    done(Samples.newRun("r2", null));
    done(Samples.newRun("r3", null));
    reads.clear();

    assertThat(store.requirement(TENANT, asked.id())).contains(asked);
    assertThat(store.run(TENANT, new RunId("r1"))).isPresent();
    assertThat(reads).hasSize(2);
  }

  @Test
  @Tag("A1")
  @DisplayName("a body that was erased is not remembered")
  void erased() {
    done(Samples.newRun("r1", null), Samples.body("session-r1", "b1", "secret"));
    done(new Write.EraseBody(new BodyId("b1")));

    assertThat(store.body(TENANT, new BodyId("b1"))).isEmpty();
  }

  @Test
  @Tag("X34")
  @DisplayName("a row that somebody else changed is found out with the next commit of anything")
  void changedInTheFile() throws SQLException {
    done(Samples.newRun("r1", null));
    tamper("UPDATE assent_run SET requester = 'mallory' WHERE id = 'r1'");
    assertThat(store.run(TENANT, new RunId("r1")).orElseThrow().requester()).isEqualTo("ada");

    done(Samples.newRun("r2", null));

    assertThatThrownBy(() -> store.run(TENANT, new RunId("r1")))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("changed outside of Assent");
  }

  @Test
  @DisplayName("what conflicts is read again")
  void conflict() {
    done(Samples.newRun("r1", null));

    assertThat(store.commit(TENANT, List.of(new Write.KeepLease(new RunId("r1"), 7, lease()))))
        .isInstanceOf(Committed.Conflict.class);
    reads.clear();

    assertThat(store.run(TENANT, new RunId("r1"))).isPresent();
    assertThat(reads).hasSize(1);
  }

  private static Write.Lease lease() {
    return new Write.Lease("worker", T0.plusSeconds(60));
  }
}
