package dev.assent.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.AuditVerification;
import dev.assent.core.CallStatus;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.Effect;
import dev.assent.core.Keyring;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.ToolSpec;
import dev.assent.core.spi.Store;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.GateRequest;
import dev.assent.runtime.GateResult;
import dev.assent.runtime.InMemoryStore;
import dev.assent.runtime.ToolSource;
import dev.assent.store.jdbc.SqliteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class McpToolsTest {
  private static final String PAYMENT = "{\"to\":\"Acme\",\"amount\":12.50}";
  private static final McpTools ASKED =
      McpTools.all().requireApproval(ApprovalTerms.simple("tools of this server"));

  enum Kept {
    IN_MEMORY,
    SQLITE
  }

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private <T extends AutoCloseable> T closing(T opened) {
    open.add(opened);
    return opened;
  }

  private McpServer stdio(String name, String... more) {
    return closing(
        McpServer.stdio(name, TestingServer.command(folder.resolve(name), more), Map.of()));
  }

  /** A server that says that it is another version, though its address is the same. */
  private McpServer sameCommand(String name, String version) {
    return closing(
        McpServer.stdio(
            name,
            TestingServer.command(folder.resolve(name), "1"),
            Map.of(TestingServer.VERSION, version)));
  }

  private Assent assent(Object... tools) {
    return assent(Kept.IN_MEMORY, tools);
  }

  private Assent assent(Kept kept, Object... tools) {
    Store store =
        switch (kept) {
          case IN_MEMORY -> new InMemoryStore();
          case SQLITE ->
              SqliteStore.open(
                  folder.resolve("assent.db"), Keyring.of(new byte[Keyring.MASTER_KEY_BYTES]));
        };
    open.add(store::close);
    Assent assent =
        closing(
            Assent.on(store)
                .answeredFromOutside()
                .operator(Principal.person("ada"))
                .register(Agent.named("bot").tools(tools).build())
                .pollEvery(Duration.ofMillis(20))
                .start());
    open.add(
        () ->
            assertThat(AuditVerification.verify("main", store.audit("main", 0, 100_000)))
                .isInstanceOf(AuditVerification.Intact.class));
    return assent;
  }

  private static GateResult gate(Assent assent, String tool, String arguments) {
    return assent.gate(GateRequest.of("bot", tool, arguments));
  }

  private static String said(Assent assent, String tool, String arguments) {
    GateResult result = gate(assent, tool, arguments);
    assertThat(result).isInstanceOf(GateResult.Executed.class);
    return ((GateResult.Executed) result).output();
  }

  private static Requirement asked(GateResult result) {
    assertThat(result).isInstanceOf(GateResult.Waiting.class);
    return ((GateResult.Waiting) result).requirements().getFirst();
  }

  private static GateResult approved(Assent assent, GateResult waiting) {
    assertThat(assent.approve(asked(waiting).id())).isInstanceOf(DecisionOutcome.Recorded.class);
    return assent.gateResult(waiting.run());
  }

  private static GateResult.NotExecuted notExecuted(GateResult result) {
    assertThat(result).isInstanceOf(GateResult.NotExecuted.class);
    return (GateResult.NotExecuted) result;
  }

  private List<String> ledger(String server) throws IOException {
    Path file = folder.resolve(server);
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private static ToolSpec spec(ToolSource source, String tool) {
    return source.tools().stream()
        .map(each -> each.spec())
        .filter(each -> each.name().equals(tool))
        .findFirst()
        .orElseThrow();
  }

  @Nested
  @Tag("C1")
  @Tag("X71")
  @DisplayName("one way to every tool")
  class OneWay {
    @ParameterizedTest
    @EnumSource(Kept.class)
    void aRemoteToolPausesIsApprovedAndRunsOnce(Kept kept) throws Exception {
      Assent assent = assent(kept, stdio("bank").tools(ASKED));

      GateResult paused = gate(assent, "bank/pay", PAYMENT);
      assertThat(asked(paused).tool()).isEqualTo("bank/pay");
      assertThat(ledger("bank")).isEmpty();
      GateResult end = approved(assent, paused);

      assertThat(end).isEqualTo(new GateResult.Executed(paused.run(), "paid Acme"));
      assertThat(assent.approve(asked(paused).id()))
          .isInstanceOf(DecisionOutcome.AlreadyClosed.class);
      assertThat(ledger("bank")).containsExactly("Acme 12.5");
    }

    @Test
    void aRejectedCallNeverReachesTheServer() throws Exception {
      Assent assent = assent(stdio("bank").tools(ASKED));
      GateResult paused = gate(assent, "bank/pay", PAYMENT);

      assent.reject(asked(paused).id(), "no");

      assertThat(notExecuted(assent.gateResult(paused.run())).status())
          .isEqualTo(CallStatus.REJECTED);
      assertThat(ledger("bank")).isEmpty();
    }

    @Test
    void argumentsThatDoNotFitTheServersSchemaGoBackUnasked() throws Exception {
      Assent assent = assent(stdio("bank").tools(ASKED));

      GateResult.NotExecuted wrong =
          notExecuted(gate(assent, "bank/pay", "{\"to\":\"Acme\",\"amount\":\"much\"}"));

      assertThat(wrong.code()).isEqualTo("invalid-arguments");
      assertThat(ledger("bank")).isEmpty();
    }

    @Test
    void termsForOneToolLeaveTheOthersAlone() {
      Assent assent =
          assent(
              stdio("bank")
                  .tools(McpTools.all().requireApproval("pay", ApprovalTerms.simple("payments"))));

      assertThat(gate(assent, "bank/pay", PAYMENT)).isInstanceOf(GateResult.Waiting.class);
      assertThat(said(assent, "bank/echo", "{\"a\":1}")).isEqualTo("{\"a\":1}");
    }

    @Test
    void hintsOfTheServerNeverSetTheEffect() {
      McpServer bank = stdio("bank");

      ToolSource plain = bank.tools(McpTools.all());
      ToolSource declared = bank.tools(McpTools.all().effect("echo", Effect.READ_ONLY));

      assertThat(plain.tools()).allMatch(tool -> tool.spec().effect() == Effect.AT_MOST_ONCE);
      assertThat(spec(declared, "bank/echo").effect()).isEqualTo(Effect.READ_ONLY);
      assertThat(spec(declared, "bank/pay").effect()).isEqualTo(Effect.AT_MOST_ONCE);
    }

    @Test
    void numbersReachTheServerAsTheyWereApproved() {
      Assent assent = assent(stdio("bank").tools(McpTools.all()));

      assertThat(said(assent, "bank/echo", "{\"a\":12345678901234567890.12,\"b\":[null,true]}"))
          .isEqualTo("{\"a\":12345678901234567890.12,\"b\":[null,true]}");
    }

    @Test
    void theServersProcessKnowsNothingOfOurEnvironment() {
      McpServer bank =
          closing(
              McpServer.stdio(
                  "bank",
                  TestingServer.command(folder.resolve("bank")),
                  Map.of("BANK_URL", "test")));
      Assent assent = assent(bank.tools(McpTools.all()));

      List<String> known = List.of(said(assent, "bank/environment", "{}").split(","));

      assertThat(known).contains("BANK_URL", "PATH");
      assertThat(known)
          .isSubsetOf("BANK_URL", "PATH", "HOME", "LOGNAME", "SHELL", "TERM", "USER", "_", "PWD");
    }
  }

  @Nested
  @Tag("X12")
  @DisplayName("the tool changed while its approval was pending")
  class Changed {
    private static final McpTools PAYMENTS_ASKED =
        McpTools.all().requireApproval("pay", ApprovalTerms.simple("payments"));

    @ParameterizedTest
    @EnumSource(Kept.class)
    void anAnnouncedChangeIsAskedAgain(Kept kept) throws Exception {
      ToolSource bank = stdio("bank").tools(PAYMENTS_ASKED);
      Assent assent = assent(kept, bank);
      GateResult paused = gate(assent, "bank/pay", PAYMENT);

      said(assent, "bank/reword", "{\"description\":\"Pays, and tells the press\"}");
      await().until(() -> spec(bank, "bank/pay").description().contains("press"));
      GateResult again = approved(assent, paused);

      assertThat(asked(again).version()).isEqualTo(2);
      assertThat(asked(again).open()).isTrue();
      assertThat(ledger("bank")).isEmpty();
      assertThat(approved(assent, again)).isInstanceOf(GateResult.Executed.class);
      assertThat(ledger("bank")).containsExactly("Acme 12.5");
    }

    @ParameterizedTest
    @EnumSource(Kept.class)
    void anUnannouncedChangeIsFoundBeforeTheCallIsSent(Kept kept) throws Exception {
      TestingHttpServer remote = closing(new TestingHttpServer(folder));
      McpServer bank = closing(McpServer.http("bank", remote.uri(), Map.of()));
      Assent assent = assent(kept, bank.tools(ASKED));
      GateResult paused = gate(assent, "bank/pay", PAYMENT);

      remote.tools.change("Pays, and tells the press");
      GateResult.NotExecuted end = notExecuted(approved(assent, paused));

      assertThat(end.code()).isEqualTo("not-executed");
      assertThat(end.told()).contains("bank/pay changed after the call was judged");
      assertThat(ledger("ledger")).isEmpty();
      GateResult next = gate(assent, "bank/pay", PAYMENT);
      assertThat(approved(assent, next)).isInstanceOf(GateResult.Executed.class);
      assertThat(ledger("ledger")).containsExactly("Acme 12.5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2"})
    void afterARestartTheSameServerGoesOnAndAnotherIsAskedAgain(String version) throws Exception {
      Assent before = assent(Kept.SQLITE, stdio("bank", "1").tools(ASKED));
      GateResult paused = gate(before, "bank/pay", PAYMENT);
      close();
      open.clear();

      Assent after = assent(Kept.SQLITE, sameCommand("bank", version).tools(ASKED));
      GateResult end = approved(after, paused);

      if (version.equals("1")) {
        assertThat(end).isInstanceOf(GateResult.Executed.class);
        assertThat(ledger("bank")).containsExactly("Acme 12.5");
      } else {
        assertThat(asked(end).version()).isEqualTo(2);
        assertThat(ledger("bank")).isEmpty();
      }
    }

    @Test
    void aToolThatIsGoneIsNotCalled() throws Exception {
      TestingHttpServer remote = closing(new TestingHttpServer(folder));
      McpServer bank = closing(McpServer.http("bank", remote.uri(), Map.of()));
      Assent assent = assent(bank.tools(ASKED));
      GateResult paused = gate(assent, "bank/pay", PAYMENT);

      remote.tools.remove("pay");
      bank.refresh();

      assertThat(notExecuted(approved(assent, paused)).status()).isEqualTo(CallStatus.DENIED);
      assertThat(gate(assent, "bank/pay", PAYMENT)).isInstanceOf(GateResult.NotExecuted.class);
      assertThat(ledger("ledger")).isEmpty();
    }

    @Test
    void anotherServerUnderTheSameNameIsNotTheSame() throws Exception {
      ToolSource one = stdio("bank").tools(ASKED);
      ToolSource sameAgain = stdio("bank").tools(ASKED);
      ToolSource newer = stdio("bank", "2").tools(ASKED);
      TestingHttpServer remote = closing(new TestingHttpServer(folder));
      ToolSource elsewhere = closing(McpServer.http("bank", remote.uri(), Map.of())).tools(ASKED);

      assertThat(spec(sameAgain, "bank/pay").fingerprint())
          .isEqualTo(spec(one, "bank/pay").fingerprint());
      assertThat(spec(newer, "bank/pay").fingerprint())
          .isNotEqualTo(spec(one, "bank/pay").fingerprint());
      assertThat(spec(elsewhere, "bank/pay").fingerprint())
          .isNotEqualTo(spec(one, "bank/pay").fingerprint());
    }
  }

  @Nested
  @Tag("X56")
  @DisplayName("two servers with one tool name")
  class TwoServers {
    @Test
    void eachToolRunsWhereItIsAddressed() throws Exception {
      Assent assent = assent(stdio("bank").tools(ASKED), stdio("other").tools(ASKED));

      approved(assent, gate(assent, "other/pay", PAYMENT));

      assertThat(ledger("bank")).isEmpty();
      assertThat(ledger("other")).containsExactly("Acme 12.5");
      assertThat(notExecuted(gate(assent, "pay", PAYMENT)).code()).isEqualTo("unknown-tool");
    }

    @Test
    void oneNameForTwoServersOfAnAgentIsAnErrorWhenItIsBuilt() {
      ToolSource one = stdio("bank").tools(ASKED);
      ToolSource two = stdio("bank", "2").tools(ASKED);

      assertThatIllegalArgumentException()
          .isThrownBy(() -> Agent.named("bot").tools(one, two).build())
          .withMessageContaining("'bank'");
    }

    @Test
    void aServersNameHoldsNoSlash() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> McpServer.stdio("a/b", List.of("true"), Map.of()));
    }
  }

  @Nested
  @Tag("X67")
  @DisplayName("an error is an error")
  class Errors {
    @Test
    void anErrorResultOfAnAllowedCallIsToldWithUnknownOutcome() {
      Assent assent = assent(stdio("bank").tools(McpTools.all()));

      GateResult.NotExecuted failed = notExecuted(gate(assent, "bank/fail", "{}"));

      assertThat(failed.status()).isEqualTo(CallStatus.FAILED);
      assertThat(failed.told()).contains("the account is empty", "not known");
    }

    @ParameterizedTest
    @EnumSource(Kept.class)
    void anErrorResultAfterAnApprovalIsADoubtForAPerson(Kept kept) {
      Assent assent = assent(kept, stdio("bank").tools(ASKED));

      GateResult end = approved(assent, gate(assent, "bank/silent_fail", "{}"));

      assertThat(asked(end).kind()).isEqualTo(RequirementKind.RECONCILIATION);
    }

    @Test
    void aToolWhoseErrorsMeanNothingHappenedFailsPlainly() {
      Assent assent = assent(stdio("bank").tools(ASKED.errorsMeanNothingHappened("fail")));

      GateResult.NotExecuted end = notExecuted(approved(assent, gate(assent, "bank/fail", "{}")));

      assertThat(end.code()).isEqualTo("not-executed");
      assertThat(end.told()).contains("the account is empty");
    }

    @Test
    void anErrorOfAReadOnlyToolSaysWhatWentWrong() {
      Assent assent = assent(stdio("bank").tools(McpTools.all().effect("fail", Effect.READ_ONLY)));

      assertThat(notExecuted(gate(assent, "bank/fail", "{}")).told())
          .contains("the account is empty")
          .doesNotContain("not known");
    }

    @Test
    void contentsThatAreNoWordsAreNamed() {
      Assent assent = assent(stdio("bank").tools(McpTools.all()));

      assertThat(said(assent, "bank/everything", "{}"))
          .isEqualTo(
              "words\n[left out: image image/png, 4 characters of base64]\n"
                  + "{\"balance\":12345678901234567890.12}");
      assertThat(said(assent, "bank/nothing", "{}"))
          .isEqualTo("The tool ended without an error and said nothing.");
    }

    @Test
    void toolsThatCannotBeUsedAreNamedAndTheOthersWork() {
      McpServer bank = stdio("bank");

      assertThat(bank.unusable())
          .extracting(McpServer.Unusable::tool)
          .containsExactlyInAnyOrder("bank/no_schema", "bank/bad_schema");
      assertThat(bank.unusable()).allMatch(each -> each.why().contains("schema"));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> bank.tools(McpTools.only("no_schema")))
          .withMessageContainingAll("'bank'", "'no_schema'", "no schema");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> bank.tools(McpTools.all().effect("raed", Effect.READ_ONLY)))
          .withMessageContainingAll("'raed'", "pay");
      assertThat(said(assent(bank.tools(McpTools.all())), "bank/echo", "{}")).isEqualTo("{}");
    }

    @Test
    void aCommandThatDoesNotExistIsSaidAtOnce() {
      assertThatExceptionOfType(McpException.class)
          .isThrownBy(
              () -> McpServer.stdio("bank", List.of(folder.resolve("nope").toString()), Map.of()))
          .withMessageContaining("'bank'");
    }
  }

  @Nested
  class Connections {
    private static final McpTools PAYMENTS_ASKED = Changed.PAYMENTS_ASKED;

    @ParameterizedTest
    @EnumSource(Kept.class)
    void aKilledServerIsStartedAnewForTheNextCall(Kept kept) throws Exception {
      Assent assent = assent(kept, stdio("bank").tools(PAYMENTS_ASKED));
      GateResult paused = gate(assent, "bank/pay", PAYMENT);
      String first = said(assent, "bank/pid", "{}");

      ProcessHandle process = ProcessHandle.of(Long.parseLong(first)).orElseThrow();
      process.destroyForcibly();
      process.onExit().get();
      GateResult end = approved(assent, paused);

      assertThat(end).isInstanceOf(GateResult.Executed.class);
      assertThat(ledger("bank")).containsExactly("Acme 12.5");
      assertThat(said(assent, "bank/pid", "{}")).isNotEqualTo(first);
    }

    @ParameterizedTest
    @EnumSource(Kept.class)
    void aServerThatDiesDuringTheCallLeavesADoubtAndIsNotAskedTwice(Kept kept) throws Exception {
      // Longer than the test may take: that the process ended is seen, not waited for.
      Assent assent = assent(kept, stdio("bank").tools(ASKED.timeLimit(Duration.ofHours(1))));

      GateResult end = approved(assent, gate(assent, "bank/die", "{}"));

      assertThat(asked(end).kind()).isEqualTo(RequirementKind.RECONCILIATION);
      assertThat(ledger("bank")).containsExactly("died");
    }

    @Test
    void manyCallsAtOnceAllArriveOnce() throws Exception {
      Assent assent = assent(stdio("bank").tools(McpTools.all()));
      List<String> expected = new ArrayList<>();
      List<Thread> callers = new ArrayList<>();

      for (int i = 0; i < 40; i++) {
        String payment = "{\"to\":\"v" + i + "\",\"amount\":1}";
        expected.add("v" + i + " 1");
        callers.add(Thread.startVirtualThread(() -> said(assent, "bank/pay", payment)));
      }
      for (Thread caller : callers) {
        caller.join();
      }

      assertThat(ledger("bank")).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void aServerThatIsNotThereWasNotCalled() throws Exception {
      TestingHttpServer remote = closing(new TestingHttpServer(folder));
      McpServer bank = closing(McpServer.http("bank", remote.uri(), Map.of()));
      Assent assent = assent(bank.tools(ASKED));
      GateResult paused = gate(assent, "bank/pay", PAYMENT);

      remote.stop();
      GateResult.NotExecuted end = notExecuted(approved(assent, paused));

      assertThat(end.code()).isEqualTo("not-executed");
      assertThat(end.told()).contains("MCP server 'bank'");
      remote.start();
      assertThat(approved(assent, gate(assent, "bank/pay", PAYMENT)))
          .isInstanceOf(GateResult.Executed.class);
      assertThat(ledger("ledger")).containsExactly("Acme 12.5");
    }

    @Test
    void aRestartedHttpServerIsConnectedAnew() throws Exception {
      TestingHttpServer remote = closing(new TestingHttpServer(folder));
      McpServer bank =
          closing(McpServer.http("bank", remote.uri(), Map.of("Authorization", "Bearer secret")));
      Assent assent = assent(bank.tools(ASKED));
      GateResult paused = gate(assent, "bank/pay", PAYMENT);

      remote.stop();
      remote.start();

      assertThat(approved(assent, paused)).isInstanceOf(GateResult.Executed.class);
      assertThat(ledger("ledger")).containsExactly("Acme 12.5");
      assertThat(remote.tokens).isNotEmpty().containsOnly("Bearer secret");
    }

    @Test
    void aClosedServerIsNotCalled() throws Exception {
      McpServer bank = stdio("bank");
      Assent assent = assent(bank.tools(ASKED));
      GateResult paused = gate(assent, "bank/pay", PAYMENT);

      bank.close();

      assertThat(notExecuted(approved(assent, paused)).told()).contains("was closed");
      assertThat(ledger("bank")).isEmpty();
    }
  }
}
