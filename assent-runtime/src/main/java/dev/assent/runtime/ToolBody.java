package dev.assent.runtime;

import dev.assent.core.JsonObject;
import java.util.concurrent.CompletionStage;

/** What a tool does. Called by the executor and by nothing else; must be thread-safe. */
@FunctionalInterface
public interface ToolBody {
  /**
   * Does it.
   *
   * @param context what it may ask about its call
   * @param arguments parsed from exactly the bytes that were approved
   * @return what the model is told; never a marker, always data
   * @throws NotExecutedException when it surely did nothing outside
   * @throws Exception anything else: whether it did something is unknown
   */
  String run(ToolContext context, JsonObject arguments) throws Exception;

  /** What a tool does, told later. */
  @FunctionalInterface
  interface Later {
    /** Begins it; it may ask only before it returns. */
    CompletionStage<?> run(ToolContext context, JsonObject arguments) throws Exception;
  }

  /**
   * A body whose result comes by a future. The future is waited for within the tool's time limit
   * and cancelled when that ends; what it fails with counts as thrown by the body.
   */
  static ToolBody later(Later begins) {
    return (context, arguments) ->
        AnnotatedTools.told(MethodBody.awaited(begins.run(context, arguments)));
  }
}
