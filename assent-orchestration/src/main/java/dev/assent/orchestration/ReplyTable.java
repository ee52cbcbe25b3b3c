package dev.assent.orchestration;

/**
 * Who replies: the decision table of the classic conversation, over mode, termination message,
 * limit and what a person typed. Stateless.
 */
final class ReplyTable {
  static final String EXIT = "exit";
  static final String USER_ENDED = "User requested to end the conversation";
  static final String LIMIT_REACHED = "Maximum number of consecutive auto-replies reached";

  private ReplyTable() {}

  /** What happens at a participant's turn. */
  sealed interface Move {
    /** It replies by itself, or has the calls executed. */
    record Automatic() implements Move {}

    /** A person is asked. */
    record Ask(String prompt) implements Move {}

    /** What the person typed is the reply. */
    record Reply(String text) implements Move {}

    /** The conversation ends. */
    record End(String reason) implements Move {}
  }

  /**
   * Whose turn it is, and what was said to them. Immutable.
   *
   * @param self who replies
   * @param sender who spoke to them
   * @param termination that was a termination message
   * @param limit the limit of automatic replies is reached
   */
  record Turn(
      String self, String sender, HumanInputMode mode, boolean termination, boolean limit) {}

  /** Before anybody was asked. */
  static Move before(Turn turn) {
    return switch (turn.mode()) {
      case ALWAYS -> new Move.Ask(replyingAs(turn));
      case TERMINATE -> {
        if (turn.termination()) {
          yield new Move.Ask(lastWord(turn));
        }
        yield turn.limit() ? new Move.Ask(feedback(turn)) : new Move.Automatic();
      }
      case NEVER -> {
        if (turn.limit()) {
          yield new Move.End(LIMIT_REACHED);
        }
        yield turn.termination() ? new Move.End(met(turn)) : new Move.Automatic();
      }
    };
  }

  /** After a person was asked and typed this line. */
  static Move after(Turn turn, String line) {
    if (exit(line)) {
      return new Move.End(USER_ENDED);
    }
    if (!line.isBlank()) {
      return new Move.Reply(line);
    }
    if (!turn.termination()) {
      return new Move.Automatic();
    }
    return new Move.End(
        turn.mode() == HumanInputMode.TERMINATE
            ? met(turn) + " and no human input provided"
            : met(turn));
  }

  /** True for the word that ends a conversation. */
  static boolean exit(String line) {
    return line.strip().equalsIgnoreCase(EXIT);
  }

  private static String met(Turn turn) {
    return "Termination message condition on agent '" + turn.self() + "' met";
  }

  private static String replyingAs(Turn turn) {
    return "Replying as "
        + turn.self()
        + ". Provide feedback to "
        + turn.sender()
        + ". Press enter to skip and use auto-reply, or type 'exit' to end the conversation: ";
  }

  private static String feedback(Turn turn) {
    return "Please give feedback to "
        + turn.sender()
        + ". Press enter to skip and use auto-reply, or type 'exit' to stop the conversation: ";
  }

  private static String lastWord(Turn turn) {
    return "Please give feedback to "
        + turn.sender()
        + ". Press enter or type 'exit' to stop the conversation: ";
  }
}
