package dev.assent.web;

import dev.assent.core.SafeText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Foreign text on the wire: pieces that a page appends as text nodes. Stateless. */
final class Shown {
  private Shown() {}

  /** A piece of a shown text. */
  sealed interface Piece permits Text, Hidden {}

  /** Visible characters. */
  record Text(String text) implements Piece {}

  /** One character that must not be shown as itself, by its number: {@code U+202E}. */
  record Hidden(String hidden) implements Piece {}

  static List<Piece> of(String text) {
    return of(SafeText.of(text));
  }

  static @Nullable List<Piece> ofNullable(@Nullable String text) {
    return text == null ? null : of(text);
  }

  static List<Piece> of(SafeText text) {
    return text.segments().stream().map(Shown::piece).toList();
  }

  /** For names, where the wire has a plain string: hidden characters are named in it. */
  static String name(String text) {
    return SafeText.of(text).toString();
  }

  private static Piece piece(SafeText.Segment segment) {
    return switch (segment) {
      case SafeText.Plain plain -> new Text(plain.text());
      case SafeText.Hidden hidden -> new Hidden("U+%04X".formatted(hidden.codePoint()));
    };
  }
}
