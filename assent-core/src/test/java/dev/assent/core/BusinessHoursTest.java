package dev.assent.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("C18")
class BusinessHoursTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Set<DayOfWeek> WEEK = EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY);
  private static final BusinessHours OFFICE =
      new BusinessHours("Europe/Berlin", WEEK, "09:00", "17:00", List.of("2026-12-25"));

  @ParameterizedTest
  @CsvSource({
    "2026-11-20T16:00, PT1H, 2026-11-20T17:00",
    "2026-11-20T16:00, PT2H, 2026-11-23T10:00",
    "2026-11-20T18:00, PT1H, 2026-11-23T10:00",
    "2026-11-21T12:00, PT8H, 2026-11-23T17:00",
    "2026-11-23T03:00, PT30M, 2026-11-23T09:30",
    "2026-12-24T16:00, PT2H, 2026-12-28T10:00",
    "2026-03-27T16:00, PT9H, 2026-03-30T17:00"
  })
  @DisplayName("a wait passes only while people are there")
  void passesOnlyThen(String from, Duration wait, String until) {
    Instant start = LocalDateTime.parse(from).atZone(BERLIN).toInstant();

    assertThat(OFFICE.after(start, wait))
        .isEqualTo(LocalDateTime.parse(until).atZone(BERLIN).toInstant());
  }

  @Test
  @DisplayName("as a clock that is looked at every minute would say, also where clocks change")
  void asNaively() {
    long seed = Long.getLong("assent.seed", System.nanoTime());
    System.out.println("seed " + seed + " (replay with -Dassent.seed=" + seed + ")");
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      boolean spring = random.nextBoolean();
      BusinessHours hours =
          new BusinessHours(
              random.nextBoolean() ? "Europe/Berlin" : "America/New_York",
              EnumSet.of(DayOfWeek.SUNDAY, DayOfWeek.of(1 + random.nextInt(7)), DayOfWeek.MONDAY),
              LocalTime.of(random.nextInt(4), 30).toString(),
              LocalTime.of(5 + random.nextInt(18), 0).toString(),
              List.of(spring ? "2026-03-30" : "2026-10-26"));
      Instant start =
          Instant.parse(spring ? "2026-03-06T00:00:00Z" : "2026-10-24T00:00:00Z")
              .plus(Duration.ofMinutes(random.nextInt(10_000)));
      Duration wait = Duration.ofMinutes(1 + random.nextInt(2_000));

      assertThat(hours.after(start, wait))
          .as(hours + " " + start + " " + wait)
          .isEqualTo(naively(hours, start, wait));
    }
  }

  private static Instant naively(BusinessHours hours, Instant start, Duration wait) {
    Instant at = start;
    for (long left = wait.toMinutes(); left > 0; at = at.plus(Duration.ofMinutes(1))) {
      ZonedDateTime there = at.atZone(ZoneId.of(hours.zone()));
      if (hours.days().contains(there.getDayOfWeek())
          && !hours.holidays().contains(there.toLocalDate().toString())
          && !at.isBefore(opens(hours, there))
          && at.isBefore(closes(hours, there))) {
        left--;
      }
    }
    return at;
  }

  private static Instant opens(BusinessHours hours, ZonedDateTime day) {
    return day.toLocalDate()
        .atTime(LocalTime.parse(hours.from()))
        .atZone(day.getZone())
        .toInstant();
  }

  private static Instant closes(BusinessHours hours, ZonedDateTime day) {
    return day.toLocalDate().atTime(LocalTime.parse(hours.to())).atZone(day.getZone()).toInstant();
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> new BusinessHours("Berlin", WEEK, "09:00", "17:00", List.of()))
        .hasMessageContaining("no time zone");
    assertThatThrownBy(() -> new BusinessHours("UTC", Set.of(), "09:00", "17:00", List.of()))
        .hasMessageContaining("a day of the week");
    assertThatThrownBy(() -> new BusinessHours("UTC", WEEK, "9", "17:00", List.of()))
        .hasMessageContaining("no time of day");
    assertThatThrownBy(() -> new BusinessHours("UTC", WEEK, "17:00", "09:00", List.of()))
        .hasMessageContaining("end after they begin");
    assertThatThrownBy(() -> new BusinessHours("UTC", WEEK, "09:00", "17:00", List.of("soon")))
        .hasMessageContaining("no date");
  }
}
