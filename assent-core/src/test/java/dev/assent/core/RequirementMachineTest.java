package dev.assent.core;

import static dev.assent.core.Some.NOW;
import static dev.assent.core.Some.authority;
import static dev.assent.core.Some.of;
import static dev.assent.core.Some.requirement;
import static dev.assent.core.Some.says;
import static dev.assent.core.Some.terms;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The life of a requirement, every outcome of an attempt to decide. */
class RequirementMachineTest {
  private final Principal ada = Principal.person("ada", "finance");
  private final Principal bob = Principal.person("bob", "finance");
  private final Principal carl = Principal.person("carl");
  private final Authority authority =
      authority(Profile.SEPARATED, Principal.person("rita"), ada, bob, carl);
  private final Requirement open = requirement(terms(of(1, "finance")), null);
  private final List<Decision> recorded = new ArrayList<>();

  private DecisionOutcome decide(Requirement on, DecisionRequest request, Principal by) {
    return decide(on, request, by, NOW);
  }

  private DecisionOutcome decide(
      Requirement on, DecisionRequest request, Principal by, Instant now) {
    DecisionOutcome outcome =
        RequirementMachine.decide(on, recorded, request, by, GIVEN, authority, now);
    if (outcome instanceof DecisionOutcome.Recorded r) {
      recorded.add(r.decision());
    }
    return outcome;
  }

  private static final RequirementMachine.Given GIVEN =
      new RequirementMachine.Given(
          null,
          null,
          new RequirementMachine.Edit(
              Some.ref("{}"), Some.digest("edited"), terms(of(1, "finance"))));

  private Requirement closed(Verdict verdict) {
    return decide(open, says(open, verdict, "first"), ada).requirement();
  }

  @Nested
  class Outcomes {

    @ParameterizedTest
    @EnumSource(
        value = Verdict.class,
        names = {"APPROVE", "REJECT"})
    void aGoodDecisionIsRecordedAndCloses(Verdict verdict) {
      DecisionOutcome outcome = decide(open, says(open, verdict, "k"), ada);

      assertThat(outcome).isInstanceOf(DecisionOutcome.Recorded.class);
      Requirement after = outcome.requirement();
      assertThat(after.status().name()).startsWith(verdict.name());
      assertThat(after.closedBy()).isEqualTo("ada");
      assertThat(after.closedAt()).isEqualTo(NOW);
      assertThat(after.revision()).isEqualTo(2);
    }

    @Test
    void oneVoteOfTwoLeavesItOpen() {
      Requirement two = requirement(terms(of(2, "finance")), null);

      Requirement after = decide(two, says(two, Verdict.APPROVE, "k"), ada).requirement();

      assertThat(after.open()).isTrue();
      assertThat(after.revision()).isEqualTo(2);
      assertThat(decide(after, says(after, Verdict.APPROVE, "k"), bob).requirement().status())
          .isEqualTo(RequirementStatus.APPROVED);
    }

    @Test
    void theSameDecisionTwiceIsOnce() {
      Requirement after = closed(Verdict.APPROVE);

      assertThat(decide(after, says(open, Verdict.APPROVE, "first"), ada))
          .isEqualTo(new DecisionOutcome.Repeated(after, recorded.getFirst()));
      assertThat(recorded).hasSize(1);
    }

    @Test
    void theSameKeyWithAnotherBodyIsRefused() {
      Requirement after = closed(Verdict.APPROVE);

      assertThat(decide(after, says(open, Verdict.REJECT, "first"), ada))
          .isEqualTo(new DecisionOutcome.KeyReused(after));
      assertThat(
              decide(
                  after,
                  new DecisionRequest(1, open.digest(), Verdict.APPROVE, "why", null, "first"),
                  ada))
          .isInstanceOf(DecisionOutcome.KeyReused.class);
    }

    @Test
    void anotherPersonsSameKeyIsTheirOwn() {
      Requirement two = requirement(terms(of(2, "finance")), null);
      Requirement after = decide(two, says(two, Verdict.APPROVE, "k"), ada).requirement();

      assertThat(decide(after, says(after, Verdict.APPROVE, "k"), bob))
          .isInstanceOf(DecisionOutcome.Recorded.class);
    }

