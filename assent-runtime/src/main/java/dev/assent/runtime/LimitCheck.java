package dev.assent.runtime;

import dev.assent.core.Message;
import dev.assent.core.RunState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Says which limit a run has reached. Stateless. */
final class LimitCheck {
  private LimitCheck() {}

  /** Before a turn. */
  static @Nullable String reached(Limits limits, Work work) {
    RunState run = work.state();
    if (run.turns() >= limits.turns()) {
      return "The run reached its limit of " + limits.turns() + " turns.";
    }
    if (run.use().input() + run.use().output() >= limits.tokens()) {
      return "The run reached its limit of " + limits.tokens() + " tokens.";
    }
    Duration since = Duration.between(work.startedAt(), work.engine().store().now());
    return since.compareTo(limits.time()) >= 0
        ? "The run reached its limit of " + limits.time() + "."
        : null;
  }

  /** Before calls are taken up: those beyond the limit do not begin. */
  static @Nullable String calls(Limits limits, RunState run, Message.Assistant reply) {
    long proposed = run.nextCall() - 1L + reply.calls().size();
    return proposed > limits.calls()
        ? "The run reached its limit of " + limits.calls() + " tool calls."
        : null;
  }
}
