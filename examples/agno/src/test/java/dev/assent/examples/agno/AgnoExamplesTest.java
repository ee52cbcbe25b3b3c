package dev.assent.examples.agno;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an example prints is not believed: that it paused, and what ran before and after, is read
 * from the store too.
 */
@Tag("X63")
@DisplayName("the examples pause, and nothing runs before the decision")
@Timeout(60)
class AgnoExamplesTest {
  @TempDir Path folder;

  private Played played(Demo.Example example) throws Exception {
    return Played.of(example, folder);
  }

  /** It paused before anything ran. */
  private Played paused(Demo.Example example) throws Exception {
    Played played = played(example);
    assertThat(played.ranBeforeThePause()).isEmpty();
    assertThat(played.storedUntilThePause())
        .allMatch(line -> line.startsWith("asked ") || line.startsWith("paused for "));
    return played;
  }

  @Test
  void ofTwoCallsOnlyTheApprovedOneRuns() throws Exception {
    Played played = paused(ConfirmLoop::play);

    assertThat(played.storedUntilThePause())
        .containsExactly("asked restart APPROVAL", "asked restart APPROVAL", "paused for 2");
    assertThat(played.printed()).contains("Do you approve restart{\"host\":\"database\"}? (y/n) n");
    assertThat(played.ran()).containsExactly("-> restarting web-1");
    assertThat(played.stored())
        .contains("ended restart SUCCEEDED", "ended restart REJECTED")
        .endsWith("completed");
  }

  @Test
  void onePauseHasThreeKinds() throws Exception {
    Played played = played(RequirementKinds::play);

    // Work outside begins with an intent: it may be taken from here on.
    assertThat(played.storedUntilThePause())
        .containsExactlyInAnyOrder(
            "asked pay APPROVAL",
            "asked reserve USER_INPUT",
            "started print",
            "asked print EXTERNAL_EXECUTION",
            "paused for 3");
    assertThat(played.ranBeforeThePause()).isEmpty();
    assertThat(played.ran()).containsExactlyInAnyOrder("-> paying 80", "-> reserving 12A in EC 7");
    assertThat(played.stored())
        .contains(
            "ended pay SUCCEEDED",
            "answered reserve ANSWER",
            "ended reserve SUCCEEDED",
            "answered print RESULT",
            "ended print SUCCEEDED")
        .endsWith("completed");
  }

  @Test
  void anotherProcessGoesOnWithThePausedRun() throws Exception {
    Played played = paused(ContinueRun::play);

    assertThat(played.printed())
        .containsSubsequence(
            "paused: The run waits for a decision on delete.",
            "the first process ends",
            "paused: The run waits for a decision on delete.",
            "you approve",
            "-> deleting 2019",
            "completed: I was told: 2019 is gone");
    assertThat(played.ran()).containsExactly("-> deleting 2019");
    assertThat(played.stored()).endsWith("started delete", "ended delete SUCCEEDED", "completed");
  }

  @Test
  void oneStreamGoesThroughThePause() throws Exception {
    Played played = paused(StreamingPause::play);

    assertThat(played.printed())
        .containsSubsequence(
            "paused: 1",
            "you approve",
            "-> emptying images",
            "empty: images is empty",
            "completed: The cache is empty.");
    assertThat(played.stored())
        .containsExactly(
            "asked empty APPROVAL",
            "paused for 1",
            "started empty",
            "ended empty SUCCEEDED",
            "completed");
  }

  @Test
  void theAgentAsksForWhatItNeeds() throws Exception {
    Played played = paused(DynamicInput::play);

    assertThat(played.ran()).containsExactly("-> looking out of a window in Bergen");
    assertThat(played.stored())
        .containsExactly(
            "asked get_user_input USER_INPUT",
            "paused for 1",
            "answered get_user_input ANSWER",
            "ended get_user_input SUCCEEDED",
            "ended weather SUCCEEDED",
            "completed");
  }

  @Test
  @Tag("C8")
  void anAuditedCallPausesNobodyAndIsWrittenDown() throws Exception {
    Played played = played(AuditOnly::play);

    assertThat(played.stored())
        .containsExactly("started export", "ended export SUCCEEDED", "completed");
    assertThat(played.ran()).containsExactly("-> exporting May");
    assertThat(played.printed())
        .filteredOn(line -> line.startsWith("audit log, line ") && line.contains(" audited "))
        .hasSize(1);
  }

  @Test
  void theQuickstartShowsTheCallAndRunsItOnceApproved() throws Exception {
    Played played = paused(ApprovalQuickstart::play);

    assertThat(played.printed())
        .startsWith("the model is a demo model (scripted, no provider)", "status: PAUSED")
        .contains("arguments: {\"count\":2}", "in one line: Fetch 2 stories");
    assertThat(played.ran()).containsExactly("-> fetching 2");
    assertThat(played.stored())
        .containsExactly(
            "asked topStories APPROVAL",
            "paused for 1",
            "started topStories",
            "ended topStories SUCCEEDED",
            "completed");
  }

  @Test
  void onlyTheAuditedTypePassesByItself() throws Exception {
    Played played = played(ApprovalTypes::play);

    assertThat(played.ranBeforeThePause()).containsExactly("-> noting account closed");
    assertThat(played.printed())
        .containsSubsequence(
            "risk MEDIUM, deadline: none",
            "-> deleting u-7",
            "risk HIGH, deadline: in a day",
            "-> transferring 1250 to DE-1");
    assertThat(played.stored())
        .containsExactly(
            "started note",
            "ended note SUCCEEDED",
            "asked deleteUser APPROVAL",
            "paused for 1",
            "started deleteUser",
            "ended deleteUser SUCCEEDED",
            "asked transferFunds APPROVAL",
            "paused for 1",
            "started transferFunds",
            "ended transferFunds SUCCEEDED",
            "completed");
  }