    @Test
    void whoComesLateIsToldWhoWasFirstAndWhen() {
      Requirement after = closed(Verdict.REJECT);

      assertThat(decide(after, says(open, Verdict.APPROVE, "k"), bob))
          .isEqualTo(
              new DecisionOutcome.AlreadyClosed(after, "ada", NOW, RequirementStatus.REJECTED));
    }

    @Test
    void anotherVersionThanTheShownOneIsRefused() {
      Requirement again =
          open.askedAgain(2, Some.digest("v2"), open.terms(), null, false, Some.NOW);

      assertThat(decide(again, says(open, Verdict.APPROVE, "k"), ada))
          .isEqualTo(new DecisionOutcome.StaleVersion(again, 1));
    }

    @Test
    @Tag("X1")
    void aForeignDigestIsRefused() {
      DecisionRequest foreign =
          new DecisionRequest(1, Some.digest("other"), Verdict.APPROVE, null, null, "k");

      assertThat(decide(open, foreign, ada)).isEqualTo(new DecisionOutcome.DigestMismatch(open));
    }

    @Test
    void whoIsNotEntitledIsTold() {
      assertThat(decide(open, says(open, Verdict.APPROVE, "k"), carl))
          .isInstanceOf(DecisionOutcome.NotEntitled.class);
      assertThat(decide(open, says(open, Verdict.REJECT, "k"), Principal.service("agent")))
          .isInstanceOf(DecisionOutcome.NotEntitled.class);
    }

    @ParameterizedTest
    @EnumSource(Verdict.class)
    void aVerdictMustFitTheKind(Verdict verdict) {
      for (RequirementKind kind : RequirementKind.values()) {
        Requirement on = requirement(kind, terms(of(1, "finance")), null);
        DecisionOutcome outcome =
            RequirementMachine.decide(
                on,
                List.of(),
                says(on, verdict, "k").withValue(verdict.needsValue() ? "{}" : null),
                ada,
                GIVEN,
                authority,
                NOW);
        if (verdict == Verdict.REVOKE && kind == RequirementKind.APPROVAL) {
          assertThat(outcome)
              .as("nothing was approved yet")
              .isInstanceOfSatisfying(
                  DecisionOutcome.Invalid.class,
                  invalid -> assertThat(invalid.code()).isEqualTo("not-approved"));
        } else if (verdict.answers() == kind) {
          assertThat(outcome).isInstanceOf(DecisionOutcome.Recorded.class);
        } else {
          assertThat(outcome)
              .isInstanceOfSatisfying(
                  DecisionOutcome.Invalid.class,
                  invalid -> assertThat(invalid.code()).isEqualTo("invalid-resolution"));
        }
      }
    }

    @Test
    void highRiskWantsTheToolsNameTyped() {
      ApprovalTerms plain = open.terms();
      Requirement high =
          requirement(
              new ApprovalTerms(
                  plain.rule(),
                  plain.thresholds(),
                  Risk.HIGH,
                  "",
                  null,
                  null,
                  null,
                  ApprovalTerms.OnExpiry.REJECT),
              null);

      for (String typed : new String[] {null, "", "Pay", "pay "}) {
        assertThat(
                decide(
                    high,
                    new DecisionRequest(1, high.digest(), Verdict.APPROVE, null, typed, "k"),
                    ada))
            .isInstanceOfSatisfying(
                DecisionOutcome.Invalid.class,
                invalid -> assertThat(invalid.code()).isEqualTo("typed-confirmation-required"));
      }
      assertThat(
              decide(
                  high,
                  new DecisionRequest(1, high.digest(), Verdict.APPROVE, null, "pay", "k"),
                  ada))
          .isInstanceOf(DecisionOutcome.Recorded.class);
    }

