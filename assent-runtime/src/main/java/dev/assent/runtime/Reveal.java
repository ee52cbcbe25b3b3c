package dev.assent.runtime;

/** What came of asking for what is hidden. */
public sealed interface Reveal {
  /** It is written down who asked; the card hides nothing. */
  record Shown(RequirementCard card) implements Reveal {}

  /** It is not for them. */
  record Refused(String why) implements Reveal {}
}
