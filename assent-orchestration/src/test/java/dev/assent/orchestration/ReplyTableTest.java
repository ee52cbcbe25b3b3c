package dev.assent.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("D2")
@Tag("D3")
@DisplayName("who replies, over mode, termination message, limit and line")
class ReplyTableTest {
  private static final String ALWAYS =
      "Replying as human. Provide feedback to bot. Press enter to skip and use auto-reply, or type"
          + " 'exit' to end the conversation: ";
  private static final String SKIP =
      "Please give feedback to bot. Press enter to skip and use auto-reply, or type 'exit' to stop"
          + " the conversation: ";
  private static final String LAST =
      "Please give feedback to bot. Press enter or type 'exit' to stop the conversation: ";
  private static final String MET = "Termination message condition on agent 'human' met";
  private static final String USER = "User requested to end the conversation";
  private static final String LIMIT = "Maximum number of consecutive auto-replies reached";

  /** One cell: what happens, then for a line that is typed: nothing, a text, the word exit. */
  private static String cell(HumanInputMode mode, boolean termination, boolean limit) {
    ReplyTable.Turn turn = new ReplyTable.Turn("human", "bot", mode, termination, limit);
    List<String> said = new ArrayList<>();
    ReplyTable.Move first = ReplyTable.before(turn);
    said.add(words(first));
    if (first instanceof ReplyTable.Move.Ask) {
      for (String line : List.of("", "a text", "exit")) {
        said.add(words(ReplyTable.after(turn, line)));
      }
    }
    return String.join(" | ", said);
  }

  private static String words(ReplyTable.Move move) {
    return switch (move) {
      case ReplyTable.Move.Automatic automatic -> "auto";
      case ReplyTable.Move.Ask ask -> "ask " + ask.prompt();
      case ReplyTable.Move.Reply reply -> "says " + reply.text();
      case ReplyTable.Move.End end -> "ends " + end.reason();
    };
  }

  @Test
  void theWholeTable() {
    List<String> table = new ArrayList<>();
    for (HumanInputMode mode : HumanInputMode.values()) {
      for (boolean termination : new boolean[] {false, true}) {
        for (boolean limit : new boolean[] {false, true}) {
          table.add(cell(mode, termination, limit));
        }
      }
    }

    String goesOn = " | auto | says a text | ends " + USER;
    assertThat(table)
        .containsExactly(
            // ALWAYS: neither, N, T, both
            "ask " + ALWAYS + goesOn,
            "ask " + ALWAYS + goesOn,
            "ask " + ALWAYS + " | ends " + MET + " | says a text | ends " + USER,
            "ask " + ALWAYS + " | ends " + MET + " | says a text | ends " + USER,
            // TERMINATE
            "auto",
            "ask " + SKIP + goesOn,
            "ask "
                + LAST
                + " | ends "
                + MET
                + " and no human input provided | says a text | ends "
                + USER,
            "ask "
                + LAST
                + " | ends "
                + MET
                + " and no human input provided | says a text | ends "
                + USER,
            // NEVER
            "auto",
            "ends " + LIMIT,
            "ends " + MET,
            "ends " + LIMIT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"exit", "EXIT", " Exit ", "\texit\n"})
  @Tag("D1")
  @DisplayName("exit is trimmed, in any case")
  void exitEnds(String line) {
    assertThat(ReplyTable.exit(line)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "exit now", "exits", "quit"})
  void otherWordsDoNotEnd(String line) {
    assertThat(ReplyTable.exit(line)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "approve, true",
    "Approved, true",
    "' Y ', true",
    "yes, true",
    "1, true",
    "deny, false",
    "'no, too much', false",
    "n because of the vendor, false",
    "rejected, ",
    "approve it, ",
    "yes but not 2, ",
    "maybe, ",
    "'', ",
    "nobody, "
  })
  @Tag("D5")
  @Tag("A5")
  @DisplayName("only a word of approval alone approves")
  void decisionsInWords(String line, Boolean approves) {
    assertThat(
            SpokenDecision.in(line == null ? "" : line).map(SpokenDecision::approves).orElse(null))
        .isEqualTo(approves);
  }
}
