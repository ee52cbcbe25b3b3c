package dev.assent.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.AssentException;
import dev.assent.core.AuditRecord;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Effect;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.Risk;
import dev.assent.core.Tool;
import dev.assent.core.Verdict;
import dev.assent.core.spi.AccountStore;
import dev.assent.policy.PolicyException;
import dev.assent.runtime.Agent;
import dev.assent.runtime.GateRequest;
import dev.assent.runtime.GateResult;
import dev.assent.web.PolicyChanges;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server and the command line with a file of rules. */
class PolicyServerTest {
  private static final String RULES =
      """
      assent: policy/1
      name: finance
      version: 1
      default-approvers: 1 of role approver
      otherwise: ask
      rules:
        - {id: small, tools: pay, when: arguments.amount < 100, then: audit}
      """;

  @TempDir Path folder = Path.of("");
  private Path file = Path.of("");
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(folder.resolve("policy.yaml"), RULES);
  }

  private AssentServer start() {
    return AssentServer.start(
        ServerOptions.in(folder.resolve("data")).onPort(0).policy(file),
        new PrintStream(said, true, StandardCharsets.UTF_8));
  }

  private int run(String... args) {
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    return ServerCommand.run(args, out, out);
  }

  private String said() {
    return said.toString(StandardCharsets.UTF_8);
  }

  private Path calls(String text) throws IOException {
    return Files.writeString(folder.resolve("calls.yaml"), text);
  }

  @Nested
  class Serving {

    @Test
    @Tag("X54")
    void doesNotStartWithAFileThatCannotBeUsed() throws IOException {
      Files.writeString(file, RULES + "  - {id: small, then: permit}\n");

      assertThatThrownBy(PolicyServerTest.this::start)
          .isInstanceOf(PolicyException.class)
          .hasMessageContaining("policy.yaml:8: the id 'small' is taken")
          .hasMessageContaining("policy.yaml:8: rule small: 'then' is allow");
    }

    @Test
    @Tag("X36")
    void doesNotStartWhenNobodyCanApprove() throws IOException {
      Files.writeString(file, RULES.replace("role approver", "role treasurer"));

      assertThatThrownBy(PolicyServerTest.this::start)
          .isInstanceOf(AssentException.class)
          .hasMessageContaining("nobody here is role treasurer");
    }

    @Test
    @Tag("X54")
    void aChangedFileComesIntoForceAndABadOneDoesNotAndBothAreInTheAudit() throws IOException {
      try (AssentServer server = start()) {
        PolicyWatch watch = server.watch().orElseThrow();
        assertThat(said()).contains("rules finance v1 of 1 rules");

        Files.writeString(file, RULES.replace("version: 1", "version: 2"));
        look(watch);
        assertThat(watch.live().current().version()).isEqualTo(2);

        Files.writeString(file, "rules: [");
        look(watch);

        assertThat(watch.live().current().version()).isEqualTo(2);
        assertThat(watch.live().problems()).isNotEmpty();
        assertThat(recorded(server, watch))
            .containsExactly(
                "policy.in-force finance 1",
                "policy.in-force finance 2",
                "policy.refused finance 2");
      }
    }

    @Test
    void aChangeThatNeedsApprovalComesIntoForceByAnApproval() throws IOException {
      String guarded = RULES.replace("rules:", "change-approvers: 1 of role admin\nrules:");
      Files.writeString(file, guarded);
      try (AssentServer server = start()) {
        PolicyWatch watch = server.watch().orElseThrow();
        String changed = guarded.replace("version: 1", "version: 2").replace("small", "tiny");
        Files.writeString(file, changed);
        look(watch);
        assertThat(watch.live().current().version()).isEqualTo(1);
        String id =
            ((AccountStore) server.assent().store()).accounts(AssentServer.TENANT).getFirst().id();
        Principal admin = server.assent().directory().find(id).orElseThrow();

        GateResult waiting =
            server
                .assent()
                .gate(
                    PolicyChanges.request(
                        watch.live().pending().orElseThrow(), watch.live().current(), admin.id()));
        Requirement shown = ((GateResult.Waiting) waiting).requirements().getFirst();
        assertThat(shown.terms().risk()).isEqualTo(Risk.HIGH);
        assertThat(server.assent().card(shown).summary())
            .isEqualTo("Rules finance v2: new tiny; gone small");
        server
            .assent()
            .decide(
                shown.id(),
                new DecisionRequest(
                    shown.version(), shown.digest(), Verdict.APPROVE, null, shown.tool(), "k"),
                admin);
        GateResult done = server.assent().gateResult(shown.run());

        assertThat(done).isInstanceOf(GateResult.Executed.class);
        assertThat(watch.live().current().rules()).containsExactly("tiny");
        look(watch);
        assertThat(recorded(server, watch))
            .containsExactly(
                "policy.in-force finance 1",
                "policy.proposed finance 2",
                "policy.in-force finance 2");
      }
      try (AssentServer again = start()) {
        assertThat(again.watch().orElseThrow().live().current().version()).isEqualTo(2);
      }
    }

    /** A content counts once it was seen twice; whoever saw it last wrote before this returns. */
    private void look(PolicyWatch watch) {
      watch.look();
      watch.look();
    }

    private List<String> recorded(AssentServer server, PolicyWatch watch) {
      watch.close();
      return server.assent().store().audit(AssentServer.TENANT, 0, 100).stream()
          .map(row -> AuditRecord.read(row.recordBytes()))
          .filter(record -> record.type().startsWith("policy."))
          .map(
              record ->
                  record.type()
                      + " "
                      + record.details().get("policy")
                      + " "
                      + record.details().get("version"))
          .toList();
    }
  }

  @Nested
  class OnTheCommandLine {

    @Test
    void checkSaysEverythingThatIsWrong() throws IOException {
      Files.writeString(file, RULES.replace("otherwise: ask", "otherwise: yes"));

      assertThat(run("policy", "check", file.toString())).isEqualTo(ServerCommand.CANNOT_START);
      assertThat(said()).contains("policy.yaml:5: 'otherwise' is allow, audit, ask");
    }

    @Test
    void testComparesWithWhatIsExpected() throws IOException {
      Path calls =
          calls(
              """
              calls:
                - {name: small one, tool: pay, arguments: {amount: 99.99}, expect: audit}
                - {name: other tool, tool: mail, expect: allow}
              """);

      assertThat(run("policy", "test", "--policy", file.toString(), calls.toString())).isEqualTo(1);
      assertThat(said().lines())
          .containsExactly(
              "ok    small one: audit by small, risk MEDIUM",
              "FAIL  other tool: require, risk MEDIUM",
              "        outcome: expected allow, is require",
              "2 calls, 1 not as expected");
    }

    @Test
    void coverageNamesWhatNeverFired() throws IOException {
      Path calls = calls("calls: [{tool: pay, arguments: {amount: 100}}]\n");

      assertThat(run("policy", "coverage", "--policy", file.toString(), calls.toString()))
          .isEqualTo(1);
      assertThat(said().lines()).containsExactly("never fired: small", "0 of 1 rules fired");
    }

    @Test
    void theCallsOfAStoppedServerAreRecordedAndTried() throws IOException {
      Agent bot =
          Agent.named("bot")
              .tools(
                  new Object() {
                    @Tool(value = "Pays", effect = Effect.AT_MOST_ONCE)
                    String pay(long amount) {
                      return "paid " + amount;
                    }
                  })
              .build();
      ServerOptions options = ServerOptions.in(folder.resolve("data")).onPort(0).policy(file);
      try (AssentServer server = AssentServer.start(options, bot)) {
        server.assent().gate(GateRequest.of("bot", "pay", "{\"amount\":9007199254740993}"));
        server.assent().gate(GateRequest.of("bot", "pay", "{\"amount\":5}"));
      }
      said.reset();

      assertThat(run("--data", folder.resolve("data").toString(), "policy", "record")).isZero();
      Path calls = calls(said());
      said.reset();

      assertThat(calls).content().contains("{\"amount\":9007199254740993}");
      assertThat(run("policy", "coverage", "--policy", file.toString(), calls.toString())).isZero();
      assertThat(said().lines()).containsExactly("1 of 1 rules fired");
    }

    @Test
    @Tag("B17")
    void theStarterIsPrintedAndCanBeUsed() throws IOException {
      run("policy", "starter");
      Files.writeString(file, said());
      said.reset();

      assertThat(run("policy", "check", file.toString())).isZero();
      assertThat(said()).startsWith("starter v1");
    }
  }
}
