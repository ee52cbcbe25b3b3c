package dev.assent.scenarios;

import static dev.assent.scenarios.Desk.ADA;
import static dev.assent.scenarios.Desk.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Principal;
import dev.assent.core.Profile;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RequiresApproval;
import dev.assent.core.ReviewedResult;
import dev.assent.core.RunId;
import dev.assent.core.RunStatus;
import dev.assent.core.Tool;
import dev.assent.core.Verdict;
import dev.assent.core.WhyNot;
import dev.assent.core.spi.Directory;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunResult;
import dev.assent.scenarios.Desk.Habit;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Roles come with a sign-in, and a sign-in grows old. */
@Tag("C15")
@Timeout(60)
class EvidenceTest {
  private static final Duration MOST = Duration.ofHours(8);
  private static final Principal FIN = Principal.person("fin", "finance");
  private static final Principal FAY = Principal.person("fay", "finance");

  @TempDir Path folder;
  private final List<String> done = new CopyOnWriteArrayList<>();
  private final SignIns signIns = new SignIns();
  private Desk desk;
  private RunId run;
  private Requirement asked;

  /** Knows people from when they signed in last. */
  private static final class SignIns implements Directory {
    private static final Map<String, Principal> PEOPLE = Map.of("ada", ADA, "fin", FIN, "fay", FAY);
    private final Map<String, Instant> last = new ConcurrentHashMap<>();

    @Override
    public Optional<Principal> find(String principal) {
      return Optional.ofNullable(PEOPLE.get(principal));
    }

    @Override
    public Optional<Instant> knownAt(String principal) {
      return Optional.ofNullable(last.get(principal));
    }
  }

  class Bank {
    @RequiresApproval(role = "finance", approvals = 2, undo = "PT10M")
    @Tool("Pays")
    String pay(long amount) {
      done.add("paid " + amount);
      return "paid " + amount;
    }

    @ReviewedResult(role = "finance")
    @Tool("Adds up")
    String sum() {
      return "42";
    }
  }

  @BeforeEach
  void ask() {
    desk =
        new Desk(
            Habit.STAYS,
            folder,
            agent -> agent.tools(new Bank()),
            builder -> builder.directory(signIns).maxEvidenceAge(MOST).profile(Profile.SEPARATED));
    signIn("fin");
    signIn("fay");
    desk.model.calls(call("pay", "{\"amount\":5}"));
    run = desk.run("Pay");
    asked = desk.waitsFor(run, RequirementKind.APPROVAL);
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private void signIn(String who) {
    signIns.last.put(who, desk.clock.instant());
  }

  private DecisionOutcome approves(Principal who, Requirement what) {
    return desk.saysAs(who, what, Verdict.APPROVE, null, null);
  }

  private Requirement now() {
    return desk.store.requirement(Desk.TENANT, asked.id()).orElseThrow();
  }

  @Test
  void whoseSignInIsTooOldIsToldToSignInAgainAndThenDecides() {
    desk.clock.advance(MOST);
    assertThat(approves(FIN, asked)).isInstanceOf(DecisionOutcome.Recorded.class);
    desk.clock.advance(Duration.ofMillis(1));

    DecisionOutcome outcome = approves(FAY, asked);

    assertThat(outcome).isInstanceOf(DecisionOutcome.NotEntitled.class);
    WhyNot why = ((DecisionOutcome.NotEntitled) outcome).reason();
    assertThat(why.code()).isEqualTo("stale-evidence");
    assertThat(why.inWords()).contains("sign in again");
    signIn("fay");
    assertThat(approves(FAY, asked)).isInstanceOf(DecisionOutcome.Recorded.class);
  }

  @Test
  void anApprovalOfSomebodyWhoseSignInGrewOldDoesNotRunAndCountsAgainAfterTheNext() {
    desk.model.says("Done.");
    desk.clock.advance(MOST.minusMinutes(5));
    approves(FIN, asked);
    signIn("fay");
    approves(FAY, asked);
    assertThat(now().status()).isEqualTo(RequirementStatus.APPROVED);

    desk.after(Duration.ofMinutes(11)); // the undo is over, and so is the first sign-in

    Requirement again = desk.waitsFor(run, RequirementKind.APPROVAL);
    assertThat(again.id()).isEqualTo(asked.id());
    assertThat(again.version()).isEqualTo(2);
    assertThat(done).isEmpty();
    assertThat(desk.assent.card(again).approvals()).as("the other vote is kept").isEqualTo(1);

    desk.restart();
    signIn("fin");
    assertThat(desk.assent.card(again).approvals()).as("known again").isEqualTo(2);
    assertThat(approves(FIN, again)).isInstanceOf(DecisionOutcome.Recorded.class);
    desk.after(Duration.ofMinutes(11));

    assertThat(desk.completes(run)).isEqualTo("Done.");
    assertThat(done).containsExactly("paid 5");
  }

  @Test
  void whatSomebodySaidWhoseSignInGrewOldBeforeItWasReadWaitsForTheNext() {
    desk.model.calls(call("sum", "{}")).says("It is 42.");
    approves(FIN, asked);
    approves(FAY, asked);
    desk.after(Duration.ofMinutes(11));
    Requirement look = desk.waitsFor(run, RequirementKind.REVIEW);
    try (Assent elsewhere =
        Assent.on(desk.store)
            .answeredFromOutside()
            .directory(signIns)
            .maxEvidenceAge(MOST)
            .profile(Profile.SEPARATED)
            .start()) {
      assertThat(
              elsewhere.decide(
                  look.id(),
                  new DecisionRequest(
                      look.version(), look.digest(), Verdict.ACCEPT, null, null, "elsewhere"),
                  FIN))
          .isInstanceOf(DecisionOutcome.Recorded.class);
    }
    desk.restart();
    desk.after(MOST);

    assertThat(desk.assent.resume(run)).isInstanceOf(RunResult.Paused.class);
    assertThat(desk.state(run).status()).as("nobody forged anything").isEqualTo(RunStatus.PAUSED);

    signIn("fin");
    // Who is just looking may not know of it yet, and looks again a minute later.
    await()
        .until(
            () -> {
              desk.after(Duration.ofMinutes(1));
              return desk.assent.resume(run);
            },
            RunResult.Completed.class::isInstance);
    assertThat(desk.completes(run)).isEqualTo("It is 42.");
  }

  @Test
  void aDirectoryThatLooksEachTimeIsNeverTooOld() {
    desk.model.says("Done.");
    signIns.last.clear();
    desk.clock.advance(Duration.ofDays(400));

    approves(FIN, asked);
    approves(FAY, asked);
    desk.after(Duration.ofMinutes(11));

    assertThat(desk.completes(run)).isEqualTo("Done.");
    assertThat(done).containsExactly("paid 5");
  }

  @Test
  void anAgeOfNothingIsRefused() {
    assertThatThrownBy(() -> Assent.on(desk.store).maxEvidenceAge(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT8H");
  }
}
