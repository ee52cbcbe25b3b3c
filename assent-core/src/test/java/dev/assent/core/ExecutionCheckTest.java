package dev.assent.core;

import static dev.assent.core.Some.C1;
import static dev.assent.core.Some.NOW;
import static dev.assent.core.Some.of;
import static dev.assent.core.Some.terms;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.ExecutionCheck.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The one check before an effect: every result, and every way to forge what it looks at. */
class ExecutionCheckTest {
  private final Keyring keys = Some.keys();
  private final Principal ada = Principal.person("ada", "finance");
  private final Principal bob = Principal.person("bob", "finance");

  // What the executor would gather; each test changes one of these.
  private String tenant = "main";
  private String requester = "rita";
  private @Nullable ToolSpec tool = Some.tool("Pays", Effect.AT_MOST_ONCE);
  private Body arguments = Some.body("{\"amount\":10,\"invoice\":\"17\"}");
  private PolicyOutcome policy = new PolicyOutcome.Require(terms(of(1, "finance")));
  private @Nullable Requirement requirement;
  private final List<SignedDecision> decisions = new ArrayList<>();
  private final List<SignedDecision> doubts = new ArrayList<>();
  private List<Principal> people = List.of(ada, bob, Principal.person("rita"));
  private Instant now = NOW.plusSeconds(5);
  private ToolCall call = call(CallStatus.APPROVED, 1);

  @BeforeEach
  void approvedByAda() {
    requirement = approval(1, terms(of(1, "finance")));
    decisions.add(signed(1, digest(1), ada, Verdict.APPROVE));
  }

  private Digest digest(int version) {
    return new CallSubject(
            Some.RUN,
            "rita",
            C1,
            "pay",
            Some.tool("Pays", Effect.AT_MOST_ONCE).fingerprint(),
            Some.body("{\"amount\":10,\"invoice\":\"17\"}").content(),
            Some.body("{\"amount\":10,\"invoice\":\"17\"}").salt())
        .digest(version);
  }

  private ToolCall call(CallStatus status, int version) {
    ToolSpec judged = Some.tool("Pays", Effect.AT_MOST_ONCE);
    return new ToolCall(
        C1,
        "p1",
        "pay",
        status,
        version,
        new ToolCall.Bound(
            judged.fingerprint(),
            Some.body("{\"amount\":10,\"invoice\":\"17\"}").ref(),
            digest(version),
            judged.effect(),
            true,
            null),
        RequirementId.of(Some.RUN, C1, RequirementKind.APPROVAL, 1),
        null,
        null,
        null);
  }

  private Requirement approval(int version, ApprovalTerms terms) {
    Requirement first = Some.requirement(terms, null);
    Requirement asked = first.askedAgain(version, digest(version), terms, null, true, NOW);
    return asked.closed(RequirementStatus.APPROVED, "ada", NOW);
  }

  private SignedDecision signed(int version, Digest shown, Principal by, Verdict verdict) {
    Requirement on = approval(version, terms(of(1, "finance")));
    return SignedDecision.sign(keys, "main", Some.decision(on, version, shown, by, verdict, NOW));
  }

  private Result check() {
    return new ExecutionCheck(
            tenant,
            Some.RUN,
            requester,
            call,
            tool,
            arguments,
            policy,
            requirement,
            decisions,
            doubts,
            null,
            keys,
            Some.authority(Profile.SEPARATED, people.toArray(Principal[]::new)),
            now)
        .check();
  }

  private static void halts(Result result, String code) {
    assertThat(result)
        .isInstanceOfSatisfying(Result.Halt.class, h -> assertThat(h.code()).isEqualTo(code));
  }

  @Nested
  class Go {

    @Test
    void whatWasApprovedRuns() {
      assertThat(check()).isEqualTo(new Result.Go());
    }

    @Test
    void whatPolicyAllowsRunsWithoutAnybody() {
      policy = new PolicyOutcome.Allow("small");
      requirement = null;
      decisions.clear();
      call = call(CallStatus.ALLOWED, 0 + 1);

      assertThat(check()).isEqualTo(new Result.Go());
      policy = new PolicyOutcome.Audit("familiar");
      assertThat(check()).isEqualTo(new Result.Go());
    }

    @Test
    void aRewordedDescriptionOfOwnCodeKeepsTheVotes() {
      tool = Some.tool("Pays an invoice at once", Effect.AT_MOST_ONCE);

      assertThat(check()).isEqualTo(new Result.Go());
    }
  }

  @Nested
  class Ask {

    @Test
    void nobodyDecided() {
      decisions.clear();

      assertThat(check())
          .isInstanceOfSatisfying(Result.Ask.class, ask -> assertThat(ask.keepVotes()).isTrue());
    }

    @Test
    void aStricterPolicyKeepsTheVotesAndAsksForMore() {
      policy = new PolicyOutcome.Require(terms(of(2, "finance")));

      assertThat(check())
          .isInstanceOfSatisfying(
              Result.Ask.class,
              ask -> {
                assertThat(ask.keepVotes()).isTrue();
                assertThat(ask.terms()).isEqualTo(terms(of(2, "finance")));
              });
    }

