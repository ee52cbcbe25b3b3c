package dev.assent.policy;

import dev.assent.core.Effect;
import dev.assent.core.Json;
import dev.assent.core.RunId;
import dev.assent.core.ToolSpec;
import dev.assent.core.spi.Policy;
import java.time.Duration;
import java.util.List;

/** Calls to judge. */
final class TestingCalls {
  private TestingCalls() {}

  static ToolSpec tool(String name, Effect effect) {
    return new ToolSpec(
        ToolSpec.OWN_CODE,
        name,
        "1",
        "",
        Json.parse("{\"type\":\"object\"}"),
        effect,
        null,
        false,
        Duration.ofSeconds(5),
        List.of());
  }

  static Policy.Question call(String tool, String arguments) {
    return call("payer", tool, arguments);
  }

  static Policy.Question call(String agent, String tool, String arguments) {
    return call(agent, tool(tool, Effect.AT_MOST_ONCE), arguments);
  }

  static Policy.Question call(String agent, ToolSpec tool, String arguments) {
    return new Policy.Question(agent, tool, Json.parse(arguments), new RunId("r1"), "s1", "mia");
  }

  /** A whole file around these rules. */
  static RulePolicy rules(String rules) {
    return RulePolicy.parse("test.yaml", file(rules));
  }

  static String file(String rules) {
    return """
        assent: policy/1
        name: finance
        version: 7
        default-approvers: 1 of role approver
        otherwise: allow
        """
        + rules;
  }

  /** One rule on every call, with this condition, that denies. */
  static RulePolicy denying(String condition) {
    return rules(
        "rules:\n  - id: only\n    when: |\n      " + condition + "\n    then: {deny: it fits}\n");
  }
}
