package dev.assent.runtime;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a run. Immutable.
 *
 * @param agent name of the agent
 * @param message what the person says
 * @param session the conversation to go on with; absent begins a new one
 * @param requester principal who asks; absent means the operator
 * @param labels to find it again
 * @param idempotencyKey the same key for the same agent is the same run
 * @param responder answers as the operator in this run; absent means whoever is registered
 */
public record RunRequest(
    String agent,
    String message,
    @Nullable String session,
    @Nullable String requester,
    Map<String, String> labels,
    @Nullable String idempotencyKey,
    @Nullable Responder responder) {
  /** A request that anybody who is asked may answer. */
  public RunRequest(
      String agent,
      String message,
      @Nullable String session,
      @Nullable String requester,
      Map<String, String> labels,
      @Nullable String idempotencyKey) {
    this(agent, message, session, requester, labels, idempotencyKey, null);
  }

  public RunRequest {
    labels = Map.copyOf(labels);
  }

  /** A new conversation of the operator. */
  public static RunRequest of(String agent, String message) {
    return new RunRequest(agent, message, null, null, Map.of(), null);
  }

  /** The same, in this session. */
  public RunRequest inSession(String name) {
    return new RunRequest(agent, message, name, requester, labels, idempotencyKey, responder);
  }

  /** The same, asked for by this principal. */
  public RunRequest by(String principal) {
    return new RunRequest(agent, message, session, principal, labels, idempotencyKey, responder);
  }

  /** The same, where this responder answers as the operator, as long as this process lives. */
  public RunRequest answeredBy(Responder answering) {
    return new RunRequest(agent, message, session, requester, labels, idempotencyKey, answering);
  }
}
