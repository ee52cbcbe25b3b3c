package dev.assent.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** When the rungs of an escalation begin. Stateless. */
final class Ladder {
  private Ladder() {}

  static List<Threshold> of(List<Threshold> rungs, @Nullable Duration deadline) {
    long timed = rungs.stream().filter(each -> each.after() != null).count();
    if (timed != 0 && timed != rungs.size()) {
      throw new IllegalArgumentException(
          "either all rungs of an escalation say 'after', or none does");
    }
    List<Threshold> all = timed == 0 ? spread(rungs, deadline) : rungs;
    Duration before = Duration.ZERO;
    for (Threshold each : all) {
      Duration after = each.after();
      if (after == null || after.compareTo(before) <= 0) {
        throw new IllegalArgumentException(
            "each rung of an escalation begins after the one before it; order them by 'after'");
      }
      if (deadline != null && after.compareTo(deadline) >= 0) {
        throw new IllegalArgumentException(
            "a rung that begins at the deadline or after it reaches nobody; make its 'after' less");
      }
      before = after;
    }
    return all;
  }

  /** The first at half the deadline, the others evenly between that and the deadline. */
  private static List<Threshold> spread(List<Threshold> rungs, @Nullable Duration deadline) {
    if (deadline == null) {
      throw new IllegalArgumentException(
          "an escalation without times goes by the deadline: add a 'deadline', or say 'after'");
    }
    Duration half = deadline.dividedBy(2);
    List<Threshold> all = new ArrayList<>();
    for (int i = 0; i < rungs.size(); i++) {
      all.add(rungs.get(i).after(half.plus(half.multipliedBy(i).dividedBy(rungs.size()))));
    }
    return all;
  }
}
