package dev.assent.scenarios;

import static dev.assent.scenarios.Desk.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.AuditRecord;
import dev.assent.core.CallStatus;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Digest;
import dev.assent.core.Effect;
import dev.assent.core.Grant;
import dev.assent.core.GrantId;
import dev.assent.core.GrantScope;
import dev.assent.core.Json;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Principal;
import dev.assent.core.Profile;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Risk;
import dev.assent.core.RunId;
import dev.assent.core.Threshold;
import dev.assent.core.Tool;
import dev.assent.core.ToolCall;
import dev.assent.core.UserInput;
import dev.assent.core.Verdict;
import dev.assent.core.spi.StoreException;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.GrantOffer;
import dev.assent.runtime.NotExecutedException;
import dev.assent.runtime.RunRequest;
import dev.assent.runtime.RunResult;
import dev.assent.runtime.RuntimeFailure;
import dev.assent.testkit.ScriptedModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Standing permissions: who gives them, what they let run, and what ends them. */
@Tag("X13")
@Timeout(120)
class GrantTest {
  private static final Principal ADA = Desk.ADA;
  private static final Principal BEA = Principal.person("bea", "finance");
  private static final Principal CARL = Principal.person("carl");

  @TempDir Path folder;
  private final List<String> done = new CopyOnWriteArrayList<>();
  private volatile Runnable duringPay = () -> {};
  private volatile PolicyOutcome rule = new PolicyOutcome.Allow("nothing");
  private GrantDesk at;
  private Desk desk;

  class Office {
    @RequiresApproval(summary = "Pay {amount} to {to}")
    @Tool(value = "Pays", independent = true)
    String pay(String to, long amount) {
      duringPay.run();
      done.add("paid " + amount + " to " + to);
      return "paid";
    }

    @RequiresApproval(role = "finance")
    @Tool("Bills")
    String bill(String to) {
      done.add("billed " + to);
      return "billed";
    }

    @RequiresApproval(risk = Risk.HIGH)
    @Tool("Wires")
    String wire(String to) {
      done.add("wired to " + to);
      return "wired";
    }

    @RequiresApproval(role = "finance", approvals = 2)
    @Tool("Signs")
    String sign(String what) {
      done.add("signed " + what);
      return "signed";
    }

    @RequiresApproval
    @Tool(value = "Reads", effect = Effect.READ_ONLY)
    String read(String what) {
      done.add("read " + what);
      return "read";
    }

    @RequiresApproval
    @UserInput("amount")
    @Tool("Donates")
    String donate(String to, long amount) {
      done.add("donated " + amount + " to " + to);
      return "donated";
    }
  }

  private static Optional<Principal> person(String id) {
    return Optional.ofNullable(
        Map.of("ada", ADA, "bea", BEA, "carl", CARL, "dan", Principal.person("dan", "finance"))
            .get(id));
  }

  private void open(UnaryOperator<Assent.Builder> more) {
    at =
        new GrantDesk(
            folder,
            agent -> agent.tools(new Office()),
            builder -> more.apply(builder.directory(GrantTest::person).policy(question -> rule)));
    desk = at.desk;
  }

