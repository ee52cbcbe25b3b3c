package dev.assent.policy;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Risk;
import dev.assent.core.Threshold;
import dev.assent.core.spi.Policy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link Check} as a policy: with a time limit, and closed when it fails. Thread-safe.
 *
 * <p>It is asked when a call is proposed and again just before it runs. It never throws: a failure,
 * a late answer or too many at once ask the people it names. It allows nothing: what it passes, the
 * other policies judge.
 */
public final class OutsideCheck implements Policy {
  private static final Logger LOG = LoggerFactory.getLogger(OutsideCheck.class);
  private static final int MOST_AT_ONCE = 64;
  private static final int LONGEST = 500;

  private final String name;
  private final Check check;
  private final Duration limit;
  private final List<Threshold> approvers;
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);

  private OutsideCheck(String name, Check check, Duration limit, List<Threshold> approvers) {
    this.name = name;
    this.check = check;
    this.limit = limit;
    this.approvers = approvers;
  }

  /**
   * Makes a policy of a check.
   *
   * @param name as cards name it
   * @param limit how long it may take
   * @param approvers who is asked when it raises or fails; all of them must agree
   * @throws IllegalArgumentException when nobody is named, or the limit is not positive
   */
  public static OutsideCheck of(
      String name, Check check, Duration limit, List<Threshold> approvers) {
    if (approvers.isEmpty()) {
      throw new IllegalArgumentException(
          "check '" + name + "' names nobody to ask when it fails; name approvers");
    }
    if (!limit.isPositive()) {
      throw new IllegalArgumentException(
          "check '" + name + "' needs a positive time limit, it has " + limit);
    }
    return new OutsideCheck(name, check, limit, List.copyOf(approvers));
  }

  @Override
  public PolicyOutcome judge(Question question) {
    return switch (look(question)) {
      case Check.Finding.Pass pass -> new PolicyOutcome.Allow("check " + name);
      case Check.Finding.Deny deny -> new PolicyOutcome.Deny("check " + name, cut(deny.reason()));
      case Check.Finding.Raise raise -> asked("check " + name, cut(raise.why()), raise.risk());
    };
  }

  private Check.Finding look(Question question) {
    if (!places.tryAcquire()) {
      return failed("too many at once");
    }
    FutureTask<Check.Finding> task =
        new FutureTask<>(() -> Objects.requireNonNull(check.look(question), "a check found null"));
    // A task that was given up before it began never looks, but its place is free again.
    Thread.ofVirtual()
        .name("assent-check-" + name)
        .start(
            () -> {
              try {
                task.run();
              } finally {
                places.release();
              }
            });
    try {
      return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      task.cancel(true);
      return failed("no answer in " + limit);
    } catch (ExecutionException e) {
      return failed(String.valueOf(e.getCause()));
    } catch (InterruptedException e) {
      task.cancel(true);
      Thread.currentThread().interrupt();
      return failed("interrupted");
    }
  }

  /** True when nothing is being looked at. */
  boolean idle() {
    return places.availablePermits() == MOST_AT_ONCE;
  }

  /** What went wrong may hold what was sent: the log says it, the card does not. */
  private Check.Finding failed(String why) {
    LOG.warn("Check {} failed, a person is asked instead: {}", name, why);
    return new Check.Finding.Raise("The check could not be made.", Risk.MEDIUM);
  }

  private PolicyOutcome asked(String rule, String message, Risk risk) {
    return new PolicyOutcome.Require(
        new ApprovalTerms(
            rule, approvers, risk, message, null, null, null, ApprovalTerms.OnExpiry.REJECT));
  }

  private static String cut(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
  }
}
