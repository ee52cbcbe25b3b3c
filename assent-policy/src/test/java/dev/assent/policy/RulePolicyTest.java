package dev.assent.policy;

import static dev.assent.policy.TestingCalls.call;
import static dev.assent.policy.TestingCalls.rules;
import static dev.assent.policy.TestingCalls.tool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Effect;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Principal;
import dev.assent.core.Reasons;
import dev.assent.core.Risk;
import dev.assent.core.Threshold;
import dev.assent.core.ToolSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What rules say about calls. */
class RulePolicyTest {
  private static final String PAYMENTS =
      """
      rules:
        - id: small
          tools: pay
          when: arguments.amount <= 100
          then: allow
        - id: watched
          tools: [pay, "bank/*"]
          then: audit
        - id: large
          tools: pay
          when: arguments.amount > 10000
          then:
            require:
              approvers: [2 of role finance, person ceo]
              risk: high
              message: Compare it with the invoice.
              summary: Pay {amount} to {vendor}
              deadline: 8h
              remind-after: 1h
              on-expiry: keep
              use-by: 15m
        - id: new-vendor
          tools: pay
          when: '!(arguments.vendor in ["ACME", "Unicorn"])'
          then: {require: {approvers: 1 of role procurement, message: Who is this?, deadline: 2h}}
        - id: frozen
          tools: pay
          when: arguments.vendor == "Mallory"
          then: {deny: This vendor is blocked.}
        - id: also-frozen
          tools: pay
          when: arguments.vendor.startsWith("Mal")
          then: {deny: Ask treasury.}
      """;

  private final RulePolicy policy = rules(PAYMENTS);

  @Test
  @Tag("C18")
  void undoAndBusinessHoursAreThoseOfTheRule() {
    RulePolicy timed =
        rules(
            """
            business-hours: {zone: Europe/Berlin, from: 09:00, to: 17:00, holidays: [2026-12-25]}
            rules:
              - id: mails
                tools: mail
                then: {require: {undo: 10m, deadline: 8h, count: business-hours}}
              - id: more
                tools: mail
                when: has(arguments.cc)
                then: {require: {undo: 5m, deadline: 2h}}
            """);

    ApprovalTerms one = ((PolicyOutcome.Require) timed.judge(call("mail", "{}"))).terms();
    ApprovalTerms both =
        ((PolicyOutcome.Require) timed.judge(call("mail", "{\"cc\":\"x\"}"))).terms();

    // Friday at five, Berlin time
    Instant asked = Instant.parse("2026-11-20T16:00:00Z");
    assertThat(one.undo()).isEqualTo(Duration.ofMinutes(10));
    assertThat(one.after(asked, one.deadline())).isEqualTo("2026-11-23T16:00:00Z");
    assertThat(both.undo()).as("the longer").isEqualTo(Duration.ofMinutes(10));
    assertThat(both.after(asked, both.deadline()))
        .as("the sooner")
        .isEqualTo("2026-11-20T18:00:00Z");
  }

  @Test
  @Tag("C10")
  void theReasonsAreThoseOfAllRulesThatFit() {
    RulePolicy asking =
        rules(
            """
            rules:
              - {id: all, tools: mail, then: {require: {reasons: required}}}
              - id: some
                tools: mail
                when: has(arguments.cc)
                then: {require: {reasons: {reject: [spam, wrong-person]}}}
              - {id: none, tools: pay, then: ask}
            """);

    assertThat(terms(asking, "mail", "{}").reasons()).isEqualTo(Reasons.always());
    assertThat(terms(asking, "mail", "{\"cc\":\"x\"}").reasons())
        .isEqualTo(Reasons.ofRejection("spam", "wrong-person").andOfApproval());
    assertThat(terms(asking, "pay", "{}").reasons()).isNull();
  }

