package dev.assent.scenarios.coverage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code docs/coverage.md} says what the tests say. {@code -Dassent.coverage=write} writes it anew.
 */
class CoverageTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path PAGE = ROOT.resolve("docs/coverage.md");
  private static final Path FILES = Path.of("src/test/resources/coverage");
  private static final String AGAIN =
      "docs/coverage.md is stale. Write it anew, and look at what changed:\n"
          + "mvn -q -pl assent-scenarios -am test -Dtest=CoverageTest -DskipUi"
          + " -Dsurefire.failIfNoSpecifiedTests=false -Dassent.coverage=write\n";

  @Test
  void thePageSaysWhatTheTestsSay() throws IOException {
    Rows rows = rows();
    TestSources.Found found = TestSources.read(TestSources.below(ROOT), rows.texts().keySet());
    assertThat(found.problems()).isEmpty();
    assertThat(CoveragePage.contradictions(rows, found.namings())).isEmpty();
    assertThat(found.namings()).as("tests are found at all").hasSizeGreaterThan(100);

    String page = CoveragePage.of(rows, found.namings());
    if ("write".equals(System.getProperty("assent.coverage"))) {
      Files.writeString(PAGE, page);
    }
    assertThat(PAGE).as(AGAIN).content().isEqualTo(page);
  }

  @Test
  void noNumberIsLeftOutOfTheRows() throws IOException {
    Map<Character, Integer> last = new java.util.HashMap<>();
    for (String id : rows().texts().keySet()) {
      int number = Integer.parseInt(id.substring(1));
      assertThat(number).as(id).isEqualTo(last.merge(id.charAt(0), 1, Integer::sum));
    }
    assertThat(last).containsOnlyKeys('A', 'B', 'C', 'D', 'X');
  }

  @Test
  void tagsOfTestsAndTheirClassesAreRead() {
    TestSources.Found found =
        read(
            """
            import org.junit.jupiter.api.Tag;
            @Tag("A1") class PayTest {
              static final String C1 = "C1";
              @Nested class Late {
                @Test @Tag("X1") @Tag("X2") void twice() {}
                @ParameterizedTest @org.junit.jupiter.api.Tag(value = "X2") void once() {}
              }
            }
            """);

    assertThat(found.problems()).isEmpty();
    assertThat(found.namings())
        .containsExactlyInAnyOrder(
            new TestSources.Naming("A1", "core/PayTest"),
            new TestSources.Naming("X1", "core/PayTest.Late.twice"),
            new TestSources.Naming("X2", "core/PayTest.Late.twice"),
            new TestSources.Naming("X2", "core/PayTest.Late.once"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@Test @Tag(\"X3\") void unknown() {}",
        "@Test @Tag(\"x1\") void misspelt() {}",
        "@Test @Tag(NAME) void notPlain() {}",
        "@Test @Tag(\"X\" + 1) void notPlainEither() {}",
        "@Test @Tags({@Tag(\"X1\")}) void wrapped() {}",
        "@Tag(\"X1\") void noTest() {}",
        "@Disabled @Test @Tag(\"X1\") void disabled() {}",
        "@Test void inAComment() {} // X1",
        "/** See X2. */ @Test void inJavadoc() {}",
        "@Test @DisplayName(\"X1: again\") void inItsName() {}",
        "@Test @Tag(\"X1\") void notReadable() {"
      })
  void whatCouldBeOverlookedIsAProblem(String member) {
    assertThat(read("import org.junit.jupiter.api.Tag;\nclass PayTest {\n" + member + "\n}\n"))
        .extracting(TestSources.Found::problems)
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
        .isNotEmpty();
  }

  @Test
  void aTagThatIsNotOfJUnitNamesNothing() {
    assertThat(read("@Tag(\"X1\") class PayTest { @Test void pays() {} }\n").problems())
        .singleElement()
        .asString()
        .contains("not JUnit's");
  }

  @Test
  void aStateOfAnUnknownRowOrInOtherWordsIsRefused() {
    List<String> rows = List.of("X1 one");
    assertThatThrownBy(() -> Rows.read(rows, List.of("X2 partly: why"))).hasMessageContaining("X2");
    assertThatThrownBy(() -> Rows.read(rows, List.of("X1 covered"))).hasMessageContaining("X1");
    assertThatThrownBy(() -> Rows.read(rows, List.of("X1 partly:"))).hasMessageContaining("X1");
    assertThatThrownBy(() -> Rows.read(List.of("X1 a", "X1 b"), List.of()))
        .hasMessageContaining("X1");
  }

  @Test
  void aStateThatTheTestsContradictIsAProblem() {
    Rows rows =
        Rows.read(List.of("X1 one", "X2 two"), List.of("X1 later: teams", "X2 partly: no page"));
    Set<TestSources.Naming> namings = Set.of(new TestSources.Naming("X1", "core/PayTest.pays"));

    assertThat(CoveragePage.contradictions(rows, namings)).hasSize(2);
  }

  @Test
  void aRowIsCoveredPartlyOrNotYet() {
    Rows rows =
        Rows.read(List.of("X1 one", "X2 two", "X3 three"), List.of("X2 partly: not over HTTP"));
    String page =
        CoveragePage.of(
            rows,
            Set.of(
                new TestSources.Naming("X1", "core/PayTest.pays"),
                new TestSources.Naming("X2", "core/PayTest.pays")));

    assertThat(page)
        .contains("3 rows: 1 covered, 1 partly, 1 not yet.")
        .contains("| X1 | one | covered | `core/PayTest.pays` |")
        .contains("| X2 | two | partly: not over HTTP | `core/PayTest.pays` |")
        .contains("| X3 | three | not yet |  |");
  }

  private static Rows rows() throws IOException {
    return Rows.read(
        Files.readAllLines(FILES.resolve("rows.txt")),
        Files.readAllLines(FILES.resolve("states.txt")));
  }

  private static TestSources.Found read(String source) {
    return TestSources.read(
        Map.of(Path.of("assent-core/src/test/java/PayTest.java"), source),
        Set.of("A1", "X1", "X2"));
  }
}
