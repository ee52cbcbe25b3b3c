package dev.assent.runtime;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The place of a durable {@link RunUpdate} in its run. Immutable; grows along the run, with gaps.
 *
 * @param version the run's version that the update belongs to, as in its journal
 * @param index its place in there
 */
public record UpdateId(long version, int index) implements Comparable<UpdateId> {
  /** Before everything. */
  public static final UpdateId START = new UpdateId(0, 0);

  private static final Pattern FORM = Pattern.compile("(\\d{1,18})\\.(\\d{1,9})");
  private static final Comparator<UpdateId> ORDER =
      Comparator.comparingLong(UpdateId::version).thenComparingInt(UpdateId::index);

  /** Reads what {@link #toString} wrote; empty when it is nothing of the kind. */
  public static Optional<UpdateId> parse(String text) {
    Matcher parts = FORM.matcher(text);
    return parts.matches()
        ? Optional.of(
            new UpdateId(Long.parseLong(parts.group(1)), Integer.parseInt(parts.group(2))))
        : Optional.empty();
  }

  @Override
  public int compareTo(UpdateId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return version + "." + index;
  }
}
