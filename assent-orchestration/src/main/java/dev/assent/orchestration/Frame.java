package dev.assent.orchestration;

import dev.assent.core.Message;
import dev.assent.core.Redaction;
import dev.assent.core.RunStatus;
import dev.assent.core.SafeText;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Prints a conversation as the classic transcript. Not thread-safe.
 *
 * <p>What was said is hostile: what cannot be seen is named, lines and tabs stay.
 */
public final class Frame {
  private static final String ARROWS = "\n>>>>>>>> ";
  private static final String RULE = "-".repeat(80);

  private final Appendable out;
  private final String id;
  private final boolean tools;
  private boolean echo = true;

  private Frame(Appendable out, String id, boolean tools) {
    this.out = out;
    this.id = id;
    this.tools = tools;
  }

  /**
   * A frame around everything that is said, calls of tools and their results included.
   *
   * @param out takes the text
   * @param id what the last line names, such as the run
   */
  public static Frame to(Appendable out, String id) {
    return new Frame(out, id, true);
  }

  /** The same frame without calls and results: only what was said. */
  public Frame withoutTools() {
    return new Frame(out, id, false);
  }

  /**
   * Prints one event.
   *
   * @throws UncheckedIOException when it cannot be written
   */
  public void print(ConversationEvent event) {
    switch (event) {
      case ConversationEvent.Said said -> said(said);
      case ConversationEvent.AutomaticReply reply -> write(ARROWS + "USING AUTO REPLY...\n");
      case ConversationEvent.InputRequested asked -> write(safe(asked.prompt()));
      case ConversationEvent.InputGiven given -> given(given);
      case ConversationEvent.InputRefused refused -> write("\n");
      case ConversationEvent.Waits waits -> {}
      case ConversationEvent.CallsAnswered answered -> answered(answered);
      case ConversationEvent.Terminated end -> terminating(end.reason());
      case ConversationEvent.Ended end -> {
        if (end.status() != RunStatus.COMPLETED) {
          terminating(end.text());
        }
      }
    }
  }

  /** The next line was typed where this is printed, and stands there already. */
  void typedHere() {
    echo = false;
  }

  private void said(ConversationEvent.Said said) {
    head(said.from(), said.to());
    if (!said.text().isEmpty() || said.calls().isEmpty()) {
      write(safe(said.text()) + "\n");
    }
    if (tools) {
      said.calls().forEach(this::call);
    }
    write("\n" + RULE + "\n");
  }

  private void head(String from, String to) {
    write((from.isEmpty() ? "somebody" : safe(from)) + " (to " + safe(to) + "):\n\n");
  }

  private void call(Message.Call call) {
    String title =
        "***** Suggested tool call (" + call.providerId() + "): " + call.tool() + " *****";
    boxed(title, "Arguments: \n" + call.arguments());
  }

  private void answered(ConversationEvent.CallsAnswered answered) {
    if (tools) {
      head(answered.from(), answered.to());
      for (ConversationEvent.Result result : answered.results()) {
        boxed("***** Response from calling tool (" + result.id() + ") *****", result.text());
      }
      write("\n" + RULE + "\n");
    }
  }

  private void boxed(String hostileTitle, String text) {
    String title = safe(hostileTitle);
    write(title + "\n" + safe(text) + "\n" + "*".repeat(title.length()) + "\n");
  }

  private void given(ConversationEvent.InputGiven given) {
    if (echo) {
      write(safe(given.text()) + "\n");
    }
    echo = true;
    if (given.text().isBlank()) {
      write(ARROWS + "NO HUMAN INPUT RECEIVED.\n");
    }
  }

  private void terminating(String reason) {
    write(ARROWS + "TERMINATING RUN (" + safe(id) + "): " + safe(reason) + "\n");
  }

  void write(String text) {
    try {
      out.append(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text with everything that cannot be seen named, except for lines and tabs; secrets too. */
  static String safe(String text) {
    StringBuilder shown = new StringBuilder();
    for (SafeText.Segment segment : Redaction.SHAPES.text(text).segments()) {
      shown.append(
          switch (segment) {
            case SafeText.Plain plain -> plain.text();
            case SafeText.Hidden hidden ->
                hidden.codePoint() == '\n' || hidden.codePoint() == '\t'
                    ? Character.toString(hidden.codePoint())
                    : hidden.toString();
            case SafeText.Redacted secret -> secret.toString();
          });
    }
    return shown.toString();
  }
}
