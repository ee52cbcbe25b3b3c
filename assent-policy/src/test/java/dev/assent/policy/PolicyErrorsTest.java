package dev.assent.policy;

import static dev.assent.policy.TestingCalls.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file that cannot be used says where, and what to do. */
class PolicyErrorsTest {
  @TempDir Path folder = Path.of("");

  private static List<String> problems(String text) {
    PolicyException refused =
        catchThrowableOfType(PolicyException.class, () -> RulePolicy.parse("rules.yaml", text));
    assertThat(refused).as("it was read").isNotNull();
    return refused.problems().stream().map(Problem::toString).toList();
  }

  @Test
  @Tag("X54")
  void everythingThatIsWrongIsNamedAtOnce() {
    String text =
        """
        assent: policy/1
        name: Finance
        version: seven
        default-approvers: role approver
        otherwise: permit
        colour: blue
        rules:
          - id: large
            tool: pay
            when: arguments.amount > "ten" && tool.nmae == "x"
            then: {require: {approvers: [], deadlin: 2h}}
          - id: large
            when: |
              true &&
              agent.name == 5
            then: allow
          - then: deny
        """;

    assertThat(problems(text))
        .containsExactly(
            "rules.yaml:2: a name has small letters, digits and . _ - only, at most 64",
            "rules.yaml:3: a version is a whole number from 1 on; raise it with each change",
            "rules.yaml:5: 'otherwise' is allow, audit, ask, {deny: why} or {require: {…}}, not"
                + " 'permit'",
            "rules.yaml:6: 'colour' is unknown here; the file may have assent, business-hours,"
                + " change-approvers, default-approvers, name, otherwise, risk, rules, version",
            "rules.yaml:9: rule large: 'tool' is unknown here; did you mean 'tools'?",
            "rules.yaml:10: rule large: the condition is wrong at letter 29 of `arguments.amount >"
                + " \"ten\" && tool.nmae == \"x\"`: undeclared reference to 'tool'; a tool has"
                + " tool.name, tool.owner, tool.version and tool.effect",
            "rules.yaml:11: rule large: 'approvers' is an empty list; leave it out, or say what is"
                + " in it",
            "rules.yaml:11: rule large: 'deadlin' is unknown here; did you mean 'deadline'?",
            "rules.yaml:12: the id 'large' is taken; choose another",
            "rules.yaml:15: rule large: the condition is wrong at letter 12 of `true &&\nagent.name"
                + " == 5`: found no matching overload for '_==_' applied to '(string, int)'"
                + " (candidates: (%A0, %A0))",
            "rules.yaml:17: a rule needs 'id', for example 'id: large-payment'",
            "rules.yaml:17: a denial has a reason, which the model reads: '{deny: why}'");
  }

  @Test
  @Tag("X36")
  void withoutDefaultApproversItIsRefused() {
    String text =
        """
        assent: policy/1
        name: a
        version: 1
        otherwise: allow
        """;

    assertThat(problems(text))
        .singleElement()
        .asString()
        .startsWith("rules.yaml:1: nobody is named under 'default-approvers'");
  }