  @Test
  @Tag("C18")
  void theRungsAreThoseOfTheRuleAndTakeNothingFromOtherRules() {
    RulePolicy laddered =
        rules(
            """
            rules:
              - id: spread
                tools: mail
                then: {require: {approvers: role a, deadline: 8h, escalation: [role b, 2 of role c]}}
              - id: timed
                tools: pay
                then:
                  require:
                    approvers: [role a, role d]
                    escalation:
                      - {to: {approvals: 2, roles: [b]}, after: 30m}
                      - {to: person cfo, after: 2d}
              - {id: other, tools: mail, when: has(arguments.cc), then: {require: {approvers: role e}}}
            """);

    assertThat(terms(laddered, "mail", "{}").rungs())
        .containsExactly(
            Threshold.role("b").after(Duration.ofHours(4)),
            new Threshold(2, List.of("c"), List.of()).after(Duration.ofHours(6)));
    assertThat(terms(laddered, "pay", "{}").thresholds())
        .allSatisfy(
            each ->
                assertThat(each.or())
                    .containsExactly(
                        new Threshold(2, List.of("b"), List.of()).after(Duration.ofMinutes(30)),
                        new Threshold(1, List.of(), List.of("cfo")).after(Duration.ofDays(2))))
        .hasSize(2);
    assertThat(terms(laddered, "mail", "{\"cc\":\"x\"}").thresholds().getLast())
        .isEqualTo(Threshold.role("e"));
  }

  private static ApprovalTerms terms(RulePolicy policy, String tool, String arguments) {
    return ((PolicyOutcome.Require) policy.judge(call(tool, arguments))).terms();
  }

  @Nested
  class Outcomes {

    @Test
    @Tag("B7")
    void whatIsAllowedAndWatchedIsInTheAudit() {
      PolicyOutcome outcome = policy.judge(call("pay", "{\"amount\":100,\"vendor\":\"ACME\"}"));

      assertThat(outcome).isEqualTo(new PolicyOutcome.Audit("watched (finance v7)"));
    }

    @Test
    @Tag("X70")
    void groupsAreJoinedByOrAndRulesByAnd() {
      RulePolicy joined =
          rules(
              """
              rules:
                - id: either
                  then:
                    require:
                      approvers:
                        any-of:
                          - {approvals: 2, roles: [finance], with: [senior], denials: 2}
                          - any-of: [role cfo without role trader, 2 of anyone with role board]
                - id: both
                  then: {require: {approvers: role security}}
              """);

      PolicyOutcome.Require outcome = (PolicyOutcome.Require) joined.judge(call("pay", "{}"));

      assertThat(outcome.terms().thresholds())
          .containsExactly(
              Threshold.anyOf(
                  List.of(
                      new Threshold(
                          2,
                          List.of("finance"),
                          List.of(),
                          List.of("senior"),
                          List.of(),
                          2,
                          List.of()),
                      new Threshold(
                          1,
                          List.of("cfo"),
                          List.of(),
                          List.of(),
                          List.of("trader"),
                          null,
                          List.of()),
                      new Threshold(
                          2, List.of(), List.of(), List.of("board"), List.of(), null, List.of()))),
              Threshold.role("security"));
      assertThat(outcome.terms().thresholds().getFirst().inWords())
          .isEqualTo(
              "either (2 of role finance with role senior, 2 denials reject)"
                  + " or (role cfo without role trader) or (2 of anyone with role board)");
    }

    @Test
    void whatNoRuleFitsIsAsTheFileSaysOtherwise() {
      assertThat(policy.judge(call("mail", "{}")))
          .isEqualTo(new PolicyOutcome.Allow("otherwise (finance v7)"));
    }

    @Test
    @Tag("B7")
    void aLargeAmountAsksWithAllThatTheRuleSays() {
      PolicyOutcome outcome = policy.judge(call("pay", "{\"amount\":10001,\"vendor\":\"ACME\"}"));

      assertThat(outcome)
          .isEqualTo(
              new PolicyOutcome.Require(
                  new ApprovalTerms(
                      "large (finance v7)",
                      List.of(
                          new Threshold(2, List.of("finance"), List.of()),
                          new Threshold(1, List.of(), List.of("ceo"))),
                      Risk.HIGH,
                      "Compare it with the invoice.",
                      "Pay {amount} to {vendor}",
                      Duration.ofHours(8),
                      Duration.ofMinutes(15),
                      ApprovalTerms.OnExpiry.KEEP,
                      Duration.ofHours(1))));
    }

