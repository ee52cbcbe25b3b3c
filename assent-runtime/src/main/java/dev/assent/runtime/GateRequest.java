package dev.assent.runtime;

import org.jspecify.annotations.Nullable;

/**
 * One tool call of a loop that is not ours. Immutable.
 *
 * @param agent name of the registered agent whose tool and policies count
 * @param tool name of the tool
 * @param arguments JSON text as the model wrote it
 * @param requester principal for whom the loop works; absent means the operator
 * @param idempotencyKey the same key for the same agent is the same call
 */
public record GateRequest(
    String agent,
    String tool,
    String arguments,
    @Nullable String requester,
    @Nullable String idempotencyKey) {
  /** A call for the operator. */
  public static GateRequest of(String agent, String tool, String arguments) {
    return new GateRequest(agent, tool, arguments, null, null);
  }
}
