package dev.assent.runtime;

import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.spi.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What became of approvals, by month, tool and approver. Immutable.
 *
 * @param zone whose months these are
 * @param lines by month, tool and approver, in this order
 * @param total of all lines; its month, tool and approver are absent
 * @param unreadable what could not be read and is not counted
 */
public record ApprovalReport(
    ZoneId zone, List<Line> lines, Line total, List<Store.Unreadable> unreadable) {
  /** Who decides faster than this has hardly read. */
  public static final Duration HASTY = Duration.ofSeconds(2);

  public ApprovalReport {
    lines = List.copyOf(lines);
    unreadable = List.copyOf(unreadable);
  }

  /**
   * One line. Immutable.
   *
   * @param month of the resolution
   * @param approver who closed it; absent for what nobody decided
   * @param edited how many had their arguments changed by a person
   * @param median time from asking to the resolution, of what was decided; absent when nothing was
   * @param p95 so long at most for 95 of 100; absent when nothing was decided
   * @param hasty how many were decided within {@link #HASTY}
   * @param brokeGlass how many somebody decided alone, by break-glass
   */
  public record Line(
      @Nullable YearMonth month,
      @Nullable String tool,
      @Nullable String approver,
      int approved,
      int rejected,
      int expired,
      int cancelled,
      int edited,
      @Nullable Duration median,
      @Nullable Duration p95,
      int hasty,
      int brokeGlass) {

    /** All of them. */
    public int total() {
      return approved + rejected + expired + cancelled;
    }

    /** Approved among decided, from 0 to 1; absent when nothing was decided. */
    public @Nullable Double approvalRate() {
      int decided = approved + rejected;
      return decided == 0 ? null : (double) approved / decided;
    }
  }

  private record Key(YearMonth month, String tool, @Nullable String approver)
      implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::month)
            .thenComparing(Key::tool)
            .thenComparing(Key::approver, Comparator.nullsLast(Comparator.naturalOrder()));

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  /** The same, where all could be read. */
  static ApprovalReport of(Iterable<Requirement> requirements, ZoneId zone) {
    return of(requirements, zone, List.of(), requirement -> false);
  }

  /**
   * Reports on the approvals among these that are closed.
   *
   * @param glass true of what was decided by break-glass
   */
  static ApprovalReport of(
      Iterable<Requirement> requirements,
      ZoneId zone,
      List<Store.Unreadable> missed,
      Predicate<Requirement> glass) {
    Map<Key, Tally> tallies = new TreeMap<>();
    Tally all = new Tally();
    for (Requirement each : requirements) {
      Instant closed = each.closedAt();
      if (each.kind() == RequirementKind.APPROVAL && closed != null) {
        Key key =
            new Key(
                YearMonth.from(closed.atZone(zone)),
                each.tool(),
                decided(each.status()) ? each.closedBy() : null);
        boolean broke = decided(each.status()) && glass.test(each);
        tallies.computeIfAbsent(key, k -> new Tally()).add(each, closed, broke);
        all.add(each, closed, broke);
      }
    }
    List<Line> lines = new ArrayList<>();
    tallies.forEach((key, tally) -> lines.add(tally.line(key)));
    return new ApprovalReport(zone, lines, all.line(null), missed);
  }

  private static boolean decided(RequirementStatus status) {
    return status == RequirementStatus.APPROVED || status == RequirementStatus.REJECTED;
  }

  private static final class Tally {
    private final Map<RequirementStatus, Integer> counts = new EnumMap<>(RequirementStatus.class);
    private final List<Duration> times = new ArrayList<>();
    private int edited;
    private int brokeGlass;

    private void add(Requirement requirement, Instant closed, boolean broke) {
      brokeGlass += broke ? 1 : 0;
      counts.merge(requirement.status(), 1, Integer::sum);
      edited += requirement.editedBy() == null ? 0 : 1;
      if (decided(requirement.status())) {
        times.add(Duration.between(requirement.createdAt(), closed));
      }
    }

    private Line line(@Nullable Key key) {
      List<Duration> sorted = times.stream().sorted().toList();
      return new Line(
          key == null ? null : key.month(),
          key == null ? null : key.tool(),
          key == null ? null : key.approver(),
          count(RequirementStatus.APPROVED),
          count(RequirementStatus.REJECTED),
          count(RequirementStatus.EXPIRED),
          count(RequirementStatus.CANCELLED),
          edited,
          rank(sorted, 50),
          rank(sorted, 95),
          (int) times.stream().filter(time -> time.compareTo(HASTY) <= 0).count(),
          brokeGlass);
    }

    private int count(RequirementStatus status) {
      return Objects.requireNonNullElse(counts.get(status), 0);
    }

    /** The nearest rank: an observed time, never one between two. */
    private static @Nullable Duration rank(Collection<Duration> sorted, int percent) {
      int rank = (int) Math.ceil(sorted.size() * percent / 100.0);
      return sorted.stream().skip(Math.max(0, rank - 1)).findFirst().orElse(null);
    }
  }
}
