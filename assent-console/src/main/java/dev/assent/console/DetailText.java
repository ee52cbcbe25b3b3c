package dev.assent.console;

import dev.assent.core.Decision;
import dev.assent.core.Mandate;
import dev.assent.core.Progress;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.SafeText;
import dev.assent.core.ToolCall;
import dev.assent.runtime.RequirementCard;
import java.util.ArrayList;
import java.util.List;

/** The long form of a card: what is hashed, why it is asked, who has said what. Stateless. */
final class DetailText {
  private static final int NAMES = 11;

  private DetailText() {}

  static List<Line> of(RequirementCard card, Typesetter set) {
    Requirement asked = card.requirement();
    List<Line> lines = new ArrayList<>();
    row(lines, set, "request", asked.id() + " version " + asked.version());
    row(lines, set, "run", asked.run() + " (" + card.runStatus() + "), call " + asked.call());
    row(lines, set, "digest", asked.digest().hex());
    ToolCall call = card.call();
    ToolCall.Bound bound = call == null ? null : call.bound();
    if (bound != null) {
      row(lines, set, "tool", bound.fingerprint().hex());
      row(lines, set, "effect", bound.effect().name());
    }
    if (asked.kind() == RequirementKind.APPROVAL) {
      row(
          lines,
          set,
          "outside",
          card.pinned() == null
              ? "not pinned: nobody looks whether the world has changed before it runs"
              : "pinned: looked at again just before it runs, asked again if it changed");
    }
    if (card.effectKey() != null) {
      row(lines, set, "effect key", card.shown(card.effectKey()));
    }
    if (asked.attempt() > 0) {
      row(lines, set, "attempt", Integer.toString(asked.attempt()));
    }
    row(lines, set, "asked for", card.requester() + ", " + asked.createdAt());
    row(lines, set, "deadline", asked.deadline() == null ? "none" : asked.deadline().toString());
    if (asked.terms().useBy() != null) {
      row(lines, set, "use by", asked.terms().useBy() + " after the approval");
    }
    if (asked.terms().undo() != null) {
      row(lines, set, "undo", asked.terms().undo() + " after the approval, before it begins");
    }
    if (asked.terms().hours() != null) {
      row(lines, set, "counted in", asked.terms().hours().inWords());
    }
    if (asked.terms().reasons() != null) {
      row(lines, set, "reasons", asked.terms().reasons().inWords());
    }
    row(lines, set, "rule", asked.terms().rule());
    row(lines, set, "who decides", CardText.who(asked));
    row(lines, set, "approvals", card.approvals() + " of " + card.needed());
    for (Progress.Clause clause : card.progress().clauses()) {
      for (Progress.Group group : clause.groups()) {
        row(lines, set, clause.groups().size() > 1 ? "either" : "needed", CardText.stands(group));
      }
    }
    for (RequirementCard.CardDecision said : card.decisions()) {
      row(lines, set, "said", said(card, said));
    }
    if (asked.terms().summary() != null) {
      row(lines, set, "summary", card.shownSummary());
    }
    if (card.resultText() != null) {
      row(lines, set, "result", card.shown(card.resultText()));
    }
    lines.addAll(set.ours(3, Style.PLAIN, "arguments, byte for byte as they are hashed:"));
    lines.addAll(set.foreign(3, card.shownArguments(), Style.PLAIN));
    return lines;
  }

  private static void row(List<Line> lines, Typesetter set, String name, String value) {
    row(lines, set, name, SafeText.of(value));
  }

  private static void row(List<Line> lines, Typesetter set, String name, SafeText value) {
    lines.addAll(set.foreign(3, SafeText.of(name), NAMES, value, Style.PLAIN));
  }

  private static SafeText said(RequirementCard card, RequirementCard.CardDecision said) {
    Decision decision = said.decision();
    SafeText.Joined out =
        SafeText.join()
            .add(decision.principal() + " " + decision.verdict() + " version ")
            .add(decision.version() + ", " + decision.at());
    Mandate mandate = said.mandate();
    if (mandate != null) {
      out.add(
          mandate.kind() == Mandate.Kind.BREAK_GLASS
              ? ", by break-glass"
              : ", with the authority of " + mandate.giver());
    }
    if (decision.reasonCode() != null) {
      out.add(" (" + decision.reasonCode() + ")");
    }
    if (said.words() != null) {
      out.add(": ").add(card.shown(said.words()));
    }
    if (said.value() != null) {
      out.add(": ").add(card.shownValue(said));
    }
    return out.text();
  }
}
