package dev.assent.runtime;

import dev.assent.core.JsonObject;

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
}
