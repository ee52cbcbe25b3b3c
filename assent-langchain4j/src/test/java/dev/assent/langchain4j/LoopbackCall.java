package dev.assent.langchain4j;

import java.util.List;

/**
 * A tool call that the scripted model makes. Immutable.
 *
 * @param arguments the text in the pieces in which it is streamed
 */
public record LoopbackCall(String id, String tool, List<String> arguments) {
  /** Copies the pieces. */
  public LoopbackCall {
    arguments = List.copyOf(arguments);
  }

  /** The same with the pieces one by one. */
  public LoopbackCall(String id, String tool, String... arguments) {
    this(id, tool, List.of(arguments));
  }

  String wholeArguments() {
    return String.join("", arguments);
  }
}
