package dev.assent.store.jdbc;

import static dev.assent.store.jdbc.Samples.KEYS;
import static dev.assent.store.jdbc.Samples.T0;
import static dev.assent.store.jdbc.Samples.TENANT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.AuditVerification;
import dev.assent.core.Body;
import dev.assent.core.BodyId;
import dev.assent.core.Requirement;
import dev.assent.core.RunId;
import dev.assent.core.TamperedException;
import dev.assent.core.spi.Committed;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.StoreException;
import dev.assent.core.spi.Write;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteWritingTest {
  @TempDir Path folder;
  private Path file;
  private SqliteStore store;

  @BeforeEach
  void open() {
    file = folder.resolve("assent.db");
    store = SqliteStore.open(file, KEYS);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void done(Write... writes) {
    assertThat(store.commit(TENANT, List.of(writes))).isEqualTo(new Committed.Done());
  }

  private void execute(String sql) {
    StatementTrace.of(store).execute(List.of(new StatementTrace.Executed(sql, List.of())));
  }

  private static String code(Throwable e) {
    return ((StoreException) e).code();
  }

  @Nested
  class FullDisk {

    @Test
    void losesNothingAndEndsWhenThereIsSpaceAgain() {
      done(Samples.newRun("r1", null), Samples.audit("r1"));
      execute("PRAGMA max_page_count = 60");
      int written = 0;
      Throwable full = null;
      while (full == null) {
        try {
          done(noise("b" + written), Samples.audit("r1"));
          written++;
        } catch (StoreException e) {
          full = e;
        }
      }
      assertThat(full).extracting(SqliteWritingTest::code).isEqualTo("store-full");
      assertThat(full).hasMessageContaining("free some space");
      assertThat(written).isPositive();
      assertThat(store.body(TENANT, new BodyId("b" + written))).isEmpty();
      assertThat(store.auditHead(TENANT)).isEqualTo(written + 1);
      assertThatThrownBy(() -> done(noise("again")))
          .extracting(SqliteWritingTest::code)
          .isEqualTo("store-full");

      execute("PRAGMA max_page_count = 100000");

      done(noise("after"), Samples.audit("r1"));
      for (int i = 0; i < written; i++) {
        assertThat(store.body(TENANT, new BodyId("b" + i))).isPresent();
      }
      assertThat(AuditVerification.verify(TENANT, store.audit(TENANT, 0, Integer.MAX_VALUE)))
          .isInstanceOf(AuditVerification.Intact.class);
    }

    @Test
    void hurtsOnlyThoseWhoNeedTheSpace() throws Exception {
      done(Samples.newRun("r1", null));
      execute("PRAGMA max_page_count = 60");
      List<Write> large = List.of(noise("large"), noise("larger"));
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<?>> small = new ArrayList<>();
        List<Future<?>> tooLarge = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
          small.add(threads.submit(() -> done(new Write.Ring(new RunId("r1"), T0))));
          tooLarge.add(threads.submit(() -> store.commit(TENANT, large)));
        }
        for (Future<?> future : small) {
          future.get();
        }
        for (Future<?> future : tooLarge) {
          assertThatThrownBy(future::get).hasCauseInstanceOf(StoreException.class);
        }
      }

      assertThat(store.run(TENANT, new RunId("r1")).orElseThrow().rings()).isEqualTo(50);
      assertThat(store.body(TENANT, new BodyId("large"))).isEmpty();
    }

    private Write.PutBody noise(String id) {
      byte[] content = new byte[id.startsWith("l") ? 300_000 : 9_000];
      new Random(1).nextBytes(content);
      return new Write.PutBody("s", new Body(new BodyId(id), new byte[16], content));
    }
  }

  @Nested
  class Failures {

    @Test
    void ofOneTransactionDoNotHurtTheOthers() throws Exception {
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<?>> good = new ArrayList<>();
        List<Future<?>> bad = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          String id = "r" + i;
          good.add(threads.submit(() -> done(Samples.newRun(id, null), Samples.audit(id))));
          bad.add(threads.submit(() -> execute("INSERT INTO nowhere VALUES (1)")));
        }
        for (Future<?> future : good) {
          future.get();
        }
        for (Future<?> future : bad) {
          assertThatThrownBy(future::get).hasCauseInstanceOf(StoreException.class);
        }
      }

      assertThat(store.runs(TENANT, null, null, 999, null)).hasSize(100);
      assertThat(store.auditHead(TENANT)).isEqualTo(100);
    }

    @Test
    @Timeout(30)
    void ofTheWriterItselfAreAnErrorForAllAndAHangForNobody() throws Exception {
      StatementTrace.of(store)
          .listen(
              statements -> {
                throw new AssertionError("the writer is broken on purpose");
              });
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
          String id = "r" + i;
          all.add(threads.submit(() -> store.commit(TENANT, List.of(Samples.newRun(id, null)))));
        }
        for (Future<?> future : all) {
          assertThatThrownBy(future::get).hasCauseInstanceOf(StoreException.class);
        }
      }

      assertThatThrownBy(() -> done(Samples.newRun("later", null)))
          .extracting(SqliteWritingTest::code)
          .isEqualTo("store-broken");
    }

    @Test
    void ofAnInterruptedCallerAreNone() {
      Thread.currentThread().interrupt();

      done(Samples.newRun("r1", null));

      assertThat(Thread.interrupted()).isTrue();
      assertThat(store.run(TENANT, new RunId("r1"))).isPresent();
    }

    @Test
    void aTimeFinerThanAMillisecondIsRefusedBeforeAnythingIsWritten() {
      Instant fine = T0.plusNanos(1);

      assertThatThrownBy(
              () -> store.commit(TENANT, List.of(new Write.Tell("mail", "x", "y", fine))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("whole milliseconds");
    }
  }

  @Nested
  class Tampering {

    @Test
    void withABodyIsNoticed() {
      done(Samples.body("s1", "b1", "pay 5"), Samples.body("s1", "b2", "pay 50000"));
      store.close();
      Samples.tamper(
          file,
          "UPDATE assent_body SET encrypted ="
              + " (SELECT encrypted FROM assent_body WHERE id = 'b2') WHERE id = 'b1'");
      store = SqliteStore.open(file, KEYS);

      assertThatThrownBy(() -> store.body(TENANT, new BodyId("b1")))
          .isInstanceOf(TamperedException.class);
      assertThat(store.body(TENANT, new BodyId("b2")).orElseThrow().text()).isEqualTo("pay 50000");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "status = 'APPROVED'",
          "version = 7",
          "counts_from = 0",
          "deadline = 1",
          "closed_by = 'ada'",
          "closed_at = 1",
          "created_at = 1",
          "tool = 'mail'",
          "agent = 'other'",
          "risk = 'LOW'",
          "run = 'r2'",
          "root = 'r2'",
          "kind = 'REVIEW'",
          "revision = 5",
          "digest = zeroblob(32)",
          "record = CAST(replace(CAST(record AS TEXT), 'ada', 'eve') AS BLOB)",
          "code = zeroblob(32)"
        })
    void withARequirementIsNoticedWhenItIsRead(String change) {
      Requirement asked = Samples.requirement("r1");
      done(new Write.NewRequirement(asked));
      store.close();
      Samples.tamper(file, "UPDATE assent_requirement SET " + change);
      store = SqliteStore.open(file, KEYS);

      assertThatThrownBy(() -> store.requirement(TENANT, asked.id()))
          .hasMessageContaining(asked.id().value())
          .extracting(SqliteWritingTest::code)
          .isEqualTo("requirement-changed");
      assertThat(store.requirements(TENANT, Store.RequirementQuery.pending(9)).items())
          .allMatch(listed -> !listed.digest().equals(asked.digest()));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "version = 4",
          "status = 'COMPLETED'",
          "ended = 1",
          "requester = 'eve'",
          "agent = 'other'",
          "session = 'session-r2'",
          "root = 'r2'",
          "parent = 'r2'",
          "mode = 'GATE'",
          "created_at = 1",
          "idempotency_key = 'k'",
          "labels = CAST('{\"labels\":{\"a\":\"b\"}}' AS BLOB)",
          "snapshot = CAST(replace(CAST(snapshot AS TEXT), 'bot', 'bit') AS BLOB)",
          "state_code = zeroblob(32)",
          "origin_code = zeroblob(32)"
        })
    void withARunIsNoticedWhenItIsRead(String change) {
      done(Samples.newRun("r1", null));
      store.close();
      Samples.tamper(file, "UPDATE assent_run SET " + change);
      store = SqliteStore.open(file, KEYS);

      assertThatThrownBy(() -> store.run(TENANT, new RunId("r1")))
          .hasMessageContaining("Run r1")
          .extracting(SqliteWritingTest::code)
          .isEqualTo("run-changed");
    }
  }

  @Test
  void noFileHoldsTheTextOfABody() throws Exception {
    String secret = "the launch code is 7f3a91c2";
    String repeated = secret.repeat(200);
    done(Samples.body("s1", "b1", secret), Samples.body("s1", "b2", repeated));

    assertThat(holding(secret)).isEmpty();
    assertThat(holding("b1")).isNotEmpty();
    store.close();
    assertThat(holding(secret)).isEmpty();
    assertThat(holding("b1")).isNotEmpty();
  }

  private List<Path> holding(String text) throws Exception {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path path : files.toList()) {
        if (new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1).contains(text)) {
          found.add(path);
        }
      }
    }
    return found;
  }

  @Test
  void theTraceShowsWhatIsDurableAndReplaysIt() {
    List<List<StatementTrace.Executed>> seen = new ArrayList<>();
    StatementTrace trace = StatementTrace.of(store);
    trace.listen(seen::add);

    done(Samples.newRun("r1", null), Samples.audit("r1"));
    assertThat(store.commit(TENANT, List.of(Samples.newRun("r1", null))))
        .isInstanceOf(Committed.Conflict.class);
    trace.stop();

    assertThat(seen).hasSize(1);
    assertThat(seen.getFirst()).extracting(StatementTrace.Executed::sql).hasSize(2);
    assertThat(trace.bytesBound()).isGreaterThan(100);
    List<Object> parameters = new ArrayList<>(seen.getFirst().getFirst().parameters());
    parameters.set(1, "r2");
    parameters.set(2, "r2");
    parameters.set(3, "another session");
    trace.execute(
        List.of(new StatementTrace.Executed(seen.getFirst().getFirst().sql(), parameters)));
    assertThat(store.due(TENANT, List.of("bot"), T0, 9)).hasSize(2);
  }
}
