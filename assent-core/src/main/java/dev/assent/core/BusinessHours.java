package dev.assent.core;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * When people are there to be asked: a wait in business hours passes only then. Immutable.
 *
 * @param zone an IANA time zone, for example {@code Europe/Berlin}; its clock changes are kept
 * @param days of the week; at least one
 * @param from when a day begins, {@code 09:00}
 * @param to when it ends, later than it begins
 * @param holidays days on which nobody is there, {@code 2026-12-25}
 * @see <a href="https://www.iana.org/time-zones">IANA, time zone database</a>
 */
public record BusinessHours(
    String zone, Set<DayOfWeek> days, String from, String to, List<String> holidays) {
  /**
   * @throws IllegalArgumentException when one of these is no zone, time or date, or no time is left
   */
  public BusinessHours {
    if (days.isEmpty()) {
      throw new IllegalArgumentException("business hours need a day of the week");
    }
    days = Set.copyOf(EnumSet.copyOf(days));
    holidays = holidays.stream().distinct().sorted().toList();
    try {
      ZoneId.of(zone);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("'" + zone + "' is no time zone such as Europe/Berlin", e);
    }
    if (!time(from).isBefore(time(to))) {
      throw new IllegalArgumentException(
          "business hours end after they begin, not from " + from + " to " + to);
    }
    holidays.forEach(BusinessHours::date);
  }

  /** When so much time of business hours has passed since then. */
  public Instant after(Instant start, Duration wait) {
    ZoneId place = ZoneId.of(zone);
    Duration left = wait;
    for (LocalDate day = start.atZone(place).toLocalDate(); ; day = day.plusDays(1)) {
      if (!days.contains(day.getDayOfWeek()) || holidays.contains(day.toString())) {
        continue;
      }
      Instant opens = day.atTime(time(from)).atZone(place).toInstant();
      Instant closes = day.atTime(time(to)).atZone(place).toInstant();
      Instant begins = start.isAfter(opens) ? start : opens;
      Duration open = Duration.between(begins, closes);
      if (open.isNegative()) {
        continue;
      }
      if (left.compareTo(open) <= 0) {
        return begins.plus(left);
      }
      left = left.minus(open);
    }
  }

  /** In words, for cards. */
  public String inWords() {
    return "business hours of "
        + zone
        + ", "
        + String.join(
            " ", EnumSet.copyOf(days).stream().map(each -> each.name().substring(0, 3)).toList())
        + " "
        + from
        + " to "
        + to;
  }

  private static LocalTime time(String text) {
    try {
      return LocalTime.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("'" + text + "' is no time of day such as 09:00", e);
    }
  }

  private static void date(String text) {
    try {
      LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("'" + text + "' is no date such as 2026-12-25", e);
    }
  }
}
