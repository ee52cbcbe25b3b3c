package dev.assent.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.AuditVerification;
import dev.assent.core.CallStatus;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.JsonObject;
import dev.assent.core.Keyring;
import dev.assent.core.MasterKeyFile;
import dev.assent.core.Message;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RunEvent;
import dev.assent.core.RunId;
import dev.assent.core.RunMachine;
import dev.assent.core.RunState;
import dev.assent.core.RunStatus;
import dev.assent.core.SignedDecision;
import dev.assent.core.ToolCall;
import dev.assent.core.Verdict;
import dev.assent.core.spi.Model;
import dev.assent.core.spi.Store;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunResult;
import dev.assent.runtime.ToolBinding;
import dev.assent.store.jdbc.SqliteStore;
import dev.assent.testkit.ScriptedModel;
import dev.assent.testkit.VirtualClock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that an earlier version wrote is read, and what stopped in it goes on. */
@Tag("X32")
@Timeout(60)
@ParameterizedClass(name = "store-v{0}")
@ValueSource(ints = {1, 2})
class GoldenStoreTest {
  private static final String TENANT = "main";

  /** Version of the file. */
  @Parameter int version;

  @TempDir Path folder;
  private final List<String> ledger = new CopyOnWriteArrayList<>();
  private final ScriptedModel model = ScriptedModel.inOrder();
  private final VirtualClock clock = VirtualClock.at(GoldenStore.MADE);
  private Path file;
  private Keyring keys;
  private Store store;
  private Assent assent;

