package dev.assent.runtime;

import dev.assent.core.Message;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes of what a model or a tool says something that can be stored: text without halves of
 * characters, and calls that can be told apart by their ids. Stateless.
 */
final class WellFormed {
  private WellFormed() {}

  /** The text, with U+FFFD for each lone surrogate. */
  static String text(String text) {
    return replaced(text, half -> "\uFFFD");
  }

  /** The reply as it is stored; its arguments mean what they meant. */
  static Message.Assistant reply(Message.Assistant reply) {
    Set<String> used = new HashSet<>();
    List<Message.Call> calls = new ArrayList<>();
    for (Message.Call call : reply.calls()) {
      calls.add(
          new Message.Call(
              unused(text(call.providerId()), used), text(call.tool()), json(call.arguments())));
    }
    return new Message.Assistant(text(reply.text()), calls);
  }

  /** As an escape the half stays what it was, and is refused as what it is. */
  private static String json(String written) {
    return replaced(written, half -> String.format("\\u%04x", (int) half));
  }

  private static String unused(String id, Set<String> used) {
    String base = id.isBlank() ? "call" : id;
    String next = base;
    for (int number = 2; !used.add(next); number++) {
      next = base + "-" + number;
    }
    return next;
  }

  private interface Replacement {
    String of(char half);
  }

  private static String replaced(String text, Replacement replacement) {
    StringBuilder clean = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
        if (clean != null) {
          clean.append(c).append(text.charAt(i));
        }
      } else if (Character.isSurrogate(c)) {
        clean = clean == null ? new StringBuilder(text.substring(0, i)) : clean;
        clean.append(replacement.of(c));
      } else if (clean != null) {
        clean.append(c);
      }
    }
    return clean == null ? text : clean.toString();
  }
}
