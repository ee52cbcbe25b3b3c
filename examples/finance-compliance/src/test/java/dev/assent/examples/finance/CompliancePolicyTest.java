package dev.assent.examples.finance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Risk;
import dev.assent.core.RunId;
import dev.assent.core.ToolSpec;
import dev.assent.core.spi.Policy;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompliancePolicyTest {
  @TempDir Path folder;
  private final CompliancePolicy policy = CompliancePolicy.standard();

  private PolicyOutcome judge(JsonObject arguments) {
    ToolSpec tool =
        FinanceBot.agent(folder, new DemoModel()).tool(PaymentTools.PAY).orElseThrow().spec();
    return policy.judge(
        new Policy.Question(FinanceBot.NAME, tool, arguments, new RunId("r"), "s", "ada"));
  }

  private PolicyOutcome judge(long cents, String vendor, String memo) {
    return judge(new Transaction("INV-1", cents, vendor, memo).arguments());
  }

  private ApprovalTerms terms(long cents, String vendor, String memo) {
    return ((PolicyOutcome.Require) judge(cents, vendor, memo)).terms();
  }

  @ParameterizedTest
  @CsvSource({
    "150000, Unicorn LLC, Quarterly supplies",
    "400000, CyberSins Ltd, Routine payment",
    "999900, Acme Corp, Reimbursement",
    "1000000, Acme Corp, Reimbursement",
    "1, Staples, NDA services"
  })
  void smallFamiliarAndClearOnesPass(long cents, String vendor, String memo) {
    assertThat(judge(cents, vendor, memo)).isInstanceOf(PolicyOutcome.Audit.class);
  }

  @ParameterizedTest
  @CsvSource({
    "1000001, Acme Corp, Reimbursement, 'amount over 10,000 dollars'",
    "1200000, Acme Corp, Reimbursement, 'amount over 10,000 dollars'",
    "50000, Globex, Reimbursement, unusual vendor",
    "50000, acme corp, Reimbursement, unusual vendor",
    "50000, \u0410cme Corp, Reimbursement, unusual vendor",
    "50000, Acme Corp, Confidential, vague memo",
    "50000, Acme Corp, ' CONFIDENTIAL ', vague memo",
    "50000, Acme Corp, '', vague memo",
    "50000, Acme Corp, 'Reim\u202Ebursement', hidden characters in the memo",
    "50000, Acme Corp, 'Confi\u200Bdential', 'vague memo, hidden characters in the memo'",
    "2300000, Globex, Urgent request, 'amount over 10,000 dollars, unusual vendor, vague memo'"
  })
  void othersAskAndSayWhichRuleAsks(long cents, String vendor, String memo, String rule) {
    assertThat(terms(cents, vendor, memo).rule()).isEqualTo(rule);
    assertThat(terms(cents, vendor, memo).summary())
        .isEqualTo("Pay {amount_cents} cents to {vendor}");
  }

  @Test
  void onlyVeryHighAmountsAreHighRisk() {
    assertThat(terms(2_300_000, "Acme Corp", "Reimbursement").risk()).isEqualTo(Risk.MEDIUM);
    assertThat(terms(10_000_000, "Acme Corp", "Reimbursement").risk()).isEqualTo(Risk.MEDIUM);
    assertThat(terms(10_000_001, "Acme Corp", "Reimbursement").risk()).isEqualTo(Risk.HIGH);
  }

  @Test
  void amountsOfAnySizeAreCompared() {
    JsonObject arguments = new Transaction("INV-1", 1, "Acme Corp", "Reimbursement").arguments();

    assertThat(judge(arguments.with("amount_cents", Json.parse("1e30"))))
        .isInstanceOf(PolicyOutcome.Require.class);
    assertThat(judge(arguments.with("amount_cents", Json.parse("0"))))
        .isInstanceOf(PolicyOutcome.Deny.class);
    assertThat(judge(arguments.with("amount_cents", Json.parse("-5000000"))))
        .isInstanceOf(PolicyOutcome.Deny.class);
  }
}
