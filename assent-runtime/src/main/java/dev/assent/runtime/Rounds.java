package dev.assent.runtime;

import dev.assent.core.BodyRef;
import dev.assent.core.ToolCall;

/** What people asked the agent back about a call, and what it said: as its model is told. */
final class Rounds {
  private Rounds() {}

  /**
   * All of them, each after an empty line; empty when nobody asked back.
   *
   * @param asks how a question is introduced
   */
  static String told(Draft draft, ToolCall call, String asks) {
    StringBuilder text = new StringBuilder();
    for (ToolCall.Round round : call.rounds()) {
      text.append("\n\n").append(asks).append(draft.stored(round.question()));
      ToolCall.RoundAnswer answer = round.answer();
      if (answer != null) {
        text.append("\nYou said: ").append(draft.stored(answer.words()));
        BodyRef note = answer.note();
        BodyRef after = answer.after();
        if (note != null) {
          text.append("\n(").append(draft.stored(note)).append(')');
        }
        if (after != null) {
          text.append("\nYou changed the arguments to ").append(draft.stored(after));
        }
      }
    }
    return text.toString();
  }
}
