package dev.assent.orchestration;

import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Form;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.Risk;
import dev.assent.core.Verdict;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RequirementCard;
import dev.assent.runtime.RunResult;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where one person follows a conversation and types: lines, and decisions on gated calls. Used by
 * one thread.
 */
final class Desk {
  private static final int TRIES = 3;

  private final Assent assent;
  private final ConversationRun run;
  private final Conversation conversation;
  private final Frame frame;
  private final Lines lines;
  private final Principal by;
  private final Shown shown = new Shown();
  private @Nullable SpokenDecision general;
  private @Nullable String typedAs;

  Desk(
      Assent assent,
      ConversationRun run,
      Conversation conversation,
      Frame frame,
      Lines lines,
      Principal by) {
    this.assent = assent;
    this.run = run;
    this.conversation = conversation;
    this.frame = frame;
    this.lines = lines;
    this.by = by;
  }

  RunResult work() {
    try (ConversationStream events = run.events()) {
      for (ConversationEvent event : events) {
        frame.print(event);
        if (!answered(event)) {
          break;
        }
      }
    }
    return run.result();
  }

  /** False when an answer is needed here and nobody types any more. */
  private boolean answered(ConversationEvent event) {
    return switch (event) {
      case ConversationEvent.Said said -> {
        remember(said);
        yield true;
      }
      case ConversationEvent.InputRequested asked -> typed(asked);
      case ConversationEvent.Waits waits -> {
        RequirementCard card = assent.card(waits.requirement()).orElse(null);
        yield card == null || !card.requirement().open() || settled(card);
      }
      default -> true;
    };
  }

  /** What was typed here is about what the other had said; it is used up by their next word. */
  private void remember(ConversationEvent.Said said) {
    if (general == null || !said.from().equals(typedAs)) {
      general = null;
      shown.now(said.text());
    }
  }

  private boolean typed(ConversationEvent.InputRequested asked) {
    if (!open(asked.requirement())) {
      return true;
    }
    Optional<String> line = lines.next();
    if (line.isEmpty()) {
      return false;
    }
    if (lines.shown()) {
      frame.typedHere();
    }
    DecisionOutcome outcome = run.type(asked.requirement(), line.get(), by);
    if (outcome instanceof DecisionOutcome.Recorded && decidesInWords(asked.participant())) {
      // Only who typed it here decides by it: the same line of somebody else is theirs.
      general = SpokenDecision.in(line.get()).orElse(null);
      typedAs = asked.participant();
    }
    tell(outcome);
    return true;
  }

  private boolean decidesInWords(String name) {
    return (name.equals(conversation.first().name()) ? conversation.first() : conversation.second())
        .decidesInWords();
  }

  private boolean open(RequirementId id) {
    return assent.card(id).filter(card -> card.requirement().open()).isPresent();
  }

  /** False when nobody types any more; what cannot be answered here is left to other channels. */
  private boolean settled(RequirementCard card) {
    Form form = card.form();
    if (card.requirement().kind() == RequirementKind.APPROVAL) {
      return decided(card);
    }
    if (form != null && form.style() == Form.Style.TEXT && !form.secret()) {
      return toldTool(card, form);
    }
    frame.write(
        "\n"
            + Frame.safe(card.requirement().tool())
            + " waits for an answer that cannot be given here ("
            + card.requirement().kind()
            + "); it stays open.\n");
    return true;
  }

  private boolean toldTool(RequirementCard card, Form form) {
    frame.write(Frame.safe(form.prompt()) + " ");
    Optional<String> line = lines.next();
    line.ifPresent(
        answer -> {
          echo(answer);
          tell(run.type(card.requirement().id(), answer, by));
        });
    return line.isPresent();
  }

  private void echo(String line) {
    frame.write(lines.shown() ? "" : Frame.safe(line) + "\n");
  }

  private boolean decided(RequirementCard card) {
    SpokenDecision spoken = general;
    boolean high = card.requirement().terms().risk() == Risk.HIGH;
    if (spoken != null && !(spoken.approves() && high) && shown.holds(card.summary())) {
      decide(card, spoken, null);
      return true;
    }
    return ask(card, high);
  }

  private boolean ask(RequirementCard card, boolean high) {
    Requirement asked = card.requirement();
    for (int i = 0; i < TRIES; i++) {
      frame.write(
          "Agent tries to call tool:\n`"
              + Frame.safe(asked.tool())
              + "`, "
              + Frame.safe(card.arguments())
              + "\nPlease approve or deny this request.\n"
              + (high ? "Type the tool's name to approve, or N? " : "Y/N? "));
      String line = lines.next().orElse(null);
      if (line == null) {
        return false;
      }
      echo(line);
      SpokenDecision said = SpokenDecision.in(line).orElse(null);
      if (high && line.strip().equals(asked.tool())) {
        said = new SpokenDecision(true, line);
      } else if (high && said != null && said.approves()) {
        said = null;
      }
      if (said != null) {
        decide(card, said, high ? asked.tool() : null);
        return true;
      }
    }
    return false;
  }

  private void decide(RequirementCard card, SpokenDecision said, @Nullable String typed) {
    Requirement shownNow = card.requirement();
    tell(
        assent.decide(
            shownNow.id(),
            new DecisionRequest(
                shownNow.version(),
                shownNow.digest(),
                said.approves() ? Verdict.APPROVE : Verdict.REJECT,
                said.approves() ? null : said.words(),
                said.approves() ? typed : null,
                UUID.randomUUID().toString()),
            by));
  }

  private void tell(DecisionOutcome outcome) {
    switch (outcome) {
      case DecisionOutcome.Recorded recorded -> {}
      case DecisionOutcome.Repeated repeated -> {}
      case DecisionOutcome.AlreadyClosed closed ->
          frame.write(
              "\nSomebody else was first. "
                  + Frame.safe(closed.inWords(UnaryOperator.identity()))
                  + "\n");
      case DecisionOutcome.NotEntitled not -> doesNotCount(not.why());
      case DecisionOutcome.Invalid invalid -> doesNotCount(invalid.why());
      case DecisionOutcome.TooLate late -> doesNotCount("the deadline had passed");
      case DecisionOutcome.StaleVersion stale -> doesNotCount("it has changed meanwhile");
      case DecisionOutcome.DigestMismatch other -> doesNotCount("it is not what was shown");
      case DecisionOutcome.KeyReused reused -> doesNotCount("it was sent before");
    }
  }

  private void doesNotCount(String why) {
    frame.write("\nYour answer does not count: " + Frame.safe(why) + "\n");
  }

  /** The text that a general decision is about: each line of it covers one call. */
  private static final class Shown {
    private String left = "";

    void now(String text) {
      left = Frame.safe(text);
    }

    /** True when the text holds this summary as words of their own; it is used up by that. */
    boolean holds(String summary) {
      String wanted = Frame.safe(summary).strip();
      for (int at = left.indexOf(wanted); at >= 0; at = left.indexOf(wanted, at + 1)) {
        if (!wanted.isEmpty() && wordEnds(at - 1) && wordEnds(at + wanted.length())) {
          left = left.substring(0, at) + '\n' + left.substring(at + wanted.length());
          return true;
        }
      }
      return false;
    }

    private boolean wordEnds(int at) {
      return at < 0 || at >= left.length() || !Character.isLetterOrDigit(left.charAt(at));
    }
  }
}