  @BeforeEach
  void openACopy() throws IOException {
    Path key = copy("store-v" + version + ".key");
    if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    }
    file = copy("store-v" + version + ".db");
    keys = MasterKeyFile.read(key);
    store = SqliteStore.at(file, keys).clock(clock).open();
    model.otherwise(request -> new Message.Assistant("Done.", List.of()));
  }

  private Path copy(String name) throws IOException {
    Path copy = folder.resolve(name);
    try (InputStream golden =
        Objects.requireNonNull(
            GoldenStoreTest.class.getResourceAsStream("/golden/" + name), name)) {
      Files.copy(golden, copy);
    }
    return copy;
  }

  @AfterEach
  void close() {
    if (assent != null) {
      assent.close();
    }
    assertThat(AuditVerification.verify(TENANT, store.audit(TENANT, 0, 100_000)))
        .isInstanceOf(AuditVerification.Intact.class);
    store.close();
  }

  /** A process of today opens the store a day later. */
  private void start() {
    clock.advance(Duration.ofDays(1));
    assent =
        Assent.on(store)
            .operator(Principal.person("ada"))
            .register(
                Agent.named("bot")
                    .model(model)
                    .tools(
                        new ToolBinding(
                            GoldenStore.PAY,
                            (context, arguments) -> done("pay", "invoice", arguments)),
                        new ToolBinding(
                            GoldenStore.MAIL,
                            (context, arguments) -> done("mail", "to", arguments)))
                    .build())
            .pollEvery(Duration.ofHours(1))
            .start();
  }

  private String done(String tool, String argument, JsonObject arguments) {
    String line = tool + " " + arguments.find(argument).orElseThrow();
    ledger.add(line);
    return line;
  }

  private RunState state(RunId run) {
    return store.run(TENANT, run).orElseThrow().state();
  }

  private ToolCall call(CallStatus of) {
    return state(GoldenStore.run(of)).calls().getFirst();
  }

  private Requirement open(RunId run, RequirementKind kind) {
    return store.requirementsOf(TENANT, run).stream()
        .filter(each -> each.open() && each.kind() == kind)
        .findFirst()
        .orElseThrow();
  }

  private RunResult says(RunId run, RequirementKind kind, Verdict verdict, String words) {
    Requirement shown = open(run, kind);
    assertThat(
            assent.decide(
                shown.id(),
                new DecisionRequest(
                    shown.version(), shown.digest(), verdict, words, null, "now-" + verdict),
                Principal.person("ada")))
        .isInstanceOf(DecisionOutcome.Recorded.class);
    return assent.resume(run);
  }

  /** The results of calls that the model was told at once. */
  private static List<String> results(Model.Request request) {
    return request.messages().stream()
        .filter(Message.ToolResult.class::isInstance)
        .map(Message::text)
        .toList();
  }

  @ParameterizedTest
  @EnumSource(CallStatus.class)
  void everyStateIsReadAsItWasWritten(CallStatus status) {
    RunId run = GoldenStore.run(status);
    RunState state = state(run);

    assertThat(state.calls().getFirst().status()).isEqualTo(status);
    assertThat(state.end()).isNull();
    assertThat(
            RunMachine.replay(
                store.journal(TENANT, run, 0, 100).stream()
                    .map(Store.JournalEntry::events)
                    .map(List::<RunEvent>copyOf)
                    .toList()))
        .usingRecursiveComparison()
        .ignoringFields("schema")
        .isEqualTo(state);
    for (ToolCall call : state.calls()) {
      if (call.bound() != null) {
        assertThat(store.body(TENANT, call.bound().arguments().id()).orElseThrow().ref())
            .isEqualTo(call.bound().arguments());
      }
    }
    for (Requirement requirement : store.requirementsOf(TENANT, run)) {
      assertThat(store.decisions(TENANT, requirement.id()))
          .allMatch((SignedDecision signed) -> signed.genuine(store.keys(), TENANT));
    }
    if (status.settled()) {
      assertThat(state.status()).isEqualTo(RunStatus.PAUSED);
      assertThat(state.calls().get(1).status()).isEqualTo(CallStatus.GATED);
    }
  }

  @Test
  void itOpensAgainAndIsOfTodaysFormThen() throws Exception {
    store.close();
    store = SqliteStore.at(file, keys).clock(clock).open();
    assertThat(state(GoldenStore.run(CallStatus.GATED)).version()).isPositive();
    store.close();
    RunId run = GoldenStore.run(CallStatus.APPROVED);
    try (TamperedFile older = TamperedFile.withoutKey(file)) {
      older.all("UPDATE assent_run SET origin_code = NULL, state_code = NULL");
      older.all("UPDATE assent_requirement SET code = NULL");
      older.all("UPDATE assent_meta SET value = '2' WHERE name = 'tables'");
    }

    store = SqliteStore.at(file, keys).clock(clock).open();

    assertThatThrownBy(() -> state(run)).hasMessageContaining("lost the code");
  }

  @Test
  void whatSomebodySentIsKnownAgain() {
    start();
    Requirement approval =
        store.requirementsOf(TENANT, GoldenStore.run(CallStatus.APPROVED)).getFirst();
    DecisionRequest sent =
        new DecisionRequest(1, approval.digest(), Verdict.APPROVE, null, null, "golden-APPROVE");

    assertThat(assent.decide(approval.id(), sent, Principal.person("ada")))
        .isInstanceOf(DecisionOutcome.Repeated.class);
  }

  @Test
  void aProposedCallIsJudged() {
    start();

    RunResult result = assent.resume(GoldenStore.run(CallStatus.PROPOSED));

    assertThat(result.status()).isEqualTo(RunStatus.PAUSED);
    assertThat(call(CallStatus.PROPOSED).status()).isEqualTo(CallStatus.GATED);
  }

  @Test
  void aGatedCallIsApprovedAndRuns() {
    start();

    RunResult result =
        says(GoldenStore.run(CallStatus.GATED), RequirementKind.APPROVAL, Verdict.APPROVE, null);

    assertThat(result.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(ledger).containsOnlyOnce("pay \"GATED\"");
  }

  @Test
  void aGatedCallIsRejectedAndTheModelHearsWhy() {
    start();
    RunId run = GoldenStore.run(CallStatus.GATED);

    RunResult result = says(run, RequirementKind.APPROVAL, Verdict.REJECT, "not ours");

    assertThat(result.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(model.requests())
        .extracting(GoldenStoreTest::results)
        .contains(List.of("Function call was rejected by the user: not ours"));
    assertThat(ledger).doesNotContain("pay \"GATED\"");
  }

  @Test
  void anAllowedCallRuns() {
    start();

    assertThat(assent.resume(GoldenStore.run(CallStatus.ALLOWED)).status())
        .isEqualTo(RunStatus.COMPLETED);
    assertThat(ledger).containsOnlyOnce("mail \"bob\"");
  }

  @Test
  @Tag("X33")
  @DisplayName("an approval of that time still counts")
  void anApprovedCallRuns() {
    start();

    assertThat(assent.resume(GoldenStore.run(CallStatus.APPROVED)).status())
        .isEqualTo(RunStatus.COMPLETED);
    assertThat(ledger).containsOnlyOnce("pay \"APPROVED\"");
  }

  @Test
  @Tag("X9")
  @DisplayName("an attempt of that time is in doubt and not repeated")
  void anExecutingCallIsInDoubt() {
    start();
    RunId run = GoldenStore.run(CallStatus.EXECUTING);

    assertThat(assent.resume(run).status()).isEqualTo(RunStatus.PAUSED);
    assertThat(call(CallStatus.EXECUTING).status()).isEqualTo(CallStatus.IN_DOUBT);
    RunResult result = says(run, RequirementKind.RECONCILIATION, Verdict.HAPPENED, "receipt 5");

    assertThat(result.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(ledger).doesNotContain("pay \"EXECUTING\"");
  }

  @Test
  void aSuspendedCallWaitsOnAndCanBeCancelled() {
    start();
    RunId run = GoldenStore.run(CallStatus.SUSPENDED);

    assertThat(assent.resume(run).status()).isEqualTo(RunStatus.PAUSED);
    assertThat(open(run, RequirementKind.USER_INPUT).tool()).isEqualTo("pay");
    assertThat(assent.cancel(run, "ada")).isTrue();

    assertThat(assent.resume(run).status()).isEqualTo(RunStatus.CANCELLED);
    assertThat(store.requirementsOf(TENANT, run))
        .extracting(Requirement::status)
        .containsExactlyInAnyOrder(RequirementStatus.APPROVED, RequirementStatus.CANCELLED);
  }

  @Test
  void aCallInDoubtThatDidNotHappenRuns() {
    start();
    RunId run = GoldenStore.run(CallStatus.IN_DOUBT);

    RunResult result = says(run, RequirementKind.RECONCILIATION, Verdict.DID_NOT_HAPPEN, null);

    assertThat(result.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(ledger).containsOnlyOnce("pay \"IN_DOUBT\"");
  }

  @ParameterizedTest
  @EnumSource(
      value = CallStatus.class,
      names = {
        "SUCCEEDED",
        "FAILED",
        "REFUSED",
        "DENIED",
        "REJECTED",
        "EXPIRED",
        "REVOKED",
        "CANCELLED"
      })
  void theRestOfABatchGoesOnAndTheModelHearsEveryResult(CallStatus status) {
    start();
    RunId run = GoldenStore.run(status);

    RunResult result = says(run, RequirementKind.APPROVAL, Verdict.APPROVE, null);

    assertThat(result.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(ledger)
        .contains("pay \"second-" + status + "\"")
        .doesNotContain("pay \"" + status + "\"");
    assertThat(model.requests())
        .extracting(GoldenStoreTest::results)
        .contains(List.of("result of " + status, "pay \"second-" + status + "\""));
  }
}
