package dev.assent.policy;

import static dev.assent.policy.TestingCalls.call;
import static dev.assent.policy.TestingCalls.denying;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.PolicyOutcome;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No condition and no argument keeps the rules busy. */
@Timeout(30)
class BoundsTest {

  @Test
  void argumentsThatAreTooLargeAreAskedAbout() {
    PolicyOutcome outcome =
        denying("arguments.text.contains(\"x\")")
            .judge(call("mail", "{\"text\":\"" + "a".repeat(Work.MOST_TEXT + 1) + "\"}"));

    assertThat(outcome.rule()).contains("only cannot be told, there is too much to look at");
  }

  @Test
  void rulesThatDoNotLookAtLargeArgumentsStillHold() {
    assertThat(
            denying("tool.name == \"mail\"")
                .judge(call("mail", "{\"text\":\"" + "a".repeat(Work.MOST_TEXT + 1) + "\"}")))
        .isInstanceOf(PolicyOutcome.Deny.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arguments.list.all(a, arguments.list.all(b, arguments.list.all(c, a + b + c > 0)))",
        "arguments.list.all(a, arguments.text.matches(\"(a*)*b|(a|aa)+$\") || true)",
        "arguments.list.all(a, mentions(arguments, [\"b\"]) || true)"
      })
  void workWithoutEndIsGivenUp(String condition) {
    String list =
        IntStream.range(1, 900).mapToObj(String::valueOf).collect(Collectors.joining(","));
    String arguments = "{\"list\":[" + list + "],\"text\":\"" + "a".repeat(90_000) + "\"}";

    PolicyOutcome outcome = denying(condition).judge(call("mail", arguments));

    assertThat(outcome).isInstanceOf(PolicyOutcome.Require.class);
    assertThat(outcome.rule()).contains("there is too much to look at");
  }

  @Test
  void doublingDoesNotExplode() {
    String doubled = ".map(x, x + x)".repeat(25);

    assertThat(
            denying("[arguments.text]" + doubled + "[0].size() > 0")
                .judge(call("m", "{\"text\":\"ab\"}"))
                .rule())
        .contains("there is too much to look at");
    assertThat(
            denying("[arguments.list]" + doubled + "[0].size() > 0")
                .judge(call("m", "{\"list\":[1]}"))
                .rule())
        .contains("there is too much to look at");
  }

  @Test
  void aPatternFromTheArgumentsIsBounded() {
    String pattern = "(a{50}){50}";

    assertThat(
            denying("\"aaa\".matches(arguments.pattern)")
                .judge(call("m", "{\"pattern\":\"" + pattern + "\"}")))
        .isInstanceOf(PolicyOutcome.Require.class);
  }
}
