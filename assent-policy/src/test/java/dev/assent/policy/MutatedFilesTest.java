package dev.assent.policy;

import static dev.assent.policy.TestingCalls.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.PolicyOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Files that somebody's hand or disk has spoilt are used whole, or refused by name. */
class MutatedFilesTest {
  private static final int CASES = 4_000;
  private static final List<String> PIECES =
      List.of(
          "",
          " ",
          "  ",
          "-",
          "- ",
          ":",
          ": ",
          "[",
          "]",
          "{",
          "}",
          "'",
          "\"",
          "|",
          ">",
          "&a",
          "*a",
          "#",
          "!!int",
          "null",
          "~",
          "true",
          "0",
          "-1",
          "1e999",
          "0x1F",
          "\t",
          "\0",
          "\uFEFF",
          "…",
          "then",
          "when",
          "rules",
          "require",
          "approvers",
          "allow",
          "(((((",
          "a.b",
          "\n",
          "---\n",
          "? ",
          "<<: *a",
          "%YAML 9.9\n",
          "999999999999999999999");

  @Test
  @Tag("X54")
  void noFileIsHalfUsedAndNoneBreaksTheReader() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int used = 0;
    for (int i = 0; i < CASES; i++) {
      String text = mutated(StarterPolicy.text(), random);
      try {
        RulePolicy policy = RulePolicy.parse("mutated.yaml", text);
        PolicyOutcome outcome = policy.judge(call("delete", "{\"amount\":5000}"));
        assertThat(outcome).isNotNull();
        used++;
      } catch (PolicyException refused) {
        assertThat(refused.problems()).as("seed %d, case %d:%n%s", seed, i, text).isNotEmpty();
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("seed " + seed + ", case " + i + ":\n" + text, e);
      }
    }
    assertThat(used).as("seed %d", seed).isBetween(1, CASES - 1);
  }

  @Test
  void aNumberTooLargeIsRefusedInWords() {
    String text =
        """
        assent: policy/1
        name: large
        version: 1
        default-approvers: 1 of role approver
        otherwise: ask
        rules:
          - id: large
            when: 1e999 > 0.0
            then: allow
        """;

    assertThatThrownBy(() -> RulePolicy.parse("large.yaml", text))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("cannot be kept exactly");
  }

  private static String mutated(String text, Random random) {
    String changed = text;
    for (int i = 0; i <= random.nextInt(3); i++) {
      changed =
          switch (random.nextInt(3)) {
            case 0 -> inserted(changed, random);
            case 1 -> cut(changed, random);
            default -> swapped(changed, random);
          };
    }
    return changed;
  }

  private static String inserted(String text, Random random) {
    int at = random.nextInt(text.length() + 1);
    return text.substring(0, at) + PIECES.get(random.nextInt(PIECES.size())) + text.substring(at);
  }

  private static String cut(String text, Random random) {
    if (text.isEmpty()) {
      return text;
    }
    int from = random.nextInt(text.length());
    int to = Math.min(text.length(), from + 1 + random.nextInt(20));
    return text.substring(0, from) + text.substring(to);
  }

  private static String swapped(String text, Random random) {
    List<String> lines = new ArrayList<>(text.lines().toList());
    if (lines.size() < 2) {
      return text;
    }
    int a = random.nextInt(lines.size());
    int b = random.nextInt(lines.size());
    String kept = lines.get(a);
    lines.set(a, lines.get(b));
    lines.set(b, kept);
    return String.join("\n", lines) + "\n";
  }
}
