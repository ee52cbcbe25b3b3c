package dev.assent.console;

import dev.assent.core.Json;
import dev.assent.core.MalformedJsonException;
import dev.assent.runtime.RequirementCard;
import java.util.ArrayList;
import java.util.List;

/** What people asked the agent back about a call, and what it said. Stateless. */
final class RoundsText {
  private RoundsText() {}

  static List<Line> of(RequirementCard card, Typesetter set) {
    List<Line> lines = new ArrayList<>();
    for (RequirementCard.CardRound round : card.rounds()) {
      lines.addAll(
          CardText.said(
              "Asked back by " + round.by() + ", version " + round.version() + ": ",
              card.shown(round.question()),
              Style.PLAIN,
              set));
      RequirementCard.CardAnswer answer = round.answer();
      if (answer == null) {
        lines.addAll(set.ours(3, Style.FAINT, "(the agent has not answered yet)"));
      } else {
        lines.addAll(answer(card, answer, set));
      }
    }
    return lines;
  }

  private static List<Line> answer(
      RequirementCard card, RequirementCard.CardAnswer answer, Typesetter set) {
    List<Line> lines = new ArrayList<>();
    if (!answer.words().isEmpty()) {
      lines.addAll(
          CardText.said(
              "Answer (the agent's words): ", card.shown(answer.words()), Style.FAINT, set));
    }
    String note = answer.note();
    if (note != null) {
      lines.addAll(CardText.said("Note: ", card.shown(note), Style.PLAIN, set));
    }
    String before = answer.before();
    String after = answer.after();
    if (before != null && after != null) {
      lines.addAll(
          set.ours(1, Style.STRONG, "The agent changed it; this is version " + answer.version()));
      try {
        lines.addAll(
            Editing.difference(Json.parse(before), Json.parse(after), card.redaction(), set));
      } catch (MalformedJsonException e) {
        lines.addAll(set.ours(3, Style.FAINT, "(what it was is erased)"));
      }
    }
    return lines;
  }
}
