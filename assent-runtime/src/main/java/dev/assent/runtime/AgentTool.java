package dev.assent.runtime;

import dev.assent.core.JsonObject;

/**
 * The body of a tool that is another agent: the executor never calls it, the call is carried out by
 * a run of its own. Immutable.
 *
 * @param agent name of the agent, which must be registered where the call runs
 */
record AgentTool(String agent) implements ToolBody {
  /** The one argument: what the other agent is told. */
  static final String TASK = "task";

  @Override
  public String run(ToolContext context, JsonObject arguments) {
    throw new NotExecutedException("agent " + agent + " is carried out by a run of its own");
  }
}
