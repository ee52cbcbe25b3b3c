package dev.assent.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("C18")
class EscalationTest {
  private static final Map<String, Principal> PEOPLE =
      Map.of(
          "fin", Principal.person("fin", "finance"),
          "fay", Principal.person("fay", "finance"),
          "head", Principal.person("head", "head"),
          "cfo", Principal.person("cfo", "cfo"),
          "sec", Principal.person("sec", "security"));

  private static ApprovalTerms terms(Duration deadline) {
    return new ApprovalTerms(
        "payments",
        List.of(new Threshold(2, List.of("finance"), List.of())),
        Risk.MEDIUM,
        "",
        null,
        deadline,
        null,
        ApprovalTerms.OnExpiry.REJECT);
  }

  private static final ApprovalTerms LADDER =
      terms(Duration.ofHours(8))
          .escalatingTo(List.of(Threshold.role("head"), Threshold.role("cfo")));

  private final List<Decision> said = new ArrayList<>();
  private Requirement asked = Some.requirement(LADDER, Some.NOW.plus(Duration.ofHours(8)));

  private static Authority at(Instant now) {
    return new Authority(
        Profile.SEPARATED, id -> Optional.ofNullable(PEOPLE.get(id)), Optional::of, now);
  }

  private static Instant after(long minutes) {
    return Some.NOW.plus(Duration.ofMinutes(minutes));
  }

  private DecisionOutcome says(String who, Verdict verdict, long minutes) {
    DecisionOutcome outcome =
        RequirementMachine.decide(
            asked,
            said,
            new DecisionRequest(
                asked.version(), asked.digest(), verdict, null, null, "k" + said.size()),
            PEOPLE.get(who),
            RequirementMachine.Given.words(null),
            at(after(minutes)),
            after(minutes));
    if (outcome instanceof DecisionOutcome.Recorded recorded) {
      asked = recorded.requirement();
      said.add(recorded.decision());
    }
    return outcome;
  }

  private static WhyNot whyNot(DecisionOutcome outcome) {
    assertThat(outcome).isInstanceOf(DecisionOutcome.NotEntitled.class);
    return ((DecisionOutcome.NotEntitled) outcome).reason();
  }

  @Nested
  class Times {
    private List<Duration> of(ApprovalTerms terms) {
      return terms.rungs().stream().map(Threshold::after).toList();
    }

    @Test
    void withoutTimesTheFirstIsAtHalfTheDeadlineAndTheOthersSpreadToTheEnd() {
      assertThat(of(LADDER)).containsExactly(Duration.ofHours(4), Duration.ofHours(6));
      assertThat(
              of(
                  terms(Duration.ofHours(6))
                      .escalatingTo(
                          List.of(Threshold.role("a"), Threshold.role("b"), Threshold.role("c")))))
          .containsExactly(Duration.ofHours(3), Duration.ofHours(4), Duration.ofHours(5));
    }

    @Test
    void withoutADeadlineThereMustBeTimes() {
      assertThatThrownBy(() -> terms(null).escalatingTo(List.of(Threshold.role("head"))))
          .hasMessageContaining("add a 'deadline', or say 'after'");
      assertThat(
              of(
                  terms(null)
                      .escalatingTo(List.of(Threshold.role("head").after(Duration.ofDays(2))))))
          .containsExactly(Duration.ofDays(2));
    }

    @Test
    void timesThatReachNobodyAreRefused() {
      Threshold head = Threshold.role("head");
      ApprovalTerms day = terms(Duration.ofHours(8));

      assertThatThrownBy(() -> day.escalatingTo(List.of(head.after(Duration.ofHours(8)))))
          .hasMessageContaining("reaches nobody");
      assertThatThrownBy(
              () ->
                  day.escalatingTo(
                      List.of(
                          head.after(Duration.ofHours(2)),
                          Threshold.role("cfo").after(Duration.ofHours(1)))))
          .hasMessageContaining("after the one before it");
      assertThatThrownBy(
              () ->
                  day.escalatingTo(List.of(head.after(Duration.ofHours(2)), Threshold.role("cfo"))))
          .hasMessageContaining("all rungs");
      assertThatThrownBy(() -> head.after(Duration.ZERO)).hasMessageContaining("some time after");
      assertThatThrownBy(
              () ->
                  new ApprovalTerms(
                      "r",
                      List.of(head.after(Duration.ofHours(1))),
                      Risk.LOW,
                      "",
                      null,
                      null,
                      null,
                      ApprovalTerms.OnExpiry.REJECT))
          .hasMessageContaining("asks nobody from the beginning");
    }

