package dev.assent.scenarios.coverage;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Writes {@code docs/coverage.md}. */
final class CoveragePage {
  private static final Map<Character, String> PARTS =
      Map.of(
          'A', "One agent",
          'B', "Teams, channels, code",
          'C', "Requirements and approvals",
          'D', "Classic conversations",
          'X', "How others failed");

  private enum State {
    COVERED,
    PARTLY,
    NOT_YET;

    String words() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  private final Rows rows;
  private final Map<String, List<String>> tests;
  private final Map<State, Integer> counts = new EnumMap<>(State.class);

  private CoveragePage(Rows rows, Set<TestSources.Naming> namings) {
    this.rows = rows;
    this.tests =
        namings.stream()
            .sorted()
            .collect(
                groupingBy(TestSources.Naming::id, mapping(TestSources.Naming::test, toList())));
  }

  /** The page; every id of the namings is one of the rows. */
  static String of(Rows rows, Set<TestSources.Naming> namings) {
    return new CoveragePage(rows, namings).page();
  }

  /** Notes that contradict the tests, in words. */
  static List<String> contradictions(Rows rows, Set<TestSources.Naming> namings) {
    CoveragePage page = new CoveragePage(rows, namings);
    List<String> wrong = new ArrayList<>();
    rows.notes()
        .forEach(
            (id, note) -> {
              boolean tested = page.tests.containsKey(id);
              if (tested && note.extent() == Rows.Extent.LATER) {
                wrong.add(id + " is said to come later in states.txt, and has a test: partly?");
              } else if (!tested && note.extent() == Rows.Extent.PARTLY) {
                wrong.add(id + " is said to be partly there in states.txt, and has no test");
              }
            });
    return wrong;
  }

  private String page() {
    StringBuilder body = new StringBuilder();
    char part = 0;
    for (String id : rows.texts().keySet()) {
      if (id.charAt(0) != part) {
        part = id.charAt(0);
        body.append("\n## ").append(part).append(". ").append(PARTS.get(part));
        body.append("\n| id | what | state | tests |\n|---|---|---|---|\n");
      }
      body.append(row(id));
    }
    return """
        # What is covered

        Made from the `@Tag`s of the tests, do not edit it: [how](testing.md#our-own-tests). *Covered* means that tests
        name the row and nobody knows of anything missing; *partly* says what is missing.

        %d rows: %d covered, %d partly, %d not yet.
        """
            .formatted(
                rows.texts().size(),
                counts.getOrDefault(State.COVERED, 0),
                counts.getOrDefault(State.PARTLY, 0),
                counts.getOrDefault(State.NOT_YET, 0))
        + body;
  }

  private String row(String id) {
    List<String> named = tests.getOrDefault(id, List.of());
    Rows.Note note = rows.notes().get(id);
    State state = named.isEmpty() ? State.NOT_YET : note == null ? State.COVERED : State.PARTLY;
    counts.merge(state, 1, Integer::sum);
    return "| %s | %s | %s | %s |\n"
        .formatted(
            id,
            rows.texts().get(id).replace("|", "\\|"),
            state.words() + (note == null ? "" : ": " + note.why().replace("|", "\\|")),
            String.join("<br>", named.stream().map(test -> "`" + test + "`").toList()));
  }
}
