package dev.assent.policy;

import static dev.assent.policy.TestingCalls.call;
import static dev.assent.policy.TestingCalls.tool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.Effect;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Risk;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules that ship. */
class StarterPolicyTest {
  private final RulePolicy starter = StarterPolicy.policy();

  private Judgement judged(String tool, Effect effect, String arguments) {
    return starter.explain(call("bot", tool(tool, effect), arguments));
  }

  @ParameterizedTest
  @Tag("B17")
  @CsvSource({"search", "pay_report", "list_deletions"})
  void whatOnlyReadsPasses(String tool) {
    Judgement judgement =
        judged(tool, Effect.READ_ONLY, "{\"amount\":99999,\"for\":\"delete production\"}");

    assertThat(judgement.outcome()).isInstanceOf(PolicyOutcome.Allow.class);
  }

  @ParameterizedTest
  @Tag("B17")
  @Tag("B7")
  @CsvSource(
      delimiter = '|',
      value = {
        "note       | AT_MOST_ONCE  | {'text':'hello'}                 | MEDIUM",
        "note       | IDEMPOTENT    | {'amount':1000}                  | MEDIUM",
        "book       | AT_MOST_ONCE  | {'amount':1000.01}               | HIGH",
        "book       | TRANSACTIONAL | {'total':9007199254740993}       | HIGH",
        "sql        | AT_MOST_ONCE  | {'q':['Drop Table users']}       | HIGH",
        "shell      | AT_MOST_ONCE  | {'at':{'host':'prod-7'}}         | HIGH",
        "bank/pay   | AT_MOST_ONCE  | {}                               | HIGH",
        "k8s_deploy | IDEMPOTENT    | {}                               | HIGH"
      })
  void whatChangesSomethingAsksByItsRisk(String tool, Effect effect, String arguments, Risk risk) {
    Judgement judgement = judged(tool, effect, arguments.replace('\'', '"'));

    assertThat(judgement.risk()).isEqualTo(risk);
    assertThat(judgement.outcome())
        .isInstanceOfSatisfying(
            PolicyOutcome.Require.class,
            require -> assertThat(require.terms().risk()).isEqualTo(risk));
  }

  @Test
  @Tag("B17")
  void anAmountOfAnotherTypeIsAskedAboutAsOfHighRisk() {
    Judgement judgement = judged("book", Effect.AT_MOST_ONCE, "{\"amount\":true}");

    assertThat(judgement.risk()).isEqualTo(Risk.HIGH);
    assertThat(judgement.outcome()).isInstanceOf(PolicyOutcome.Require.class);
  }
}
