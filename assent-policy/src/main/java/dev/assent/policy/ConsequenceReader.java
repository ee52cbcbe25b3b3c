package dev.assent.policy;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.BusinessHours;
import dev.assent.core.Risk;
import dev.assent.core.Threshold;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads what a rule makes of a call. What no part of the program does is refused, by name. */
final class ConsequenceReader {
  private static final String CHOICES = "allow, audit, ask, {deny: why} or {require: {…}}";

  /** What a rule may want that nothing here would do; silence about it would be worse. */
  private static final Map<String, String> NOT_DONE =
      Map.of(
          "escalate", "escalation by another key than 'escalation'",
          "budget", "a budget");

  private final Problems problems;
  private final List<Threshold> defaultApprovers;
  private final @Nullable BusinessHours hours;

  /**
   * @param hours of the file; absent when it names none
   */
  ConsequenceReader(
      Problems problems, List<Threshold> defaultApprovers, @Nullable BusinessHours hours) {
    this.hours = hours;
    this.problems = problems;
    this.defaultApprovers = defaultApprovers;
  }

  Consequence read(Section section, String key) {
    Node value = section.node(key);
    if (value instanceof MappingNode mapping) {
      return mapped(new Section(mapping, problems, "'" + key + "'"));
    }
    Section.Text text = value == null ? null : Section.textOf(value);
    String word = text == null ? "" : text.value();
    return switch (word) {
      case "allow" -> new Consequence.Allow();
      case "audit" -> new Consequence.Audit();
      case "ask" -> new Consequence.Require(PolicyReader.terms(defaultApprovers, Risk.LOW, ""));
      case "deny" ->
          wrong(section, key, "a denial has a reason, which the model reads: '{deny: why}'");
      case "require" ->
          wrong(section, key, "say what is required: '{require: {approvers: 1 of role finance}}'");
      default -> wrong(section, key, "'" + key + "' is " + CHOICES + ", not '" + word + "'");
    };
  }

  private Consequence wrong(Section section, String key, String text) {
    section.problem(key, text);
    return new Consequence.Deny("");
  }

  private Consequence mapped(Section section) {
    boolean denies = section.has("deny");
    boolean requires = section.has("require");
    if (denies == requires) {
      problems.add(section.line(), "say one of " + CHOICES);
      return new Consequence.Deny("");
    }
    Consequence consequence = denies ? denied(section) : required(section);
    section.done();
    return consequence;
  }

  private static Consequence denied(Section section) {
    return new Consequence.Deny(section.required("deny", "Payments are frozen.").value());
  }

  private Consequence required(Section outer) {
    Section section = outer.section("require");
    if (section == null) {
      return new Consequence.Deny("");
    }
    List<Threshold> approvers =
        section.has("approvers")
            ? new ApproversReader(problems).read(section, "approvers")
            : defaultApprovers;
    Section.Text risk = section.text("risk");
    Duration deadline = duration(section, "deadline");
    Duration remind = duration(section, "remind-after");
    ApprovalTerms.OnExpiry onExpiry = onExpiry(section, deadline);
    if (remind != null && deadline != null && remind.compareTo(deadline) >= 0) {
      section.problem("remind-after", "a reminder after the deadline reaches nobody; make it less");
    }
    Duration useBy = duration(section, "use-by");
    Duration undo = duration(section, "undo");
    if (undo != null && useBy != null && undo.compareTo(useBy) >= 0) {
      section.problem("undo", "the approval is too old before its 'undo' is over; make it less");
    }
    Risk atLeast = risk == null ? null : PolicyReader.risk(section, "risk", risk.value());
    String message = section.string("message");
    ApprovalTerms terms =
        new ApprovalTerms(
            "",
            approvers.isEmpty() ? defaultApprovers : approvers,
            atLeast == null ? Risk.LOW : atLeast,
            message == null ? "" : message.strip(),
            section.string("summary"),
            deadline,
            useBy,
            onExpiry,
            remind,
            undo,
            counted(section),
            new ReasonsReader(problems).read(section));
    ApprovalTerms escalating = new EscalationReader(problems).read(section, terms);
    NOT_DONE.forEach((key, what) -> notDone(section, key, what));
    section.done();
    return new Consequence.Require(escalating);
  }

  /** Deadline and reminder pass in the business hours of the file, where the rule says so. */
  private @Nullable BusinessHours counted(Section section) {
    Section.Text written = section.text("count");
    if (written == null || written.value().equals("always")) {
      return null;
    }
    if (!written.value().equals("business-hours")) {
      section.problem(
          "count", "'count' is always or business-hours, not '" + written.value() + "'");
    } else if (hours == null) {
      section.problem("count", "the file names no 'business-hours'; add them beside 'rules'");
    }
    return hours;
  }

  private static void notDone(Section section, String key, String what) {
    if (section.mentions(key)) {
      section.problem(key, "'" + key + "': " + what + " is not done by this version; remove it");
    }
  }

  private static ApprovalTerms.OnExpiry onExpiry(Section section, @Nullable Duration deadline) {
    Section.Text written = section.text("on-expiry");
    if (written == null) {
      return ApprovalTerms.OnExpiry.REJECT;
    }
    if (deadline == null) {
      section.problem("on-expiry", "nothing expires without a 'deadline'; add one");
    }
    return switch (written.value()) {
      case "reject" -> ApprovalTerms.OnExpiry.REJECT;
      case "cancel-run" -> ApprovalTerms.OnExpiry.CANCEL_RUN;
      case "keep" -> ApprovalTerms.OnExpiry.KEEP;
      default -> {
        section.problem(
            "on-expiry",
            "'on-expiry' is reject, cancel-run or keep, not '"
                + written.value()
                + "'; nothing is ever approved by time");
        yield ApprovalTerms.OnExpiry.REJECT;
      }
    };
  }

  private static @Nullable Duration duration(Section section, String key) {
    Section.Text written = section.text(key);
    if (written == null) {
      return null;
    }
    Duration time = Durations.parse(written.value());
    if (time == null) {
      section.problem(
          key,
          "'" + key + "' is a time such as 30m, 8h, 2d or PT8H, not '" + written.value() + "'");
    }
    return time;
  }
}
