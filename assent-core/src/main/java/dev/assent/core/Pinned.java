package dev.assent.core;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What one call would do, as it was found out before anybody was asked. Immutable. An approval
 * covers it: when it is found out again just before the effect and is another, people are asked
 * again.
 *
 * @param pin hash of the preview and of the state that the call was judged in
 * @param preview what people are shown; absent when the tool only looks at a state
 */
public record Pinned(Digest pin, @Nullable String preview) {
  /**
   * What was found out.
   *
   * @param state of the world outside that the decision is about; absent when the tool names none
   */
  public static Pinned of(@Nullable String preview, @Nullable String state) {
    return new Pinned(Digest.over("assent-pin-1", part(preview), part(state)), preview);
  }

  /** Nothing is not the same as an empty text. */
  private static byte[] part(@Nullable String text) {
    return (text == null ? "-" : "+" + text).getBytes(StandardCharsets.UTF_8);
  }
}
