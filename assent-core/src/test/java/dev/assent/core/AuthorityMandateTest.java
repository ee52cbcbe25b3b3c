package dev.assent.core;

import static dev.assent.core.Some.NOW;
import static dev.assent.core.Some.account;
import static dev.assent.core.Some.of;
import static dev.assent.core.Some.requirement;
import static dev.assent.core.Some.terms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.Authority.Tally;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Deciding with somebody else's authority, or with that of an emergency. */
class AuthorityMandateTest {
  private static final Instant LATER = NOW.plus(Duration.ofHours(1));

  private final Map<String, Principal> accounts = new HashMap<>();
  private final List<Mandate> mandates = new ArrayList<>();
  private final Principal rita = known(Principal.person("rita"));
  private final Principal ada = known(Principal.person("ada", "finance"));
  private final Principal bob = known(Principal.person("bob"));
  private final Principal cleo = known(Principal.person("cleo"));
  private final Principal dora = known(Principal.person("dora", Authority.BREAK_GLASS));
  private final Requirement one = requirement(terms(of(1, "finance")), null);
  private final Requirement two = requirement(terms(of(2, "finance")), null);

  private Principal known(Principal account) {
    accounts.put(account.id(), account);
    return account;
  }

  private Authority authority(Profile profile) {
    return new Authority(
        profile,
        id -> Optional.ofNullable(accounts.get(id)),
        id -> Optional.ofNullable(accounts.get(id)).map(Principal::person),
        id -> mandates.stream().filter(mandate -> mandate.holder().equals(id)).toList(),
        NOW);
  }

  private final Authority separated = authority(Profile.SEPARATED);

  private Mandate gives(Principal giver, Principal holder) {
    return given(Mandate.Kind.DELEGATION, giver, holder, List.of(), Risk.HIGH, null);
  }

  private Mandate opens(Principal holder) {
    return given(Mandate.Kind.BREAK_GLASS, holder, holder, List.of("p*"), Risk.HIGH, null);
  }

  private Mandate given(
      Mandate.Kind kind,
      Principal giver,
      Principal holder,
      List<String> tools,
      Risk highest,
      @Nullable RequirementId only) {
    Mandate mandate =
        new Mandate(
            new MandateId("m" + mandates.size()),
            kind,
            giver.id(),
            holder.id(),
            tools,
            highest,
            only,
            NOW,
            LATER,
            "the press stands",
            giver.id(),
            NOW,
            1,
            null,
            null);
    mandates.add(mandate);
    return mandate;
  }

  private Decision says(Requirement on, Principal by, Verdict verdict, Instant at) {
    return Some.decision(on, on.version(), on.digest(), by, verdict, at);
  }

  private Tally counted(Requirement on, Decision... said) {
    return separated.count(on, List.of(said));
  }

  @Nested
  class Delegation {
    @Test
    @Tag("C15")
    void theHolderDecidesWithTheAuthorityThatTheGiverHasToday() {
      assertThat(separated.whyNot(one, bob)).containsInstanceOf(WhyNot.NoneOfThese.class);
      Mandate mandate = gives(ada, bob);

      assertThat(separated.whyNot(one, bob)).isEmpty();
      assertThat(separated.usedBy(one, bob)).contains(mandate);
      assertThat(counted(one, says(one, bob, Verdict.APPROVE, NOW))).isEqualTo(Tally.APPROVED);

      known(Principal.person("ada"));
      assertThat(separated.whyNot(one, bob)).containsInstanceOf(WhyNot.NoneOfThese.class);
      assertThat(counted(one, says(one, bob, Verdict.APPROVE, NOW))).isEqualTo(Tally.OPEN);
    }

