package dev.assent.policy;

import dev.assent.core.BusinessHours;
import java.time.DayOfWeek;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads when people are there to be asked. */
final class HoursReader {
  private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

  private HoursReader() {}

  /** The file's business hours; absent when it names none, or wrong ones, which is reported. */
  static @Nullable BusinessHours read(Section root) {
    if (!root.has("business-hours")) {
      return null;
    }
    Section section = root.section("business-hours");
    if (section == null) {
      return null;
    }
    String zone = section.required("zone", "Europe/Berlin").value();
    String from = section.required("from", "09:00").value();
    String to = section.required("to", "17:00").value();
    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    for (Section.Text each : section.texts("days")) {
      int day = DAYS.indexOf(each.value().toLowerCase(Locale.ROOT));
      if (day < 0) {
        section.problem("days", "'" + each.value() + "' is no day; days are " + DAYS);
      } else {
        days.add(DayOfWeek.of(day + 1));
      }
    }
    List<String> holidays = section.texts("holidays").stream().map(Section.Text::value).toList();
    section.done();
    if (zone.isEmpty() || from.isEmpty() || to.isEmpty()) {
      return null;
    }
    if (!section.has("days")) {
      days.addAll(EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY));
    }
    if (days.isEmpty()) {
      return null;
    }
    try {
      return new BusinessHours(zone, days, from, to, holidays);
    } catch (IllegalArgumentException e) {
      root.problem("business-hours", String.valueOf(e.getMessage()));
      return null;
    }
  }
}
