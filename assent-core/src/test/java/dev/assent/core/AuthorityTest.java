package dev.assent.core;

import static dev.assent.core.Some.account;
import static dev.assent.core.Some.authority;
import static dev.assent.core.Some.decision;
import static dev.assent.core.Some.of;
import static dev.assent.core.Some.requirement;
import static dev.assent.core.Some.terms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.Authority.Tally;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may decide, and when enough people have. */
class AuthorityTest {
  private final Principal rita = Principal.person("rita");
  private final Principal ada = Principal.person("ada", "finance");
  private final Principal bob = Principal.person("bob", "finance");
  private final Principal carl = Principal.person("carl", "security");
  private final Principal bot = Principal.service("bot");
  private final Authority separated =
      authority(Profile.SEPARATED, rita, ada, bob, carl, bot, account("rita-2", "rita", "finance"));
  private final Authority solo = authority(Profile.SOLO, rita, ada, bob, carl, bot);
  private final Requirement anyone = requirement(terms(Threshold.anyone()), null);
  private final Requirement twoOfFinance = requirement(terms(of(2, "finance")), null);

  @Nested
  class Profiles {

    @Test
    @Tag("X39")
    void inTheSeparatedProfileTheRequesterDoesNotCount() {
      Decision own = decision(anyone, rita, Verdict.APPROVE);

      assertThat(separated.whyNot(anyone, rita)).hasValueSatisfying(t -> contains(t, "yourself"));
      assertThat(separated.count(anyone, List.of(own))).isEqualTo(Tally.OPEN);
    }

    @Test
    @Tag("X39")
    @Tag("X40")
    void norDoesAnotherAccountOfTheRequester() {
      Principal second = account("rita-2", "rita", "finance");

      assertThat(separated.whyNot(anyone, second)).isPresent();
      assertThat(separated.count(anyone, List.of(decision(anyone, second, Verdict.APPROVE))))
          .isEqualTo(Tally.OPEN);
    }

    @Test
    void inTheSoloProfileTheOperatorMayApproveTheirOwnRequest() {
      assertThat(solo.whyNot(anyone, rita)).isEmpty();
      assertThat(solo.count(anyone, List.of(decision(anyone, rita, Verdict.APPROVE))))
          .isEqualTo(Tally.APPROVED);
    }

    @ParameterizedTest
    @Tag("X38")
    @Tag("X59")
    @Tag("X64")
    @EnumSource(Profile.class)
    void aServiceNeverDecides(Profile profile) {
      Authority authority = authority(profile, bot, rita);

      for (RequirementKind kind : RequirementKind.values()) {
        Requirement requirement = requirement(kind, terms(Threshold.anyone()), null);
        assertThat(authority.whyNot(requirement, bot).isPresent())
            .as("a service may only bring the result of work outside: %s", kind)
            .isEqualTo(kind != RequirementKind.EXTERNAL_EXECUTION);
      }
      assertThat(authority.count(anyone, List.of(decision(anyone, bot, Verdict.APPROVE))))
          .isEqualTo(Tally.OPEN);
    }

    @Test
    void aServiceThatCallsItselfAPersonIsStillAService() {
      assertThat(solo.whyNot(anyone, Principal.person("bot"))).isPresent();
    }
  }

  @Nested
  class Thresholds {

