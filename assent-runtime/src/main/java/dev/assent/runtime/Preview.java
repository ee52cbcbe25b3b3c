package dev.assent.runtime;

import dev.assent.core.JsonObject;

/**
 * Finds out what a call would do, or what it depends on, and changes nothing. Must be thread-safe.
 * Called before people are asked and again just before the effect, within the tool's time limit.
 */
@FunctionalInterface
public interface Preview {
  /**
   * Looks.
   *
   * @param arguments exactly those that would run
   * @return the same for the same call in the same state of the world, text and attachments alike;
   *     of what a call depends on only the text
   * @throws Exception when it cannot be found out: a proposed call goes back to the model then, an
   *     approved one waits
   */
  Previewed look(JsonObject arguments) throws Exception;
}
