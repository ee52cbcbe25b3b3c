package dev.assent.policy;

import static dev.assent.policy.TestingCalls.rules;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A policy tried on recorded calls. */
class PolicyTrialTest {
  private final RulePolicy policy =
      rules(
          """
          risk: [{id: big, when: arguments.?amount.orValue(0) > 1000, class: high}]
          rules:
            - {id: looks, when: tool.effect == "READ_ONLY", then: allow}
            - {id: pays, tools: pay, when: '!("chief" in requester.roles)', then: {require: {approvers: [2 of role finance]}}}
            - {id: never, tools: nothing, then: {deny: Never.}}
          """);

  private static List<RecordedCall> calls(String text) {
    return RecordedCalls.parse("calls.yaml", text);
  }

  @Test
  void whatIsAsExpectedIsNoFailure() {
    PolicyTrial trial =
        PolicyTrial.of(
            policy,
            calls(
                """
                calls:
                  - {tool: search, effect: READ_ONLY, expect: allow}
                  - name: a big payment
                    agent: payer
                    tool: pay
                    arguments: {amount: 1000.00000000000000001}
                    expect: {outcome: require, rules: [pays, big], approvers: 2 of role finance, risk: HIGH}
                  - {tool: pay, roles: [chief], expect: allow}
                """));

    assertThat(trial.failures()).isEmpty();
    assertThat(trial.neverFired()).containsExactly("never");
  }

  @Test
  void whatIsNotAsExpectedIsNamedPieceByPiece() {
    PolicyTrial trial =
        PolicyTrial.of(
            policy,
            calls(
                """
                calls:
                  - name: small
                    tool: pay
                    arguments: {amount: 5}
                    expect: {outcome: deny, rules: [never], approvers: [role chief], risk: high}
                """));

    assertThat(trial.failures())
        .singleElement()
        .extracting(PolicyTrial.Result::mismatches)
        .isEqualTo(
            List.of(
                "outcome: expected deny, is require",
                "rules: expected [never], is [pays]",
                "approvers: expected [role chief], is [2 of role finance]",
                "risk: expected HIGH, is MEDIUM"));
  }

  @Test
  void aRuleThatCannotBeToldDoesNotCountAsCovered() {
    RulePolicy picky = rules("rules: [{id: a, when: arguments.x > 1, then: allow}]\n");

    PolicyTrial trial = PolicyTrial.of(picky, calls("calls: [{tool: pay}]"));

    assertThat(trial.neverFired()).containsExactly("a");
  }

  @Test
  @Tag("X48")
  void callsAreReadFromJsonWithTheirExactNumbers() {
    List<RecordedCall> calls =
        calls(
            """
            {"calls": [{"tool": "pay", "arguments":
              {"id": 9007199254740993, "rate": 0.10, "text": "12", "yes": true, "no": null}}]}
            """);

    assertThat(calls.getFirst().arguments().toString())
        .isEqualTo(
            "{\"id\":9007199254740993,\"rate\":0.10,\"text\":\"12\",\"yes\":true,\"no\":null}");
  }

  @Test
  void everyTextThatJsonCanHoldIsRead() {
    String text = "\\u0000 \\ud83d\\ude00 \u0085 \uFEFF";

    List<RecordedCall> calls =
        calls("{\"calls\":[{\"tool\":\"pay\",\"arguments\":{\"t\":\"" + text + "\"}}]}");

    assertThat(calls.getFirst().arguments().string("t")).isEqualTo("\0 \uD83D\uDE00 \u0085 \uFEFF");
  }

  @Test
  void aFileOfCallsThatCannotBeUsedSaysWhere() {
    PolicyException refused =
        catchThrowableOfType(
            PolicyException.class,
            () ->
                calls(
                    "calls:\n  - {agent: a, expect: maybe, argument: {}}\n  - {tool: b, effect: NONE, arguments: 5}\n"));

    assertThat(refused.problems())
        .extracting(Problem::toString)
        .containsExactly(
            "calls.yaml:2: a call needs 'tool', for example 'tool: pay'",
            "calls.yaml:2: 'expect' is allow, audit, deny or require",
            "calls.yaml:2: 'argument' is unknown here; did you mean 'arguments'?",
            "calls.yaml:3: 'effect' is one of [READ_ONLY, IDEMPOTENT, TRANSACTIONAL, AT_MOST_ONCE]",
            "calls.yaml:3: 'arguments' must be a mapping");
  }
}