    @Test
    void votesOfBothVersionsAddUp() {
      policy = new PolicyOutcome.Require(terms(of(2, "finance")));
      requirement = approval(2, terms(of(2, "finance")));
      call = call(CallStatus.APPROVED, 2);
      decisions.add(signed(2, digest(2), bob, Verdict.APPROVE));

      assertThat(check()).isEqualTo(new Result.Go());
    }

    @Test
    void aRoleThatTheApproverLost() {
      people = List.of(Principal.person("ada"), bob);

      assertThat(check()).isInstanceOf(Result.Ask.class);
    }

    @Test
    void anAllowedCallUnderAPolicyThatNowRequires() {
      requirement = null;
      decisions.clear();
      call = call(CallStatus.ALLOWED, 1);

      assertThat(check())
          .isInstanceOfSatisfying(Result.Ask.class, ask -> assertThat(ask.keepVotes()).isFalse());
    }

    @ParameterizedTest
    @Tag("X12")
    @ValueSource(booleans = {true, false})
    void aToolThatChangedVoidsTheVotesWhateverPolicySays(boolean allowed) {
      tool = Some.tool("Pays", Effect.IDEMPOTENT);
      if (allowed) {
        policy = new PolicyOutcome.Allow("small");
      }

      assertThat(check())
          .isInstanceOfSatisfying(Result.Ask.class, ask -> assertThat(ask.keepVotes()).isFalse());
    }
  }

  @Nested
  class No {

    @Test
    void aDenialOfToday() {
      policy = new PolicyOutcome.Deny("frozen", "payments are frozen");

      assertThat(check()).isEqualTo(new Result.Deny("frozen", "payments are frozen"));
    }

