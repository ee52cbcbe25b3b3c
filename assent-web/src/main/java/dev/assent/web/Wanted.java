package dev.assent.web;

import dev.assent.core.GrantId;
import dev.assent.core.MandateId;
import dev.assent.core.RequirementId;
import dev.assent.core.RunId;
import dev.assent.core.SafeText;
import dev.assent.core.spi.Store;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Checks what a client put into addresses, parameters and headers. Stateless. */
final class Wanted {
  static final int DEFAULT_LIMIT = 50;

  private static final int MOST = 200;
  private static final int LONGEST_NAME = 96;

  private Wanted() {}

  static RunId run(String id) {
    try {
      return new RunId(id);
    } catch (IllegalArgumentException e) {
      throw Problem.of(404, "unknown-run", "There is no such run", "").exception();
    }
  }

  static RequirementId requirement(String id) {
    try {
      return new RequirementId(id);
    } catch (IllegalArgumentException e) {
      throw Problem.of(404, "unknown-requirement", "There is no such requirement", "").exception();
    }
  }

  static GrantId grant(String id) {
    try {
      return new GrantId(id);
    } catch (IllegalArgumentException e) {
      throw Problem.of(404, "unknown-grant", "There is no such grant", "").exception();
    }
  }

  static MandateId mandate(String id) {
    try {
      return new MandateId(id);
    } catch (IllegalArgumentException e) {
      throw Problem.of(404, "unknown-mandate", "There is no such mandate", "").exception();
    }
  }

  static int limit(@Nullable Integer wanted) {
    int limit = wanted == null ? DEFAULT_LIMIT : wanted;
    if (limit < 1 || limit > MOST) {
      throw invalid("limit", "goes from 1 to " + MOST);
    }
    return limit;
  }

  /** Visible ASCII of at most 96 characters, as ids and keys are. */
  static @Nullable String name(String what, @Nullable String value) {
    if (value != null
        && (value.isEmpty()
            || value.length() > LONGEST_NAME
            || !value.chars().allMatch(c -> c > ' ' && c <= '~'))) {
      throw invalid(what, "has 1 to " + LONGEST_NAME + " visible ASCII characters");
    }
    return value;
  }

  static <E extends Enum<E>> @Nullable E oneOf(Class<E> type, String what, @Nullable String value) {
    if (value == null || value.isEmpty()) {
      return null;
    }
    try {
      return Enum.valueOf(type, value);
    } catch (IllegalArgumentException e) {
      throw invalid(what, "cannot be " + SafeText.of(value).cut(LONGEST_NAME));
    }
  }

  /** From and to as moments in ISO 8601; what is absent is open. */
  static Store.Span span(String what, @Nullable String from, @Nullable String to) {
    return new Store.Span(
        moment(what.isEmpty() ? "from" : what + "From", from),
        moment(what.isEmpty() ? "to" : what + "To", to));
  }

  private static @Nullable Instant moment(String what, @Nullable String value) {
    if (value == null) {
      return null;
    }
    try {
      return Instant.parse(value);
    } catch (DateTimeException e) {
      throw invalid(what, "is a moment such as 2026-11-21T00:00:00Z");
    }
  }

  static ProblemException invalid(String what, String why) {
    return Problem.of(
            400,
            "invalid-parameter",
            "A parameter has no such value",
            "'" + what + "' " + why + ".")
        .exception();
  }
}
