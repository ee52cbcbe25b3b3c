package dev.assent.policy;

import static dev.assent.policy.TestingCalls.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.PolicyOutcome;
import dev.assent.core.Threshold;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Generated files of rules against an oracle that knows no index, no CEL and no joining. */
class StrictestWinsTest {
  private static final List<String> TOOLS = List.of("pay", "bank/pay", "mail", "bank/list");
  private static final List<String> PATTERNS =
      List.of("pay", "bank/*", "*", "*pay", "mail", "b*/p*");
  private static final List<String> AGENTS = List.of("payer", "clerk");
  private static final List<String> WORDS = List.of("allow", "audit", "ask", "deny", "require");
  private static final int FILES = 400;
  private static final int CALLS = 25;

  /** A rule as the oracle knows it: holds above {@code limit}; -1 always, -2 never to be told. */
  private record Plain(String id, List<String> tools, String agent, int limit, String then) {
    String yaml() {
      String when =
          limit == -1 ? "true" : limit == -2 ? "arguments.none > 1" : "arguments.n > " + limit;
      String consequence =
          switch (then) {
            case "deny" -> "{deny: no " + id + "}";
            case "require" -> "{require: {approvers: 2 of role " + id + "}}";
            default -> then;
          };
      return """
            - id: %s
              tools: [%s]
              %s
              when: %s
              then: %s
          """
          .formatted(
              id,
              String.join(", ", tools.stream().map(tool -> '"' + tool + '"').toList()),
              agent.isEmpty() ? "" : "agents: " + agent,
              when,
              consequence);
    }

    boolean covers(String calling, String tool) {
      return (agent.isEmpty() || agent.equals(calling))
          && tools.stream().anyMatch(each -> Pattern.matches(each.replace("*", ".*"), tool));
    }
  }

  /** What the oracle expects. */
  private record Expected(String word, Set<String> roles, Set<String> reasons) {}

  @Test
  @Tag("X70")
  void strictestWinsWhateverTheOrder() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < FILES; i++) {
      List<Plain> rules = new ArrayList<>();
      int count = random.nextInt(9);
      for (int r = 0; r < count; r++) {
        rules.add(rule("r" + r, random));
      }
      String otherwise = random.nextBoolean() ? "allow" : "ask";
      RulePolicy policy = RulePolicy.parse("generated.yaml", file(rules, otherwise));
      for (int c = 0; c < CALLS; c++) {
        String agent = AGENTS.get(random.nextInt(AGENTS.size()));
        String tool = TOOLS.get(random.nextInt(TOOLS.size()));
        int n = random.nextInt(5);

        PolicyOutcome outcome = policy.judge(call(agent, tool, "{\"n\":" + n + "}"));

        assertThat(seen(outcome))
            .as("seed %d, file %d: %s %s n=%d of %s", seed, i, agent, tool, n, rules)
            .isEqualTo(expected(rules, otherwise, agent, tool, n));
      }
    }
  }

  private static Plain rule(String id, Random random) {
    List<String> tools = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(2); i++) {
      tools.add(PATTERNS.get(random.nextInt(PATTERNS.size())));
    }
    String agent = random.nextInt(3) == 0 ? AGENTS.get(random.nextInt(AGENTS.size())) : "";
    int limit = random.nextInt(8) == 0 ? -2 : random.nextInt(5) - 1;
    return new Plain(id, tools, agent, limit, WORDS.get(random.nextInt(WORDS.size())));
  }

  private static String file(List<Plain> rules, String otherwise) {
    StringBuilder text =
        new StringBuilder(
            """
            assent: policy/1
            name: generated
            version: 1
            default-approvers: 1 of role default
            """);
    text.append("otherwise: ").append(otherwise).append('\n');
    text.append(rules.isEmpty() ? "rules: []\n" : "rules:\n");
    rules.forEach(rule -> text.append(rule.yaml()));
    return text.toString();
  }

  private static Expected expected(
      List<Plain> rules, String otherwise, String agent, String tool, int n) {
    Set<String> roles = new TreeSet<>();
    Set<String> reasons = new TreeSet<>();
    boolean audited = false;
    boolean fits = false;
    for (Plain rule : rules) {
      if (!rule.covers(agent, tool)) {
        continue;
      }
      if (rule.limit() == -2) {
        roles.add("default");
        fits = true;
      } else if (n > rule.limit()) {
        fits = true;
        audited |= rule.then().equals("audit");
        if (rule.then().equals("ask")) {
          roles.add("default");
        } else if (rule.then().equals("require")) {
          roles.add(rule.id());
        } else if (rule.then().equals("deny")) {
          reasons.add("no " + rule.id());
        }
      }
    }
    if (!fits && otherwise.equals("ask")) {
      roles.add("default");
    }
    if (!reasons.isEmpty()) {
      return new Expected("deny", Set.of(), reasons);
    }
    return roles.isEmpty()
        ? new Expected(audited ? "audit" : "allow", Set.of(), Set.of())
        : new Expected("require", roles, Set.of());
  }

  private static Expected seen(PolicyOutcome outcome) {
    Set<String> roles = new TreeSet<>();
    Set<String> reasons = new TreeSet<>();
    if (outcome instanceof PolicyOutcome.Require require) {
      require.terms().thresholds().stream().map(Threshold::roles).forEach(roles::addAll);
    }
    if (outcome instanceof PolicyOutcome.Deny deny) {
      Pattern.compile("no r[0-9]")
          .matcher(deny.reason())
          .results()
          .forEach(each -> reasons.add(each.group()));
    }
    return new Expected(Judgement.word(outcome), roles, reasons);
  }
}