    @Test
    @Tag("X70")
    void allRulesThatFitAreJoined() {
      PolicyOutcome outcome = policy.judge(call("pay", "{\"amount\":10001,\"vendor\":\"New\"}"));

      ApprovalTerms terms = ((PolicyOutcome.Require) outcome).terms();
      assertThat(terms.rule()).isEqualTo("large, new-vendor (finance v7)");
      assertThat(terms.thresholds())
          .extracting(Threshold::inWords)
          .containsExactly("2 of role finance", "ceo", "role procurement");
      assertThat(terms.message()).isEqualTo("Compare it with the invoice. Who is this?");
      assertThat(terms.deadline()).isEqualTo(Duration.ofHours(2));
      assertThat(terms.onExpiry()).isEqualTo(ApprovalTerms.OnExpiry.REJECT);
    }

    @Test
    @Tag("B7")
    void aDenialWinsAndTellsEveryReason() {
      PolicyOutcome outcome =
          policy.judge(call("pay", "{\"amount\":99999,\"vendor\":\"Mallory\"}"));

      assertThat(outcome)
          .isEqualTo(
              new PolicyOutcome.Deny(
                  "frozen, also-frozen (finance v7)", "This vendor is blocked. Ask treasury."));
    }

    @Test
    void patternsOfNamesFit() {
      assertThat(policy.judge(call("bank/transfer", "{}"))).isInstanceOf(PolicyOutcome.Audit.class);
      assertThat(policy.judge(call("bankrupt", "{}"))).isInstanceOf(PolicyOutcome.Allow.class);
    }

    @Test
    void aRuleForAnAgentIsForThatAgentOnly() {
      RulePolicy bots = rules("rules: [{id: bots, agents: 'bot-*', then: {deny: No bots.}}]");

      assertThat(bots.judge(call("bot-1", "pay", "{}"))).isInstanceOf(PolicyOutcome.Deny.class);
      assertThat(bots.judge(call("robot-1", "pay", "{}"))).isInstanceOf(PolicyOutcome.Allow.class);
    }

    @Test
    @Tag("C15")
    void theRequestersRolesAreAskedOfTheDirectory() {
      RulePolicy policy =
          rules(
                  "rules:\n"
                      + "  - id: outsiders\n"
                      + "    when: '!(\"trader\" in requester.roles)'\n"
                      + "    then: {require: {approvers: 1 of role admin}}\n")
              .with(id -> Optional.of(Principal.person(id, "mia".equals(id) ? "trader" : "guest")));

      assertThat(policy.judge(call("pay", "{}"))).isInstanceOf(PolicyOutcome.Allow.class);
    }
  }

  @Nested
  class RiskClasses {
    private final RulePolicy tiers =
        rules(
            """
            risk:
              - id: destructive
                when: mentions(arguments, ["drop", "delete", "rm -rf"])
                class: high
              - id: looking
                tools: ["*_read", search]
                class: low
            rules:
              - id: low-passes
                when: risk == LOW
                then: audit
              - id: medium-asks
                when: risk >= MEDIUM
                then: ask
              - id: high-needs-two
                when: risk == HIGH
                then: {require: {approvers: 2 of role operations}}
            """);

    @Test
    @Tag("B7")
    void keywordsAnywhereInTheArgumentsRaiseTheRisk() {
      Judgement judgement =
          tiers.explain(call("shell", "{\"lines\":[{\"run\":\"please D\\u200bROP table x\"}]}"));

      assertThat(judgement.risk()).isEqualTo(Risk.HIGH);
      assertThat(judgement.rules()).containsExactly("destructive", "medium-asks", "high-needs-two");
      ApprovalTerms terms = ((PolicyOutcome.Require) judgement.outcome()).terms();
      assertThat(terms.risk()).isEqualTo(Risk.HIGH);
      assertThat(terms.thresholds()).hasSize(2);
    }

    @Test
    @Tag("B7")
    @Tag("B17")
    void whatOnlyReadsIsOfLowRiskAndPassesMarked() {
      ToolSpec search = tool("search", Effect.READ_ONLY);

      assertThat(tiers.judge(call("payer", search, "{\"for\":\"invoices\"}")))
          .isEqualTo(new PolicyOutcome.Audit("low-passes (finance v7)"));
    }

