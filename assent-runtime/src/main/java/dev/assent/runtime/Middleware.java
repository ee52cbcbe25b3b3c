package dev.assent.runtime;

import dev.assent.core.RunId;
import dev.assent.core.ToolCallId;
import dev.assent.core.ToolSpec;
import dev.assent.core.spi.Model;
import org.jspecify.annotations.Nullable;

/**
 * Stands around what an agent does, in two rings: the proposal ring lies before the gate and may
 * change a call, the execution ring lies behind the check and cannot. Thread-safe; the first
 * registered is outermost, those of the agent around those of the tool.
 *
 * <p>A run that pauses gives its thread back, so nothing here lies around a pause: each piece of
 * work is wrapped by itself, and may be done again after a crash.
 */
public interface Middleware {
  /** What follows. */
  @FunctionalInterface
  interface Next<A, B> {
    /** Goes on with this. */
    B proceed(A with) throws Exception;
  }

  /** Where it is. Immutable. */
  record Turn(RunId run, String agent, String session, int number) {}

  /**
   * A call as it is proposed. Immutable.
   *
   * @param arguments as text, which may be malformed
   * @param refusal what the model is told instead of a judgement; absent when it is judged
   */
  record Proposal(ToolCallId call, String tool, String arguments, @Nullable String refusal) {
    /** The same call with other arguments: these are judged, shown and approved. */
    public Proposal withArguments(String json) {
      return new Proposal(call, tool, json, refusal);
    }

    /** The call does not even reach the rules; the model is told why. */
    public Proposal refused(String why) {
      return new Proposal(call, tool, arguments, why);
    }
  }

  /** Around one turn of the model, with all its tries; may answer itself. */
  default Model.Reply turn(Turn turn, Model.Request request, Next<Model.Request, Model.Reply> next)
      throws Exception {
    return next.proceed(request);
  }

  /** Around each try to ask the model. */
  default Model.Reply modelCall(
      Turn turn, Model.Request request, Next<Model.Request, Model.Reply> next) throws Exception {
    return next.proceed(request);
  }

  /**
   * Around a call before it is judged. What it makes of the call is what is proposed; the model's
   * message keeps what it wrote. May be asked more than once for one call.
   */
  default Proposal proposal(Turn turn, Proposal proposal, Next<Proposal, Proposal> next)
      throws Exception {
    return next.proceed(proposal);
  }

  /**
   * Around the body of a checked call; may replace its result or answer itself. What it throws is
   * treated as if the body had thrown it.
   */
  default String execution(ToolRun run, Body next) throws Exception {
    return next.proceed();
  }

  /** Around a responder; may answer itself, or change the answer. */
  default Reply humanInput(Asked asked, Next<Asked, Reply> next) throws Exception {
    return next.proceed(asked);
  }

  /** The rest of an execution. */
  @FunctionalInterface
  interface Body {
    /**
     * Lets it run, once; again only for a tool that is READ_ONLY or IDEMPOTENT.
     *
     * @throws IllegalStateException when it ran before, has ended, or on another thread
     */
    String proceed() throws Exception;
  }

  /** A call that passed the check; nothing of it can be changed. Immutable. */
  record ToolRun(ToolSpec tool, dev.assent.core.JsonObject arguments, ToolContext context) {}
}
