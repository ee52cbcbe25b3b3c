package dev.assent.store.jdbc;

import static dev.assent.store.jdbc.Samples.KEYS;
import static dev.assent.store.jdbc.Samples.T0;
import static dev.assent.store.jdbc.Samples.TENANT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.AssentException;
import dev.assent.core.BodyId;
import dev.assent.core.Keyring;
import dev.assent.core.RunId;
import dev.assent.core.WrongMasterKeyException;
import dev.assent.core.spi.Committed;
import dev.assent.core.spi.StoreException;
import dev.assent.core.spi.Write;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteOpeningTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("assent.db");
  }

  private void fill() {
    try (SqliteStore store = SqliteStore.open(file, KEYS)) {
      assertThat(
              store.commit(
                  TENANT,
                  List.of(
                      Samples.newRun("r1", new Write.Lease("w", store.now().plusSeconds(3_600))),
                      Samples.body("session-r1", "b1", "hello"),
                      Samples.audit("r1"))))
          .isEqualTo(new Committed.Done());
    }
  }

  private static void assertRefused(String code, ThrowingCallable open) {
    assertThatThrownBy(open)
        .isInstanceOfSatisfying(AssentException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private ThrowingCallable opening() {
    return () -> SqliteStore.open(file, KEYS).close();
  }

  @Nested
  class Again {

    @Test
    void everythingIsThere() {
      fill();

      try (SqliteStore store = SqliteStore.open(file, KEYS)) {
        assertThat(store.run(TENANT, new RunId("r1"))).isPresent();
        assertThat(store.body(TENANT, new BodyId("b1")).orElseThrow().text()).isEqualTo("hello");
        assertThat(store.auditHead(TENANT)).isEqualTo(1);
        store.commit(TENANT, List.of(Samples.audit("r1")));
        assertThat(store.auditHead(TENANT)).isEqualTo(2);
      }
    }

    @Test
    void aLeaseOfTheProcessBeforeIsFreeAtOnce() {
      fill();

      try (SqliteStore store = SqliteStore.open(file, KEYS)) {
        RunId run = new RunId("r1");
        Write.Lease lease = new Write.Lease("w2", store.now().plusSeconds(60));
        assertThat(store.run(TENANT, run).orElseThrow().leaseFree()).isTrue();
        assertThat(store.due(TENANT, List.of("bot"), store.now(), 9)).containsExactly(run);
        assertThat(store.commit(TENANT, List.of(new Write.KeepLease(run, 1, lease))))
            .isInstanceOf(Committed.Conflict.class);
        assertThat(
                store.commit(TENANT, List.of(new Write.TakeLease(run, 1, 1, lease, store.now()))))
            .isEqualTo(new Committed.Done());
      }
    }

    @Test
    void theFileIsTheOwnersOnly() throws Exception {
      org.junit.jupiter.api.Assumptions.assumeTrue(
          FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
      fill();

      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  @Nested
  class Held {

    @Test
    void byThisProcess() throws Exception {
      Path link = folder.resolve("link.db");
      try (SqliteStore store = SqliteStore.open(file, KEYS)) {
        Files.createSymbolicLink(link, file);

        assertRefused("store-held", opening());
        assertRefused("store-held", () -> SqliteStore.open(link, KEYS).close());
        assertThat(store.auditHead(TENANT)).isZero();
      }
      SqliteStore.open(link, KEYS).close();
    }

    @Test
    void byAnotherProcess() throws Exception {
      try (ChildProcess child = ChildProcess.start(CrashChild.class, file.toString())) {
        assertThat(child.line()).startsWith("acknowledged ");

        assertThatThrownBy(opening())
            .isInstanceOfSatisfying(
                StoreException.class, e -> assertThat(e.code()).isEqualTo("store-held"))
            .hasMessageContaining("another process")
            .hasMessageContaining(Long.toString(child.pid()));
      }
    }

    @Test
    void alsoAfterAnotherAttemptInThisProcess() throws Exception {
      try (SqliteStore store = SqliteStore.open(file, KEYS)) {
        assertRefused("store-held", opening());

        try (ChildProcess child = ChildProcess.start(CrashChild.class, file.toString())) {
          assertThat(child.line()).isEqualTo("refused store-held");
        }
        assertThat(store.auditHead(TENANT)).isZero();
      }
    }
  }

  @Nested
  class NotOurs {

    @Test
    void anotherFormat() throws Exception {
      Files.writeString(file, "Dear diary, today I wrote no database at all.");

      assertRefused("store-foreign", opening());
      assertThat(Files.readString(file)).startsWith("Dear diary");
    }

    @Test
    void tablesOfAnotherProgram() {
      Samples.tamper(file, "CREATE TABLE bookmarks (url TEXT)");

      assertRefused("store-foreign", opening());
    }

    @Test
    void anotherApplication() {
      Samples.tamper(file, "PRAGMA application_id = 77", "CREATE TABLE x (y TEXT)");

      assertRefused("store-foreign", opening());
    }

    @Test
    void anEmptyFileBecomesOurs() throws Exception {
      Files.createFile(file);

      SqliteStore.open(file, KEYS).close();

      assertThat(Files.size(file)).isPositive();
    }

    @Test
    void aFolderThatIsNotThere() {
      assertRefused(
          "store-broken", () -> SqliteStore.open(folder.resolve("none/assent.db"), KEYS).close());
    }
  }

  @Nested
  class Refused {

    @Test
    void newerTables() {
      fill();
      Samples.tamper(file, "UPDATE assent_meta SET value = '99' WHERE name = 'tables'");

      assertThatThrownBy(opening())
          .isInstanceOfSatisfying(
              StoreException.class, e -> assertThat(e.code()).isEqualTo("store-newer"))
          .hasMessageContaining("newer version");
    }

    @Test
    void aWrongMasterKeyAndTheRightOneStillFits() {
      fill();
      byte[] other = new byte[Keyring.MASTER_KEY_BYTES];
      Arrays.fill(other, (byte) 1);

      assertThatThrownBy(() -> SqliteStore.open(file, Keyring.of(other)))
          .isInstanceOf(WrongMasterKeyException.class);
      try (SqliteStore store = SqliteStore.open(file, KEYS)) {
        assertThat(store.body(TENANT, new BodyId("b1"))).isPresent();
      }
    }

    @Test
    void aDamagedFile() throws Exception {
      fill();
      byte[] bytes = Files.readAllBytes(file);
      Arrays.fill(bytes, 100, bytes.length, (byte) 0x5a);
      Files.write(file, bytes);

      assertRefused("store-broken", opening());
    }

    @Test
    void aHeaderThatIsCut() throws Exception {
      fill();
      byte[] bytes = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(bytes, 700));

      assertRefused("store-broken", opening());
    }

    @Test
    void aPrefixThatIsNone() {
      assertRefused(
          "invalid-table-prefix",
          () -> SqliteStore.at(file, KEYS).tablePrefix("x; DROP TABLE y").open());
    }
  }

  @Test
  @Tag("C28")
  void tablesHaveTheUsersPrefix() {
    try (SqliteStore store = SqliteStore.at(file, KEYS).tablePrefix("bank_").open()) {
      store.commit(TENANT, List.of(Samples.newRun("r1", null)));
    }

    Samples.tamper(file, "SELECT snapshot FROM bank_run", "SELECT * FROM bank_schema_history");
    try (SqliteStore other = SqliteStore.open(file, KEYS)) {
      assertThat(other.runs(TENANT, null, null, 9, null)).isEmpty();
    }
  }

  @Test
  void aRunOfANewerVersionIsNeverClaimed() {
    fill();
    Samples.tamper(file, "UPDATE assent_run SET snapshot_schema = 99");

    try (SqliteStore store = SqliteStore.open(file, KEYS)) {
      RunId run = new RunId("r1");
      assertRefused("snapshot-newer", () -> store.run(TENANT, run));
      assertThat(store.due(TENANT, List.of("bot"), store.now(), 9)).isEmpty();
      assertThat(
              store.commit(
                  TENANT,
                  List.of(
                      new Write.TakeLease(run, 1, 1, new Write.Lease("w", T0.plusSeconds(9)), T0))))
          .isInstanceOf(Committed.Conflict.class);
    }
  }
}
