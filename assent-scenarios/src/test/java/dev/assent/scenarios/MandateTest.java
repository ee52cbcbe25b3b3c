package dev.assent.scenarios;

import static dev.assent.testkit.ScriptedModel.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Authority;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.Mandate;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Principal;
import dev.assent.core.Profile;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementStatus;
import dev.assent.core.Risk;
import dev.assent.core.Threshold;
import dev.assent.core.WhyNot;
import dev.assent.core.spi.Directory;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.StoreException;
import dev.assent.runtime.ApprovalReport;
import dev.assent.runtime.Assent;
import dev.assent.runtime.ClaimOutcome;
import dev.assent.runtime.MandateScope;
import dev.assent.runtime.RequirementCard;
import dev.assent.runtime.RunRequest;
import dev.assent.runtime.RunResult;
import dev.assent.runtime.RuntimeFailure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Somebody decides with the authority of another, or alone in an emergency. */
@ParameterizedClass
@EnumSource(World.Kept.class)
@Timeout(60)
class MandateTest {
  private static final Principal FAY = Principal.person("fay", "finance");
  private static final Principal BOB = Principal.person("bob");
  private static final Principal DORA = Principal.person("dora", Authority.BREAK_GLASS);
  private static final Principal ADMIN = Principal.person("root", "admin");

  @Parameter World.Kept kept;
  @TempDir Path folder;
  private final Map<String, Principal> people = new ConcurrentHashMap<>();
  private volatile int approvals = 1;
  private int letters;
  private World world;
  private Requirement asked;

  private void known(Principal... all) {
    for (Principal each : all) {
      people.put(each.id(), each);
    }
  }

  @BeforeEach
  void begin() {
    known(FAY, BOB, DORA, ADMIN, Principal.person("rita"), Principal.service("robot"));
    known(Principal.person("gus", "finance"));
    world = new World(kept, folder);
    world.more =
        builder ->
            builder
                .profile(() -> Profile.SEPARATED)
                .policy(question -> new PolicyOutcome.Require(terms()))
                .directory(
                    new Directory() {
                      @Override
                      public Optional<Principal> find(String principal) {
                        return Optional.ofNullable(people.get(principal));
                      }
                    });
    world.restart();
  }

  private ApprovalTerms terms() {
    return new ApprovalTerms(
        "finance",
        List.of(new Threshold(approvals, List.of("finance"), List.of())),
        Risk.MEDIUM,
        "",
        null,
        null,
        null,
        ApprovalTerms.OnExpiry.REJECT,
        null,
        null,
        null);
  }

  private void asks() {
    asks("done");
  }

  /** Then the model says this; nothing more when that is left out. */
  private void asks(String... says) {
    world.model.calls(call("m1", "mail", "{\"to\":\"" + ++letters + "\"}"));
    for (String line : says) {
      world.model.says(line);
    }
    RunResult result = world.assent.run(RunRequest.of("bot", "Write").by("rita"));
    asked = ((RunResult.Paused) result).requirements().getFirst();
  }

  @AfterEach
  void end() {
    world.close();
  }

  /** People decide here, nothing is executed. */
  private void withoutAgent() {
    world.stop();
    world.store = world.open();
    world.assent =
        world
            .more
            .apply(
                Assent.on(world.store)
                    .answeredFromOutside()
                    .operator(World.ADA)
                    .pollEvery(Duration.ofHours(1)))
            .start();
  }

  private DecisionOutcome approves(Principal by) {
    return world.assent.approve(by, asked.id());
  }

  private Requirement now() {
    return world.store.requirement(World.TENANT, asked.id()).orElseThrow();
  }

  private Instant in(Duration time) {
    return world.clock.instant().plus(time);
  }

  private Mandate lends() {
    return world
        .assent
        .mandates()
        .delegate("bob", MandateScope.of("m*"), null, in(Duration.ofHours(1)), null, FAY);
  }

  private List<String> log() {
    return world.store.audit(World.TENANT, 0, 1_000).stream()
        .map(line -> new String(line.recordBytes(), StandardCharsets.UTF_8))
        .toList();
  }

  private RequirementCard card() {
    return world.assent.card(asked.id()).orElseThrow();
  }

  private void fails(String code, Runnable what) {
    assertThatThrownBy(what::run)
        .isInstanceOfSatisfying(
            RuntimeFailure.class, failure -> assertThat(failure.code()).isEqualTo(code));
  }

