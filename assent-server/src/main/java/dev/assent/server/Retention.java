package dev.assent.server;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How long content is kept: {@code 90d}, or an ISO-8601 duration. Stateless. */
final class Retention implements ITypeConverter<Duration> {
  Retention() {}

  @Override
  public Duration convert(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    try {
      Duration time = Duration.parse(upper.startsWith("P") ? upper : "P" + upper);
      if (time.isPositive()) {
        return time;
      }
    } catch (DateTimeParseException e) {
      // said below, in words of ours
    }
    throw new TypeConversionException(
        "'" + text + "' is no time to keep something; write 90d, or PT12H");
  }
}
