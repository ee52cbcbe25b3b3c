package dev.assent.runtime;

import dev.assent.core.JsonObject;
import dev.assent.core.RunId;

/**
 * Looks at what comes in, what is called, what comes back and what goes out. Thread-safe. Each look
 * has a time limit, and one that fails or is late puts the matter to a person; none approves. Each
 * may be made more than once for the same text, and must find the same.
 */
public interface Guardrail {
  /** Where it is looked. Immutable. */
  record Place(RunId run, String agent, String session) {}

  /** What somebody says to the agent, before the model gets it. */
  default Finding input(Place place, String text) throws Exception {
    return new Finding.Pass();
  }

  /**
   * What a tool is to be called with, before it is proposed and again before it runs. What {@link
   * Finding.Mask} says is a JSON object, which is then what is judged, shown and approved.
   */
  default Finding arguments(Place place, String tool, JsonObject arguments) throws Exception {
    return new Finding.Pass();
  }

  /** What a tool gave back, before it counts. The tool has run. */
  default Finding result(Place place, String tool, String text) throws Exception {
    return new Finding.Pass();
  }

  /** What the model says, before anybody reads it. */
  default Finding output(Place place, String text) throws Exception {
    return new Finding.Pass();
  }

  /** What it finds. */
  sealed interface Finding {
    /** Nothing to object to. */
    record Pass() implements Finding {}

    /** This is to stand in its place. */
    record Mask(String with) implements Finding {}

    /** It goes no further; the other side reads why. */
    record Deny(String reason) implements Finding {}

    /** A person looks at it first, and reads why. */
    record Ask(String why) implements Finding {}
  }
}
