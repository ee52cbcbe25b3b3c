package dev.assent.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.Threshold;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
            RecordedCalls.parse("policy.md", blocks.getLast()));

    assertThat(trial.failures()).isEmpty();
    assertThat(trial.neverFired()).containsExactly("reading", "small-payments", "no-casinos");
  }

  @Test
  void theExampleOfGroupsIsRead() throws IOException {
    String approvers = blocks("policy.md").get(1).replaceAll("(?m)^approvers:|^  ", "");
    RulePolicy policy =
        RulePolicy.parse(
            "policy.md",
            TestingCalls.file("change-approvers:\n" + approvers.replaceAll("(?m)^", "  ")));

    assertThat(policy.changeApprovers())
        .extracting(Threshold::inWords)
        .containsExactly(
            "either (2 of role finance with role senior, 2 denials reject)"
                + " or (role cfo without role trader)",
            "role security");
  }

  /** What the reader says it knows, where it finds something else. */
  private static Set<String> known(String text, String where) {
    PolicyException refused =
        catchThrowableOfType(PolicyException.class, () -> RulePolicy.parse("p.yaml", text));
    return refused.problems().stream()
        .map(Problem::text)
        .filter(problem -> problem.contains("; " + where + " may have "))
        .map(problem -> problem.substring(problem.indexOf(" may have ") + 10))
        .flatMap(names -> Set.of(names.split(", ")).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> keys(Json schema, String... path) {
    JsonObject at = (JsonObject) schema;
    for (String name : path) {
      at = at.object(name);
    }
    return new TreeSet<>(at.object("properties").members().keySet());
  }

  @Test
  void theSchemaForEditorsKnowsTheKeysThatTheReaderKnows() throws IOException {
    Json schema = Json.parse(Files.readAllBytes(DOCS.resolve("policy.schema.json")));
    JsonObject required =
        (JsonObject)
            ((JsonObject) schema).object("$defs").object("then").array("oneOf").elements().get(2);

    assertThat(known(TestingCalls.file("zzzzzzzz: 1\n"), "the file")).isEqualTo(keys(schema));
    assertThat(known(TestingCalls.file("rules: [{zzzzzzzz: 1}]\n"), "a rule"))
        .isEqualTo(keys(schema, "properties", "rules", "items"));
    assertThat(known(TestingCalls.file("risk: [{zzzzzzzz: 1}]\n"), "a rule of risk"))
        .isEqualTo(keys(schema, "properties", "risk", "items"));
    assertThat(
            known(
                TestingCalls.file("rules: [{id: a, then: {require: {zzzzzzzz: 1}}}]\n"),
                "'require'"))
        .isEqualTo(keys(required, "properties", "require"));
  }
}
