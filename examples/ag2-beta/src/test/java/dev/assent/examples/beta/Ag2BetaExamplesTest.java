package dev.assent.examples.beta;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an example prints is not believed: that it paused, and what ran, is read from the store. */
@Tag("X63")
@DisplayName("the examples pause, and nothing runs before the answer")
@Timeout(60)
class Ag2BetaExamplesTest {

  @Test
  void aToolAsksAndWhatItDidBeforeIsDoneOnce() {
    Played played = Played.of(AskInsideTool::play);

    assertThat(played.printed())
        .containsExactly(
            "-> counting the old rows of orders",
            "asked: Delete 120 rows of orders?",
            "you type: yes",
            "-> deleting 120 rows of orders",
            "completed: I was told: 120 rows were deleted.",
            "-> counting the old rows of orders",
            "asked: Delete 120 rows of orders?",
            "you type: perhaps",
            "completed: I was told: Cancelled, nothing was deleted.");
    assertThat(played.stored())
        .hasSize(2)
        .allSatisfy(
            run ->
                assertThat(run)
                    .containsExactly(
                        "started deleteOldRows",
                        "step count#1 begun",
                        "step count#1 done",
                        "asked deleteOldRows USER_INPUT",
                        "paused for 1",
                        "answered deleteOldRows ANSWER",
                        "started deleteOldRows",
                        "ended deleteOldRows SUCCEEDED",
                        "completed"));
  }

  @Test
  void theLaterResponderIsAskedAndTheRunsOwnBeforeBoth() {
    Played played = Played.of(ReplaceResponder::play);

    assertThat(played.printed())
        .filteredOn(line -> line.contains(" is asked: ") || line.startsWith("-> "))
        .containsExactly(
            "the first is asked: Who is there?",
            "-> greeting Ann",
            "the second is asked: Who is there?",
            "-> greeting Bob",
            "this run's own is asked: Who is there?",
            "-> greeting Cyd");
    assertThat(played.stored())
        .hasSize(3)
        .allSatisfy(
            run -> assertThat(run).contains("asked greet USER_INPUT", "paused for 1", "completed"));
  }

  @Test
  @Tag("A6")
  void aNoKeepsTheToolFromRunningAndOnlyAYesLetsIt() {
    Played played = Played.of(ApprovalOnTool::play);

    assertThat(played.printed())
        .containsSubsequence(
            "asked: Agent tries to call tool:",
            "`deleteAccount`, {\"user\":\"abc-123\"}",
            "Please approve or deny this request.",
            "Y/N?",
            "you type: n",
            "completed: I was told: Function call was rejected by the user",
            "you type: sure, why not",
            "asked: Agent tries to call tool:",
            "you type: y",
            "-> deleting the account of abc-123");
    assertThat(played.ran()).hasSize(1);
    assertThat(played.stored().getFirst())
        .containsExactly(
            "asked deleteAccount APPROVAL",
            "paused for 1",
            "ended deleteAccount REJECTED",
            "completed");
    assertThat(played.stored().getLast())
        .containsExactly(
            "asked deleteAccount APPROVAL",
            "paused for 1",
            "started deleteAccount",
            "ended deleteAccount SUCCEEDED",
            "completed");
  }

  @Test
  void theQuestionIsInWordsOfItsOwnAndTheModelReadsTheReason() {
    Played played = Played.of(CustomPrompt::play);

    String asked = "asked: Run sendEmail with {\"subject\":\"Lunch\",\"to\":\"ann\"}? (y/n)";
    assertThat(played.printed())
        .containsExactly(
            asked,
            "you type: no, she is on holiday",
            "completed: I was told: Function call was rejected by the user: she is on holiday",
            asked,
            "you type: y",
            "-> sending Lunch to ann",
            "completed: I was told: sent");
    assertThat(played.stored())
        .hasSize(2)
        .allSatisfy(run -> assertThat(run).startsWith("asked sendEmail APPROVAL", "paused for 1"));
    assertThat(played.stored().getFirst()).doesNotContain("started sendEmail");
  }

  @Test
  @Tag("A7")
  void theApprovalComesBeforeTheQuestion() {
    Played played = Played.of(ApproveThenAsk::play);

    assertThat(played.printed())
        .containsSubsequence(
            "you type: y",
            "asked: How often?",
            "you type: now and then",
            "asked: How often?",
            "you type: weekly",
            "-> scheduling sales weekly");
    assertThat(played.ran()).hasSize(1);
    assertThat(played.stored().getFirst())
        .containsExactly(
            "asked scheduleReport APPROVAL",
            "paused for 1",
            "started scheduleReport",
            "asked scheduleReport USER_INPUT",
            "paused for 1",
            "answered scheduleReport ANSWER",
            "started scheduleReport",
            "ended scheduleReport SUCCEEDED",
            "completed");
  }
}