    @Test
    void aRuleNeverMakesTheRiskLessThanTheToolSays() {
      ToolSpec wipe =
          tool("disk_read", Effect.AT_MOST_ONCE)
              .withRules(
                  List.of(
                      new PolicyOutcome.Require(
                          new ApprovalTerms(
                              "tool",
                              List.of(Threshold.anyone()),
                              Risk.HIGH,
                              "",
                              null,
                              null,
                              null,
                              ApprovalTerms.OnExpiry.REJECT))));

      assertThat(tiers.explain(call("payer", wipe, "{}")).risk()).isEqualTo(Risk.HIGH);
    }

    @Test
    @Tag("B18")
    void theRiskOfTheCallIsTheRiskOfItsApproval() {
      PolicyOutcome outcome = tiers.judge(call("shell", "{\"run\":\"delete x\"}"));

      assertThat(((PolicyOutcome.Require) outcome).terms().risk()).isEqualTo(Risk.HIGH);
    }
  }

  @Nested
  class Failures {

    @Test
    @Tag("X27")
    void aMissingFieldAsksTheDefaultApprovers() {
      PolicyOutcome outcome = policy.judge(call("pay", "{\"vendor\":\"ACME\"}"));

      ApprovalTerms terms = ((PolicyOutcome.Require) outcome).terms();
      assertThat(terms.rule())
          .isEqualTo(
              "small cannot be told, a field is missing, large cannot be told, a field is missing"
                  + " (finance v7)");
      assertThat(terms.thresholds())
          .containsExactly(new Threshold(1, List.of("approver"), List.of()));
    }

    @Test
    @Tag("X27")
    void aValueOfAnotherTypeAsks() {
      PolicyOutcome outcome =
          policy.judge(call("pay", "{\"amount\":\"1000000\",\"vendor\":\"ACME\"}"));

      assertThat(outcome.rule()).contains("large cannot be told, a value is of another type");
    }

    @Test
    @Tag("X27")
    void aRuleOfRiskThatCannotBeToldCountsAndAsks() {
      RulePolicy policy =
          rules("risk: [{id: big, when: arguments.n > 5, class: high}]\nrules: []\n");

      Judgement judgement = policy.explain(call("pay", "{}"));

      assertThat(judgement.risk()).isEqualTo(Risk.HIGH);
      assertThat(judgement.outcome()).isInstanceOf(PolicyOutcome.Require.class);
    }

    @Test
    void aDenialStandsBesideAFailure() {
      PolicyOutcome outcome = policy.judge(call("pay", "{\"vendor\":\"Mallory\"}"));

      assertThat(outcome).isInstanceOf(PolicyOutcome.Deny.class);
    }

    @Test
    void anUnknownRequesterCannotBeTold() {
      RulePolicy policy =
          rules("rules: [{id: r, when: 'requester.roles.size() > 0', then: allow}]");

      assertThat(policy.judge(call("pay", "{}"))).isInstanceOf(PolicyOutcome.Require.class);
    }

    @Test
    void whatWasWrittenIsNotInTheReason() {
      RulePolicy policy =
          rules(
              "rules: [{id: r, when: 'timestamp(arguments.at) < timestamp(\"2030-01-01T00:00:00Z\")', then: allow}]");

      PolicyOutcome outcome = policy.judge(call("pay", "{\"at\":\"s3cret\"}"));

      assertThat(outcome).isInstanceOf(PolicyOutcome.Require.class);
      assertThat(outcome.toString()).doesNotContain("s3cret");
    }

    @Test
    void aFieldThatAPersonFillsInLaterIsReachedBySafeNavigation() {
      RulePolicy safe =
          rules(
              """
              rules:
                - id: own-account
                  when: arguments.?account.orValue("") == "own"
                  then: {deny: Not to yourself.}
                - id: given
                  when: has(arguments.account) && arguments.account.size() < 3
                  then: {deny: No such account.}
              """);

      assertThat(safe.judge(call("pay", "{}"))).isInstanceOf(PolicyOutcome.Allow.class);
      assertThat(safe.judge(call("pay", "{\"account\":\"own\"}")))
          .isInstanceOf(PolicyOutcome.Deny.class);
    }
  }

  @Test
  void firedRulesAreCounted() {
    policy.judge(call("pay", "{\"amount\":5,\"vendor\":\"ACME\"}"));
    policy.judge(call("bank/x", "{}"));

    assertThat(policy.timesFired())
        .containsEntry("watched", 2L)
        .containsEntry("small", 1L)
        .containsEntry("large", 0L);
  }
}