    @Test
    void theyPassInBusinessHoursWhereTheDeadlineDoes() {
      BusinessHours hours =
          new BusinessHours("UTC", Set.of(DayOfWeek.values()), "09:00", "17:00", List.of());
      ApprovalTerms counted =
          new ApprovalTerms(
              "r",
              List.of(Threshold.role("finance")),
              Risk.LOW,
              "",
              null,
              Duration.ofHours(8),
              null,
              ApprovalTerms.OnExpiry.REJECT,
              null,
              null,
              hours);
      Requirement overnight =
          Some.requirement(counted.escalatingTo(List.of(Threshold.role("head"))), null);
      overnight = anew(overnight, Instant.parse("2026-05-04T15:00:00Z"));

      assertThat(overnight.nextRung(Some.NOW)).contains(Instant.parse("2026-05-05T11:00:00Z"));
    }
  }

  @Test
  void beforeItsTimeARungIsToldFromWhenOn() {
    WhyNot why = whyNot(says("head", Verdict.APPROVE, 239));

    assertThat(why).isEqualTo(new WhyNot.NotYet(after(240)));
    assertThat(why.inWords()).contains(after(240).toString());
    assertThat(whyNot(says("cfo", Verdict.REJECT, 359)).code()).isEqualTo("not-yet");
    assertThat(whyNot(says("sec", Verdict.APPROVE, 470)).code()).isEqualTo("none-of-these");
    assertThat(said).isEmpty();
  }

  @Test
  void fromItsTimeOnItDecidesInstead() {
    assertThat(says("fin", Verdict.APPROVE, 10)).isInstanceOf(DecisionOutcome.Recorded.class);
    assertThat(asked.open()).isTrue();

    says("head", Verdict.APPROVE, 240);

    assertThat(asked.status()).isEqualTo(RequirementStatus.APPROVED);
    assertThat(at(after(10_000)).count(asked, said)).isEqualTo(Authority.Tally.APPROVED);
  }

  @Test
  void itsNoClosesItAndSoDoesTheNoOfThoseWhoWereAskedFirst() {
    says("head", Verdict.REJECT, 250);
    assertThat(asked.status()).isEqualTo(RequirementStatus.REJECTED);

    said.clear();
    asked = Some.requirement(LADDER, after(480));
    says("fin", Verdict.REJECT, 300);
    assertThat(asked.status()).isEqualTo(RequirementStatus.REJECTED);
  }

  @Test
  void thoseWhoWereAskedFirstGoOnDeciding() {
    says("fin", Verdict.APPROVE, 300);
    says("fay", Verdict.APPROVE, 400);

    assertThat(asked.status()).isEqualTo(RequirementStatus.APPROVED);
  }

  @Test
  void aVoteThatWasWrittenBeforeTheTimeOfItsRungNeverCounts() {
    Decision early = Some.decision(asked, PEOPLE.get("head"), Verdict.APPROVE);

    assertThat(at(after(10_000)).count(asked, List.of(early))).isEqualTo(Authority.Tally.OPEN);
  }

  @Test
  void anotherRuleThatFitsKeepsItsOwnPeople() {
    ApprovalTerms both =
        LADDER.and(
            new ApprovalTerms(
                "security",
                List.of(Threshold.role("security")),
                Risk.LOW,
                "",
                null,
                null,
                null,
                ApprovalTerms.OnExpiry.REJECT));
    asked = Some.requirement(both, after(480));

    says("cfo", Verdict.APPROVE, 400);
    assertThat(asked.open()).as("security has not said anything").isTrue();
    says("sec", Verdict.APPROVE, 401);
    assertThat(asked.status()).isEqualTo(RequirementStatus.APPROVED);
  }

  @Test
  void aNewVersionCountsItsRungsAnewUnlessVotesAreKept() {
    Requirement kept = asked.askedAgain(2, Some.digest("2"), LADDER, after(700), true, after(200));
    Requirement anew = asked.askedAgain(2, Some.digest("2"), LADDER, after(700), false, after(200));

    assertThat(kept.nextRung(Some.NOW)).contains(after(240));
    assertThat(anew.nextRung(Some.NOW)).contains(after(440));
    assertThat(anew.escalatedAt(after(439))).isEmpty();
    assertThat(anew.escalatedAt(after(600))).contains(after(560));
  }

