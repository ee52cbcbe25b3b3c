package dev.assent.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Effect;
import dev.assent.core.Json;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Principal;
import dev.assent.core.ToolSpec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ToolSourceTest {
  private final List<String> done = new CopyOnWriteArrayList<>();

  /** Offers what it is told to. */
  static final class TestingSource implements ToolSource {
    private final String name;
    volatile List<ToolBinding> tools = List.of();

    TestingSource(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public List<ToolBinding> tools() {
      return tools;
    }
  }

  private ToolBinding tool(String name, String description) {
    return new ToolBinding(
        new ToolSpec(
            "bank's server",
            name,
            "",
            description,
            Json.parse("{\"type\":\"object\"}"),
            Effect.AT_MOST_ONCE,
            null,
            false,
            Duration.ofMinutes(1),
            List.of(new PolicyOutcome.Require(ApprovalTerms.simple("payments")))),
        (context, arguments) -> {
          done.add(description);
          return "done";
        });
  }

  @Test
  @Tag("X12")
  void aToolThatChangedWhileItsApprovalWasPendingIsAskedAgain() {
    TestingSource bank = new TestingSource("bank");
    bank.tools = List.of(tool("bank/pay", "Pays"));
    try (Assent assent =
        Assent.on(new InMemoryStore())
            .answeredFromOutside()
            .operator(Principal.person("ada"))
            .register(Agent.named("bot").tools(bank).build())
            .pollEvery(Duration.ofMillis(20))
            .start()) {
      var first = (GateResult.Waiting) assent.gate(GateRequest.of("bot", "bank/pay", "{}"));

      bank.tools = List.of(tool("bank/pay", "Pays double"));
      assent.approve(first.requirements().getFirst().id());
      var second = (GateResult.Waiting) assent.gateResult(first.run());

      assertThat(second.requirements().getFirst().version()).isEqualTo(2);
      assertThat(done).isEmpty();
      assent.approve(second.requirements().getFirst().id());
      assertThat(assent.gateResult(first.run())).isInstanceOf(GateResult.Executed.class);
      assertThat(done).containsExactly("Pays double");
    }
  }

  @Test
  @Tag("X56")
  void aSourceReachesItsOwnNamesOnly() {
    TestingSource bank = new TestingSource("bank");
    TestingSource other = new TestingSource("other");
    bank.tools = List.of(tool("bank/pay", "bank's"), tool("other/pay", "a trick"));
    other.tools = List.of(tool("other/pay", "other's"));
    Agent agent = Agent.named("bot").tools(bank, other, tool("pay", "own")).build();

    assertThat(agent.tool("other/pay").orElseThrow().spec().description()).isEqualTo("other's");
    assertThat(agent.tool("pay").orElseThrow().spec().description()).isEqualTo("own");
    assertThat(agent.tools())
        .extracting(tool -> tool.spec().description())
        .containsExactly("bank's", "other's", "own");
  }

  @Test
  @Tag("X56")
  void namesThatCouldMeanTwoToolsAreAnErrorWhenTheAgentIsBuilt() {
    TestingSource bank = new TestingSource("bank");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Agent.named("bot").tools(bank, new TestingSource("bank")).build())
        .withMessageContaining("two sources of tools named 'bank'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Agent.named("bot").tools(bank, tool("bank/pay", "")).build())
        .withMessageContaining("'bank/pay'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Agent.named("bot").tools(new TestingSource("a/b")).build());
  }
}
