package dev.assent.scenarios;

import static dev.assent.scenarios.Desk.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequiresApproval;
import dev.assent.core.RunId;
import dev.assent.core.Tool;
import dev.assent.core.Verdict;
import dev.assent.runtime.Alike;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests for the very same, answered in one act and each by a decision of its own. */
@Tag("X13")
@Timeout(60)
class AlikeTest {
  @TempDir Path folder;
  private final List<String> done = new CopyOnWriteArrayList<>();
  private Desk desk;
  private int keys;

  class Office {
    @RequiresApproval
    @Tool("Pays")
    String pay(String to) {
      done.add("paid " + to);
      return "paid";
    }
  }

  @BeforeEach
  void open() {
    desk = new Desk(Desk.Habit.STAYS, folder, agent -> agent.tools(new Office()));
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private Requirement asks(String to) {
    desk.model.calls(call("pay", "{\"to\":\"" + to + "\"}"));
    return desk.waitsFor(desk.run("Pay"), RequirementKind.APPROVAL);
  }

  private static Alike as(Requirement shown) {
    return new Alike(shown.id(), shown.version(), shown.digest());
  }

  private DecisionOutcome decides(Requirement first, Verdict verdict, Alike... also) {
    return desk.assent.decide(
        first.id(),
        new DecisionRequest(
            first.version(), first.digest(), verdict, null, null, "together-" + ++keys),
        List.of(also),
        Desk.ADA);
  }

  private void undecided(Requirement... all) {
    for (Requirement each : all) {
      assertThat(desk.store.decisions(Desk.TENANT, each.id())).isEmpty();
      assertThat(desk.store.requirement(Desk.TENANT, each.id()).orElseThrow().open()).isTrue();
    }
  }

  @Test
  void oneYesServesAllOfThemWithADecisionForEach() {
    Requirement first = asks("bob");
    Requirement second = asks("bob");
    Requirement other = asks("carol");

    assertThat(desk.assent.alike(first)).extracting(Requirement::id).containsExactly(second.id());
    desk.model.says("Done.").says("Done.");
    assertThat(decides(first, Verdict.APPROVE, as(second)))
        .isInstanceOf(DecisionOutcome.Recorded.class);

    for (Requirement each : List.of(first, second)) {
      assertThat(desk.completes(each.run())).isEqualTo("Done.");
      assertThat(desk.store.decisions(Desk.TENANT, each.id()))
          .singleElement()
          .satisfies(
              signed -> {
                assertThat(signed.decision().digest()).isEqualTo(each.digest());
                assertThat(signed.genuine(desk.store.keys(), Desk.TENANT)).isTrue();
              });
    }
    assertThat(first.digest()).isNotEqualTo(second.digest());
    assertThat(done).containsExactlyInAnyOrder("paid bob", "paid bob");
    undecided(other);
  }

  @Test
  void whatIsNotTheVerySameIsNotDecidedWithIt() {
    Requirement first = asks("bob");
    Requirement other = asks("carol");

    assertThat(decides(first, Verdict.APPROVE, as(other)))
        .isInstanceOfSatisfying(
            DecisionOutcome.Invalid.class, no -> assertThat(no.code()).isEqualTo("not-alike"));
    assertThat(decides(first, Verdict.APPROVE, as(first)))
        .isInstanceOf(DecisionOutcome.Invalid.class);
    undecided(first, other);
    assertThat(done).isEmpty();
  }

  @Test
  void eachIsBoundByTheDigestThatWasShownOfIt() {
    Requirement first = asks("bob");
    Requirement second = asks("bob");

    assertThat(
            decides(
                first, Verdict.APPROVE, new Alike(second.id(), second.version(), first.digest())))
        .isInstanceOf(DecisionOutcome.DigestMismatch.class);
    assertThat(
            decides(
                first,
                Verdict.APPROVE,
                new Alike(second.id(), second.version() + 1, second.digest())))
        .isInstanceOf(DecisionOutcome.StaleVersion.class);
    undecided(first, second);
  }

  @Test
  void oneThatWasDecidedMeanwhileStopsTheOthersToo() {
    Requirement first = asks("bob");
    Requirement second = asks("bob");
    desk.model.otherwise(request -> new dev.assent.core.Message.Assistant("Done.", List.of()));
    desk.answers(second, Verdict.REJECT, null);

    assertThat(decides(first, Verdict.APPROVE, as(second)))
        .isInstanceOf(DecisionOutcome.class)
        .isNotInstanceOf(DecisionOutcome.Recorded.class);
    undecided(first);
    assertThat(desk.assent.alike(first)).isEmpty();
  }

  @Test
  void aNoIsSaidToAllOfThemToo() {
    Requirement first = asks("bob");
    Requirement second = asks("bob");
    desk.model.otherwise(request -> new dev.assent.core.Message.Assistant("Then not.", List.of()));

    assertThat(decides(first, Verdict.REJECT, as(second)))
        .isInstanceOf(DecisionOutcome.Recorded.class);

    for (RunId run : List.of(first.run(), second.run())) {
      assertThat(desk.completes(run)).isEqualTo("Then not.");
    }
    assertThat(done).isEmpty();
  }

  @Test
  void theSameActAgainIsTheSame() {
    Requirement first = asks("bob");
    Requirement second = asks("bob");
    desk.model.otherwise(request -> new dev.assent.core.Message.Assistant("Done.", List.of()));
    DecisionRequest request =
        new DecisionRequest(
            first.version(), first.digest(), Verdict.APPROVE, null, null, "together");

    assertThat(desk.assent.decide(first.id(), request, List.of(as(second)), Desk.ADA))
        .isInstanceOf(DecisionOutcome.Recorded.class);
    assertThat(desk.assent.decide(first.id(), request, List.of(as(second)), Desk.ADA))
        .isInstanceOf(DecisionOutcome.Repeated.class);
    assertThat(desk.store.decisions(Desk.TENANT, second.id())).hasSize(1);
  }
}
