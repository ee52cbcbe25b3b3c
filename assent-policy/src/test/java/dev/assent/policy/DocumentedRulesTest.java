package dev.assent.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/policy.md shows can be used as it stands. */
class DocumentedRulesTest {
  private static final Path DOCS = Path.of("..", "docs");

  private static List<String> blocks(String file) throws IOException {
    return Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(DOCS.resolve(file)))
        .results()
        .map((MatchResult found) -> found.group(1))
        .toList();
  }

  @Test
  void theExampleAndItsRecordedCallFitTogether() throws IOException {
    List<String> blocks = blocks("policy.md");

    PolicyTrial trial =
        PolicyTrial.of(
            RulePolicy.parse("policy.md", blocks.getFirst()),
            RecordedCalls.parse("policy.md", blocks.get(1)));

    assertThat(trial.failures()).isEmpty();
    assertThat(trial.neverFired()).containsExactly("reading", "small-payments", "no-casinos");
  }
}
