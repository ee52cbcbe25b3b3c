package dev.assent.runtime;

import dev.assent.core.Json;
import java.util.HashMap;
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
 * @param variables what its tools share from the start, beside what the session's last run left
 */
public record RunRequest(
    String agent,
    String message,
    @Nullable String session,
    @Nullable String requester,
    Map<String, String> labels,
    @Nullable String idempotencyKey,
    @Nullable Responder responder,
    Map<String, Json> variables) {
  /** A request that anybody who is asked may answer. */
  public RunRequest(
      String agent,
      String message,
      @Nullable String session,
      @Nullable String requester,
      Map<String, String> labels,
      @Nullable String idempotencyKey) {
    this(agent, message, session, requester, labels, idempotencyKey, null, Map.of());
  }

  public RunRequest {
    labels = Map.copyOf(labels);
    variables = Map.copyOf(variables);
  }

  /** A new conversation of the operator. */
  public static RunRequest of(String agent, String message) {
    return new RunRequest(agent, message, null, null, Map.of(), null);
  }

  /** The same, in this session. */
  public RunRequest inSession(String name) {
    return new RunRequest(
        agent, message, name, requester, labels, idempotencyKey, responder, variables);
  }

  /** The same, asked for by this principal. */
  public RunRequest by(String principal) {
    return new RunRequest(
        agent, message, session, principal, labels, idempotencyKey, responder, variables);
  }

  /** The same, where this responder answers as the operator, as long as this process lives. */
  public RunRequest answeredBy(Responder answering) {
    return new RunRequest(
        agent, message, session, requester, labels, idempotencyKey, answering, variables);
  }

  /** The same, with this variable; it wins over what the session's last run left. */
  public RunRequest withVariable(String name, Json value) {
    Map<String, Json> more = new HashMap<>(variables);
    more.put(name, value);
    return new RunRequest(
        agent, message, session, requester, labels, idempotencyKey, responder, more);
  }
}
