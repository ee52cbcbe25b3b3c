package dev.assent.orchestration;

import dev.assent.core.Message;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.RunStatus;
import java.util.List;

/** What happens in a conversation, in order. Immutable; its texts are hostile. */
public sealed interface ConversationEvent {

  /**
   * Somebody said something to the other.
   *
   * @param calls that the speaker's model asks for; they have not been looked at
   */
  record Said(String from, String to, String text, List<Message.Call> calls)
      implements ConversationEvent {
    public Said {
      calls = List.copyOf(calls);
    }
  }

  /** A participant that may be spoken for replies by itself; what it says follows. */
  record AutomaticReply(String participant) implements ConversationEvent {}

  /** A person is asked to type a line; durable, and answered anywhere. */
  record InputRequested(RequirementId requirement, String participant, String to, String prompt)
      implements ConversationEvent {}

  /** A person typed this line; empty when they only pressed enter. */
  record InputGiven(String participant, String text) implements ConversationEvent {}

  /** Nobody will type a line; why. */
  record InputRefused(String participant, String why) implements ConversationEvent {}

  /** Something else waits for a person: the approval of a gated call, a question of a tool. */
  record Waits(RequirementId requirement, RequirementKind kind, String tool)
      implements ConversationEvent {}

  /** The calls of {@code to} have ended, each with its result. */
  record CallsAnswered(String from, String to, List<Result> results) implements ConversationEvent {
    public CallsAnswered {
      results = List.copyOf(results);
    }
  }

  /** What came of one call. {@code id} is the one that the model gave it. */
  record Result(String id, String tool, String text, boolean error) {}

  /** The conversation ends, at this participant's turn. */
  record Terminated(String participant, String reason) implements ConversationEvent {}

  /** The run ended. {@code text} is the summary, or what went wrong. */
  record Ended(RunStatus status, String text) implements ConversationEvent {}
}