    @Test
    @Tag("X40")
    void giverAndHolderCountOnceAndSoDoTwoHolders() {
      gives(ada, bob);
      gives(ada, cleo);
      Decision bobs = says(two, bob, Verdict.APPROVE, NOW);
      Decision cleos = says(two, cleo, Verdict.APPROVE, NOW);

      assertThat(counted(two, bobs, says(two, ada, Verdict.APPROVE, NOW))).isEqualTo(Tally.OPEN);
      assertThat(counted(two, bobs, cleos)).isEqualTo(Tally.OPEN);
      assertThat(separated.approvals(two, List.of(bobs, cleos))).isEqualTo(1);
    }

    @Test
    @Tag("X40")
    void whoHoldsTwoMandatesIsStillOnePersonAndTakesTheAuthorityThatIsLeft() {
      Principal eve = known(Principal.person("eve", "finance"));
      gives(ada, bob);
      gives(eve, bob);
      Decision bobs = says(two, bob, Verdict.APPROVE, NOW);

      assertThat(counted(two, bobs)).isEqualTo(Tally.OPEN);
      assertThat(counted(two, bobs, says(two, ada, Verdict.APPROVE, NOW)))
          .isEqualTo(Tally.APPROVED);
      assertThat(counted(two, bobs, says(two, eve, Verdict.APPROVE, NOW)))
          .isEqualTo(Tally.APPROVED);
    }

    @Test
    @Tag("X40")
    void nobodyMeetsTwoLinesWithTwoAuthorities() {
      Principal sid = known(Principal.person("sid", "security"));
      Principal eve = known(Principal.person("eve", "finance"));
      Requirement both = requirement(terms(of(1, "finance"), of(1, "security")), null);
      gives(sid, ada);
      gives(sid, bob);
      gives(eve, bob);
      Decision adas = says(both, ada, Verdict.APPROVE, NOW);
      Decision bobs = says(both, bob, Verdict.APPROVE, NOW);

      assertThat(counted(both, adas)).as("her own and a lent one").isEqualTo(Tally.OPEN);
      assertThat(counted(both, bobs)).as("two lent ones").isEqualTo(Tally.OPEN);
      assertThat(separated.progress(both, List.of(adas)).missing()).isEqualTo(1);
      assertThat(counted(both, adas, bobs)).as("two people").isEqualTo(Tally.APPROVED);
      assertThat(counted(both, adas, says(both, eve, Verdict.APPROVE, NOW)))
          .as("she votes for who is away where her own is not needed")
          .isEqualTo(Tally.APPROVED);
    }

    @Test
    @Tag("X40")
    void whoIsInTwoGroupsThemselvesMeetsBothLinesAndSoDoesWhoHoldsTheirMandate() {
      Principal zoe = known(Principal.person("zoe", "finance", "security"));
      Requirement both = requirement(terms(of(1, "finance"), of(1, "security")), null);
      gives(zoe, bob);

      assertThat(counted(both, says(both, zoe, Verdict.APPROVE, NOW))).isEqualTo(Tally.APPROVED);
      assertThat(counted(both, says(both, bob, Verdict.APPROVE, NOW))).isEqualTo(Tally.APPROVED);
      Requirement three = requirement(terms(of(2, "finance"), of(1, "security")), null);
      assertThat(
              counted(
                  three,
                  says(three, zoe, Verdict.APPROVE, NOW),
                  says(three, bob, Verdict.APPROVE, NOW)))
          .as("one authority is never two votes")
          .isEqualTo(Tally.OPEN);
    }

