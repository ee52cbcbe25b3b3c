package dev.assent.runtime;

import dev.assent.core.JsonObject;
import org.jspecify.annotations.Nullable;

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
   * @return the same text for the same call in the same state of the world
   * @throws Exception when it cannot be found out: a proposed call goes back to the model then, an
   *     approved one waits
   */
  @Nullable String look(JsonObject arguments) throws Exception;

  /**
   * Looks, where there are documents too: that is what is asked.
   *
   * @throws Exception as {@link #look} does
   */
  default Previewed see(JsonObject arguments) throws Exception {
    return Previewed.of(look(arguments));
  }

  /** A preview with documents. */
  static Preview attaching(Attaching look) {
    return new Preview() {
      @Override
      public @Nullable String look(JsonObject arguments) throws Exception {
        return see(arguments).text();
      }

      @Override
      public Previewed see(JsonObject arguments) throws Exception {
        return look.see(arguments);
      }
    };
  }

  /** Looks, and answers with documents too. Must be thread-safe. */
  @FunctionalInterface
  interface Attaching {
    /**
     * The same text and the same bytes for the same call in the same state of the world.
     *
     * @throws Exception as {@link Preview#look} does
     */
    Previewed see(JsonObject arguments) throws Exception;
  }
}