  @Test
  void whatTheHolderApprovesIsExecutedAndSaysWithWhoseAuthority() {
    asks();
    assertThat(approves(BOB)).isInstanceOf(DecisionOutcome.NotEntitled.class);
    Mandate mandate = lends();
    world.restart();

    assertThat(approves(BOB)).isInstanceOf(DecisionOutcome.Recorded.class);
    assertThat(world.assent.resume(asked.run())).isInstanceOf(RunResult.Completed.class);
    assertThat(world.ledger).hasSize(1);
    assertThat(card().decisions().getFirst().mandate()).isEqualTo(mandate);
    assertThat(log())
        .anyMatch(line -> line.contains("\"change\":\"given\"") && line.contains("\"mandate\""))
        .anyMatch(line -> line.contains("\"authority\":\"fay\""));
  }

  @Test
  void giverAndHolderCountOnce() {
    approvals = 2;
    asks();
    lends();

    assertThat(approves(BOB)).isInstanceOf(DecisionOutcome.Recorded.class);
    assertThat(approves(FAY)).isInstanceOf(DecisionOutcome.Recorded.class);
    assertThat(now().status()).isEqualTo(RequirementStatus.PENDING);
    assertThat(card().approvals()).isEqualTo(1);
    assertThat(world.assent.approve(people.get("gus"), asked.id()))
        .isInstanceOf(DecisionOutcome.Recorded.class);
    assertThat(now().status()).isEqualTo(RequirementStatus.APPROVED);
  }

  @Test
  void aMandateThatIsTakenBackBeforeTheCallBeginsTakesItsVotesAlong() {
    asks();
    Mandate mandate = lends();
    withoutAgent();
    approves(BOB);
    assertThat(now().status()).isEqualTo(RequirementStatus.APPROVED);

    Mandate ended = world.assent.mandates().revoke(mandate.id(), FAY);
    world.restart();
    RunResult result = world.assent.resume(asked.run());

    assertThat(ended.revokedBy()).isEqualTo("fay");
    assertThat(result).isInstanceOf(RunResult.Paused.class);
    assertThat(world.ledger).isEmpty();
    assertThat(now().open()).isTrue();
    assertThat(world.assent.whyNot(asked.id(), BOB))
        .hasValueSatisfying(why -> assertThat(why.code()).isEqualTo("mandate-over"));
    assertThat(world.assent.mandates().revoke(mandate.id(), FAY)).isEqualTo(ended);
  }

  @Test
  void aMandateThatHasMerelyRunOutLeavesThem() {
    asks();
    lends();
    withoutAgent();
    approves(BOB);
    world.restartAfter(Duration.ofHours(3));

    assertThat(world.assent.resume(asked.run())).isInstanceOf(RunResult.Completed.class);
    assertThat(world.ledger).hasSize(1);
  }

  @Test
  void oneForOneRequirementIsForNoOther() {
    asks(new String[0]);
    Requirement first = asked;
    world
        .assent
        .mandates()
        .delegate("bob", MandateScope.of(first.id()), null, in(Duration.ofDays(1)), "ill", FAY);
    asks();

    assertThat(approves(BOB)).isInstanceOf(DecisionOutcome.NotEntitled.class);
    asked = first;
    assertThat(approves(BOB)).isInstanceOf(DecisionOutcome.Recorded.class);
  }

  @Test
  void whoGivesWhat() {
    asks();
    Instant later = in(Duration.ofDays(1));
    MandateScope all = MandateScope.everything();
    var mandates = world.assent.mandates();

    fails("not-entitled", () -> mandates.away("fay", "bob", all, null, later, null, BOB));
    fails("not-entitled", () -> mandates.away("fay", "root", all, null, later, null, ADMIN));
    fails("invalid-mandate", () -> mandates.delegate("fay", all, null, later, null, FAY));
    fails(
        "invalid-mandate",
        () -> mandates.delegate("bob", all, null, world.clock.instant(), null, FAY));
    fails(
        "invalid-mandate",
        () -> mandates.delegate("bob", all, null, in(Duration.ofDays(400)), null, FAY));
    fails("unknown-account", () -> mandates.delegate("robot", all, null, later, null, FAY));
    fails("unknown-account", () -> mandates.delegate("nobody", all, null, later, null, FAY));
    fails("not-entitled", () -> mandates.breakGlass(MandateScope.of("mail"), "fire", null, BOB));
    fails("invalid-mandate", () -> mandates.breakGlass(MandateScope.of("mail"), " ", null, DORA));
    fails("invalid-mandate", () -> mandates.breakGlass(MandateScope.of("*"), "fire", null, DORA));
    fails(
        "invalid-mandate",
        () -> mandates.breakGlass(MandateScope.everything(), "fire", null, DORA));
    fails(
        "invalid-mandate",
        () -> mandates.breakGlass(MandateScope.of("mail"), "fire", Duration.ofMinutes(61), DORA));
    assertThat(mandates.list(new Store.MandateQuery(null, null, 9, null))).isEmpty();

    Mandate away = mandates.away("fay", "bob", all, in(Duration.ofHours(1)), later, "ill", ADMIN);
    assertThat(approves(BOB)).as("not yet").isInstanceOf(DecisionOutcome.NotEntitled.class);
    fails("not-entitled", () -> mandates.revoke(away.id(), DORA));
    world.clock.advance(Duration.ofHours(1));
    assertThat(approves(BOB)).isInstanceOf(DecisionOutcome.Recorded.class);
  }