    @Test
    void aToolThatIsGone() {
      tool = null;

      assertThat(check()).isInstanceOf(Result.Deny.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRejectionIsHeardWhateverPolicySays(boolean allowed) {
      if (allowed) {
        policy = new PolicyOutcome.Allow("small");
      }
      decisions.add(signed(1, digest(1), bob, Verdict.REJECT));

      assertThat(check()).isInstanceOf(Result.Deny.class);
    }

    @Test
    void anApprovalThatIsTooOld() {
      ApprovalTerms plain = terms(of(1, "finance"));
      policy =
          new PolicyOutcome.Require(
              new ApprovalTerms(
                  plain.rule(),
                  plain.thresholds(),
                  plain.risk(),
                  "",
                  null,
                  null,
                  Duration.ofSeconds(60),
                  plain.onExpiry()));

      now = NOW.plusSeconds(60);
      assertThat(check()).isEqualTo(new Result.Go());
      now = NOW.plusSeconds(60).plusMillis(1);
      assertThat(check()).isEqualTo(new Result.TooOld());
    }
  }

  @Test
  @Tag("C18")
  void anApprovedCallWaitsWhileItsApprovalCanBeTakenBack() {
    ApprovalTerms plain = terms(of(1, "finance"));
    policy =
        new PolicyOutcome.Require(
            new ApprovalTerms(
                plain.rule(),
                plain.thresholds(),
                plain.risk(),
                "",
                null,
                null,
                null,
                plain.onExpiry(),
                null,
                Duration.ofSeconds(60),
                null));

    now = NOW.plusSeconds(60).minusMillis(1);
    assertThat(check()).isEqualTo(new Result.NotYet(NOW.plusSeconds(60)));
    now = NOW.plusSeconds(60);
    assertThat(check()).isEqualTo(new Result.Go());
  }

  /** What somebody who can write the database would try. */
  @Tag("X16")
  @Tag("X55")
  @Nested
  class Tampering {

    @Test
    void otherArgumentsUnderTheSameName() {
      Body judged = arguments;
      arguments =
          new Body(
              judged.id(),
              judged.salt(),
              "{\"amount\":999999,\"invoice\":\"17\"}"
                  .getBytes(java.nio.charset.StandardCharsets.UTF_8));

      halts(check(), "arguments-tampered");
    }

    @Test
    void otherArgumentsWithTheirCommitment() {
      arguments = Some.body("{\"amount\":999999,\"invoice\":\"17\"}");
      call = withArguments(arguments.ref(), digest(1));

      halts(check(), "digest-mismatch");
    }

    @Test
    void otherArgumentsWithTheirCommitmentAndDigestInTheSnapshot() {
      arguments = Some.body("{\"amount\":999999,\"invoice\":\"17\"}");
      call = withArguments(arguments.ref(), digestOf(arguments));

      halts(check(), "digest-mismatch");
    }

    @Test
    void otherArgumentsWithTheirDigestInTheRequirementToo() {
      arguments = Some.body("{\"amount\":999999,\"invoice\":\"17\"}");
      call = withArguments(arguments.ref(), digestOf(arguments));
      requirement =
          Some.requirement(terms(of(1, "finance")), null)
              .askedAgain(1, digestOf(arguments), terms(of(1, "finance")), null, true, NOW)
              .closed(RequirementStatus.APPROVED, "ada", NOW);

      halts(check(), "digest-mismatch");
    }

    @Test
    void otherArgumentsWithTheirDigestInTheDecisionToo() {
      arguments = Some.body("{\"amount\":999999,\"invoice\":\"17\"}");
      call = withArguments(arguments.ref(), digestOf(arguments));
      requirement =
          Some.requirement(terms(of(1, "finance")), null)
              .askedAgain(1, digestOf(arguments), terms(of(1, "finance")), null, true, NOW)
              .closed(RequirementStatus.APPROVED, "ada", NOW);
      Decision genuine = decisions.getFirst().decision();
      decisions.set(
          0,
          new SignedDecision(
              Some.decision(requirement, ada, genuine.verdict()),
              decisions.getFirst().signature()));

      halts(check(), "forged-decision");
    }

    @Test
    void anInsertedDecision() {
      decisions.add(
          new SignedDecision(
              Some.decision(approval(1, terms(of(1, "finance"))), bob, Verdict.APPROVE),
              new byte[32]));

      halts(check(), "forged-decision");
    }

    @Test
    void anInsertedDecisionOnACallThatPolicyAllows() {
      policy = new PolicyOutcome.Allow("small");
      anInsertedDecision();
    }

    @Test
    void aDecisionOfAnotherTenant() {
      tenant = "other";

      halts(check(), "forged-decision");
    }

    @Test
    void aDecisionUnderAnotherName() {
      SignedDecision genuine = decisions.getFirst();
      Decision d = genuine.decision();
      decisions.set(
          0,
          new SignedDecision(
              new Decision(
                  d.requirement(),
                  d.version(),
                  d.digest(),
                  "bob",
                  "bob",
                  d.verdict(),
                  d.words(),
                  d.at(),
                  d.idempotencyKey(),
                  d.request()),
              genuine.signature()));

      halts(check(), "forged-decision");
    }

    @Test
    void aDecisionMadeYoungerAgain() {
      SignedDecision genuine = decisions.getFirst();
      Decision d = genuine.decision();
      decisions.set(
          0,
          new SignedDecision(
              new Decision(
                  d.requirement(),
                  d.version(),
                  d.digest(),
                  d.principal(),
                  d.person(),
                  d.verdict(),
                  d.words(),
                  d.at().plusSeconds(3600),
                  d.idempotencyKey(),
                  d.request()),
              genuine.signature()));

      halts(check(), "forged-decision");
    }

    @Test
    @Tag("X2")
    void aGenuineDecisionOnAnotherCallDoesNotCount() {
      Requirement other =
          Some.requirement(RequirementKind.RECONCILIATION, terms(of(1, "finance")), null);
      decisions.clear();
      decisions.add(SignedDecision.sign(keys, "main", Some.decision(other, ada, Verdict.APPROVE)));

      assertThat(check()).isInstanceOf(Result.Ask.class);
    }

    @Test
    @Tag("X39")
    void anotherRequesterSoThatTheRealOneMayApprove() {
      requester = "ada";

      halts(check(), "requirement-tampered");
    }

    @Test
    void aSettledCallMadeApprovedAgain() {
      call = call.trying(new ToolCall.Attempt(1, NOW, NOW, CallStatus.APPROVED));

      halts(check(), "attempt-replayed");
    }

    @Test
    void aForgedWordThatItDidNotHappen() {
      call = call.trying(new ToolCall.Attempt(1, NOW, NOW, CallStatus.APPROVED));
      Requirement doubt =
          Some.requirement(RequirementKind.RECONCILIATION, terms(of(1, "finance")), null);
      doubts.add(
          new SignedDecision(Some.decision(doubt, ada, Verdict.DID_NOT_HAPPEN), new byte[32]));

      halts(check(), "attempt-replayed");
      doubts.set(0, SignedDecision.sign(keys, "main", Some.decision(doubt, ada, Verdict.HAPPENED)));
      halts(check(), "attempt-replayed");
      doubts.set(
          0, SignedDecision.sign(keys, "main", Some.decision(doubt, ada, Verdict.DID_NOT_HAPPEN)));
      assertThat(check()).isEqualTo(new Result.Go());
    }

    private ToolCall withArguments(BodyRef ref, Digest digest) {
      ToolCall.Bound bound = call.mustBeBound();
      return call.bound(
          new ToolCall.Bound(
              bound.fingerprint(), ref, digest, bound.effect(), bound.independent(), null),
          1);
    }

    private Digest digestOf(Body body) {
      return new CallSubject(
              Some.RUN,
              "rita",
              C1,
              "pay",
              call.mustBeBound().fingerprint(),
              body.content(),
              body.salt())
          .digest(1);
    }
  }
}
