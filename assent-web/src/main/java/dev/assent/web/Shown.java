package dev.assent.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.assent.core.Redaction;
import dev.assent.core.SafeText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Foreign text on the wire: pieces that a page appends as text nodes. What looks like a secret is
 * not among them. Stateless.
 */
final class Shown {
  private Shown() {}

  /** A piece of a shown text. */
  sealed interface Piece permits Text, Hidden, Secret {}

  /** Visible characters. */
  record Text(String text) implements Piece {}

  /** One character that must not be shown as itself, by its number: {@code U+202E}. */
  record Hidden(String hidden) implements Piece {}

  /**
   * A secret that stands here and is not sent.
   *
   * @param secret its kind, in words of ours
   * @param length its characters
   * @param unseen how many of them cannot be seen, and which those are
   */
  record Secret(
      String secret,
      int length,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) int unseen,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> hidden)
      implements Piece {}

  /** A text that belongs to no call. */
  static List<Piece> of(String text) {
    return of(Redaction.SHAPES.text(text));
  }

  static @Nullable List<Piece> ofNullable(@Nullable SafeText text) {
    return text == null ? null : of(text);
  }

  static @Nullable List<Piece> ofNullable(@Nullable String text) {
    return text == null ? null : of(text);
  }

  static List<Piece> of(SafeText text) {
    return text.segments().stream().map(Shown::piece).toList();
  }

  /** For names, where the wire has a plain string: hidden characters are named in it. */
  static String name(String text) {
    return Redaction.SHAPES.inPlain(text);
  }

  private static Piece piece(SafeText.Segment segment) {
    return switch (segment) {
      case SafeText.Plain plain -> new Text(plain.text());
      case SafeText.Hidden hidden -> new Hidden(code(hidden));
      case SafeText.Redacted secret ->
          new Secret(
              secret.kind(),
              secret.length(),
              secret.unseen(),
              secret.hidden().stream().map(Shown::code).toList());
    };
  }

  private static String code(SafeText.Hidden hidden) {
    return "U+%04X".formatted(hidden.codePoint());
  }
}
