package dev.assent.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.AuditVerification;
import dev.assent.core.Keyring;
import dev.assent.core.Principal;
import dev.assent.core.RunId;
import dev.assent.core.RunStatus;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunRequest;
import dev.assent.runtime.RunResult;
import dev.assent.store.jdbc.SqliteStore;
import dev.assent.testkit.ScriptedModel;
import dev.assent.testkit.VirtualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was written is kept for a time; what happened is kept for ever. */
@Timeout(60)
class RetentionTest {
  private static final Principal BOB = Principal.person("bob");
  private static final Duration MONTH = Duration.ofDays(30);

  @TempDir Path folder;
  private final VirtualClock clock = VirtualClock.at(Instant.parse("2026-01-31T12:00:00Z"));
  private final ScriptedModel model = ScriptedModel.inOrder();
  private SqliteStore store;
  private Assent assent;

  @BeforeEach
  void open() {
    store =
        SqliteStore.at(folder.resolve("assent.db"), Keyring.of(new byte[32])).clock(clock).open();
    assent =
        Assent.on(store)
            .operator(BOB)
            .register(Agent.named("bot").model(model).build())
            .retain(MONTH)
            .pollEvery(Duration.ofMillis(20))
            .start();
  }

  @AfterEach
  void close() {
    assent.close();
    store.close();
  }

  private RunId told(String session, String secret) {
    model.says("I know that " + secret);
    RunResult result =
        assent.run(
            new RunRequest(
                "bot", "Keep in mind: " + secret, session, "ada", java.util.Map.of(), null));
    assertThat(result.status()).isEqualTo(RunStatus.COMPLETED);
    return result.run();
  }

  private String output(RunId run) {
    return assent.runCard(run).output();
  }

  private static void eventually(java.util.function.BooleanSupplier holds) {
    for (int i = 0; i < 2_000 && !holds.getAsBoolean(); i++) {
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
    assertThat(holds.getAsBoolean()).isTrue();
  }

  @Test
  @Tag("X58")
  void whatEndedTooLongAgoIsErasedByItself() throws IOException {
    RunId old = told("s-old", "the old plan");
    RunId held = told("s-held", "the held plan");
    assertThat(assent.hold("s-held", BOB, "a case")).isTrue();
    clock.advance(MONTH.minusDays(1));
    RunId young = told("s-young", "the young plan");

    clock.advance(Duration.ofDays(2));
    eventually(() -> "(erased)".equals(output(old)));

    assertThat(output(held)).contains("held plan");
    assertThat(output(young)).contains("young plan");
    assertThat(assent.runCard(old).messages()).isEmpty();
    assertThat(assent.erasure("s-old", Instant.EPOCH))
        .hasValueSatisfying(erasure -> assertThat(erasure.by()).isEqualTo("retention"));
    assertThat(AuditVerification.verify("main", store.audit("main", 0, 10_000)))
        .isInstanceOf(AuditVerification.Intact.class);
    assertThat(
            new String(
                Files.readAllBytes(folder.resolve("assent.db")), StandardCharsets.ISO_8859_1))
        .doesNotContain("the old plan");
  }

  @Test
  void sessionGoesOnAfterItWasErased() {
    told("s", "the first plan");
    assertThat(assent.erase("s", BOB)).isEmpty();

    RunId next = told("s", "the second plan");

    assertThat(output(next)).contains("second plan");
    assertThat(model.lastHeard().toString()).doesNotContain("first plan");
  }

  @Test
  void erasedStaysErasedInTheNextProcess() {
    RunId run = told("s", "the plan");
    assertThat(assent.erase("s", BOB)).isEmpty();
    close();

    open();

    assertThat(output(run)).isEqualTo("(erased)");
    assertThat(assent.events(run)).isEmpty();
  }

  @Test
  void contentOfOnePersonIsErasedWithTheirSessions() {
    RunId run = told("s", "the plan");

    Assent.Erased erased = assent.erasePerson("ada", BOB);

    assertThat(erased.sessions()).containsExactly("s");
    assertThat(erased.kept()).isEmpty();
    assertThat(output(run)).isEqualTo("(erased)");
    assertThat(assent.erasePerson("eve", BOB).sessions()).isEmpty();
  }
}