  @Test
  void theGlassIsBrokenOutLoud() {
    approvals = 3;
    asks();
    world.assent.claim(FAY, asked.id(), Duration.ofMinutes(15));
    assertThat(approves(DORA)).isInstanceOf(DecisionOutcome.NotEntitled.class);
    try (LogLines lines = LogLines.of("dev.assent.runtime")) {
      Mandate opened =
          world
              .assent
              .mandates()
              .breakGlass(MandateScope.of(asked.id()), "the plant stands", null, DORA);

      assertThat(opened.ends()).isEqualTo(in(Duration.ofMinutes(15)));
      assertThat(approves(DORA)).isInstanceOf(DecisionOutcome.Recorded.class);
      assertThat(lines.lines())
          .anyMatch(line -> line.startsWith("Break-glass: dora decides alone"))
          .anyMatch(line -> line.startsWith("Break-glass: dora said APPROVE"));
    }
    assertThat(world.assent.resume(asked.run())).isInstanceOf(RunResult.Completed.class);
    assertThat(world.ledger).hasSize(1);
    assertThat(card().decisions().getFirst().brokeGlass()).isTrue();
    assertThat(log())
        .anyMatch(line -> line.contains("\"kind\":\"BREAK_GLASS\""))
        .anyMatch(line -> line.contains("\"type\":\"break-glass\""));
    ApprovalReport report =
        world.assent.approvalReport(Store.Span.ALWAYS, ZoneOffset.UTC, null, null);
    assertThat(report.total().brokeGlass()).isEqualTo(1);
  }

  @Test
  void afterItsTimeTheGlassIsWholeAgain() {
    asks();
    world.assent.mandates().breakGlass(MandateScope.of("mail"), "fire", null, DORA);
    world.clock.advance(Duration.ofMinutes(15));

    assertThat(world.assent.whyNot(asked.id(), DORA))
        .hasValueSatisfying(
            why -> {
              assertThat(why).isInstanceOf(WhyNot.MandateOver.class);
              assertThat(why.inWords()).startsWith("Your break-glass ended");
            });
    assertThat(approves(DORA)).isInstanceOf(DecisionOutcome.NotEntitled.class);
  }

  @Test
  void whoIsGivenARequirementMayDecideItByAMandate() {
    asks();
    assertThat(world.assent.assign(FAY, asked.id(), "bob", Duration.ofMinutes(5)))
        .isInstanceOf(ClaimOutcome.Refused.class);
    lends();

    assertThat(world.assent.assign(FAY, asked.id(), "bob", Duration.ofMinutes(5)))
        .isInstanceOf(ClaimOutcome.Done.class);
    assertThat(approves(BOB)).isInstanceOf(DecisionOutcome.Recorded.class);
  }

  @Test
  void aRowThatSomebodyElseWroteGivesNoAuthority() throws Exception {
    assumeThat(kept).isEqualTo(World.Kept.IN_SQLITE);
    asks();
    Mandate genuine =
        world
            .assent
            .mandates()
            .delegate("gus", MandateScope.everything(), null, in(Duration.ofDays(9)), null, FAY);
    world.stop();
    try (TamperedFile file = TamperedFile.withoutKey(world.file())) {
      file.all("UPDATE assent_mandate SET holder = 'bob'");
    }
    world.store = world.open();
    world.assent = world.start(world.store);

    assertThat(approves(BOB)).isInstanceOf(DecisionOutcome.NotEntitled.class);
    assertThatThrownBy(() -> world.assent.mandates().find(genuine.id()))
        .isInstanceOfSatisfying(
            StoreException.class,
            failure -> assertThat(failure.code()).isEqualTo("mandate-changed"));
    assertThat(world.assent.mandates().list(new Store.MandateQuery(null, null, 9, null)))
        .containsExactly(new Store.StoredMandate(genuine.id(), null, "mandate-changed"));
  }