  @Test
  void aPersonFillsInWhatTheModelCannotSee() throws Exception {
    Played played = paused(UserInputFlag::play);

    assertThat(played.printed()).contains("the model wrote {\"day\":\"tomorrow\"}");
    assertThat(played.ran()).containsExactly("-> booking tomorrow at 15");
    assertThat(played.stored())
        .containsExactly(
            "asked book USER_INPUT",
            "paused for 1",
            "answered book ANSWER",
            "started book",
            "ended book SUCCEEDED",
            "completed");
  }

  @Test
  void somethingElseCarriesTheCallOutAndBringsItsResult() throws Exception {
    Played played = played(ExternalExecutionFlag::play);

    assertThat(played.ranBeforeThePause()).isEmpty();
    assertThat(played.ran()).containsExactly("-> the pipeline deploys");
    assertThat(played.printed())
        .contains("taken by you")
        .endsWith("completed: I was told: api 4.2 is live");
    assertThat(played.storedUntilThePause())
        .containsExactly("started deploy", "asked deploy EXTERNAL_EXECUTION", "paused for 1");
    assertThat(played.stored())
        .endsWith("answered deploy RESULT", "ended deploy SUCCEEDED", "completed");
  }

  @Test
  @Tag("C8")
  void approvalsAreRecords() throws Exception {
    Played played = played(ApprovalsStore::play);

    assertThat(played.storedUntilThePause())
        .containsExactly("asked send APPROVAL", "asked send APPROVAL", "paused for 2");
    assertThat(played.printed().subList(0, played.printed().indexOf("pending: 2")))
        .as("nothing ran while both were pending")
        .isEmpty();
    assertThat(played.ran()).containsExactly("-> sending to ann");
    assertThat(played.printed())
        .endsWith(
            "PENDING: 0",
            "APPROVED: 1",
            "  {\"to\":\"ann\"}: APPROVE by you",
            "REJECTED: 1",
            "  {\"to\":\"everybody\"}: REJECT by you");
  }

  @Test
  @Tag("C11")
  void eachStepHasAPauseOfItsOwn() throws Exception {
    Played played = paused(SequentialApprovals::play);

    assertThat(played.printed())
        .containsExactly(
            "paused: The run waits for a decision on createDraft.",
            "-> writing about tides",
            "paused: The run waits for a decision on publish.",
            "-> publishing draft-1",
            "completed: I was told: draft-1 is public");
    assertThat(played.stored())
        .containsExactly(
            "asked createDraft APPROVAL",
            "paused for 1",
            "started createDraft",
            "ended createDraft SUCCEEDED",
            "asked publish APPROVAL",
            "paused for 1",
            "started publish",
            "ended publish SUCCEEDED",
            "completed");
  }

  @Test
  @Tag("C11")
  void onlyTheLargeTransferPauses() throws Exception {
    Played played = played(ConditionalApproval::play);

    assertThat(played.ranBeforeThePause()).containsExactly("-> transferring 50 to savings");
    assertThat(played.ran())
        .containsExactly("-> transferring 50 to savings", "-> transferring 5000 to savings");
    assertThat(played.printed()).contains("you approve transfers over 1000");
    assertThat(played.stored())
        .containsExactly(
            "started transfer",
            "ended transfer SUCCEEDED",
            "completed",
            "asked transfer APPROVAL",
            "paused for 1",
            "started transfer",
            "ended transfer SUCCEEDED",
            "completed");
  }

  @Test
  @Tag("C11")
  void everythingThatWaitsIsShownAtOnce() throws Exception {
    Played played = paused(BatchApproval::play);

    assertThat(played.storedUntilThePause())
        .containsExactlyInAnyOrder(
            "asked process APPROVAL",
            "asked process APPROVAL",
            "asked process APPROVAL",
            "asked pickUp USER_INPUT",
            "paused for 4");
    assertThat(played.printed())
        .containsSubsequence(
            "pending approvals: 3",
            "  - Process order A",
            "  - Process order B",
            "  - Process order C",
            "Approve all? (y/n) y",
            "-> processing A",
            "-> processing B",
            "-> processing C");
    assertThat(played.ran())
        .containsExactlyInAnyOrder(
            "-> processing A", "-> processing B", "-> processing C", "-> a bicycle comes at noon");
    assertThat(played.stored()).endsWith("completed");
  }

  @Test
  void futuresTellOfThePauseAndOfTheEnd() throws Exception {
    Played played = paused(AsyncApproval::play);

    assertThat(played.printed())
        .containsExactly(
            "paused: The run waits for a decision on process.",
            "-> processing 1,2,3",
            "completed: I was told: 1,2,3 is processed");
    assertThat(played.stored())
        .containsExactly(
            "asked process APPROVAL",
            "paused for 1",
            "started process",
            "ended process SUCCEEDED",
            "completed");
  }

  @Test
  void theModelReadsTheReasonAndFindsAnotherWay() throws Exception {
    Played played = paused(RejectionPath::play);

    assertThat(played.ran()).containsExactly("-> archiving old logs");
    assertThat(played.stored())
        .containsExactly(
            "asked delete APPROVAL",
            "paused for 1",
            "ended delete REJECTED",
            "started archive",
            "ended archive SUCCEEDED",
            "completed");
  }
}
