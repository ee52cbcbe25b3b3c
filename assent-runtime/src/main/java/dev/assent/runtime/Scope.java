package dev.assent.runtime;

import dev.assent.core.Json;
import dev.assent.core.RunId;
import java.util.Optional;

/**
 * Where something is needed: a tool's body, a responder, a prompt, or a value that is computed for
 * one of them. Values are computed at most once in a scope.
 */
public interface Scope {
  /** The run. */
  RunId run();

  /** Name of the agent. */
  String agent();

  /** The conversation. */
  String session();

  /** A variable that tools of this session share; empty when it was never set. */
  Optional<Json> variable(String name);

  /**
   * What the agent, or else the process, has under this name.
   *
   * @throws InjectionException when nobody provides it, it is of another type, or it cannot be
   *     computed
   */
  <T> T value(String name, Class<T> type);
}