    @Test
    @Tag("X36")
    void aRuleWithoutApproversIsRefused() {
      assertThatThrownBy(() -> terms())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("names no threshold");
      assertThatThrownBy(() -> new Threshold(0, List.of("finance"), List.of()))
          .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void oneOfTwoIsNotEnough() {
      Decision first = decision(twoOfFinance, ada, Verdict.APPROVE);
      Decision second = decision(twoOfFinance, bob, Verdict.APPROVE);

      assertThat(separated.count(twoOfFinance, List.of(first))).isEqualTo(Tally.OPEN);
      assertThat(separated.count(twoOfFinance, List.of(first, second))).isEqualTo(Tally.APPROVED);
    }

    @Test
    @Tag("X40")
    void onePersonWithTwoAccountsIsOnePerson() {
      Principal second = account("ada-2", "ada", "finance");
      Authority authority = authority(Profile.SEPARATED, rita, ada, bob, second);

      assertThat(
              authority.count(
                  twoOfFinance,
                  List.of(
                      decision(twoOfFinance, ada, Verdict.APPROVE),
                      decision(twoOfFinance, second, Verdict.APPROVE))))
          .isEqualTo(Tally.OPEN);
    }

    @Test
    void everyThresholdMustBeMet() {
      Requirement both = requirement(terms(of(1, "finance"), of(1, "security")), null);
      Decision finance = decision(both, ada, Verdict.APPROVE);
      Decision security = decision(both, carl, Verdict.APPROVE);

      assertThat(separated.count(both, List.of(finance))).isEqualTo(Tally.OPEN);
      assertThat(separated.count(both, List.of(finance, security))).isEqualTo(Tally.APPROVED);
    }

    @Test
    void whoIsNoneOfTheseIsToldWhoIs() {
      assertThat(separated.whyNot(twoOfFinance, carl))
          .hasValueSatisfying(t -> contains(t, "2 of role finance"));
    }

    @Test
    void aPersonCanBeNamed() {
      Requirement named =
          requirement(terms(new Threshold(1, List.of("finance"), List.of("carl"))), null);

      assertThat(separated.whyNot(named, carl)).isEmpty();
      assertThat(separated.whyNot(named, ada)).isEmpty();
    }
  }

  @Nested
  class Groups {
    private final Principal cfo = Principal.person("cleo", "cfo");
    private final Principal dan = Principal.person("dan", "finance", "trader");
    private final Authority all =
        authority(
            Profile.SEPARATED, rita, ada, bob, carl, cfo, dan, account("ada-2", "ada", "cfo"));

    private Tally count(Requirement on, Decision... decisions) {
      return all.count(on, List.of(decisions));
    }

    private Decision yes(Requirement on, Principal by) {
      return decision(on, by, Verdict.APPROVE);
    }

    private Decision no(Requirement on, Principal by) {
      return decision(on, by, Verdict.REJECT);
    }

    private Threshold finance(int approvals, int denials) {
      return new Threshold(
          approvals, List.of("finance"), List.of(), List.of(), List.of(), denials, List.of());
    }

    @Test
    @Tag("X70")
    void oneOfTheGroupsIsEnough() {
      Requirement either =
          requirement(terms(Threshold.anyOf(List.of(of(2, "finance"), of(1, "cfo")))), null);

      assertThat(count(either, yes(either, ada))).isEqualTo(Tally.OPEN);
      assertThat(count(either, yes(either, ada), yes(either, bob))).isEqualTo(Tally.APPROVED);
      assertThat(count(either, yes(either, cfo))).isEqualTo(Tally.APPROVED);
      assertThat(all.whyNot(either, carl)).isPresent();
    }

    @Test
    void aGroupThatSaidNoDoesNotSpeakForTheOther() {
      Requirement either =
          requirement(terms(Threshold.anyOf(List.of(of(2, "finance"), of(1, "cfo")))), null);

      assertThat(count(either, no(either, ada))).isEqualTo(Tally.OPEN);
      assertThat(count(either, no(either, ada), yes(either, bob), yes(either, dan)))
          .as("the group has failed, however many of it agree")
          .isEqualTo(Tally.OPEN);
      assertThat(count(either, no(either, ada), yes(either, cfo))).isEqualTo(Tally.APPROVED);
      assertThat(count(either, no(either, ada), no(either, cfo))).isEqualTo(Tally.REJECTED);
    }

