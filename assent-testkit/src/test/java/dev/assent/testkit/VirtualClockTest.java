package dev.assent.testkit;

import static dev.assent.testkit.ScriptedModel.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.RequirementStatus;
import dev.assent.runtime.RunResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class VirtualClockTest {
  @Test
  void itStandsUntilItIsToldToGoOn() {
    VirtualClock clock = VirtualClock.at(Instant.parse("2026-01-01T00:00:00.0009Z"));

    clock.advance(Duration.ofMillis(2));

    assertThat(clock.instant()).isEqualTo(Instant.parse("2026-01-01T00:00:00.002Z"));
    assertThatThrownBy(() -> clock.advance(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @Tag("C18")
  @DisplayName("a deadline passes when the clock is moved and the runtime looks")
  void aDeadlinePasses() {
    ScriptedModel model =
        ScriptedModel.byTurn()
            .calls(call("pay", Map.of("invoice", "17", "amount", 5)))
            .says("Nobody answered.");
    try (Office office = new Office(model)) {
      RunResult.Paused paused = (RunResult.Paused) office.run();

      office.clock.advance(Duration.ofHours(1));
      office.assent.poll();
      assertThat(office.assent.runCard(paused.run()).waitsFor()).hasSize(1);
      office.clock.advance(Duration.ofMillis(1));
      office.assent.poll();

      assertThat(office.assent.resume(paused.run())).isInstanceOf(RunResult.Completed.class);
      assertThat(office.store.requirementsOf("main", paused.run()))
          .extracting(requirement -> requirement.status())
          .containsExactly(RequirementStatus.EXPIRED);
      assertThat(office.ledger).isEmpty();
    }
  }
}
