package dev.assent.orchestration;

import dev.assent.core.RunId;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunRequest;
import java.util.Map;

/**
 * A conversation of two, in turns. Immutable.
 *
 * <p>It is an {@link Agent} like any other, to be registered where it runs. Each conversation is a
 * run of it: what is typed is the answer to a question of the run, stored before anybody is asked,
 * so it can be typed anywhere and after a restart; tools of a participant are calls of the same
 * run, and gated like any other.
 */
public final class Conversation {
  private final String name;
  private final Participant first;
  private final Participant second;
  private final Agent agent;

  private Conversation(String name, Participant first, Participant second) {
    if (first.name().equals(second.name())) {
      throw new IllegalArgumentException(
          "both participants are named '" + first.name() + "'; rename one");
    }
    this.name = name;
    this.first = first;
    this.second = second;
    Agent.Builder both =
        Agent.named(name)
            .description(first.name() + " and " + second.name() + " talk in turns")
            .model(new ConversationModel(first, second))
            .tools(BuiltIn.tools().toArray());
    first.join(both);
    second.join(both);
    this.agent = both.build();
  }

  /**
   * A conversation that the first of the two begins; its agent is named like the second.
   *
   * @throws IllegalArgumentException when they, or two of their tools, share a name
   */
  public static Conversation between(Participant first, Participant second) {
    return new Conversation(second.name(), first, second);
  }

  /** The same conversation under another name of its agent. */
  public Conversation named(String agentName) {
    return new Conversation(agentName, first, second);
  }

  /** The agent to register. */
  public Agent agent() {
    return agent;
  }

  /** Who begins. */
  public Participant first() {
    return first;
  }

  /** Who is spoken to first. */
  public Participant second() {
    return second;
  }

  /**
   * Begins: the first says this to the second. Durable when this returns.
   *
   * @throws dev.assent.runtime.RuntimeFailure when the agent is not registered there
   */
  public ConversationRun start(Assent assent, String message) {
    return of(assent, assent.submit(RunRequest.of(name, message)));
  }

  /**
   * Begins in a session, in which it goes on with what was said there before.
   *
   * @throws dev.assent.runtime.RuntimeFailure when the agent is not registered there, or the
   *     session is busy
   */
  public ConversationRun start(Assent assent, String message, String session) {
    return of(assent, assent.submit(new RunRequest(name, message, session, null, Map.of(), null)));
  }

  /** A conversation that was begun before. */
  public ConversationRun of(Assent assent, RunId run) {
    return new ConversationRun(assent, this, run);
  }
}
