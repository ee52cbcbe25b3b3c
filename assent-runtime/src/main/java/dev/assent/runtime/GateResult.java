package dev.assent.runtime;

import dev.assent.core.CallStatus;
import dev.assent.core.Requirement;
import dev.assent.core.RunId;
import java.util.List;

/** What came of a gated call. Immutable. */
public sealed interface GateResult {
  /** The run that is the call. */
  RunId run();

  /** The tool ran; {@code output} is what it said. */
  record Executed(RunId run, String output) implements GateResult {}

  /** The tool did not run, or failed; {@code told} is the tool result for the model. */
  record NotExecuted(RunId run, CallStatus status, String code, String told)
      implements GateResult {}

  /** People or processes outside must answer first; ask again with {@code gateResult}. */
  record Waiting(RunId run, List<Requirement> requirements) implements GateResult {
    public Waiting {
      requirements = List.copyOf(requirements);
    }
  }
}
