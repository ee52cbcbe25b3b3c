package dev.assent.policy;

import static dev.assent.policy.TestingCalls.call;
import static dev.assent.policy.TestingCalls.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.PolicyOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of rules that changes while the process runs. */
class LivePolicyTest {
  private static final String DENIES = "rules: [{id: frozen, then: {deny: Frozen.}}]\n";

  @TempDir Path folder = Path.of("");
  private Path file = Path.of("");

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(folder.resolve("policy.yaml"), file(DENIES));
  }

  private LivePolicy open() {
    return LivePolicy.open(file, id -> Optional.empty());
  }

  private static String version(int version, String rules) {
    return file(rules).replace("version: 7", "version: " + version);
  }

  private static String outcome(LivePolicy live) {
    return Judgement.word(live.judge(call("pay", "{}")));
  }

  @Test
  @Tag("X54")
  void aFileThatCannotBeUsedIsRefusedWhenOpened() throws IOException {
    Files.writeString(file, "rules: [");

    assertThatThrownBy(this::open).isInstanceOf(PolicyException.class);
  }

  @Test
  void aChangedFileIsInForceOnceItWasSeenTwice() throws IOException {
    LivePolicy live = open();
    Files.writeString(file, version(8, "rules: []\n"));

    assertThat(live.look()).isInstanceOf(Reload.Unchanged.class);
    assertThat(outcome(live)).isEqualTo("deny");
    assertThat(live.look()).isInstanceOf(Reload.Replaced.class);
    assertThat(outcome(live)).isEqualTo("allow");
    assertThat(live.current().version()).isEqualTo(8);
    assertThat(live.look()).isInstanceOf(Reload.Unchanged.class);
  }

  @Test
  void aFileThatIsStillBeingWrittenIsNotTakenForAShorterOne() throws IOException {
    LivePolicy live = open();
    String whole = version(8, DENIES);

    Files.writeString(file, whole.substring(0, whole.indexOf("rules:")));
    live.look();
    Files.writeString(file, whole);
    live.look();

    assertThat(outcome(live)).isEqualTo("deny");
    assertThat(live.look()).isInstanceOf(Reload.Replaced.class);
    assertThat(outcome(live)).isEqualTo("deny");
  }

  @Test
  @Tag("X54")
  void aFileThatBecomesUnusableLeavesTheOldRulesInForceAndSaysSoOnce() throws IOException {
    LivePolicy live = open();
    Files.writeString(file, version(8, "rules: [{id: a, then: permit}]\n"));
    live.look();

    Reload refused = live.look();

    assertThat(refused).isInstanceOf(Reload.Refused.class);
    assertThat(live.problems()).singleElement().asString().contains("policy.yaml:6: rule a:");
    assertThat(outcome(live)).isEqualTo("deny");
    assertThat(live.look()).isInstanceOf(Reload.Unchanged.class);
    assertThat(live.problems()).isNotEmpty();
  }

  @Test
  @Tag("X54")
  void aFileThatIsGoneLeavesTheOldRulesInForce() throws IOException {
    LivePolicy live = open();
    Files.delete(file);
    live.look();

    assertThat(live.look()).isInstanceOf(Reload.Refused.class);
    assertThat(outcome(live)).isEqualTo("deny");
  }

  @Test
  void otherRulesUnderTheSameVersionAreRefused() throws IOException {
    LivePolicy live = open();
    Files.writeString(file, file("rules: []\n"));
    live.look();

    assertThat(live.look()).isInstanceOf(Reload.Refused.class);
    assertThat(live.problems()).singleElement().asString().contains("raise 'version'");
    assertThat(outcome(live)).isEqualTo("deny");
  }

  @Test
  void aFileThatWasMendedIsNoProblemAnyMore() throws IOException {
    LivePolicy live = open();
    Files.writeString(file, "broken");
    live.look();
    live.look();
    Files.writeString(file, file(DENIES));
    live.look();

    live.look();

    assertThat(live.problems()).isEmpty();
  }

  private static String guarded(int version, String rules) {
    return version(version, "change-approvers: 2 of role admin\n" + rules);
  }

  private LivePolicy openKeeping() {
    return LivePolicy.open(file, id -> Optional.empty(), folder.resolve("accepted.yaml"));
  }

  @Test
  void aChangeThatNeedsApprovalWaitsAndTheAcceptedTextComesIntoForce() throws IOException {
    Files.writeString(file, guarded(7, DENIES));
    LivePolicy live = openKeeping();
    Files.writeString(file, guarded(8, "rules: []\n"));
    live.look();

    assertThat(live.look()).isInstanceOf(Reload.Proposed.class);
    assertThat(outcome(live)).isEqualTo("deny");
    LivePolicy.Pending pending = live.pending().orElseThrow();
    assertThat(pending.policy().version()).isEqualTo(8);

    assertThat(live.accept(pending.text())).isInstanceOf(Reload.Replaced.class);
    assertThat(outcome(live)).isEqualTo("allow");
    assertThat(live.pending()).isEmpty();
    assertThat(live.accept(pending.text())).isInstanceOf(Reload.Unchanged.class);
  }

  @Test
  void aRestartDoesNotLetAChangePassThatNobodyAgreedTo() throws IOException {
    Files.writeString(file, guarded(7, DENIES));
    openKeeping();
    Files.writeString(file, version(8, "rules: []\n"));

    LivePolicy restarted = openKeeping();

    assertThat(outcome(restarted)).isEqualTo("deny");
    restarted.look();
    assertThat(restarted.look()).isInstanceOf(Reload.Proposed.class);
  }

  @Test
  void withoutApprovalOfChangesARestartTakesTheFile() throws IOException {
    openKeeping();
    Files.writeString(file, version(8, "rules: []\n"));

    assertThat(outcome(openKeeping())).isEqualTo("allow");
  }

  @Test
  void approvalOfChangesIsRefusedWhereNothingKeepsTheAcceptedText() throws IOException {
    Files.writeString(file, guarded(7, DENIES));

    assertThatThrownBy(this::open).hasMessageContaining("needs a place for the accepted rules");
  }

  @Test
  void aDraftIsReadAgainWithoutAskingAnybody() throws IOException {
    Files.writeString(file, guarded(7, DENIES));
    LivePolicy draft = LivePolicy.draft(file, id -> Optional.empty());
    Files.writeString(file, guarded(8, "rules: []\n"));
    draft.look();

    assertThat(draft.look()).isInstanceOf(Reload.Replaced.class);
  }

  @Test
  void theDraftBesideItChangesNothingAndIsKept() {
    RulePolicy active = TestingCalls.rules("rules: [{id: a, tools: pay, then: audit}]\n");
    RulePolicy draft =
        TestingCalls.rules(
            "rules: [{id: b, when: arguments.amount > 5, then: {require: {approvers: role x}}}]\n");
    ShadowPolicy shadow = new ShadowPolicy(active, () -> draft);

    PolicyOutcome outcome = shadow.judge(call("pay", "{\"amount\":6}"));
    shadow.judge(call("mail", "{\"amount\":5}"));

    assertThat(outcome).isEqualTo(new PolicyOutcome.Audit("a (finance v7)"));
    assertThat(shadow.judged()).isEqualTo(2);
    assertThat(shadow.differing()).isEqualTo(1);
    assertThat(shadow.differences())
        .singleElement()
        .hasToString(
            "Difference[run=r1, agent=payer, tool=pay, now=audit, rules=a (finance v7),"
                + " would=require, draftRules=b (finance v7)]");
  }

  @Test
  void aDraftThatBreaksChangesNothing() {
    RulePolicy active = TestingCalls.rules("rules: [{id: a, then: audit}]\n");
    ShadowPolicy shadow =
        new ShadowPolicy(
            active,
            () -> {
              throw new IllegalStateException("broken");
            });

    assertThat(shadow.judge(call("pay", "{}"))).isInstanceOf(PolicyOutcome.Audit.class);
  }
}
