package dev.assent.core;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one call would do, as it was found out before anybody was asked. Immutable. An approval
 * covers it: when it is found out again just before the effect and is another, people are asked
 * again.
 *
 * @param pin hash of the preview, of the state that the call was judged in and of the attachments
 * @param preview what people are shown; absent when the tool only looks at a state
 * @param attachments documents that belong to it, in the tool's order
 */
public record Pinned(Digest pin, @Nullable String preview, List<Attachment> attachments) {
  public Pinned {
    attachments = List.copyOf(attachments);
  }

  /**
   * What was found out, without documents.
   *
   * @param state of the world outside that the decision is about; absent when the tool names none
   */
  public static Pinned of(@Nullable String preview, @Nullable String state) {
    return of(preview, state, List.of());
  }

  /**
   * What was found out. Where the attachments are stored is not part of the pin: what they are is.
   *
   * @param state of the world outside that the decision is about; absent when the tool names none
   */
  public static Pinned of(
      @Nullable String preview, @Nullable String state, List<Attachment> attachments) {
    Digest pin = Digest.over("assent-pin-1", part(preview), part(state));
    if (attachments.isEmpty()) {
      return new Pinned(pin, preview, attachments);
    }
    List<byte[]> parts = new ArrayList<>();
    parts.add(pin.bytes());
    for (Attachment each : attachments) {
      parts.add(each.name().getBytes(StandardCharsets.UTF_8));
      parts.add(each.mediaType().getBytes(StandardCharsets.UTF_8));
      parts.add(ByteBuffer.allocate(Long.BYTES).putLong(each.size()).array());
      parts.add(each.hash().bytes());
    }
    return new Pinned(
        Digest.over("assent-pin-2", parts.toArray(byte[][]::new)), preview, attachments);
  }

  /** Nothing is not the same as an empty text. */
  private static byte[] part(@Nullable String text) {
    return (text == null ? "-" : "+" + text).getBytes(StandardCharsets.UTF_8);
  }
}