    @Test
    @Tag("X40")
    void onePersonVotesOnce() {
      Requirement two = requirement(terms(of(2, "finance")), null);
      Requirement after = decide(two, says(two, Verdict.APPROVE, "k1"), ada).requirement();

      assertThat(decide(after, says(after, Verdict.APPROVE, "k2"), ada))
          .isInstanceOfSatisfying(
              DecisionOutcome.Invalid.class,
              invalid -> assertThat(invalid.code()).isEqualTo("already-voted"));
    }

    @Test
    void whoVotedBeforeCanCloseItOnceTheirVoteIsEnough() {
      Requirement two = requirement(terms(of(2, "finance")), null);
      Requirement after = decide(two, says(two, Verdict.APPROVE, "k1"), ada).requirement();
      Requirement oneIsEnough =
          after.askedAgain(2, Some.digest("v2"), terms(of(1, "finance")), null, true, Some.NOW);

      assertThat(decide(oneIsEnough, says(oneIsEnough, Verdict.APPROVE, "k2"), ada))
          .isInstanceOf(DecisionOutcome.Recorded.class);
    }

    @Test
    void whoApprovedMayStillReject() {
      Requirement two = requirement(terms(of(2, "finance")), null);
      Requirement after = decide(two, says(two, Verdict.APPROVE, "k1"), ada).requirement();

      assertThat(decide(after, says(after, Verdict.REJECT, "k2"), ada).requirement().status())
          .isEqualTo(RequirementStatus.REJECTED);
    }
  }

  @Nested
  class Deadlines {
    private final Instant deadline = NOW.plusSeconds(60);
    private final Requirement until = requirement(terms(of(1, "finance")), deadline);

    @Test
    @Tag("X23")
    void aDecisionIsJudgedByItsOwnTime() {
      assertThat(decide(until, says(until, Verdict.APPROVE, "k"), ada, deadline))
          .isInstanceOf(DecisionOutcome.Recorded.class);
      assertThat(decide(until, says(until, Verdict.APPROVE, "l"), ada, deadline.plusMillis(1)))
          .isInstanceOf(DecisionOutcome.TooLate.class);
    }

    @Test
    @Tag("X25")
    void timeNeverApproves() {
      assertThat(RequirementMachine.expire(until, deadline)).isSameAs(until);

      Requirement after = RequirementMachine.expire(until, deadline.plusMillis(1));

      assertThat(after.status()).isEqualTo(RequirementStatus.EXPIRED);
      assertThat(after.closedBy()).isNull();
      assertThat(decide(after, says(until, Verdict.APPROVE, "k"), ada))
          .isInstanceOf(DecisionOutcome.AlreadyClosed.class);
    }

    @Test
    void whatWasDecidedDoesNotExpire() {
      Requirement approved = decide(until, says(until, Verdict.APPROVE, "k"), ada).requirement();

      assertThat(RequirementMachine.expire(approved, deadline.plusSeconds(9))).isSameAs(approved);
    }

    @Test
    void aDoubtDoesNotExpire() {
      Requirement doubt =
          requirement(RequirementKind.RECONCILIATION, terms(of(1, "finance")), deadline);

      assertThat(RequirementMachine.expire(doubt, deadline.plusSeconds(9))).isSameAs(doubt);
      assertThat(decide(doubt, says(doubt, Verdict.GIVE_UP, "k"), ada, deadline.plusSeconds(9)))
          .isInstanceOf(DecisionOutcome.Recorded.class);
    }

    @Test
    void whatIsKeptOpenCanBeDecidedLate() {
      ApprovalTerms keep =
          new ApprovalTerms(
              "rule",
              List.of(of(1, "finance")),
              Risk.LOW,
              "",
              null,
              Duration.ofMinutes(1),
              null,
              ApprovalTerms.OnExpiry.KEEP);
      Requirement kept = requirement(keep, deadline);

      assertThat(RequirementMachine.expire(kept, deadline.plusSeconds(9))).isSameAs(kept);
      assertThat(decide(kept, says(kept, Verdict.APPROVE, "k"), ada, deadline.plusSeconds(9)))
          .isInstanceOf(DecisionOutcome.Recorded.class);
    }
  }

  @Nested
  class EachKind {
    private final Principal robot = Principal.service("robot");
    private final Authority withRobot =
        authority(Profile.SEPARATED, Principal.person("rita"), ada, bob, carl, robot);