  @ParameterizedTest
  @Tag("X36")
  @CsvSource(
      delimiter = '|',
      value = {
        "[]                        | is an empty list",
        "''''''                    | says who approves",
        "0 of role finance         | at least 1 approval is needed",
        "2 of person mia           | 2 people are needed, but only 1 named",
        "{approvals: 2}            | nobody is named",
        "{roles: []}               | is an empty list",
        "finance                   | names nobody",
        "role a or b               | names nobody",
        "{roles: a, denials: 0}    | is a whole number from 1 on",
        "{roles: a, with: b, without: b} | nobody is both with and without",
        "role a with role b without role b | nobody is both with and without",
        "{any-of: [role a]}        | one group alone is no choice",
        "{any-of: [role a, role b], approvals: 2} | is unknown here",
        "{any-of: []}              | is an empty list",
        "{any-of: [role a, nobody]} | names nobody"
      })
  void approversThatNobodyIsOrEverybodyAreRefused(String approvers, String says) {
    String rules = "rules: [{id: r, then: {require: {approvers: " + approvers.strip() + "}}}]\n";

    assertThat(problems(file(rules))).anyMatch(each -> each.contains(says));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{zone: Berlin, from: 09:00, to: 17:00}                  | no time zone",
        "{zone: UTC, from: 17:00, to: 09:00}                     | end after they begin",
        "{zone: UTC, from: 9 am, to: 17:00}                      | no time of day",
        "{zone: UTC, from: 09:00, to: 17:00, days: [monday]}     | is no day",
        "{zone: UTC, from: 09:00, to: 17:00, holidays: [easter]} | no date",
        "{zone: UTC, from: 09:00}                                | 'to'"
      })
  void hoursThatNobodyKeepsAreRefused(String hours, String says) {
    assertThat(problems(file("business-hours: " + hours.strip() + "\n")))
        .anyMatch(each -> each.contains(says));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "escalate: {}        | escalation by another key than 'escalation' is not done",
        "escalation: role head | add a 'deadline', or say 'after'",
        "'deadline: 8h, escalation: [{to: role head, after: 9h}]' | reaches nobody",
        "'deadline: 8h, escalation: [{to: role head, after: 2h}, role cfo]' | all rungs",
        "'deadline: 8h, escalation: [{to: role head, after: soon}]' | is a time such as 30m",
        "'deadline: 8h, escalation: [{after: 2h}]' | a rung names 'to' whom",
        "'deadline: 8h, escalation: head' | names nobody",
        "'deadline: 8h, escalation: {any-of: [role head, role cfo]}' | one group, without 'any-of'",
        "'deadline: 8h, escalation: [{to: [role a, role b]}]' | a rung is one group",
        "'deadline: 8h, escalation: []' | is an empty list",
        "'deadline: 8h, escalation: [{to: role head, afer: 2h}]' | did you mean 'after'",
        "undo: soon          | is a time such as 30m",
        "'undo: 2h, use-by: 1h' | the approval is too old before its 'undo' is over",
        "count: weekdays     | is always or business-hours",
        "count: business-hours | the file names no 'business-hours'",
        "reasons: maybe      | says for what one is given, not 'maybe'",
        "'reasons: {}'       | asks for none",
        "'reasons: {approve: [required, fraud]}' | stands alone",
        "'reasons: {reject: [Fraud]}' | is a code of small letters",
        "'reasons: {reject: [a, a]}' | stands here twice",
        "'reasons: {reject: []}' | is an empty list",
        "'reasons: {rejects: a}' | did you mean 'reject'",
        "business-hours: x   | unknown",
        "on-expiry: approve  | nothing is ever approved by time",
        "on-expiry: keep     | nothing expires without a",
        "deadline: soon      | is a time such as 30m",
        "deadline: -5m       | is a time such as 30m",
        "use-by: 0s          | is a time such as 30m",
        "'deadline: 1h, remind-after: 2h' | a reminder after the deadline",
        "risk: extreme       | is low, medium or high",
        "message: [a]        | must be a text"
      })
  void whatNothingWouldDoIsRefused(String term, String says) {
    String rules = "rules: [{id: r, then: {require: {approvers: role a, " + term.strip() + "}}}]\n";

    assertThat(problems(file(rules))).anyMatch(each -> each.contains(says));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "budget > 5                            | budgets do not exist yet",
        "arguments.a / 2 > 1                   | division rounds and is left out",
        "arguments.a.matches('(')              | the pattern is wrong",
        "arguments.size()                      | expected type 'bool' but found 'int'",
        "arguments.a >                         | mismatched input"
      })
  void aConditionThatIsWrongSaysWhy(String condition, String says) {
    String rules = "rules:\n  - id: r\n    then: allow\n    when: |\n      " + condition + "\n";

    assertThat(problems(file(rules)))
        .singleElement()
        .asString()
        .startsWith("rules.yaml:10: rule r: ")
        .contains(says);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'a: [1'            | rules.yaml:1: this is not YAML",
        "'[]'               | rules.yaml:1: the file must be a mapping",
        "''                 | the file is empty",
        "'assent: policy/2' | this program reads 'assent: policy/1'"
      })
  void whatIsNoPolicyIsRefused(String text, String says) {
    assertThat(problems(text)).anyMatch(each -> each.contains(says));
  }

  @Test
  void aKeyThatStandsTwiceIsRefused() {
    assertThat(problems(file("otherwise: ask\n")))
        .containsExactly("rules.yaml:6: 'otherwise' stands here twice; remove one");
  }

  @Test
  @Tag("X54")
  void aFileThatCannotBeReadIsRefused() throws IOException {
    Path missing = folder.resolve("missing.yaml");
    Path binary = Files.write(folder.resolve("binary.yaml"), new byte[] {(byte) 0xff, 0});

    assertThatThrownBy(() -> RulePolicy.load(missing))
        .hasMessageContaining("missing.yaml:1: the file cannot be read");
    assertThatThrownBy(() -> RulePolicy.load(binary)).hasMessageContaining("not UTF-8");
  }
}
