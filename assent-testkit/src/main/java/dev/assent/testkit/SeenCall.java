package dev.assent.testkit;

import dev.assent.core.CallStatus;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.MalformedJsonException;
import dev.assent.core.ToolCallId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call of a run, as it can be seen from outside. Immutable.
 *
 * @param id its name in the run
 * @param tool what the model called
 * @param status where it stands
 * @param attempts how many attempts have started; a read-only tool has none
 * @param arguments the canonical JSON text; absent when the call was never judged
 * @param result what the model was told; absent while there is nothing
 * @param code stable name of the error; absent when there is none or it cannot be seen
 */
public record SeenCall(
    ToolCallId id,
    String tool,
    CallStatus status,
    int attempts,
    @Nullable String arguments,
    @Nullable String result,
    @Nullable String code) {
  private static final String NOT_EXECUTED = "not-executed";

  /** The argument of this name; empty when there is none, or no arguments can be seen. */
  public Optional<Json> argument(String name) {
    try {
      return arguments != null && Json.parse(arguments) instanceof JsonObject object
          ? object.find(name)
          : Optional.empty();
    } catch (MalformedJsonException erased) {
      return Optional.empty();
    }
  }

  /** True when it is done, may be happening, or nobody knows that it did not happen. */
  public boolean mayHaveHappened() {
    return switch (status) {
      case SUCCEEDED, EXECUTING, SUSPENDED, IN_DOUBT -> true;
      case FAILED -> attempts > 0 && !NOT_EXECUTED.equals(code);
      case PROPOSED, GATED, ALLOWED, APPROVED -> false;
      case REFUSED, DENIED, REJECTED, EXPIRED, REVOKED, CANCELLED -> false;
    };
  }

  @Override
  public String toString() {
    return id
        + " "
        + tool
        + " "
        + (arguments == null ? "(never judged)" : arguments)
        + " "
        + status
        + (result == null ? "" : ": " + result);
  }
}
