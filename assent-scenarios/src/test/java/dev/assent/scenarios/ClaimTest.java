package dev.assent.scenarios;

import static dev.assent.scenarios.World.pay;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.DecisionOutcome;
import dev.assent.core.Principal;
import dev.assent.core.Profile;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementStatus;
import dev.assent.core.WhyNot;
import dev.assent.core.spi.Directory;
import dev.assent.runtime.ClaimOutcome;
import dev.assent.runtime.Reply;
import dev.assent.runtime.RunRequest;
import dev.assent.runtime.RunResult;
import dev.assent.runtime.RuntimeFailure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Somebody sees to it: for a time, nobody else decides it. */
@ParameterizedClass
@EnumSource(World.Kept.class)
@Timeout(60)
class ClaimTest {
  private static final Duration QUARTER = Duration.ofMinutes(15);
  private static final Principal BOB = Principal.person("bob");
  private static final Principal CARL = Principal.person("carl");
  private static final Principal RITA = Principal.person("rita");
  private static final Map<String, Principal> PEOPLE =
      Map.of("ada", World.ADA, "bob", BOB, "carl", CARL, "rita", RITA);

  @Parameter World.Kept kept;
  @TempDir Path folder;
  private World world;
  private Requirement asked;

  @BeforeEach
  void begin() {
    world = new World(kept, folder);
    world.more =
        builder ->
            builder
                .profile(() -> Profile.SEPARATED)
                .directory(
                    new Directory() {
                      @Override
                      public Optional<Principal> find(String principal) {
                        return Optional.ofNullable(PEOPLE.get(principal));
                      }
                    });
    world.restart();
    world.model.calls(pay("p1", "17", 10));
    world.model.says("done");
    RunResult result = world.assent.run(RunRequest.of("bot", "Pay").by("rita"));
    asked = ((RunResult.Paused) result).requirements().getFirst();
  }

  @AfterEach
  void end() {
    world.close();
  }

  private DecisionOutcome approves(Principal by) {
    return world.assent.approve(by, asked.id());
  }

  private Requirement now() {
    return world.store.requirement(World.TENANT, asked.id()).orElseThrow();
  }

  private static WhyNot refused(ClaimOutcome outcome) {
    return ((ClaimOutcome.Refused) outcome).why();
  }

  @Test
  void whileSomebodySeesToItNobodyElseDecidesAndTheyAreTold() {
    assertThat(world.assent.claim(BOB, asked.id(), QUARTER)).isInstanceOf(ClaimOutcome.Done.class);
    world.restartAfter(Duration.ofMinutes(5));

    WhyNot why = new WhyNot.ClaimedBy("bob", now().claim().until());
    assertThat(approves(CARL))
        .isInstanceOfSatisfying(
            DecisionOutcome.NotEntitled.class, not -> assertThat(not.reason()).isEqualTo(why));
    assertThat(world.assent.whyNot(asked.id(), CARL)).contains(why);
    assertThat(refused(world.assent.claim(CARL, asked.id(), QUARTER))).isEqualTo(why);
    assertThat(refused(world.assent.release(CARL, asked.id()))).isEqualTo(why);
    assertThat(approves(BOB)).isInstanceOf(DecisionOutcome.Recorded.class);
    assertThat(now().status()).isEqualTo(RequirementStatus.APPROVED);
    assertThat(now().claim()).isNull();
  }

  @Test
  void aLeaseThatIsOverBindsNobody() {
    world.assent.claim(BOB, asked.id(), QUARTER);
    world.clock.advance(QUARTER);

    assertThat(world.assent.claim(CARL, asked.id(), QUARTER)).isInstanceOf(ClaimOutcome.Done.class);
    assertThat(world.assent.release(CARL, asked.id())).isInstanceOf(ClaimOutcome.Done.class);
    assertThat(approves(BOB)).isInstanceOf(DecisionOutcome.Recorded.class);
  }

  @Test
  void itIsGivenToSomebodyWhoCouldDecideItAndTakenBackByWhoGaveIt() {
    assertThat(world.assent.assign(BOB, asked.id(), "carl", QUARTER))
        .isInstanceOf(ClaimOutcome.Done.class);
    assertThat(approves(BOB)).isInstanceOf(DecisionOutcome.NotEntitled.class);

    assertThat(world.assent.release(BOB, asked.id())).isInstanceOf(ClaimOutcome.Done.class);
    assertThat(approves(BOB)).isInstanceOf(DecisionOutcome.Recorded.class);
  }

  @Test
  void whoCouldNotDecideItNeitherClaimsNorGetsNorGivesIt() {
    assertThat(refused(world.assent.claim(RITA, asked.id(), QUARTER)))
        .isInstanceOf(WhyNot.Requester.class);
    assertThat(refused(world.assent.assign(BOB, asked.id(), "rita", QUARTER)))
        .isInstanceOf(WhyNot.Requester.class);
    assertThat(refused(world.assent.assign(RITA, asked.id(), "bob", QUARTER)))
        .isInstanceOf(WhyNot.Requester.class);
    assertThatThrownBy(() -> world.assent.assign(BOB, asked.id(), "nobody", QUARTER))
        .isInstanceOf(RuntimeFailure.class);
    assertThatThrownBy(() -> world.assent.claim(BOB, asked.id(), Duration.ofDays(8)))
        .isInstanceOf(RuntimeFailure.class);
    assertThat(now().revision()).isEqualTo(asked.revision());
  }

  @Test
  void anEditFreesItAndWhatIsClosedIsNotClaimed() {
    world.assent.claim(BOB, asked.id(), QUARTER);
    world.assent.answer(
        BOB, asked.id(), Reply.edit("{\"invoice\":\"17\",\"amount\":9,\"vendor\":\"Acme\"}"));
    world.assent.resume(asked.run());

    assertThat(now().claim()).isNull();
    assertThat(approves(CARL)).isInstanceOf(DecisionOutcome.Recorded.class);
    assertThat(refused(world.assent.claim(CARL, asked.id(), QUARTER)))
        .isInstanceOf(WhyNot.Closed.class);
  }

  @Test
  void everyChangeIsInTheAudit() {
    world.assent.assign(BOB, asked.id(), "carl", QUARTER);
    world.assent.release(CARL, asked.id());

    assertThat(world.store.audit(World.TENANT, 0, 1_000))
        .extracting(line -> new String(line.recordBytes(), StandardCharsets.UTF_8))
        .anyMatch(
            line ->
                line.contains("\"claim.by\":\"carl\"") && line.contains("\"principal\":\"bob\""))
        .anyMatch(line -> line.contains("\"type\":\"claim.released\""));
    assertThat(world.store.decisions(World.TENANT, asked.id())).as("it is no decision").isEmpty();
    world.checkInvariants(asked.run());
  }
}
