package dev.assent.core;

/**
 * A call, as a {@link Grant} is held against it. Immutable.
 *
 * @param run the run that proposed it
 * @param root the run that a person started
 * @param session the conversation of the root
 * @param agent name of the agent that proposed it
 * @param call its id in the run
 * @param tool the tool
 * @param fingerprint what the tool is now
 * @param terms what the rules ask for now, see {@link Grant#termsOf}
 * @param arguments all that the tool gets
 * @param exact keyed hash of tool and arguments
 */
public record GrantedCall(
    RunId run,
    RunId root,
    String session,
    String agent,
    ToolCallId call,
    String tool,
    Digest fingerprint,
    Digest terms,
    JsonObject arguments,
    Digest exact) {}
