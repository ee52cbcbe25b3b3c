package dev.assent.runtime;

import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RunId;
import dev.assent.core.RunStatus;
import dev.assent.core.TokenUse;
import java.util.List;
import java.util.Set;

/** How far a run came. Immutable. */
public sealed interface RunResult {
  /** The run. */
  RunId run();

  /** Its status, as it is named on the wire. */
  RunStatus status();

  /** The run ended with this answer; of a gate: the result of its call. */
  record Completed(RunId run, String output, TokenUse use) implements RunResult {
    @Override
    public RunStatus status() {
      return RunStatus.COMPLETED;
    }
  }

  /**
   * The run waits; it goes on by itself once these have been answered.
   *
   * @param requirements what it waits for now, also in runs that carry its calls out
   * @param silent those of which whoever talks to the agent is shown nothing
   */
  record Paused(RunId run, List<Requirement> requirements, Set<RequirementId> silent)
      implements RunResult {
    public Paused {
      requirements = List.copyOf(requirements);
      silent = Set.copyOf(silent);
    }

    @Override
    public RunStatus status() {
      return RunStatus.PAUSED;
    }

    /** What it waits for, in one sentence, for whoever talks to the agent. */
    public String sentence() {
      List<Requirement> shown =
          requirements.stream().filter(each -> !silent.contains(each.id())).toList();
      if (shown.isEmpty()) {
        return silent.isEmpty()
            ? "The run waits for nothing that a person can answer now."
            : "The run waits for nothing that you can do.";
      }
      Requirement first = shown.getFirst();
      String what =
          switch (first.kind()) {
            case APPROVAL -> "a decision on " + first.tool();
            case USER_INPUT -> "input for " + first.tool();
            case EXTERNAL_EXECUTION -> "the result of " + first.tool();
            case REVIEW -> "a review of " + first.tool();
            case RECONCILIATION -> "somebody to find out what became of " + first.tool();
          };
      return shown.size() == 1
          ? "The run waits for " + what + "."
          : "The run waits for " + shown.size() + " answers, the first is " + what + ".";
    }
  }

  /** The run ended with an error. {@code code} is stable, {@code message} says what to do. */
  record Failed(RunId run, String code, String message) implements RunResult {
    @Override
    public RunStatus status() {
      return RunStatus.FAILED;
    }
  }

  /** Somebody cancelled the run. */
  record Cancelled(RunId run) implements RunResult {
    @Override
    public RunStatus status() {
      return RunStatus.CANCELLED;
    }
  }
}
