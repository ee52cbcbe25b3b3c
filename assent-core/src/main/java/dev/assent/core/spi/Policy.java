package dev.assent.core.spi;

import dev.assent.core.Json;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.RunId;
import dev.assent.core.ToolSpec;

/**
 * Rules over tool calls. Thread-safe and quick: asked when a call is proposed and again just before
 * it runs. One that throws means: ask a person.
 */
@FunctionalInterface
public interface Policy {
  /** What the rules say about this call. */
  PolicyOutcome judge(Question question);

  /**
   * The call in question. Immutable.
   *
   * @param agent name of the agent
   * @param tool the tool that is called
   * @param arguments the canonical arguments, schema-checked, defaults filled in
   * @param run the run
   * @param session the conversation
   * @param requester the principal who started the run
   */
  record Question(
      String agent, ToolSpec tool, Json arguments, RunId run, String session, String requester) {}
}
