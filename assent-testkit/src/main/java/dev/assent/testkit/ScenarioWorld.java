package dev.assent.testkit;

import dev.assent.core.DecisionRequest;
import dev.assent.core.Principal;
import dev.assent.core.RequirementId;
import dev.assent.core.RunId;
import dev.assent.runtime.RequirementCard;
import dev.assent.runtime.RunRequest;
import java.util.List;
import java.util.Optional;

/**
 * Where a scenario is played: in the process, or behind something, for example an HTTP API. Used by
 * one thread.
 */
public interface ScenarioWorld extends AutoCloseable {
  /** Starts a run; the same idempotency key is the same run. */
  RunId start(RunRequest request);

  /**
   * Waits until the run has ended or can only wait for people.
   *
   * @throws AssertionError when it takes too long
   */
  SeenRun rest(RunId run);

  /** The run as it is now. */
  SeenRun see(RunId run);

  /** What is open of the run now, oldest first. */
  List<RequirementCard> open(RunId run);

  /** Sends a decision; why it does not count, empty when it does or did before. */
  Optional<String> decide(RequirementId id, DecisionRequest request, Principal by);

  /** Asks the run to end. */
  void cancel(RunId run, Principal by);

  /** Has what is due by the clock happen. */
  void poll();

  /** Ends it; what is stored stays. */
  @Override
  void close();
}