    @Test
    @Tag("X40")
    void anAuthoritySaysOneThingItsOwnersWordFirstAndThenANo() {
      Principal eve = known(Principal.person("eve", "finance"));
      Threshold patient =
          new Threshold(1, List.of("finance"), List.of(), List.of(), List.of(), 2, List.of());
      Requirement asked = requirement(terms(patient), null);
      gives(ada, bob);
      gives(ada, cleo);
      Decision bobs = says(asked, bob, Verdict.APPROVE, NOW);
      Decision no = says(asked, ada, Verdict.REJECT, NOW);

      assertThat(counted(asked, bobs)).isEqualTo(Tally.APPROVED);
      assertThat(counted(asked, no, bobs)).as("the owner said no").isEqualTo(Tally.OPEN);
      assertThat(counted(asked, says(asked, cleo, Verdict.REJECT, NOW), bobs))
          .as("another holder said no with it")
          .isEqualTo(Tally.OPEN);
      assertThat(
              counted(
                  asked,
                  says(asked, ada, Verdict.APPROVE, NOW),
                  says(asked, cleo, Verdict.REJECT, NOW),
                  says(asked, eve, Verdict.REJECT, NOW)))
          .as("the holder's no against the owner's yes is none")
          .isEqualTo(Tally.APPROVED);
    }

    @Test
    void theMandateIsNamedWhereTheirOwnAuthorityWouldCountForLess() {
      Requirement either =
          requirement(terms(Threshold.anyOf(List.of(of(2, "finance"), of(1, "cfo")))), null);
      Principal chief = known(Principal.person("chief", "cfo"));
      Mandate mandate = gives(chief, ada);
      gives(ada, known(Principal.person("fay", "finance")));
      Decision adas = says(either, ada, Verdict.APPROVE, NOW);

      assertThat(counted(either, adas)).isEqualTo(Tally.APPROVED);
      assertThat(separated.usedBy(either, ada)).contains(mandate);
      assertThat(separated.usedFor(either, adas)).contains(mandate);
      assertThat(separated.usedBy(one, ada)).as("it lends nothing there").isEmpty();
      assertThat(separated.usedBy(one, accounts.get("fay"))).isEmpty();
    }

    @Test
    void itIsNotPassedOn() {
      gives(ada, bob);
      gives(bob, cleo);

      assertThat(separated.whyNot(one, cleo)).containsInstanceOf(WhyNot.NoneOfThese.class);
    }

    @Test
    @Tag("X39")
    void neitherTheRequesterNorTheLastEditorDecidesByItWhicheverSideTheyStandOn() {
      known(Principal.person("rita", "finance"));
      gives(rita, bob);
      gives(ada, rita);
      Requirement edited = one.edited(one.arguments(), Some.digest("e"), one.terms(), "ada", NOW);
      gives(ada, cleo);

      assertThat(separated.whyNot(one, bob)).contains(new WhyNot.GiverExcluded("rita", false));
      assertThat(separated.whyNot(one, rita)).contains(new WhyNot.Requester());
      assertThat(separated.whyNot(edited, cleo)).contains(new WhyNot.GiverExcluded("ada", true));
      assertThat(counted(one, says(one, bob, Verdict.APPROVE, NOW))).isEqualTo(Tally.OPEN);
      assertThat(authority(Profile.SOLO).whyNot(one, bob)).isEmpty();
    }

    @Test
    void aQuestionOfTheirOwnTheRequesterAnswersByNoMandate() {
      Requirement question = requirement(RequirementKind.USER_INPUT, terms(of(1, "finance")), null);
      gives(ada, rita);

      assertThat(separated.whyNot(question, rita)).contains(new WhyNot.Requester());
    }

    @Test
    void itEndsWithItsTimeForNewDecisionsOnly() {
      Mandate mandate = gives(ada, bob);
      Decision inTime = says(one, bob, Verdict.APPROVE, LATER.minusMillis(1));

      assertThat(separated.at(LATER).whyNot(one, bob)).contains(new WhyNot.MandateOver(mandate));
      assertThat(separated.at(LATER).count(one, List.of(inTime))).isEqualTo(Tally.APPROVED);
      assertThat(counted(one, says(one, bob, Verdict.APPROVE, LATER))).isEqualTo(Tally.OPEN);
      assertThat(counted(one, says(one, bob, Verdict.APPROVE, NOW.minusMillis(1))))
          .as("it never works backwards")
          .isEqualTo(Tally.OPEN);
    }

