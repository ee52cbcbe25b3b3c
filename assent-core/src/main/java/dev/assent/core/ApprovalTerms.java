package dev.assent.core;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Under which conditions a call may run once people have agreed. Immutable.
 *
 * @param rule the rules that fired, in words
 * @param thresholds all of them must be met
 * @param risk how it is shown and how carefully a yes is taken
 * @param message what the author of the rule tells the approver
 * @param summary one-line template over the arguments, for example {@code Pay {amount} to {vendor}}
 * @param deadline how long the requirement stays open; absent means for ever
 * @param useBy how long an approval stays good before its execution starts; absent means for ever
 * @param onExpiry what happens when the deadline passes; never an approval
 * @param remindAfter after how long people are told again; absent means never
 * @param undo how long an approved call waits before it begins, so that its approval can be taken
 *     back; absent means not at all
 * @param hours in which deadline and reminder are counted; absent means around the clock
 * @param reasons for what a decider has to give a reason; absent means for nothing
 */
public record ApprovalTerms(
    String rule,
    List<Threshold> thresholds,
    Risk risk,
    String message,
    @Nullable String summary,
    @Nullable Duration deadline,
    @Nullable Duration useBy,
    OnExpiry onExpiry,
    @Nullable Duration remindAfter,
    @Nullable Duration undo,
    @Nullable BusinessHours hours,
    @Nullable Reasons reasons) {

  /** Terms of a call that begins as soon as it is approved, counted around the clock. */
  public ApprovalTerms(
      String rule,
      List<Threshold> thresholds,
      Risk risk,
      String message,
      @Nullable String summary,
      @Nullable Duration deadline,
      @Nullable Duration useBy,
      OnExpiry onExpiry,
      @Nullable Duration remindAfter) {
    this(
        rule,
        thresholds,
        risk,
        message,
        summary,
        deadline,
        useBy,
        onExpiry,
        remindAfter,
        null,
        null,
        null);
  }

  /** Terms that ask nobody for a reason. */
  public ApprovalTerms(
      String rule,
      List<Threshold> thresholds,
      Risk risk,
      String message,
      @Nullable String summary,
      @Nullable Duration deadline,
      @Nullable Duration useBy,
      OnExpiry onExpiry,
      @Nullable Duration remindAfter,
      @Nullable Duration undo,
      @Nullable BusinessHours hours) {
    this(
        rule,
        thresholds,
        risk,
        message,
        summary,
        deadline,
        useBy,
        onExpiry,
        remindAfter,
        undo,
        hours,
        null);
  }

  /** Terms without a reminder. */
  public ApprovalTerms(
      String rule,
      List<Threshold> thresholds,
      Risk risk,
      String message,
      @Nullable String summary,
      @Nullable Duration deadline,
      @Nullable Duration useBy,
      OnExpiry onExpiry) {
    this(rule, thresholds, risk, message, summary, deadline, useBy, onExpiry, null);
  }

  /** What an unanswered deadline does. */
  public enum OnExpiry {
    REJECT,
    CANCEL_RUN,
    KEEP,
    /** Of questions only: the declared answer is used, and the model is told so. */
    FALLBACK
  }

  /**
   * @throws IllegalArgumentException when there is no threshold: that would let everybody approve
   */
  public ApprovalTerms {
    thresholds = List.copyOf(thresholds);
    if (thresholds.isEmpty()) {
      throw new IllegalArgumentException(
          "rule '" + rule + "' requires approval but names no threshold; say who approves");
    }
    for (Threshold each : thresholds) {
      if (each.alternatives().stream().allMatch(group -> group.after() != null)) {
        throw new IllegalArgumentException(
            "rule '"
                + rule
                + "' asks nobody from the beginning: "
                + each.inWords()
                + "; say who approves before it is escalated");
      }
    }
  }

  /** One approval of anybody entitled to log in, medium risk, no deadline. */
  public static ApprovalTerms simple(String rule) {
    return new ApprovalTerms(
        rule, List.of(Threshold.anyone()), Risk.MEDIUM, "", null, null, null, OnExpiry.REJECT);
  }

  /**
   * Both sets of conditions at once: every threshold, the higher risk, the shorter times and the
   * longer undo; around the clock unless both count in the same hours, or one that escalates does.
   */
  public ApprovalTerms and(ApprovalTerms other) {
    return new ApprovalTerms(
        rule + " and " + other.rule,
        java.util.stream.Stream.concat(thresholds.stream(), other.thresholds.stream())
            .distinct()
            .toList(),
        risk.compareTo(other.risk) >= 0 ? risk : other.risk,
        message.isEmpty() ? other.message : message,
        summary == null ? other.summary : summary,
        shorter(deadline, other.deadline),
        shorter(useBy, other.useBy),
        onExpiry.compareTo(other.onExpiry) <= 0 ? onExpiry : other.onExpiry,
        shorter(remindAfter, other.remindAfter),
        longer(undo, other.undo),
        hoursWith(other),
        reasons == null || other.reasons == null
            ? Optional.ofNullable(reasons).orElse(other.reasons)
            : reasons.and(other.reasons));
  }

  /** A rung must not be heard at night because another rule counts around the clock. */
  private @Nullable BusinessHours hoursWith(ApprovalTerms other) {
    if (Objects.equals(hours, other.hours)) {
      return hours;
    }
    if (hours != null && escalates()) {
      return hours;
    }
    return other.hours != null && other.escalates() ? other.hours : null;
  }

  private boolean escalates() {
    return thresholds.stream()
        .flatMap(each -> each.alternatives().stream())
        .anyMatch(each -> each.after() != null);
  }

  /** The same terms with a deadline and what happens then. */
  public ApprovalTerms within(@Nullable Duration open, OnExpiry then) {
    return new ApprovalTerms(
        rule,
        thresholds,
        risk,
        message,
        summary,
        open,
        useBy,
        then,
        remindAfter,
        undo,
        hours,
        reasons);
  }

  /** The same terms, where a decider has to give reasons; absent means none. */
  public ApprovalTerms withReasons(@Nullable Reasons wanted) {
    return new ApprovalTerms(
        rule,
        thresholds,
        risk,
        message,
        summary,
        deadline,
        useBy,
        onExpiry,
        remindAfter,
        undo,
        hours,
        wanted);
  }

  /**
   * The same terms with an escalation: from its time on the group of each rung may decide instead
   * of those of these terms. Joined with other terms it takes nothing from theirs. A rung without a
   * time gets one: the first half of the deadline, the others spread evenly up to it.
   *
   * @param rungs in the order of their times, which all of them have or none
   * @throws IllegalArgumentException when some have times and some do not, there is no deadline to
   *     take the times from, or a rung does not begin after the one before it and ahead of the
   *     deadline
   */
  public ApprovalTerms escalatingTo(List<Threshold> rungs) {
    return rungs.isEmpty() ? this : escalated(Ladder.of(rungs, deadline));
  }

  private ApprovalTerms escalated(List<Threshold> rungs) {
    return new ApprovalTerms(
        rule,
        thresholds.stream().map(each -> each.orElse(rungs)).toList(),
        risk,
        message,
        summary,
        deadline,
        useBy,
        onExpiry,
        remindAfter,
        undo,
        hours,
        reasons);
  }

  /** The groups that may decide only some time after it was asked, the soonest first. */
  public List<Threshold> rungs() {
    return thresholds.stream()
        .flatMap(each -> each.alternatives().stream())
        .filter(group -> group.after() != null)
        .distinct()
        .sorted(Comparator.comparing(group -> Objects.requireNonNull(group.after())))
        .toList();
  }

  /** The same terms under another rule, with what that says. */
  public ApprovalTerms of(
      String nextRule, Risk nextRisk, String nextMessage, @Nullable String nextSummary) {
    return new ApprovalTerms(
        nextRule,
        thresholds,
        nextRisk,
        nextMessage,
        nextSummary,
        deadline,
        useBy,
        onExpiry,
        remindAfter,
        undo,
        hours,
        reasons);
  }

  /** When so much time has passed since then, counted as these terms count it. */
  public Instant after(Instant start, Duration wait) {
    return hours == null ? start.plus(wait) : hours.after(start, wait);
  }

  private static @Nullable Duration longer(@Nullable Duration a, @Nullable Duration b) {
    return Optional.ofNullable(a)
        .map(first -> b == null || first.compareTo(b) >= 0 ? first : b)
        .orElse(b);
  }

  private static @Nullable Duration shorter(@Nullable Duration a, @Nullable Duration b) {
    return Optional.ofNullable(a)
        .map(first -> b == null || first.compareTo(b) <= 0 ? first : b)
        .orElse(b);
  }
}
