package dev.assent.web;

import dev.assent.core.Progress;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far one threshold has come: one of its groups must agree. Immutable.
 *
 * @param met true when one of them agrees
 * @param failed true when none of them can agree any more
 */
record ProgressView(boolean met, boolean failed, List<GroupView> groups) {

  /**
   * One group. Immutable.
   *
   * @param who in words
   * @param approvals how many people of it have approved
   * @param needed how many have to
   * @param denials how many people of it have denied
   * @param failsAt so many denials make it fail
   * @param from when it may begin to decide; absent when it may
   */
  record GroupView(
      String who,
      int approvals,
      int needed,
      int denials,
      int failsAt,
      boolean failed,
      @Nullable Instant from) {
    static GroupView of(Progress.Group group) {
      return new GroupView(
          Shown.name(group.threshold().inWords()),
          group.approvals(),
          group.threshold().approvals(),
          group.denials(),
          group.threshold().failsAt(),
          group.failed(),
          group.from());
    }
  }

  static List<ProgressView> of(Progress progress) {
    return progress.clauses().stream()
        .map(
            clause ->
                new ProgressView(
                    clause.met(),
                    clause.failed(),
                    clause.groups().stream().map(GroupView::of).toList()))
        .toList();
  }
}