    @Test
    void whatWasDecidedByItCountsNoMoreOnceItIsTakenBack() {
      Mandate mandate = gives(ada, bob);
      Decision said = says(one, bob, Verdict.APPROVE, NOW);
      mandates.set(0, mandate.revoked("ada", LATER));

      assertThat(counted(one, said)).isEqualTo(Tally.OPEN);
      assertThat(separated.whyNot(one, bob)).containsInstanceOf(WhyNot.MandateOver.class);
      assertThat(separated.usedFor(one, said)).contains(mandates.getFirst());
    }

    @Test
    void whoIsUnwantedInAGroupDoesNotEnterItByAMandate() {
      Principal intern = known(Principal.person("ines", "intern"));
      gives(ada, intern);
      Threshold noInterns =
          new Threshold(
              1, List.of("finance"), List.of(), List.of(), List.of("intern"), null, List.of());

      assertThat(separated.whyNot(requirement(terms(noInterns), null), intern)).isPresent();
      assertThat(separated.whyNot(one, intern)).isEmpty();
    }

    @Test
    void itReachesOnlyItsToolsItsRiskAndItsRequirement() {
      given(Mandate.Kind.DELEGATION, ada, bob, List.of("mail", "re*fund"), Risk.HIGH, null);
      given(Mandate.Kind.DELEGATION, ada, bob, List.of(), Risk.LOW, null);
      given(Mandate.Kind.DELEGATION, ada, bob, List.of(), Risk.HIGH, new RequirementId("another"));
      assertThat(separated.whyNot(one, bob)).containsInstanceOf(WhyNot.NoneOfThese.class);

      given(Mandate.Kind.DELEGATION, ada, bob, List.of("p*y"), Risk.MEDIUM, one.id());
      assertThat(separated.whyNot(one, bob)).isEmpty();
    }

    @Test
    @Tag("X38")
    void aServiceHasNoneAndGivesNone() {
      Principal bot = known(new Principal("bot", Principal.Kind.SERVICE, "bot", Set.of("finance")));
      gives(ada, bot);
      gives(bot, bob);

      assertThat(separated.whyNot(one, bot)).containsInstanceOf(WhyNot.Service.class);
      assertThat(separated.whyNot(one, bob)).containsInstanceOf(WhyNot.NoneOfThese.class);
    }

    @Test
    void aStandingPermissionIsNeverMadeOfIt() {
      gives(ada, bob);
      opens(dora);

      assertThat(Granting.enough(separated, one, "ada", "ada", NOW)).isTrue();
      assertThat(Granting.enough(separated, one, "bob", "bob", NOW)).isFalse();
      assertThat(Granting.enough(separated, one, "dora", "dora", NOW)).isFalse();
    }
  }

  @Nested
  class BreakGlass {
    @Test
    void oneWordSufficesAndAnotherPersonsNoStillRejects() {
      assertThat(separated.whyNot(two, dora)).containsInstanceOf(WhyNot.NoneOfThese.class);
      Mandate opened = opens(dora);
      Decision yes = says(two, dora, Verdict.APPROVE, NOW);

      assertThat(separated.whyNot(two, dora)).isEmpty();
      assertThat(separated.glass(two, dora)).contains(opened);
      assertThat(separated.usedFor(two, yes)).contains(opened);
      assertThat(counted(two, yes)).isEqualTo(Tally.APPROVED);
      assertThat(separated.progress(two, List.of(yes)).missing()).isZero();
      assertThat(counted(two, says(two, ada, Verdict.REJECT, NOW), yes)).isEqualTo(Tally.REJECTED);
      assertThat(counted(two, says(two, dora, Verdict.REJECT, NOW))).isEqualTo(Tally.REJECTED);
    }

