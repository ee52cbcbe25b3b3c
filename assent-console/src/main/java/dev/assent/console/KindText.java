package dev.assent.console;

import dev.assent.core.Attachment;
import dev.assent.core.Form;
import dev.assent.core.Json;
import dev.assent.core.MalformedJsonException;
import dev.assent.core.Pinned;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RunMachine;
import dev.assent.runtime.RequirementCard;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a card says beside the arguments, by the kind of what is asked. Stateless. */
final class KindText {
  private KindText() {}

  static String title(Requirement asked) {
    String agent = asked.agent();
    String tool = asked.tool();
    return switch (asked.kind()) {
      case APPROVAL -> agent + " wants to call " + tool;
      case USER_INPUT -> agent + " asks, for " + tool;
      case EXTERNAL_EXECUTION -> agent + " waits for " + tool + " to be executed outside";
      case REVIEW ->
          asked.call().equals(RunMachine.OUTPUT)
              ? "the answer of " + agent + " waits for a look"
              : "the result of " + tool + " waits for a look, for " + agent;
      case RECONCILIATION -> agent + " called " + tool + "; nobody knows whether it happened";
    };
  }

  /** True where the rule's message is part of what is asked, and shown as that. */
  static boolean saysItself(RequirementKind kind) {
    return switch (kind) {
      case USER_INPUT, EXTERNAL_EXECUTION -> true;
      case APPROVAL, REVIEW, RECONCILIATION -> false;
    };
  }

  /** The question, the instructions, or what is looked at. */
  static List<Line> above(RequirementCard card, Typesetter set) {
    Requirement asked = card.requirement();
    return switch (asked.kind()) {
      case USER_INPUT -> question(card, card.form(), set);
      case EXTERNAL_EXECUTION -> outside(asked, set);
      case REVIEW -> look(card, set);
      case APPROVAL, RECONCILIATION -> List.of();
    };
  }

  private static List<Line> question(RequirementCard card, @Nullable Form form, Typesetter set) {
    if (form == null) {
      return set.ours(1, Style.STRONG, "What it asked for was erased.");
    }
    List<Line> lines = new ArrayList<>(set.foreign(3, card.shown(form.prompt()), Style.STRONG));
    if (form.style() == Form.Style.CHOICE) {
      lines.addAll(FormInput.options(form.fields().getFirst(), set));
    }
    if (form.style() == Form.Style.FIELDS) {
      form.fields()
          .forEach(field -> lines.addAll(CardText.said("Field: ", field.name(), Style.PLAIN, set)));
    }
    return lines;
  }

  private static List<Line> outside(Requirement asked, Typesetter set) {
    List<Line> lines = new ArrayList<>();
    if (!asked.terms().message().isEmpty()) {
      lines.addAll(CardText.said("What to do: ", asked.terms().message(), Style.STRONG, set));
    }
    String takenBy = asked.takenBy();
    if (takenBy != null) {
      lines.addAll(CardText.said("Taken by ", takenBy, Style.PLAIN, set));
    }
    return lines;
  }

  private static List<Line> look(RequirementCard card, Typesetter set) {
    List<Line> lines = new ArrayList<>();
    Integer looks = card.looks();
    if (looks != null) {
      lines.addAll(
          set.ours(1, Style.PLAIN, "Round " + card.requirement().attempt() + " of " + looks + ":"));
    }
    String output = card.output();
    if (output != null) {
      lines.addAll(set.foreign(3, card.shown(output), Style.PLAIN));
    }
    return lines;
  }

  /** What the call would do, and whether anybody looks again before it does. */
  static List<Line> pinned(RequirementCard card, Typesetter set) {
    Pinned pinned = card.pinned();
    if (pinned == null) {
      return List.of();
    }
    String preview = pinned.preview();
    List<Line> lines = new ArrayList<>();
    if (preview != null) {
      lines.addAll(CardText.said("It would: ", card.shown(preview), Style.PLAIN, set));
    }
    for (Attachment each : pinned.attachments()) {
      lines.addAll(
          CardText.said(
              "Attached, " + each.size() + " bytes, SHA-256 " + each.hash().hex() + ": ",
              card.shown(each.name() + " (" + each.mediaType() + ")"),
              Style.PLAIN,
              set));
    }
    lines.addAll(set.ours(1, Style.FAINT, "Pinned: looked at again just before it runs."));
    return lines;
  }

  /** What a person made of the arguments that the agent wrote. */
  static List<Line> changed(RequirementCard card, Typesetter set) {
    String proposed = card.proposed();
    if (proposed == null) {
      return List.of();
    }
    List<Line> lines = new ArrayList<>();
    String by = card.requirement().editedBy();
    lines.addAll(
        CardText.said(
            "Changed, from what the agent wrote, by ", by == null ? "?" : by, Style.STRONG, set));
    try {
      lines.addAll(
          Editing.difference(
              Json.parse(proposed), Json.parse(card.arguments()), card.redaction(), set));
    } catch (MalformedJsonException e) {
      lines.addAll(set.ours(3, Style.FAINT, "(what it was is erased)"));
    }
    return lines;
  }
}
