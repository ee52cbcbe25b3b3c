package dev.assent.policy;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Times as they are written in files: {@code 30s}, {@code 1h30m}, {@code 2d}, or ISO-8601. */
final class Durations {
  private static final Pattern SHORT =
      Pattern.compile("(?:(\\d{1,4})d)?(?:(\\d{1,5})h)?(?:(\\d{1,6})m)?(?:(\\d{1,7})s)?");

  private Durations() {}

  /** Absent when it is no time, or none that is positive. */
  static @Nullable Duration parse(String written) {
    Duration time;
    Matcher parts = SHORT.matcher(written);
    if (parts.matches() && !written.isEmpty()) {
      time =
          Duration.ofDays(number(parts.group(1)))
              .plusHours(number(parts.group(2)))
              .plusMinutes(number(parts.group(3)))
              .plusSeconds(number(parts.group(4)));
    } else {
      try {
        time = Duration.parse(written);
      } catch (DateTimeException e) {
        return null;
      }
    }
    return time.isPositive() ? time : null;
  }

  private static long number(@Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