    private Requirement a(RequirementKind kind) {
      return requirement(kind, terms(Some.of(1, "finance")), NOW.plusSeconds(60));
    }

    private DecisionOutcome says(Requirement on, Principal by, Verdict verdict, String key) {
      return says(on, by, verdict, key, verdict.needsValue() ? "{}" : null);
    }

    private DecisionOutcome says(
        Requirement on, Principal by, Verdict verdict, String key, String value) {
      RequirementMachine.Given given =
          new RequirementMachine.Given(null, value == null ? null : Some.ref(value), GIVEN.edit());
      DecisionOutcome outcome =
          RequirementMachine.decide(
              on,
              recorded,
              Some.says(on, verdict, key).withValue(value),
              by,
              given,
              withRobot,
              NOW);
      if (outcome instanceof DecisionOutcome.Recorded r) {
        recorded.add(r.decision());
      }
      return outcome;
    }

    @ParameterizedTest
    @CsvSource({
      "APPROVE, APPROVED",
      "REJECT, REJECTED",
      "RESPOND, REJECTED",
      "ANSWER, RESOLVED",
      "DECLINE, REJECTED",
      "RESULT, RESOLVED",
      "FAILURE, RESOLVED",
      "ACCEPT, RESOLVED",
      "REPLACE, RESOLVED",
      "CHANGES, RESOLVED",
      "HAPPENED, RESOLVED",
      "DID_NOT_HAPPEN, RESOLVED",
      "GIVE_UP, RESOLVED"
    })
    void aVerdictClosesItsKindInItsOwnWay(Verdict verdict, RequirementStatus how) {
      Requirement asked = a(verdict.answers());

      Requirement after = says(asked, ada, verdict, "k").requirement();

      assertThat(after.status()).isEqualTo(how);
      assertThat(after.closedBy()).isEqualTo("ada");
      assertThat(after.version()).isEqualTo(1);
      assertThat(recorded.getFirst().value() != null).isEqualTo(verdict.needsValue());
      assertThat(says(after, bob, verdict, "late"))
          .isEqualTo(new DecisionOutcome.AlreadyClosed(after, "ada", NOW, how));
    }

    @Tag("X17")
    @ParameterizedTest
    @EnumSource(
        value = Verdict.class,
        names = {"EDIT", "RESPOND", "ANSWER", "RESULT", "REPLACE"})
    void aVerdictThatGivesSomethingSaysNothingWithoutIt(Verdict verdict) {
      Requirement asked = a(verdict.answers());

      assertThat(says(asked, ada, verdict, "k", null))
          .isInstanceOfSatisfying(
              DecisionOutcome.Invalid.class,
              invalid -> assertThat(invalid.code()).isEqualTo("invalid-resolution"));
      assertThat(recorded).isEmpty();
    }

    @Test // rule 8
    void anEditIsANewVersionThatNobodyHasVotedOn() {
      Requirement two = requirement(terms(Some.of(2, "finance")), null);
      Requirement voted = says(two, bob, Verdict.APPROVE, "k").requirement();

      Requirement edited = says(voted, ada, Verdict.EDIT, "e").requirement();

      assertThat(edited.open()).isTrue();
      assertThat(edited.version()).isEqualTo(2);
      assertThat(edited.countsFrom()).isEqualTo(2);
      assertThat(edited.editedBy()).isEqualTo("ada");
      assertThat(edited.proposed()).isEqualTo(two.arguments());
      assertThat(edited.digest()).isEqualTo(Some.digest("edited"));
      assertThat(withRobot.count(edited, recorded)).isEqualTo(Authority.Tally.OPEN);
      assertThat(
              RequirementMachine.decide(
                  edited,
                  recorded,
                  Some.says(two, Verdict.APPROVE, "late"),
                  bob,
                  GIVEN,
                  withRobot,
                  NOW))
          .isEqualTo(new DecisionOutcome.StaleVersion(edited, 1));
    }

