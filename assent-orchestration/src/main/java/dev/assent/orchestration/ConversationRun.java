package dev.assent.orchestration;

import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Form;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.Message;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RunId;
import dev.assent.core.TokenUse;
import dev.assent.core.Verdict;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunCard;
import dev.assent.runtime.RunResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One conversation that goes on by itself, and what there is to know of it. Thread-safe; holds no
 * state of its own, so one of the same run can be had in another process.
 */
public final class ConversationRun {
  private final Assent assent;
  private final Conversation conversation;
  private final RunId run;

  ConversationRun(Assent assent, Conversation conversation, RunId run) {
    this.assent = assent;
    this.conversation = conversation;
    this.run = run;
  }

  /** The run. */
  public RunId run() {
    return run;
  }

  /** A reader of its own, from the start to the end, through all questions. */
  public ConversationStream events() {
    return new ConversationStream(assent.events(run), conversation);
  }

  /** All events up to where the conversation has ended or can only wait. */
  public List<ConversationEvent> all() {
    result();
    List<ConversationEvent> all = new ArrayList<>();
    try (ConversationStream events = events()) {
      for (Optional<ConversationEvent> next = events.poll(Duration.ZERO);
          next.isPresent();
          next = events.poll(Duration.ZERO)) {
        all.add(next.get());
      }
    }
    return all;
  }

  /** How far it comes: to its end, or to where it can only wait. Waits for that. */
  public RunResult result() {
    return assent.resume(run);
  }

  /** What was said so far, oldest first. */
  public List<ConversationEvent.Said> messages() {
    return dialogue().entries().stream()
        .map(
            entry ->
                new ConversationEvent.Said(entry.from(), entry.to(), entry.text(), entry.calls()))
        .toList();
  }

  /** The last message, without the word that ended the conversation. */
  public String summary() {
    return dialogue().summary();
  }

  /** Who said the last message. */
  public String lastSpeaker() {
    return dialogue().last().map(Dialogue.Entry::from).orElse(conversation.first().name());
  }

  /** What the models of both used so far. */
  public TokenUse cost() {
    return assent.runCard(run).run().state().use();
  }

  private Dialogue dialogue() {
    List<Message> messages =
        assent.runCard(run).messages().stream().map(RunCard.CardMessage::message).toList();
    return Dialogue.of(conversation.first().name(), conversation.second().name(), messages);
  }

  /**
   * Answers an input request with what somebody typed; empty means to go on without a word.
   *
   * @param by must come from something that authenticated them
   * @throws IllegalArgumentException when there is no such requirement
   */
  public DecisionOutcome type(RequirementId input, String line, Principal by) {
    Requirement asked =
        assent
            .card(input)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "there is no requirement " + input + "; take it from an input request"))
            .requirement();
    String clean = new String(line.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    return assent.decide(
        input,
        new DecisionRequest(
            asked.version(),
            asked.digest(),
            Verdict.ANSWER,
            null,
            null,
            UUID.randomUUID().toString(),
            JsonObject.of(Form.ANSWER, Json.of(clean)).toString()),
        by);
  }

  /**
   * Prints the conversation and has what it asks typed, until it has ended, or nobody types any
   * more: then it waits, durably.
   *
   * @param frame prints it
   * @param lines where lines are typed
   * @param by who types; must come from something that authenticated them
   */
  public RunResult process(Frame frame, Lines lines, Principal by) {
    return new Desk(assent, this, conversation, frame, lines, by).work();
  }
}