  /** The ladder with one more rung, early. */
  private static ApprovalTerms withBoard() {
    return LADDER.and(
        terms(null).escalatingTo(List.of(Threshold.role("security").after(Duration.ofHours(1)))));
  }

  private static Requirement anew(Requirement asked, Instant now) {
    return asked.askedAgain(
        asked.version(), asked.digest(), asked.terms(), asked.deadline(), false, now);
  }

  @Test
  void aRungThatComesInLaterIsCountedFromThenAndTheOthersGoOn() {
    ApprovalTerms plain = terms(Duration.ofHours(8));
    Requirement asked = Some.requirement(plain, after(480));

    Requirement kept = asked.askedAgain(2, Some.digest("2"), LADDER, after(480), true, after(300));
    Requirement edited =
        asked.edited(asked.arguments(), Some.digest("2"), LADDER, "fin", after(300));
    for (Requirement each : List.of(kept, edited)) {
      assertThat(each.escalatedAt(after(480))).as("four hours from now on").isEmpty();
      assertThat(at(after(400)).whyNot(each, PEOPLE.get("head")))
          .contains(new WhyNot.NotYet(after(540)));
    }

    Requirement again =
        kept.askedAgain(3, Some.digest("3"), withBoard(), after(2000), true, after(310));
    assertThat(again.nextRung(after(310))).contains(after(370));
    assertThat(again.nextRung(after(371))).contains(after(540));
    assertThat(again.addedRungs()).hasSize(3);
    assertThat(anew(again, after(320)).addedRungs()).isEmpty();
  }

  @Test
  void otherHoursMakeOtherRungs() {
    BusinessHours hours =
        new BusinessHours("UTC", Set.of(DayOfWeek.values()), "00:00", "00:10", List.of());
    ApprovalTerms slow =
        new ApprovalTerms(
            "r",
            List.of(Threshold.role("finance")),
            Risk.LOW,
            "",
            null,
            null,
            null,
            ApprovalTerms.OnExpiry.KEEP,
            null,
            null,
            hours);
    List<Threshold> rung = List.of(Threshold.role("head").after(Duration.ofHours(1)));
    Requirement asked = Some.requirement(slow.escalatingTo(rung), null);

    Requirement fast =
        asked.askedAgain(
            2, Some.digest("2"), terms(null).escalatingTo(rung), null, true, after(300));

    assertThat(fast.nextRung(Some.NOW)).contains(after(360));
  }

  @Test
  void whatNobodyWasAskedUnderDoesNotCountAtTheEffectEither() {
    Requirement asked = Some.requirement(terms(Duration.ofHours(8)), after(480));
    Decision early = Some.decision(asked, PEOPLE.get("head"), Verdict.APPROVE);
    Requirement today =
        asked.askedAgain(
            asked.version(), asked.digest(), LADDER, asked.deadline(), true, after(470));

    assertThat(at(after(470)).count(today, List.of(early))).isEqualTo(Authority.Tally.OPEN);
    assertThat(
            at(after(470))
                .count(
                    today,
                    List.of(
                        Some.decision(
                            asked,
                            asked.version(),
                            asked.digest(),
                            PEOPLE.get("head"),
                            Verdict.APPROVE,
                            after(460)))))
        .isEqualTo(Authority.Tally.OPEN);
  }

  @Test
  void howManyAreMissingGoesByThoseWhoMayDecideNow() {
    assertThat(at(after(239)).progress(asked, said).missing()).isEqualTo(2);
    assertThat(at(after(240)).progress(asked, said).missing()).isEqualTo(1);
    assertThat(LADDER.thresholds().getFirst().inWords())
        .isEqualTo(
            "either (2 of role finance) or (role head, from 4h after it was asked) or (role cfo,"
                + " from 6h after it was asked)");
  }

  @Test
  void whatIsStoredIsReadAgain() {
    Requirement again = anew(asked, after(5));
    Requirement added =
        asked.askedAgain(2, Some.digest("2"), withBoard(), after(700), true, after(5));

    assertThat(RecordJson.read(Requirement.class, RecordJson.write(again))).isEqualTo(again);
    assertThat(RecordJson.read(Requirement.class, RecordJson.write(added))).isEqualTo(added);
    assertThat(new String(RecordJson.write(asked), StandardCharsets.UTF_8))
        .as("rows of before read as ever")
        .doesNotContain("addedRungs");
  }
}
