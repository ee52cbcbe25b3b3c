package dev.assent.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What rules make of each other's times. */
class JoinedEscalationTest {
  private static final Instant FRIDAY_EVENING = Instant.parse("2026-11-20T16:30:00Z");

  @Test
  void aRungIsNotHeardAtNightBecauseAnotherRuleCountsAroundTheClock() {
    ApprovalTerms escalating =
        new ApprovalTerms(
                "first",
                List.of(Threshold.role("finance")),
                Risk.MEDIUM,
                "",
                null,
                Duration.ofHours(20),
                null,
                ApprovalTerms.OnExpiry.REJECT,
                null,
                null,
                new BusinessHours("UTC", Set.of(DayOfWeek.MONDAY), "09:00", "17:00", List.of()),
                null)
            .escalatingTo(List.of(Threshold.role("manager")));
    ApprovalTerms other = ApprovalTerms.simple("second");

    assertThat(escalating.and(other).after(FRIDAY_EVENING, Duration.ofHours(4)))
        .isEqualTo(escalating.after(FRIDAY_EVENING, Duration.ofHours(4)));
    assertThat(other.and(escalating).after(FRIDAY_EVENING, Duration.ofHours(4)))
        .isEqualTo(escalating.after(FRIDAY_EVENING, Duration.ofHours(4)));
  }
}