    @Test // rule 11
    void whoEditedLastDoesNotApproveAndASecondEditKeepsTheFirstProposal() {
      Requirement first = a(RequirementKind.APPROVAL);
      Requirement edited = says(first, ada, Verdict.EDIT, "e").requirement();

      assertThat(says(edited, ada, Verdict.APPROVE, "k"))
          .isInstanceOf(DecisionOutcome.NotEntitled.class);
      Requirement again = says(edited, bob, Verdict.EDIT, "e").requirement();
      assertThat(again.version()).isEqualTo(3);
      assertThat(again.proposed()).isEqualTo(first.arguments());
      assertThat(says(again, bob, Verdict.APPROVE, "k"))
          .isInstanceOf(DecisionOutcome.NotEntitled.class);
      assertThat(says(again, ada, Verdict.APPROVE, "k").requirement().status())
          .isEqualTo(RequirementStatus.APPROVED);
    }

    @Test
    @Tag("C5")
    void workOutsideIsTakenOnceAndBroughtBackByWhoTookItOrAPerson() {
      Principal other = Principal.service("other");
      Authority both = authority(Profile.SEPARATED, ada, bob, robot, other);
      Requirement outside =
          requirement(
              RequirementKind.EXTERNAL_EXECUTION,
              terms(new Threshold(1, List.of(), List.of())),
              null);
      Requirement taken = decideAs(both, outside, robot, Verdict.TAKE, null).requirement();

      assertThat(taken.open()).isTrue();
      assertThat(taken.takenBy()).isEqualTo("robot");
      assertThat(taken.version()).isEqualTo(1);
      assertThat(decideAs(both, taken, ada, Verdict.TAKE, null))
          .isInstanceOfSatisfying(
              DecisionOutcome.Invalid.class,
              invalid -> assertThat(invalid.code()).isEqualTo("already-taken"));
      assertThat(decideAs(both, taken, other, Verdict.RESULT, "x"))
          .isInstanceOf(DecisionOutcome.NotEntitled.class);
      assertThat(decideAs(both, taken, ada, Verdict.RESULT, "x"))
          .isInstanceOf(DecisionOutcome.Recorded.class);
      assertThat(decideAs(both, taken, robot, Verdict.FAILURE, null).requirement().status())
          .isEqualTo(RequirementStatus.RESOLVED);
    }

    private DecisionOutcome decideAs(
        Authority by, Requirement on, Principal who, Verdict verdict, String value) {
      return RequirementMachine.decide(
          on,
          List.of(),
          Some.says(on, verdict, who.id() + verdict).withValue(value),
          who,
          GIVEN,
          by,
          NOW);
    }

    @ParameterizedTest
    @EnumSource(Verdict.class)
    @Tag("X38")
    @Tag("X64")
    void aServiceDecidesNothingButWorkOutside(Verdict verdict) {
      Requirement asked =
          requirement(verdict.answers(), terms(new Threshold(1, List.of(), List.of())), null);

      DecisionOutcome outcome = says(asked, robot, verdict, "k");

      if (verdict.answers() == RequirementKind.EXTERNAL_EXECUTION) {
        assertThat(outcome).isInstanceOf(DecisionOutcome.Recorded.class);
      } else {
        assertThat(outcome).isInstanceOf(DecisionOutcome.NotEntitled.class);
      }
    }

    @ParameterizedTest
    @EnumSource(RequirementKind.class)
    @Tag("X25")
    void timeClosesEachKindWithoutAYesAndADoubtNever(RequirementKind kind) {
      Requirement asked = a(kind);

      Requirement after = RequirementMachine.expire(asked, NOW.plusSeconds(61));

      if (kind == RequirementKind.RECONCILIATION) {
        assertThat(after).isSameAs(asked);
      } else {
        assertThat(after.status()).isEqualTo(RequirementStatus.EXPIRED);
        assertThat(after.closedBy()).isNull();
      }
    }