  @BeforeEach
  void open() {
    open(builder -> builder.profile(Profile.SOLO));
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private static String pays(String to, Object amount) {
    return "{\"amount\":" + amount + ",\"to\":\"" + to + "\"}";
  }

  /** A run in which the model calls the tool; it pauses before it. */
  private Requirement asks(String tool, String arguments) {
    desk.model.calls(call(tool, arguments));
    return desk.waitsFor(desk.run("Do it"), RequirementKind.APPROVAL);
  }

  /** The same, and nobody is asked. */
  private RunId runs(String tool, String arguments) {
    desk.model.calls(call(tool, arguments)).says("Done.");
    RunId run = desk.run("Do it");
    assertThat(desk.completes(run)).isEqualTo("Done.");
    return run;
  }

  /** Approves with a grant, and the call runs on the approval. */
  private Grant given(String tool, String arguments, GrantScope scope) {
    Requirement asked = asks(tool, arguments);
    desk.model.says("Done.");
    Grant grant = at.always(asked, scope);
    assertThat(desk.completes(asked.run())).isEqualTo("Done.");
    return grant;
  }

  private List<Map<String, String>> told(Grant grant) {
    return desk.store.audit(Desk.TENANT, 0, 10_000).stream()
        .map(each -> AuditRecord.read(each.recordBytes()))
        .filter(line -> line.type().equals("grant"))
        .map(AuditRecord::details)
        .filter(details -> grant.id().value().equals(details.get("grant.id")))
        .toList();
  }

  @Nested
  class Serving {
    @Test
    void yesToFiveIsNotYesToFiftyThousand() {
      Grant grant = given("pay", pays("Acme", 5), at.exact());

      RunId same = runs("pay", pays("Acme", 5));
      Requirement more = asks("pay", pays("Acme", 50_000));

      assertThat(done).containsExactly("paid 5 to Acme", "paid 5 to Acme");
      assertThat(desk.onlyCall(same).grant()).isEqualTo(grant.id());
      assertThat(desk.onlyCall(same).requirement()).isNull();
      assertThat(more.status()).isEqualTo(RequirementStatus.PENDING);
      assertThat(at.now(grant).used()).isEqualTo(1);
      assertThat(told(grant))
          .extracting(each -> each.get("change"))
          .containsExactly("given", "used");
    }

    @Test
    void theRunSaysOnWhichGrantItRan() {
      Grant grant = given("pay", pays("Acme", 5), at.exact());
      RunId run = runs("pay", pays("Acme", 5));

      String lines =
          desk.store.audit(Desk.TENANT, 0, 10_000).stream()
              .map(each -> AuditRecord.read(each.recordBytes()))
              .filter(line -> run.value().equals(line.run()) && line.type().equals("run"))
              .map(line -> line.details().values().toString())
              .toList()
              .toString();

      assertThat(lines).contains("grant " + grant.id() + " by ada").contains("grant.used c1");
    }

    @Test
    void patternsServeWhatFitsThem() {
      given("pay", pays("Acme", 5), at.upTo("500"));

      runs("pay", pays("Acme", 500));
      asks("pay", pays("Acme", 501));
      asks("pay", pays("Mallory", 5));
      assertThat(done).containsExactly("paid 5 to Acme", "paid 500 to Acme");
    }

    @Test
    void usesEnd() {
      Grant grant = given("pay", pays("Acme", 5), at.anything(2));

      runs("pay", pays("Acme", 1));
      runs("pay", pays("Bell", 2));
      asks("pay", pays("Acme", 3));
      assertThat(at.now(grant).status(desk.clock.instant())).isEqualTo(Grant.Status.USED_UP);
      assertThat(done).hasSize(3);
    }

    @Test
    void aBudgetIsASumInAWindow() {
      given("pay", pays("Acme", 5), at.budget("1000", Duration.ofHours(1)));

      runs("pay", pays("Acme", 600));
      asks("pay", pays("Acme", 401));
      runs("pay", pays("Acme", 400));
      asks("pay", pays("Acme", 1));
      desk.clock.advance(Duration.ofHours(1));
      runs("pay", pays("Acme", 1000));
      assertThat(done).hasSize(4);
    }

    @Test
    void callsThatOnlyReadAreCountedToo() {
      Grant grant = given("read", "{\"what\":\"a\"}", at.anything(1));

      runs("read", "{\"what\":\"b\"}");
      asks("read", "{\"what\":\"c\"}");
      assertThat(at.now(grant).used()).isEqualTo(1);
      assertThat(done).containsExactly("read a", "read b");
    }

    @Test
    void itEnds() {
      given("pay", pays("Acme", 5), at.exact());
      desk.clock.advance(Duration.ofDays(1).minusMillis(1));
      runs("pay", pays("Acme", 5));

      desk.clock.advance(Duration.ofMillis(1));
      asks("pay", pays("Acme", 5));
    }

    @Test
    void aRunsGrantEndsWithItsRun() {
      Requirement asked = asks("pay", pays("Acme", 5));
      GrantScope wanted =
          new GrantScope(
              GrantScope.Reach.RUN,
              List.of(),
              desk.clock.instant().plus(Duration.ofDays(1)),
              new GrantScope.Arguments.Exact(),
              null,
              null);
      desk.model.calls(call("pay", pays("Acme", 5))).says("Done.");
      at.always(asked, wanted);

      assertThat(desk.completes(asked.run())).isEqualTo("Done.");
      assertThat(done).hasSize(2);
      asks("pay", pays("Acme", 5));
    }

    @Test
    void anotherProcessKnowsItToo() {
      given("pay", pays("Acme", 5), at.exact());
      desk.restart();

      runs("pay", pays("Acme", 5));
    }

    @Test
    void whatAPersonFillsInIsHeldAgainstItToo() {
      Requirement first = asks("donate", "{\"to\":\"Acme\"}");
      Grant grant = at.always(first, at.exact());
      desk.model.says("Done.");
      desk.answers(
          desk.waitsFor(first.run(), RequirementKind.USER_INPUT), Verdict.ANSWER, "{\"amount\":5}");
      desk.completes(first.run());

      desk.model.calls(call("donate", "{\"to\":\"Acme\"}"));
      RunId run = desk.run("Donate again");
      Requirement fields = desk.waitsFor(run, RequirementKind.USER_INPUT);
      assertThat(at.now(grant).used()).isEqualTo(1);
      desk.answers(fields, Verdict.ANSWER, "{\"amount\":50000}");

      assertThat(desk.waitsFor(run, RequirementKind.APPROVAL).open()).isTrue();
      assertThat(at.now(grant).used()).as("given back").isZero();
      assertThat(done).containsExactly("donated 5 to Acme");
    }
  }

  @Nested
  class Giving {
    private void refused(GrantOffer offer, String why) {
      assertThat(offer)
          .isInstanceOfSatisfying(
              GrantOffer.Refused.class, refused -> assertThat(refused.why()).contains(why));
    }

    @Test
    void onlyWhatWasShownAndConfirmedIsGiven() {
      Requirement asked = asks("pay", pays("Acme", 5));
      GrantOffer.Shown narrow = (GrantOffer.Shown) at.offer(asked, at.upTo("5"), ADA);

      DecisionOutcome wider =
          at.decides(asked, new DecisionRequest.Always(at.upTo("50000"), narrow.digest()), ADA);

      assertThat(wider)
          .isInstanceOfSatisfying(
              DecisionOutcome.Invalid.class,
              invalid -> assertThat(invalid.code()).isEqualTo("grant-not-shown"));
      assertThat(at.all()).isEmpty();
      assertThat(desk.store.decisions(Desk.TENANT, asked.id())).isEmpty();
      assertThat(narrow.text()).contains("at most 5;").contains("to is exactly \"Acme\"");
    }

    @Test
    void theHighestRiskIsAskedAboutEachTime() {
      refused(at.offer(asks("wire", "{\"to\":\"x\"}"), at.exact(), ADA), "high risk");
    }

    @Test
    void whereTwoMustAgreeOneGivesNothing() {
      desk.close();
      open(builder -> builder.profile(Profile.SEPARATED));
      Requirement asked = asks("sign", "{\"what\":\"lease\"}");

      refused(at.offer(asked, at.exact(), BEA), "alone is not enough");
      DecisionOutcome outcome =
          at.decides(
              asked, new DecisionRequest.Always(at.exact(), Digest.sha256(new byte[0])), BEA);
      assertThat(outcome).isInstanceOf(DecisionOutcome.Invalid.class);
      assertThat(desk.store.decisions(Desk.TENANT, asked.id())).isEmpty();
    }

    @Test
    void onlyWhoMayApproveThatVeryCallGives() {
      desk.close();
      open(builder -> builder.profile(Profile.SEPARATED));
      Requirement asked = asks("bill", "{\"to\":\"Acme\"}");

      refused(at.offer(asked, at.exact(), CARL), "role finance");
      refused(at.offer(asked, at.exact(), ADA), "asked for this call yourself");
      refused(at.offer(asked, at.exact(), Principal.service("robot")), "service");
      assertThat(at.offer(asked, at.exact(), BEA)).isInstanceOf(GrantOffer.Shown.class);
    }

    @Test
    void aRejectionGivesNothing() {
      Requirement asked = asks("pay", pays("Acme", 5));
      GrantOffer.Shown shown = (GrantOffer.Shown) at.offer(asked, at.exact(), ADA);

      DecisionOutcome outcome =
          desk.assent.decide(
              asked.id(),
              new DecisionRequest(
                      asked.version(), asked.digest(), Verdict.REJECT, "no", null, "key")
                  .withAlways(new DecisionRequest.Always(at.exact(), shown.digest())),
              ADA);

      assertThat(outcome).isInstanceOf(DecisionOutcome.Invalid.class);
      assertThat(at.all()).isEmpty();
    }

    @Test
    void theSameRequestTwiceGivesOneGrant() {
      Requirement asked = asks("pay", pays("Acme", 5));
      GrantOffer.Shown shown = (GrantOffer.Shown) at.offer(asked, at.exact(), ADA);
      DecisionRequest request =
          new DecisionRequest(asked.version(), asked.digest(), Verdict.APPROVE, null, null, "key")
              .withAlways(new DecisionRequest.Always(shown.scope(), shown.digest()));
      desk.model.says("Done.");

      assertThat(desk.assent.decide(asked.id(), request, ADA))
          .isInstanceOf(DecisionOutcome.Recorded.class);
      assertThat(desk.assent.decide(asked.id(), request, ADA))
          .isInstanceOf(DecisionOutcome.Repeated.class);
      assertThat(desk.assent.decide(asked.id(), request.withAlways(null), ADA))
          .as("the same key without the grant is another request")
          .isInstanceOf(DecisionOutcome.KeyReused.class);
      assertThat(at.all()).hasSize(1);
    }

    @Test
    void whatIsOfferedServesAtLeastItsOwnCall() {
      Requirement asked = asks("pay", pays("Acme", 500));

      refused(at.offer(asked, at.upTo("499"), ADA), "would not even allow");
      refused(at.offer(asked, at.budget("499", Duration.ofHours(1)), ADA), "would not even allow");
      refused(
          at.offer(
              asked,
              at.scope(
                  new GrantScope.Arguments.Matching(
                      Map.of("ammount", new dev.assent.core.ArgumentRule.Anything()))),
              ADA),
          "no argument ammount");
    }

    @Test
    void aCallersVariablesGiveNothing() {
      Requirement asked = asks("pay", pays("Acme", 5));
      desk.model.calls(call("pay", pays("Acme", 5)));

      RunResult run =
          desk.assent.run(
              RunRequest.of("bot", "Pay")
                  .withVariable("always", Json.of(true))
                  .withVariable("grant", Json.of("g1"))
                  .withVariable("grants", Json.parse("[{\"tool\":\"pay\",\"reach\":\"AGENT\"}]")));

      assertThat(run).isInstanceOf(RunResult.Paused.class);
      assertThat(asked.open()).isTrue();
      assertThat(at.all()).isEmpty();
      assertThat(done).isEmpty();
    }
  }

  private static PolicyOutcome require(Threshold threshold) {
    return new PolicyOutcome.Require(
        new ApprovalTerms(
            "the office",
            List.of(threshold),
            Risk.MEDIUM,
            "",
            null,
            null,
            null,
            ApprovalTerms.OnExpiry.REJECT));
  }

  @Nested
  class Ending {
    @Test
    void aRuleThatForbidsStillForbids() {
      given("pay", pays("Acme", 5), at.exact());
      rule = new PolicyOutcome.Deny("freeze", "not in December");
      desk.model.calls(call("pay", pays("Acme", 5))).says("Then not.");

      assertThat(desk.completes(desk.run("Pay"))).isEqualTo("Then not.");
      assertThat(done).hasSize(1);
      assertThat(desk.told()).contains("not in December");
    }

    @Test
    void aRuleThatAsksForMoreVoidsIt() {
      given("pay", pays("Acme", 5), at.exact());
      rule = require(Threshold.anyone());

      asks("pay", pays("Acme", 5));
      rule = new PolicyOutcome.Allow("nothing");
      runs("pay", pays("Acme", 5));
    }

    @Test
    void aRuleThatBecameStricterBetweenJudgementAndExecutionVoidsIt() {
      Grant grant = given("pay", pays("Acme", 5), at.exact());
      rule = new PolicyOutcome.Allow("nothing");
      Requirement asked = stricterAtTheCheck();

      assertThat(asked.terms().rule()).contains("the office");
      assertThat(at.now(grant).used()).isZero();
      assertThat(done).hasSize(1);
    }

    /** The first question is the judgement, the second the check. */
    private Requirement stricterAtTheCheck() {
      desk.close();
      int[] questions = {0};
      at =
          new GrantDesk(
              folder,
              agent -> agent.tools(new Office()),
              builder ->
                  builder
                      .directory(GrantTest::person)
                      .policy(
                          question ->
                              ++questions[0] == 1
                                  ? new PolicyOutcome.Allow("nothing")
                                  : require(Threshold.role("finance"))));
      desk = at.desk;
      return asks("pay", pays("Acme", 5));
    }

    @Test
    void aChangedToolVoidsIt() {
      given("pay", pays("Acme", 5), at.exact());
      desk.close();
      at =
          new GrantDesk(
              folder,
              agent -> agent.tools(new Renovated()),
              builder -> builder.directory(GrantTest::person));
      desk = at.desk;

      asks("pay", pays("Acme", 5));
    }

    class Renovated {
      @RequiresApproval(summary = "Pay {amount} to {to}")
      @Tool(value = "Pays", version = "2", independent = true)
      String pay(String to, long amount) {
        done.add("paid " + amount + " to " + to + " anew");
        return "paid";
      }
    }

    @Test
    void whoGaveItRevokesIt() {
      Grant grant = given("pay", pays("Acme", 5), at.exact());

      assertThat(desk.assent.revokeGrant(grant.id(), ADA)).isTrue();
      assertThat(desk.assent.revokeGrant(grant.id(), ADA)).isFalse();

      asks("pay", pays("Acme", 5));
      assertThat(told(grant))
          .extracting(each -> each.get("change"))
          .containsExactly("given", "revoked");
    }

    @Test
    void whoMayApproveRevokesItAndNobodyElse() {
      desk.close();
      open(builder -> builder.profile(Profile.SEPARATED));
      Requirement asked = asks("bill", "{\"to\":\"Acme\"}");
      desk.model.says("Done.");
      assertThat(at.saysAlways(asked, at.exact(), BEA))
          .isInstanceOf(DecisionOutcome.Recorded.class);
      Grant grant = at.newest();

      assertThatThrownBy(() -> desk.assent.revokeGrant(grant.id(), CARL))
          .isInstanceOfSatisfying(
              RuntimeFailure.class, e -> assertThat(e.code()).isEqualTo("not-entitled"));
      assertThatThrownBy(() -> desk.assent.revokeGrant(grant.id(), Principal.service("robot")))
          .isInstanceOf(RuntimeFailure.class);
      assertThatThrownBy(() -> desk.assent.revokeGrant(new GrantId("g0"), BEA))
          .isInstanceOfSatisfying(
              RuntimeFailure.class, e -> assertThat(e.code()).isEqualTo("unknown-grant"));
      assertThat(desk.assent.revokeGrant(grant.id(), Principal.person("dan", "finance"))).isTrue();
    }

    @Test
    void nobodyApprovesTheirOwnRunByAGrant() {
      desk.close();
      open(builder -> builder.profile(Profile.SEPARATED));
      Requirement asked = asks("pay", pays("Acme", 5));
      desk.model.says("Done.");
      assertThat(at.saysAlways(asked, at.exact(), BEA))
          .isInstanceOf(DecisionOutcome.Recorded.class);
      desk.completes(asked.run());
      desk.model.calls(call("pay", pays("Acme", 5)));

      RunResult own = desk.assent.run(RunRequest.of("bot", "Pay").by("bea"));

      assertThat(own).isInstanceOf(RunResult.Paused.class);
      runs("pay", pays("Acme", 5));
    }

    @Test
    void whoMayNotApproveAnyMoreServesNobody() {
      desk.close();
      Map<String, Principal> known = new java.util.concurrent.ConcurrentHashMap<>();
      known.put("ada", ADA);
      known.put("bea", BEA);
      open(
          builder ->
              builder
                  .profile(Profile.SEPARATED)
                  .directory(id -> Optional.ofNullable(known.get(id))));
      rule = require(Threshold.role("finance"));
      Requirement asked = asks("pay", pays("Acme", 5));
      desk.model.says("Done.");
      assertThat(at.saysAlways(asked, at.exact(), BEA))
          .isInstanceOf(DecisionOutcome.Recorded.class);
      desk.completes(asked.run());

      known.put("bea", Principal.person("bea"));
      asks("pay", pays("Acme", 5));
      known.put("bea", BEA);
      runs("pay", pays("Acme", 5));
      known.remove("bea");
      asks("pay", pays("Acme", 5));
    }
  }

  @Nested
  class Counting {
    @Test
    void twoCallsOfOneReplyRaceForTheLastUse() {
      Grant grant = given("pay", pays("Acme", 5), at.anything(1));
      desk.model.calls(
          ScriptedModel.call("one", "pay", pays("Acme", 1)),
          ScriptedModel.call("two", "pay", pays("Acme", 2)));

      RunId run = desk.run("Pay both");
      Requirement asked = desk.waitsFor(run, RequirementKind.APPROVAL);

      assertThat(done).hasSize(2);
      assertThat(at.now(grant).used()).isEqualTo(1);
      desk.model.says("Done.");
      desk.answers(asked, Verdict.APPROVE, null);
      desk.completes(run);
      assertThat(done)
          .containsExactlyInAnyOrder("paid 5 to Acme", "paid 1 to Acme", "paid 2 to Acme");
    }

    @Test
    void manyRunsRaceForAFewUses() throws Exception {
      Grant grant = given("pay", pays("Acme", 5), at.anything(3));
      int runs = 8;
      desk.model.otherwise(
          request ->
              request.messages().stream()
                      .anyMatch(dev.assent.core.Message.ToolResult.class::isInstance)
                  ? new dev.assent.core.Message.Assistant("Done.", List.of())
                  : new dev.assent.core.Message.Assistant(
                      "", List.of(call("pay", pays("Acme", 1)))));
      CountDownLatch start = new CountDownLatch(1);
      List<RunResult> results = new CopyOnWriteArrayList<>();
      List<Thread> threads = new CopyOnWriteArrayList<>();
      for (int i = 0; i < runs; i++) {
        threads.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      await(start);
                      results.add(desk.assent.run("bot", "Pay"));
                    }));
      }
      start.countDown();
      for (Thread thread : threads) {
        thread.join(Duration.ofSeconds(60));
      }

