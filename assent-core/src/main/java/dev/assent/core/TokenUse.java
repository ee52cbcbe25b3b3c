package dev.assent.core;

/**
 * What model calls used. Immutable.
 *
 * @param input tokens read
 * @param output tokens written
 */
public record TokenUse(long input, long output) {
  /** Nothing used, or nothing reported. */
  public static final TokenUse NONE = new TokenUse(0, 0);

  /** Both together. */
  public TokenUse plus(TokenUse other) {
    return new TokenUse(input + other.input, output + other.output);
  }
}