    @ParameterizedTest
    @EnumSource(RequirementKind.class)
    void aRequirementOfEachKindResolvesAtMostOnceWhateverIsSaid(RequirementKind kind) {
      Random random = new Random(Testing.seed());
      List<Principal> people = List.of(ada, bob, carl, Principal.person("rita"), robot);
      for (int round = 0; round < 500; round++) {
        recorded.clear();
        Requirement now = a(kind);
        for (int step = 0; step < 12; step++) {
          Requirement before = now;
          Verdict verdict = Verdict.values()[random.nextInt(Verdict.values().length)];
          String value = random.nextBoolean() ? "{}" : null;
          DecisionOutcome outcome =
              says(
                  before,
                  people.get(random.nextInt(people.size())),
                  verdict,
                  "k" + random.nextInt(6),
                  value);
          now = outcome instanceof DecisionOutcome.Recorded ? outcome.requirement() : before;
          if (!before.open() && !revoked(before, now)) {
            assertThat(now).isEqualTo(before);
          }
          if (outcome instanceof DecisionOutcome.Recorded) {
            assertThat(verdict.answers()).isEqualTo(kind);
            assertThat(now.revision()).isEqualTo(before.revision() + 1);
          }
        }
      }
    }
  }

  /** The one way on from a yes. */
  private static boolean revoked(Requirement before, Requirement after) {
    return before.status() == RequirementStatus.APPROVED
        && after.equals(
            before.closed(RequirementStatus.REVOKED, after.closedBy(), after.closedAt()));
  }

  @Test
  void whoMayDecideTakesAnApprovalBackAndNobodyElse() {
    Requirement asked = requirement(terms(of(1, "finance")), null);
    Requirement approved =
        ((DecisionOutcome.Recorded) decide(asked, says(asked, Verdict.APPROVE, "k1"), ada, NOW))
            .requirement();
    DecisionRequest revoke = says(approved, Verdict.REVOKE, "k2");

    assertThat(decide(approved, revoke, carl, NOW)).isInstanceOf(DecisionOutcome.NotEntitled.class);
    assertThat(decide(approved, revoke, Principal.person("rita"), NOW))
        .isInstanceOf(DecisionOutcome.NotEntitled.class);
    DecisionOutcome outcome = decide(approved, revoke, bob, NOW);

    assertThat(outcome.requirement().status()).isEqualTo(RequirementStatus.REVOKED);
    assertThat(outcome.requirement().closedBy()).isEqualTo("bob");
    assertThat(decide(outcome.requirement(), says(approved, Verdict.REVOKE, "k3"), ada, NOW))
        .isInstanceOf(DecisionOutcome.AlreadyClosed.class);
  }

  @Test
  void aRequirementResolvesAtMostOnceWhateverIsSaid() {
    Random random = new Random(Testing.seed());
    List<Principal> people = List.of(ada, bob, carl, Principal.person("rita"));
    for (int round = 0; round < 3_000; round++) {
      recorded.clear();
      Requirement now =
          requirement(terms(of(1 + random.nextInt(2), "finance")), NOW.plusSeconds(10));
      int resolutions = 0;
      for (int step = 0; step < 12; step++) {
        Requirement before = now;
        Instant at = NOW.plusSeconds(random.nextInt(14));
        if (random.nextInt(6) == 0) {
          now = RequirementMachine.expire(before, at);
        } else {
          DecisionRequest request =
              new DecisionRequest(
                  1 + random.nextInt(2) * random.nextInt(2),
                  random.nextInt(5) == 0 ? Some.digest("other") : before.digest(),
                  Verdict.values()[random.nextInt(6)],
                  null,
                  null,
                  "k" + random.nextInt(4));
          DecisionOutcome outcome =
              decide(before, request, people.get(random.nextInt(people.size())), at);
          now = outcome instanceof DecisionOutcome.Recorded r ? r.requirement() : before;
        }
        if (before.open() && !now.open()) {
          resolutions++;
        }
        if (!before.open() && !revoked(before, now)) {
          assertThat(now).isEqualTo(before);
        }
      }
      assertThat(resolutions).isLessThanOrEqualTo(1);
      if (now.status() == RequirementStatus.APPROVED) {
        assertThat(authority.count(now, recorded)).isEqualTo(Authority.Tally.APPROVED);
      }
    }
  }
}
