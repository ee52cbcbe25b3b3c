package dev.assent.langchain4j;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long a provider asks to wait.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#name-retry-after">RFC 9110, Retry-After</a>
 */
final class RetryAfter {
  private RetryAfter() {}

  /** Absent when it does not say, says it in no known form, or names a moment that is over. */
  static @Nullable Duration of(HttpHeaders headers) {
    return headers
        .firstValue("retry-after-ms")
        .flatMap(RetryAfter::number)
        .map(Duration::ofMillis)
        .or(() -> headers.firstValue("Retry-After").flatMap(value -> parse(value, headers)))
        .orElse(null);
  }

  private static Optional<Duration> parse(String value, HttpHeaders headers) {
    return number(value)
        .map(Duration::ofSeconds)
        .or(() -> date(value).map(until -> Duration.between(sentAt(headers), until)))
        .filter(wait -> !wait.isNegative());
  }

  /** By the provider's own clock where it tells. */
  private static Instant sentAt(HttpHeaders headers) {
    return headers.firstValue("Date").flatMap(RetryAfter::date).orElseGet(Instant::now);
  }

  private static Optional<Instant> date(String value) {
    try {
      return Optional.of(
          ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<Long> number(String value) {
    String digits = value.strip();
    return digits.matches("[0-9]{1,9}") ? Optional.of(Long.parseLong(digits)) : Optional.empty();
  }
}
