package dev.assent.runtime;

import dev.assent.core.RunId;
import dev.assent.core.ToolCallId;
import java.time.Instant;

/**
 * What a tool's body may know about its call. Immutable.
 *
 * @param run the run
 * @param call the call in the run
 * @param agent name of the agent
 * @param session the conversation
 * @param attempt counts from 1; 0 for a read-only tool
 * @param until when the attempt's time limit ends
 * @param idempotencyKey the same for every attempt of this call: hand it to the outside system
 */
public record ToolContext(
    RunId run,
    ToolCallId call,
    String agent,
    String session,
    int attempt,
    Instant until,
    String idempotencyKey) {}
