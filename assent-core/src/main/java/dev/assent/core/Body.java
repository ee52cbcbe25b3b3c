package dev.assent.core;

import java.nio.charset.StandardCharsets;

/**
 * Anything that a person or a model wrote: arguments, results, messages, answers, reasons.
 *
 * <p>Immutable by agreement: the arrays are handed over, nobody writes to them afterwards.
 *
 * @param id its name in the store
 * @param salt 16 random bytes, stored and erased with the content
 * @param content the bytes themselves
 */
public record Body(BodyId id, byte[] salt, byte[] content) {
  /**
   * @throws IllegalArgumentException when the salt is not 16 bytes long
   */
  public Body {
    if (salt.length != 16) {
      throw new IllegalArgumentException("a body's salt has 16 bytes, not " + salt.length);
    }
  }

  /** The pointer that journal, snapshot, requirement and audit hold. */
  public BodyRef ref() {
    return new BodyRef(id, commitment());
  }

  /** The salted hash of the content. */
  public Digest commitment() {
    return Digest.over("assent-body-1", salt, content);
  }

  /** The content read as UTF-8. */
  public String text() {
    return new String(content, StandardCharsets.UTF_8);
  }
}
