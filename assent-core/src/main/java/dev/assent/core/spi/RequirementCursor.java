package dev.assent.core.spi;

import dev.assent.core.AssentException;
import dev.assent.core.Requirement;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Where a page of requirements ended: how {@link Store#requirements} sorts, the same in every
 * store. Immutable.
 *
 * @param deadline of the last one; absent when it has none
 * @param createdAt of the last one
 * @param id of the last one
 */
public record RequirementCursor(@Nullable Instant deadline, Instant createdAt, String id)
    implements Comparable<RequirementCursor> {

  /** Earliest deadline first, none last; then the oldest. */
  private static final Comparator<RequirementCursor> ORDER =
      Comparator.<RequirementCursor, Instant>comparing(
              cursor -> cursor.deadline == null ? Instant.MAX : cursor.deadline)
          .thenComparing(RequirementCursor::createdAt)
          .thenComparing(RequirementCursor::id);

  /** The place of this one. */
  public static RequirementCursor of(Requirement last) {
    return new RequirementCursor(last.deadline(), last.createdAt(), last.id().value());
  }

  /**
   * Reads what {@link #text} wrote.
   *
   * @throws AssentException with code {@code invalid-cursor} when the text is none
   */
  public static RequirementCursor parse(String text) {
    String[] parts = text.split("~", 3);
    try {
      if (parts.length == 3 && !parts[2].isEmpty()) {
        return new RequirementCursor(
            parts[0].equals("-") ? null : Instant.ofEpochMilli(Long.parseLong(parts[0])),
            Instant.ofEpochMilli(Long.parseLong(parts[1])),
            parts[2]);
      }
    } catch (NumberFormatException e) {
      throw invalid(e);
    }
    throw invalid(null);
  }

  private static AssentException invalid(@Nullable Throwable cause) {
    return new AssentException(
        "invalid-cursor",
        "That is not a place in this list; start again without one, or use the 'next' of a page.",
        cause);
  }

  /** As it is handed to clients, who hand it back unread. */
  public String text() {
    return (deadline == null ? "-" : Long.toString(deadline.toEpochMilli()))
        + "~"
        + createdAt.toEpochMilli()
        + "~"
        + id;
  }

  @Override
  public int compareTo(RequirementCursor other) {
    return ORDER.compare(this, other);
  }
}
