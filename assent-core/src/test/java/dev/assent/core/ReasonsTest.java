package dev.assent.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReasonsTest {
  private static final Digest DIGEST = Digest.sha256(new byte[0]);

  private static DecisionRequest said(
      Verdict verdict, @Nullable String words, @Nullable String code) {
    return new DecisionRequest(
            1, DIGEST, verdict, words, null, "k", verdict == Verdict.RESPOND ? words : null)
        .withReason(code);
  }

  @ParameterizedTest
  @CsvSource({
    "APPROVE, ,      ,      reason-required",
    "APPROVE, ' ',   ,      reason-required",
    "APPROVE, fine,  ,      ",
    "APPROVE, fine,  fraud, unknown-reason",
    "REJECT,  words, ,      reason-required",
    "REJECT,  ,      fraud, ",
    "REJECT,  words, other, ",
    "REJECT,  ,      Fraud, unknown-reason",
    "RESPOND, words, ,      reason-required",
    "RESPOND, words, fraud, ",
    "REVOKE,  ,      ,      ",
    "REVOKE,  ,      fraud, unknown-reason"
  })
  void aYesNeedsATextAndANoOneOfTheCodes(
      Verdict verdict, @Nullable String words, @Nullable String code, @Nullable String lack) {
    Reasons reasons = Reasons.ofRejection("fraud", "other").andOfApproval();

    assertThat(Reasons.lacks(reasons, verdict, said(verdict, words, code)).map(Reasons.Lack::code))
        .isEqualTo(java.util.Optional.ofNullable(lack));
  }

  @Test
  void whereNothingIsAskedNoCodeIsTaken() {
    assertThat(Reasons.lacks(null, Verdict.REJECT, said(Verdict.REJECT, null, null))).isEmpty();
    assertThat(Reasons.lacks(null, Verdict.REJECT, said(Verdict.REJECT, "no", "fraud")))
        .hasValueSatisfying(lack -> assertThat(lack.why()).contains("say the reason in words"));
  }

  @Test
  void whatIsRefusedNamesTheChoices() {
    Reasons reasons = Reasons.ofRejection("fraud", "wrong-amount");

    assertThat(
            Reasons.lacks(reasons, Verdict.REJECT, said(Verdict.REJECT, "no", null))
                .orElseThrow()
                .why())
        .contains("fraud, wrong-amount");
    assertThat(reasons.inWords()).isEqualTo("rejecting needs a reason: fraud, wrong-amount");
  }

  @Test
  void twoRulesTogetherAskForWhatEitherDoes() {
    Reasons both =
        Reasons.ofRejection("fraud").and(Reasons.ofRejection("late", "fraud").andOfApproval());

    assertThat(both.approve()).isEqualTo(new Reasons.Wanted(List.of()));
    assertThat(both.reject()).isEqualTo(new Reasons.Wanted(List.of("fraud", "late")));
    ApprovalTerms plain = ApprovalTerms.simple("a");
    ApprovalTerms asking = ApprovalTerms.simple("b").withReasons(both);
    assertThat(plain.and(asking).reasons()).isEqualTo(both);
    assertThat(asking.and(plain).reasons()).isEqualTo(both);
    assertThat(plain.and(plain).reasons()).isNull();
  }

  @Test
  void aCodeIsAPlainWord() {
    for (String wrong : List.of("", "Fraud", "a b", "-a", "x".repeat(65))) {
      assertThatThrownBy(() -> Reasons.ofRejection(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("wrong-amount");
    }
  }

  @Test
  void theSignatureCoversTheReason() {
    Decision decision =
        new Decision(
            new RequirementId("r1"),
            1,
            DIGEST,
            "ada",
            "ada",
            Verdict.REJECT,
            null,
            java.time.Instant.EPOCH,
            "k",
            DIGEST,
            null,
            "fraud");

    List<byte[]> signed =
        Arrays.asList(
            decision.signable(),
            with(decision, "other").signable(),
            with(decision, null).signable());

    assertThat(signed).doesNotHaveDuplicates();
    assertThat(signed.stream().map(Digest::ofBytes).distinct()).hasSize(3);
  }

  private static Decision with(Decision of, @Nullable String code) {
    return new Decision(
        of.requirement(),
        of.version(),
        of.digest(),
        of.principal(),
        of.person(),
        of.verdict(),
        of.words(),
        of.at(),
        of.idempotencyKey(),
        of.request(),
        of.value(),
        code);
  }
}
