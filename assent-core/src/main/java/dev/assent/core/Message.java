package dev.assent.core;

import java.util.List;

/**
 * One message of a session, in our own form, so that what is stored does not depend on a library of
 * models. Immutable; its text is untrusted. The tags are a stored format.
 */
public sealed interface Message {
  /** What was said, as text. */
  String text();

  /** A person said it. */
  @Tag("user")
  record User(String text) implements Message {}

  /** The model said it, and asked for these calls. */
  @Tag("assistant")
  record Assistant(String text, List<Call> calls) implements Message {
    public Assistant {
      calls = List.copyOf(calls);
    }
  }

  /** The one result of one call. */
  @Tag("tool")
  record ToolResult(String providerId, String tool, String text, boolean error)
      implements Message {}

  /**
   * A call as the model wrote it.
   *
   * @param providerId the id that the model gave it
   * @param tool the name that the model wrote
   * @param arguments the text that the model wrote; may not even be JSON
   */
  record Call(String providerId, String tool, String arguments) {}
}