  @Test
  void aRowThatIsPutBackToBeforeItsEndGivesNone() throws Exception {
    assumeThat(kept).isEqualTo(World.Kept.IN_SQLITE);
    asks();
    Mandate mandate = lends();
    world.stop();
    Map<String, Object> before;
    try (TamperedFile file = TamperedFile.withoutKey(world.file())) {
      before = file.row("mandate", mandate.id().value());
    }
    world.store = world.open();
    world.assent = world.start(world.store);
    world.assent.mandates().revoke(mandate.id(), FAY);
    world.stop();
    try (TamperedFile file = TamperedFile.withoutKey(world.file())) {
      file.put("mandate", mandate.id().value(), before);
    }
    world.store = world.open();
    world.assent = world.start(world.store);

    assertThat(approves(BOB)).isInstanceOf(DecisionOutcome.NotEntitled.class);
    assertThatThrownBy(() -> world.assent.mandates().find(mandate.id()))
        .isInstanceOfSatisfying(
            StoreException.class,
            failure -> assertThat(failure.code()).isEqualTo("mandate-rolled-back"));
  }

  @Test
  void aRequestIsGivenWithOnesAuthorityOrNotAtAll() {
    asks();
    Store.MandateQuery all = new Store.MandateQuery(null, null, 9, null);
    assertThat(world.assent.assignWithAuthority(BOB, asked.id(), "dora", Duration.ofMinutes(5)))
        .as("bob has none to give")
        .isInstanceOf(ClaimOutcome.Refused.class);
    fails(
        "lease-out-of-bounds",
        () -> world.assent.assignWithAuthority(FAY, asked.id(), "bob", Duration.ofDays(8)));
    assertThat(world.assent.mandates().list(all)).isEmpty();

    assertThat(world.assent.assignWithAuthority(FAY, asked.id(), "bob", Duration.ofMinutes(5)))
        .isInstanceOf(ClaimOutcome.Done.class);
    Mandate lent = world.assent.mandates().list(all).getFirst().mandate();
    assertThat(lent.requirement()).isEqualTo(asked.id());
    assertThat(lent.ends()).isEqualTo(in(Duration.ofMinutes(5)));
    assertThat(world.assent.release(BOB, asked.id())).isInstanceOf(ClaimOutcome.Done.class);

    assertThat(approves(BOB)).as("it stays").isInstanceOf(DecisionOutcome.Recorded.class);
  }

  @Test
  void whatThisProcessSawTakenBackStaysSoAlsoWithoutItsLineInTheLog() throws Exception {
    assumeThat(kept).isEqualTo(World.Kept.IN_SQLITE);
    asks();
    Mandate mandate = lends();
    Map<String, Object> before;
    try (TamperedFile file = TamperedFile.withoutKey(world.file())) {
      before = file.row("mandate", mandate.id().value());
    }
    world.assent.mandates().revoke(mandate.id(), FAY);
    try (TamperedFile file = TamperedFile.withoutKey(world.file())) {
      file.put("mandate", mandate.id().value(), before);
      file.all(
          "DELETE FROM assent_audit WHERE position = (SELECT MAX(position) FROM assent_audit)");
    }

    assertThat(approves(BOB)).isInstanceOf(DecisionOutcome.NotEntitled.class);
    assertThatThrownBy(() -> world.assent.mandates().find(mandate.id()))
        .isInstanceOfSatisfying(
            StoreException.class,
            failure -> assertThat(failure.code()).isEqualTo("mandate-rolled-back"));
  }

  @Test
  void theClaimOfSomebodyWhoseMandateIsTakenBackHoldsNobodyUp() {
    asks();
    Mandate mandate = lends();
    assertThat(world.assent.claim(BOB, asked.id(), Duration.ofHours(1)))
        .isInstanceOf(ClaimOutcome.Done.class);
    assertThat(approves(FAY)).isInstanceOf(DecisionOutcome.NotEntitled.class);

    world.assent.mandates().revoke(mandate.id(), FAY);

    assertThat(approves(FAY)).isInstanceOf(DecisionOutcome.Recorded.class);
  }
}