    @Test
    void itNeedsTheRoleAlsoWhenItIsCounted() {
      opens(dora);
      Decision yes = says(two, dora, Verdict.APPROVE, NOW);
      known(Principal.person("dora"));

      assertThat(separated.whyNot(two, dora)).containsInstanceOf(WhyNot.NoneOfThese.class);
      assertThat(counted(two, yes)).isEqualTo(Tally.OPEN);
    }

    @Test
    @Tag("X39")
    @Tag("X40")
    void neverForTheirOwnRequestOrEdit() {
      Principal other = known(account("rita-2", "rita", Authority.BREAK_GLASS));
      opens(other);
      opens(dora);
      Requirement edited = one.edited(one.arguments(), Some.digest("e"), one.terms(), "dora", NOW);
      Requirement question = requirement(RequirementKind.USER_INPUT, terms(of(1, "finance")), null);

      assertThat(separated.whyNot(one, other)).contains(new WhyNot.Requester());
      assertThat(separated.whyNot(question, other)).contains(new WhyNot.Requester());
      assertThat(separated.whyNot(edited, dora)).contains(new WhyNot.LastEditor());
      assertThat(counted(one, says(one, other, Verdict.APPROVE, NOW))).isEqualTo(Tally.OPEN);
    }

    @Test
    @Tag("X38")
    void aServiceWithTheRoleHasNothingOfIt() {
      Principal bot =
          known(new Principal("bot", Principal.Kind.SERVICE, "bot", Set.of(Authority.BREAK_GLASS)));
      opens(bot);

      assertThat(separated.whyNot(one, bot)).containsInstanceOf(WhyNot.Service.class);
      assertThat(separated.glass(one, bot)).isEmpty();
    }

    @Test
    void whoVotedBeforeMaySayItOnceMoreWithMoreWeight() {
      Principal eve = known(Principal.person("eve", "finance", Authority.BREAK_GLASS));
      Decision first = says(two, eve, Verdict.APPROVE, NOW.minusSeconds(5));
      assertThat(RequirementMachine.whyNot(two, List.of(first), eve, separated, NOW))
          .containsInstanceOf(WhyNot.AlreadyVoted.class);
      opens(eve);

      assertThat(RequirementMachine.whyNot(two, List.of(first), eve, separated, NOW)).isEmpty();
      assertThat(counted(two, first)).isEqualTo(Tally.OPEN);
      assertThat(counted(two, first, says(two, eve, Verdict.APPROVE, NOW)))
          .isEqualTo(Tally.APPROVED);
    }

    @Test
    void theHighestRiskIsTypedAllTheSame() {
      opens(dora);
      Requirement high =
          requirement(
              new ApprovalTerms(
                  "rule",
                  List.of(of(2, "finance")),
                  Risk.HIGH,
                  "",
                  null,
                  null,
                  null,
                  ApprovalTerms.OnExpiry.REJECT),
              null);

      assertThat(
              RequirementMachine.decide(
                  high,
                  List.of(),
                  Some.says(high, Verdict.APPROVE, "k"),
                  dora,
                  RequirementMachine.Given.words(null),
                  separated,
                  NOW))
          .isInstanceOfSatisfying(
              DecisionOutcome.Invalid.class,
              no -> assertThat(no.code()).isEqualTo("typed-confirmation-required"));
    }
  }

  @Test
  void whatMakesNoSenseCannotBeMade() {
    assertThatThrownBy(() -> gives(ada, ada)).hasMessageContaining("of their own");
    assertThatThrownBy(
            () -> given(Mandate.Kind.BREAK_GLASS, dora, bob, List.of("*"), Risk.HIGH, null))
        .hasMessageContaining("for oneself");
    assertThatThrownBy(
            () -> given(Mandate.Kind.BREAK_GLASS, dora, dora, List.of(), Risk.HIGH, null))
        .hasMessageContaining("named");
    assertThatThrownBy(
            () ->
                given(Mandate.Kind.BREAK_GLASS, dora, dora, List.of("pay", "**"), Risk.HIGH, null))
        .hasMessageContaining("every tool");
  }
}
