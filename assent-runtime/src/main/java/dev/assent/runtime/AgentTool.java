package dev.assent.runtime;

import dev.assent.core.Effect;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.ToolSpec;
import java.time.Duration;
import java.util.List;

/**
 * The body of a tool that is another agent: the executor never calls it, the call is carried out by
 * a run of its own. Immutable.
 *
 * @param agent name of the agent, which must be registered where the call runs
 */
record AgentTool(String agent) implements ToolBody {
  /** The one argument: what the other agent is told. */
  static final String TASK = "task";

  /** Another agent as a tool. What it does outside are calls of its own, gated like any other. */
  static ToolBinding of(Agent agent) {
    return new ToolBinding(
        new ToolSpec(
            ToolSpec.OWN_CODE,
            agent.name(),
            "",
            agent.description().isEmpty()
                ? "Hands a task to the agent " + agent.name() + "."
                : agent.description(),
            Json.parse(
                """
                {"type":"object","additionalProperties":false,"required":["task"],"properties":{
                  "task":{"type":"string","minLength":1,"description":"what to do, whole"}}}"""),
            Effect.READ_ONLY,
            null,
            true,
            Duration.ofMinutes(1),
            List.of()),
        new AgentTool(agent.name()));
  }

  @Override
  public String run(ToolContext context, JsonObject arguments) {
    throw new NotExecutedException("agent " + agent + " is carried out by a run of its own");
  }
}