      assertThat(results).hasSize(runs);
      assertThat(results).filteredOn(RunResult.Completed.class::isInstance).hasSize(3);
      assertThat(results).filteredOn(RunResult.Paused.class::isInstance).hasSize(runs - 3);
      assertThat(done).hasSize(4);
      assertThat(at.now(grant).used()).isEqualTo(3);
    }

    private static void await(CountDownLatch latch) {
      try {
        assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Test
    void whatWasNotExecutedIsGivenBack() {
      Grant grant = given("pay", pays("Acme", 5), at.anything(1));
      duringPay =
          () -> {
            throw new NotExecutedException("no connection");
          };

      runs("pay", pays("Acme", 1));

      assertThat(at.now(grant).used()).isZero();
      assertThat(told(grant))
          .extracting(each -> each.get("change"))
          .containsExactly("given", "used", "given back");
      duringPay = () -> {};
      runs("pay", pays("Acme", 1));
      assertThat(done).hasSize(2);
    }

    @Test
    void doubtKeepsTheUseUntilAPersonKnows() {
      Grant grant = given("pay", pays("Acme", 5), at.budget("10", Duration.ofDays(1)));
      duringPay =
          () -> {
            throw new IllegalStateException("connection reset");
          };
      desk.model.calls(call("pay", pays("Acme", 8)));
      RunId run = desk.run("Pay");
      Requirement doubt = desk.waitsFor(run, RequirementKind.RECONCILIATION);

      asks("pay", pays("Acme", 8));
      assertThat(at.now(grant).used()).isEqualTo(1);
      duringPay = () -> {};
      desk.model.says("Done.");
      desk.answers(doubt, Verdict.DID_NOT_HAPPEN, null);
      assertThat(desk.completes(run))
          .as("given back, it runs on the grant again")
          .isEqualTo("Done.");

      assertThat(done).containsExactly("paid 5 to Acme", "paid 8 to Acme");
      assertThat(told(grant))
          .extracting(each -> each.get("change"))
          .containsExactly("given", "used", "given back", "used");
    }

    @Test
    void whatHappenedStaysCounted() {
      Grant grant = given("pay", pays("Acme", 5), at.anything(1));
      duringPay =
          () -> {
            throw new IllegalStateException("connection reset");
          };
      desk.model.calls(call("pay", pays("Acme", 8)));
      RunId run = desk.run("Pay");
      desk.model.says("Done.");
      desk.answers(desk.waitsFor(run, RequirementKind.RECONCILIATION), Verdict.HAPPENED, null);
      desk.completes(run);

      assertThat(at.now(grant).used()).isEqualTo(1);
      asks("pay", pays("Acme", 1));
    }

    @Test
    void aCrashBetweenReservationAndEffectKeepsTheUse() throws Exception {
      Grant grant = given("pay", pays("Acme", 5), at.anything(1));
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch never = new CountDownLatch(1);
      duringPay =
          () -> {
            begun.countDown();
            await(never);
          };
      desk.model.calls(call("pay", pays("Acme", 8)));
      RunId run = desk.assent.submit(RunRequest.of("bot", "Pay"));
      assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();

      desk.process.die();
      never.countDown();
      duringPay = () -> {};
      desk.afterACrash();
      Requirement doubt = desk.waitsFor(run, RequirementKind.RECONCILIATION);

      assertThat(at.now(grant).used()).isEqualTo(1);
      asks("pay", pays("Acme", 1));
      int before = done.size();
      desk.model.says("Done.");
      desk.answers(doubt, Verdict.DID_NOT_HAPPEN, null);
      desk.completes(run);
      assertThat(done).hasSize(before + 1);
      assertThat(at.now(grant).used()).isEqualTo(1);
    }
  }

  @Nested
  class Forged {
    private Map<String, Object> row(Grant grant) throws Exception {
      try (TamperedFile file = TamperedFile.withoutKey(desk.file())) {
        return file.row("standing_grant", grant.id().value());
      }
    }

    private interface Change {
      void in(TamperedFile file) throws Exception;
    }

    private void tamper(Change change) throws Exception {
      try (TamperedFile file = TamperedFile.withoutKey(desk.file())) {
        change.in(file);
      }
      desk.restart();
    }

    private void isNotUsed(Grant grant, String code) {
      asks("pay", pays("Acme", 5));
      assertThat(at.all())
          .filteredOn(each -> each.id().equals(grant.id()))
          .singleElement()
          .satisfies(
              each -> {
                assertThat(each.grant()).isNull();
                assertThat(each.problem()).isEqualTo(code);
              });
      assertThatThrownBy(() -> at.now(grant))
          .isInstanceOfSatisfying(StoreException.class, e -> assertThat(e.code()).isEqualTo(code))
          .hasMessageContaining(grant.id().value());
    }

    @Test
    void longerThanItWasGiven() throws Exception {
      Grant grant = given("pay", pays("Acme", 5), at.exact());
      tamper(file -> file.update("UPDATE assent_standing_grant SET until = until + 1"));

      isNotUsed(grant, "grant-changed");
    }

    @Test
    void ofAnotherTool() throws Exception {
      Grant grant = given("read", "{\"what\":\"a\"}", at.anything(null));
      tamper(file -> file.update("UPDATE assent_standing_grant SET tool = 'pay'"));

      isNotUsed(grant, "grant-changed");
    }

    @Test
    void copiedUnderAnotherName() throws Exception {
      Grant grant = given("pay", pays("Acme", 5), at.anything(1));
      runs("pay", pays("Acme", 5));
      tamper(
          file ->
              file.update(
                  "INSERT INTO assent_standing_grant SELECT tenant, 'gcopy', session, tool,"
                      + " revision, until, revoked, created_at, record, code"
                      + " FROM assent_standing_grant WHERE id = ?",
                  grant.id().value()));

      asks("pay", pays("Acme", 5));
      assertThat(at.all()).extracting("problem").containsExactlyInAnyOrder(null, "grant-changed");
    }

    @Test
    void putBackToBeforeItWasUsed() throws Exception {
      Grant grant = given("pay", pays("Acme", 5), at.anything(1));
      Map<String, Object> before = row(grant);
      runs("pay", pays("Acme", 5));
      tamper(file -> file.put("standing_grant", grant.id().value(), before));

      isNotUsed(grant, "grant-rolled-back");
    }

    @Test
    void putBackToBeforeItWasRevoked() throws Exception {
      Grant grant = given("pay", pays("Acme", 5), at.exact());
      Map<String, Object> before = row(grant);
      desk.assent.revokeGrant(grant.id(), ADA);
      tamper(file -> file.put("standing_grant", grant.id().value(), before));

      isNotUsed(grant, "grant-rolled-back");
    }

    @Test
    void whoseRunWasErased() throws Exception {
      Grant grant = given("pay", pays("Acme", 5), at.exact());
      tamper(
          file -> file.update("DELETE FROM assent_session_key WHERE session = ?", grant.session()));

      isNotUsed(grant, "grant-erased");
    }

    @Test
    void whatItAllowsIsNotReadInTheFile() throws Exception {
      Grant grant = given("pay", pays("Schluckspecht", 123_456), at.upTo("987654"));
      runs("pay", pays("Schluckspecht", 123_457));
      desk.close();

      for (String name : List.of("desk.db", "desk.db-wal")) {
        Path file = folder.resolve(name);
        if (java.nio.file.Files.exists(file)) {
          String bytes =
              new String(
                  java.nio.file.Files.readAllBytes(file),
                  java.nio.charset.StandardCharsets.ISO_8859_1);
          assertThat(bytes).as(name).doesNotContain("Schluckspecht").doesNotContain("987654");
        }
      }
      assertThat(grant.text()).contains("Schluckspecht").contains("987654");
      open();
    }

    @Test
    void theTestWouldNoticeOneThatIsStillGood() throws Exception {
      given("pay", pays("Acme", 5), at.exact());
      tamper(file -> {});

      runs("pay", pays("Acme", 5));
    }
  }

  @Test
  void everyCallIsStillChecked() {
    Grant grant = given("pay", pays("Acme", 5), at.exact());
    RunId run = runs("pay", pays("Acme", 5));
    ToolCall ran = desk.onlyCall(run);

    assertThat(ran.status()).isEqualTo(CallStatus.SUCCEEDED);
    assertThat(ran.attempt()).isNotNull();
    assertThat(ran.attempt().from()).isEqualTo(CallStatus.ALLOWED);
    assertThat(grant.text()).startsWith("Besides this call, bot may call pay without asking again");
    assertThat(Agent.named("x")).isNotNull();
  }
}