    @Test
    void soManyDenialsRejectAndTheyArePeople() {
      Requirement two = requirement(terms(finance(2, 2)), null);
      Principal alias = account("bob-2", "bob", "finance");
      Authority aliased = authority(Profile.SEPARATED, rita, ada, bob, alias);

      assertThat(count(two, no(two, ada))).isEqualTo(Tally.OPEN);
      assertThat(aliased.count(two, List.of(no(two, bob), no(two, alias)))).isEqualTo(Tally.OPEN);
      assertThat(count(two, no(two, ada), no(two, bob))).isEqualTo(Tally.REJECTED);
      assertThat(count(two, no(two, ada), yes(two, bob), yes(two, dan))).isEqualTo(Tally.APPROVED);
    }

    @Test
    void theLastWordOfAPersonCountsFromWhicheverAccount() {
      Requirement two = requirement(terms(finance(1, 2), of(1, "cfo")), null);

      assertThat(count(two, yes(two, ada), yes(two, cfo))).isEqualTo(Tally.APPROVED);
      assertThat(count(two, yes(two, ada), no(two, account("ada-2", "ada")), yes(two, cfo)))
          .as("ada said no as ada-2, where she is a cfo, so her yes is gone too")
          .isEqualTo(Tally.REJECTED);
      assertThat(count(two, no(two, ada), yes(two, ada), yes(two, cfo))).isEqualTo(Tally.APPROVED);
    }

    @Test
    void whoDoesNotMeetTheConditionIsNotOfTheGroup() {
      Requirement careful =
          requirement(
              terms(
                  new Threshold(
                      1,
                      List.of("finance"),
                      List.of(),
                      List.of(),
                      List.of("trader"),
                      null,
                      List.of())),
              null);

      assertThat(count(careful, yes(careful, dan))).isEqualTo(Tally.OPEN);
      assertThat(all.whyNot(careful, dan))
          .hasValueSatisfying(t -> contains(t, "without role trader"));
      assertThat(count(careful, yes(careful, ada))).isEqualTo(Tally.APPROVED);
    }

    @Test
    void whenTooFewNamedPeopleAreLeftItIsRejected() {
      Threshold named =
          new Threshold(
              2, List.of(), List.of("ada", "bob", "carl"), List.of(), List.of(), 3, List.of());
      Requirement asked = requirement(terms(named), null);

      assertThat(count(asked, no(asked, ada))).isEqualTo(Tally.OPEN);
      assertThat(count(asked, no(asked, ada), no(asked, bob))).isEqualTo(Tally.REJECTED);
    }

    @Test
    void howManyAreMissingAtLeastIsKnown() {
      Requirement both =
          requirement(
              terms(Threshold.anyOf(List.of(of(3, "finance"), of(2, "cfo"))), of(1, "security")),
              null);

      assertThat(all.progress(both, List.of()).missing()).isEqualTo(2);
      assertThat(all.progress(both, List.of(yes(both, cfo))).missing()).isEqualTo(1);
      assertThat(all.progress(both, List.of(no(both, cfo))).missing()).isEqualTo(3);
    }
  }

  @Nested
  class Today {

    @Test
    void aRoleThatWasLostDoesNotCountAnyMore() {
      Authority later = authority(Profile.SEPARATED, rita, Principal.person("ada"), bob);
      List<Decision> votes =
          List.of(
              decision(twoOfFinance, ada, Verdict.APPROVE),
              decision(twoOfFinance, bob, Verdict.APPROVE));

      assertThat(separated.count(twoOfFinance, votes)).isEqualTo(Tally.APPROVED);
      assertThat(later.count(twoOfFinance, votes)).isEqualTo(Tally.OPEN);
    }

    @Test
    void anAccountThatIsLockedDoesNotCountAnyMore() {
      Authority later = authority(Profile.SEPARATED, rita, bob);

      assertThat(later.whyNot(anyone, ada)).isPresent();
      assertThat(later.count(anyone, List.of(decision(anyone, ada, Verdict.APPROVE))))
          .isEqualTo(Tally.OPEN);
    }

    @Test
    @Tag("X37")
    void rolesThatSomebodyBringsAlongDoNotCount() {
      Principal boasting = Principal.person("carl", "finance");

      assertThat(separated.whyNot(twoOfFinance, boasting)).isPresent();
      assertThat(
              separated.whyNot(
                  requirement(RequirementKind.RECONCILIATION, terms(of(1, "finance")), null),
                  Principal.person("carl", Authority.RECONCILER)))
          .isPresent();
    }
  }

