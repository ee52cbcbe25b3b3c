package dev.assent.console;

import dev.assent.core.DecisionRequest;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.Risk;
import dev.assent.core.SafeText;
import dev.assent.core.Verdict;
import dev.assent.runtime.RequirementCard;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One card on the screen until it is answered. Not thread-safe, used once. */
final class Question {
  private static final int SPACE = ' ';

  private final Tty tty;
  private final Keys keys;
  private final RequirementCard card;
  private final Requirement asked;
  private final Pages pages;
  private String lastHint = "";

  Question(Tty tty, Keys keys, RequirementCard card) {
    this.tty = tty;
    this.keys = keys;
    this.card = card;
    this.asked = card.requirement();
    this.pages = new Pages(tty);
  }

  /** Shows the card and waits for an answer to it. */
  DecisionRequest ask(List<Line> lines) throws Keys.WithdrawnException, Keys.LeftException {
    keys.drain();
    pages.card(lines);
    turn();
    keys.guard();
    while (true) {
      Optional<DecisionRequest> answer = react(keys.next());
      if (answer.isPresent()) {
        return answer.get();
      }
    }
  }

  /** Takes the prompt off the screen. */
  void takeBack() {
    pages.wipePrompt();
  }

  private Optional<DecisionRequest> react(int key)
      throws Keys.WithdrawnException, Keys.LeftException {
    if (key == '\r' || key == '\n') {
      return Optional.empty();
    }
    if (key == SPACE && pages.more()) {
      turn();
      return Optional.empty();
    }
    Choice choice = Choice.of(asked.kind(), key).orElse(null);
    if (choice == null) {
      hint("That key does nothing here; ? lists the ones that do.");
    } else if (choice.needsWhole() && !pages.wholeCardShown()) {
      hint("Not all of it has been shown: press space for the rest.");
    } else if (choice.verdict().isPresent()) {
      return decide(choice, choice.verdict().get());
    } else if (choice == Choice.DETAILS) {
      pages.details(DetailText.of(card, pages.typesetter()));
      turn();
    } else {
      help();
    }
    return Optional.empty();
  }

  private Optional<DecisionRequest> decide(Choice choice, Verdict verdict)
      throws Keys.WithdrawnException, Keys.LeftException {
    if (!keys.alone()) {
      hint("Other keys came with it, so it does not count: press it once, alone.");
      return Optional.empty();
    }
    String typed = null;
    if (choice.needsName() && asked.terms().risk() == Risk.HIGH) {
      typed = line("High risk. To go on, type the tool's name, " + SafeText.of(asked.tool()) + ":");
      if (!asked.tool().equals(typed)) {
        hint("That is not the tool's name; nothing was sent.");
        return Optional.empty();
      }
    }
    String words = null;
    if (choice == Choice.REASON || choice == Choice.HAPPENED) {
      words =
          line(
              choice == Choice.REASON
                  ? "Why not? The agent is told. Enter sends, Escape goes back."
                  : "What was its result? The agent gets it. Enter sends, Escape goes back.");
      if (words == null || words.isEmpty()) {
        hint("Nothing was typed; nothing was sent.");
        return Optional.empty();
      }
    }
    return Optional.of(answer(verdict, words, typed));
  }

  /** What was shown is what is decided: version and digest are the card's. */
  private DecisionRequest answer(Verdict verdict, @Nullable String words, @Nullable String typed) {
    return new DecisionRequest(
        asked.version(), asked.digest(), verdict, words, typed, "console-" + UUID.randomUUID());
  }

  private @Nullable String line(String label) throws Keys.WithdrawnException, Keys.LeftException {
    pages.promptStays();
    lastHint = "";
    return new LineInput(tty, keys)
        .read(pages.typesetter().ours(1, Style.STRONG, label))
        .orElse(null);
  }

  /** Said once in a row, so that typing elsewhere does not push the card off the screen. */
  private void hint(String text) {
    if (!text.equals(lastHint)) {
      lastHint = text;
      pages.say(pages.typesetter().ours(1, Style.FAINT, text));
      pages.prompt(choices());
    }
  }

  private void help() {
    List<Line> lines = new ArrayList<>();
    for (Choice choice : Choice.of(asked.kind())) {
      lines.addAll(pages.typesetter().ours(1, Style.PLAIN, choice.help()));
    }
    lines.addAll(
        pages
            .typesetter()
            .ours(1, Style.FAINT, "Ctrl-C or ctrl-D leaves it unanswered; Enter does nothing."));
    lastHint = "";
    pages.say(lines);
    pages.prompt(choices());
  }

  private void turn() {
    lastHint = "";
    pages.turn();
    pages.prompt(choices());
  }

  private List<Choice> choices() {
    return Choice.of(asked.kind()).stream()
        .filter(choice -> !choice.needsWhole() || pages.wholeCardShown())
        .toList();
  }

  /** Whether a person at a console can answer such a requirement. */
  static boolean canAnswer(RequirementKind kind) {
    return switch (kind) {
      case APPROVAL, RECONCILIATION -> true;
      case USER_INPUT, EXTERNAL_EXECUTION, REVIEW -> false;
    };
  }
}
