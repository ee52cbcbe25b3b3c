package dev.assent.testkit;

import dev.assent.core.CallStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Plays a scenario with a crash before and after each commit that it makes undisturbed; each time
 * another process goes on. Stateless.
 *
 * <p>Whatever was durable when the process died:
 *
 * <ul>
 *   <li>the run ends as it does undisturbed, with the same calls; a call may fail with unknown
 *       outcome that succeeds undisturbed, and a run that waits for a doubt may wait
 *   <li>nothing happens more often than undisturbed, and nothing else
 *   <li>a call that is told as done has done what it does undisturbed
 *   <li>the journal is the snapshot, the audit log is intact
 * </ul>
 *
 * A doubt without a rule is answered with the truth, by looking into {@link Effects}.
 */
public final class CrashPoints {
  private CrashPoints() {}

  /**
   * What was tried. Immutable.
   *
   * @param commits made undisturbed
   * @param crashes that came, at most two for each commit; one that the process makes while it
   *     closes disturbs nobody
   */
  public record Report(int commits, int crashes) {}

  /**
   * On stores in memory.
   *
   * @throws AssertionError when something does not hold; it names the crash
   */
  public static Report everyCommit(Scenario scenario) {
    return everyCommit(scenario, StoreFactory.inMemory());
  }

  /**
   * On stores of this factory.
   *
   * @throws AssertionError when something does not hold; it names the crash
   */
  public static Report everyCommit(Scenario scenario, StoreFactory stores) {
    Play first = new Play(scenario, stores, null);
    SeenRun end = first.toTheEnd();
    scenario.checkAlways(end);
    int crashes = 0;
    int here = 1;
    // Two threads may commit in another order, and more often, than they did undisturbed.
    for (int commit = 1; commit <= first.commits() || here > 0; commit++) {
      here = 0;
      for (CrashPoint point : List.of(CrashPoint.before(commit), CrashPoint.after(commit))) {
        here += crashes(scenario, stores, point, end, first) ? 1 : 0;
      }
      crashes += here;
    }
    return new Report(first.commits(), crashes);
  }

  /** Plays it with this crash; true when the crash came. */
  private static boolean crashes(
      Scenario scenario, StoreFactory stores, CrashPoint point, SeenRun end, Play first) {
    Play play = new Play(scenario, stores, point);
    try {
      compare(end, first.stage().effects(), play.toTheEnd(), play.stage().effects(), scenario);
    } catch (AssertionError e) {
      throw new AssertionError(point + " of " + first.commits() + ": " + e.getMessage(), e);
    }
    return play.crashed();
  }

  private static void compare(
      SeenRun whole, Effects did, SeenRun crashed, Effects didAfterCrash, Scenario scenario) {
    nothingMore(did, didAfterCrash, crashed);
    doneMeansDone(whole, did, crashed, didAfterCrash);
    sameEnd(whole, crashed);
    scenario.checkAlways(crashed);
  }

  private static void nothingMore(Effects did, Effects didAfterCrash, SeenRun crashed) {
    for (String line : Set.copyOf(didAfterCrash.lines())) {
      if (didAfterCrash.times(line) > did.times(line)) {
        throw new AssertionError(
            "'"
                + line
                + "' happened "
                + didAfterCrash.times(line)
                + " times, undisturbed "
                + did.times(line)
                + " times; "
                + crashed);
      }
    }
  }

  private static void doneMeansDone(
      SeenRun whole, Effects did, SeenRun crashed, Effects didAfterCrash) {
    for (SeenCall call : crashed.calls()) {
      List<String> wanted = did.linesBy(whole.id(), call.id());
      if (call.status() == CallStatus.SUCCEEDED
          && !didAfterCrash.linesBy(crashed.id(), call.id()).equals(wanted)) {
        throw new AssertionError(
            call + " is told as done, but " + wanted + " did not happen; " + crashed);
      }
    }
  }

  private static void sameEnd(SeenRun whole, SeenRun crashed) {
    boolean inDoubt =
        crashed.calls().stream().anyMatch(call -> call.status() == CallStatus.IN_DOUBT);
    List<String> differences = new ArrayList<>();
    if (whole.status() != crashed.status() && !inDoubt) {
      differences.add("its status is not " + whole.status());
    }
    if (told(whole).equals(told(crashed)) && !Objects.equals(whole.output(), crashed.output())) {
      differences.add("its output is not '" + whole.output() + "'");
    }
    if (whole.calls().size() != crashed.calls().size() && !inDoubt) {
      differences.add("it has " + crashed.calls().size() + " calls, not " + whole.calls().size());
    }
    for (int i = 0; i < Math.min(whole.calls().size(), crashed.calls().size()); i++) {
      if (!same(whole.calls().get(i), crashed.calls().get(i))) {
        differences.add("instead of " + whole.calls().get(i) + ": " + crashed.calls().get(i));
      }
    }
    if (!differences.isEmpty()) {
      throw new AssertionError("the end is another: " + differences + "; " + crashed);
    }
  }

  private static List<String> told(SeenRun run) {
    return run.calls().stream().map(SeenCall::result).map(String::valueOf).toList();
  }

  private static boolean same(SeenCall whole, SeenCall crashed) {
    boolean lost =
        whole.status() == CallStatus.SUCCEEDED
            && (crashed.status() == CallStatus.FAILED || crashed.status() == CallStatus.IN_DOUBT);
    return whole.tool().equals(crashed.tool())
        && Objects.equals(whole.arguments(), crashed.arguments())
        && (whole.status() == crashed.status() || lost);
  }
}
