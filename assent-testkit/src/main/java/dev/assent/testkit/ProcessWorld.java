package dev.assent.testkit;

import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RunId;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RequirementCard;
import dev.assent.runtime.RunRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One process with an Assent in it. */
class ProcessWorld implements ScenarioWorld {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Assent assent;

  ProcessWorld(Assent assent) {
    this.assent = assent;
  }

  Assent assent() {
    return assent;
  }

  @Override
  public RunId start(RunRequest request) {
    return assent.submit(request);
  }

  @Override
  public SeenRun rest(RunId run) {
    if (assent.resume(run, PATIENCE).isEmpty()) {
      throw new AssertionError(
          "the run goes on for longer than "
              + PATIENCE.toSeconds()
              + " s; a lease or time limit may last by a clock that nobody moves: "
              + see(run));
    }
    return see(run);
  }

  @Override
  public SeenRun see(RunId run) {
    return SeenRun.of(assent, run);
  }

  @Override
  public List<RequirementCard> open(RunId run) {
    // What the agents wait for that carry its calls out, too; a doubt stays when its run has ended.
    return Stream.concat(
            assent.store().pendingUnder(assent.tenant(), run).stream(),
            assent.store().requirementsOf(assent.tenant(), run).stream().filter(Requirement::open))
        .distinct()
        .map(assent::card)
        .toList();
  }

  @Override
  public Optional<String> decide(RequirementId id, DecisionRequest request, Principal by) {
    DecisionOutcome outcome = assent.decide(id, request, by);
    return outcome instanceof DecisionOutcome.Recorded
            || outcome instanceof DecisionOutcome.Repeated
        ? Optional.empty()
        : Optional.of(outcome.toString());
  }

  @Override
  public void cancel(RunId run, Principal by) {
    assent.cancel(run, by.id());
  }

  @Override
  public void poll() {
    assent.poll();
  }

  @Override
  public void close() {
    assent.close();
  }
}