  @Nested
  class Votes {

    @Test
    void aRejectionWins() {
      assertThat(
              separated.count(
                  twoOfFinance,
                  List.of(
                      decision(twoOfFinance, ada, Verdict.APPROVE),
                      decision(twoOfFinance, bob, Verdict.APPROVE),
                      decision(twoOfFinance, ada, Verdict.REJECT))))
          .isEqualTo(Tally.REJECTED);
    }

    @Test
    void aRejectionOfSomebodyWithoutASayIsNothing() {
      assertThat(
              separated.count(twoOfFinance, List.of(decision(twoOfFinance, carl, Verdict.REJECT))))
          .isEqualTo(Tally.OPEN);
    }

    @Test
    void votesOfVersionsThatDoNotCountAreVoid() {
      Requirement void2 =
          twoOfFinance.askedAgain(
              2, Some.digest("v2"), twoOfFinance.terms(), null, false, Some.NOW);
      Requirement kept =
          twoOfFinance.askedAgain(2, Some.digest("v2"), twoOfFinance.terms(), null, true, Some.NOW);
      List<Decision> votes =
          List.of(
              decision(twoOfFinance, ada, Verdict.APPROVE),
              decision(twoOfFinance, bob, Verdict.APPROVE));

      assertThat(separated.count(void2, votes)).isEqualTo(Tally.OPEN);
      assertThat(separated.count(kept, votes)).isEqualTo(Tally.APPROVED);
    }

    @Test
    void aVoteForAVersionYetToComeIsVoid() {
      Decision early = decision(anyone, 2, anyone.digest(), ada, Verdict.APPROVE, Some.NOW);

      assertThat(separated.count(anyone, List.of(early))).isEqualTo(Tally.OPEN);
    }

    @Test
    @Tag("X2")
    void aVoteOnAnotherRequirementIsVoid() {
      Requirement other =
          requirement(RequirementKind.RECONCILIATION, terms(Threshold.anyone()), null);

      assertThat(separated.count(anyone, List.of(decision(other, ada, Verdict.APPROVE))))
          .isEqualTo(Tally.OPEN);
    }

    @Test
    @Tag("X17")
    @Tag("X25")
    void silenceIsNoApproval() {
      assertThat(separated.count(anyone, List.of())).isEqualTo(Tally.OPEN);
      assertThat(solo.count(anyone, List.of())).isEqualTo(Tally.OPEN);
    }
  }

  @Nested
  class Reconciling {
    private final Requirement doubt =
        requirement(RequirementKind.RECONCILIATION, terms(of(1, "finance")), null);

    @Test
    void whoMayApproveTheCallMayReconcileIt() {
      assertThat(separated.whyNot(doubt, ada)).isEmpty();
      assertThat(separated.whyNot(doubt, carl)).isPresent();
    }

    @Test
    void soMayAReconciler() {
      Principal reconciler = Principal.person("carl", Authority.RECONCILER);

      assertThat(authority(Profile.SEPARATED, rita, reconciler).whyNot(doubt, reconciler))
          .isEmpty();
      assertThat(authority(Profile.SEPARATED, rita, reconciler).whyNot(anyoneOfFinance(), carl))
          .isPresent();
    }

    private Requirement anyoneOfFinance() {
      return requirement(terms(of(1, "finance")), null);
    }

    @Test
    void theRequesterMayNotGiveTheirOwnApprovalBack() {
      Principal requester = Principal.person("rita", "finance", Authority.RECONCILER);

      assertThat(authority(Profile.SEPARATED, requester).whyNot(doubt, requester)).isPresent();
      assertThat(authority(Profile.SOLO, requester).whyNot(doubt, requester)).isEmpty();
    }
  }

  private static void contains(WhyNot why, String part) {
    assertThat(why.inWords()).contains(part);
  }
}
