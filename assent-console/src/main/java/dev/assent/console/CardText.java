package dev.assent.console;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Mandate;
import dev.assent.core.Progress;
import dev.assent.core.Redaction;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.Risk;
import dev.assent.core.SafeText;
import dev.assent.core.Threshold;
import dev.assent.runtime.RequirementCard;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The short form of a card, whole: nothing of it is ever cut. Stateless. */
final class CardText {
  private static final int MARGIN = 1;
  private static final int ARGUMENTS = 3;

  private CardText() {}

  /**
   * The lines of the card.
   *
   * @param by the mandate by which it would be decided; absent when none is needed
   * @param position such as {@code 1 of 3}; empty when nothing else waits
   */
  static List<Line> of(
      RequirementCard card,
      Seat seat,
      @Nullable Mandate by,
      String position,
      Instant now,
      Typesetter set) {
    List<Line> lines = new ArrayList<>(head(card.requirement(), position, now, set));
    Requirement asked = card.requirement();
    if (seat.isSomebodyElse(asked.requester())) {
      lines.addAll(said("asked for by ", card.requester(), Style.PLAIN, set));
    }
    if (card.needed() > 1 || asked.terms().thresholds().size() > 1) {
      lines.addAll(
          said("approvals " + card.approvals() + ", needed ", who(asked), Style.PLAIN, set));
    }
    if (asked.kind() == RequirementKind.APPROVAL && asked.terms().summary() != null) {
      lines.addAll(said("In short: ", card.shownSummary(), Style.STRONG, set));
    }
    asked
        .escalatedAt(now)
        .ifPresent(since -> lines.addAll(said("Escalated ", "at " + since, Style.STRONG, set)));
    lines.addAll(KindText.above(card, set));
    if (card.output() == null || asked.kind() != RequirementKind.REVIEW) {
      lines.addAll(ArgumentText.of(card.arguments(), card.redaction(), ARGUMENTS, set));
    }
    lines.addAll(KindText.pinned(card, set));
    lines.addAll(KindText.changed(card, set));
    lines.addAll(RoundsText.of(card, set));
    if (!asked.terms().message().isEmpty() && !KindText.saysItself(asked.kind())) {
      lines.addAll(said("Rule says: ", asked.terms().message(), Style.PLAIN, set));
    }
    if (asked.terms().reasons() != null && asked.kind() == RequirementKind.APPROVAL) {
      lines.addAll(said("Reasons: ", asked.terms().reasons().inWords(), Style.PLAIN, set));
    }
    if (!card.words().isEmpty()) {
      String whose =
          asked.kind() == RequirementKind.RECONCILIATION
              ? "Why it is in doubt (as reported): "
              : "Why (the agent's words): ";
      lines.addAll(said(whose, card.shown(card.words()), Style.FAINT, set));
    }
    lines.addAll(said(seat.profile() + ": decided by ", seat.decider(), Style.FAINT, set));
    if (by != null) {
      lines.addAll(authority(by, set));
    }
    return lines;
  }

  private static List<Line> authority(Mandate by, Typesetter set) {
    return by.kind() == Mandate.Kind.BREAK_GLASS
        ? said("by break-glass, alone, until ", by.ends().toString(), Style.DANGER, set)
        : said("with the authority of ", by.giver(), Style.STRONG, set);
  }

  /** A label of ours and foreign words behind it, continued below. */
  static List<Line> said(String label, String words, Style style, Typesetter set) {
    return said(label, Redaction.SHAPES.text(words), style, set);
  }

  /** The same of words in which secrets are hidden. */
  static List<Line> said(String label, SafeText words, Style style, Typesetter set) {
    return set.foreignAfter(" ".repeat(MARGIN) + label, Style.PLAIN, ARGUMENTS, words, style);
  }

  private static List<Line> head(Requirement asked, String position, Instant now, Typesetter set) {
    String title = KindText.title(asked);
    List<Line.Span> parts = new ArrayList<>();
    parts.add(new Line.Span(risk(asked.terms().risk()), style(asked.terms().risk())));
    parts.add(new Line.Span(asked.digest().shortForm(), Style.PLAIN));
    parts.add(new Line.Span(expiry(asked, now), Style.PLAIN));
    if (!position.isEmpty()) {
      parts.add(new Line.Span(position, Style.STRONG));
    }
    int right = parts.stream().mapToInt(part -> Cells.width(part.text()) + 3).sum();
    List<Line> lines = new ArrayList<>(set.foreign(MARGIN, SafeText.of(title), Style.STRONG));
    int free = set.room() - lines.getFirst().width() - right;
    if (lines.size() == 1 && free >= 0) {
      List<Line.Span> whole = new ArrayList<>(lines.getFirst().spans());
      whole.add(new Line.Span(" ".repeat(free), Style.PLAIN));
      parts.forEach(part -> whole.addAll(List.of(new Line.Span("   ", Style.PLAIN), part)));
      return List.of(new Line(whole));
    }
    lines.addAll(set.parts(MARGIN, "   ", parts));
    return lines;
  }

  /** Whose approvals are needed, in words. */
  static String who(Requirement asked) {
    return asked.terms().thresholds().stream()
        .map(Threshold::inWords)
        .collect(Collectors.joining(" and "));
  }

  /** What a group has said. */
  static String stands(Progress.Group group) {
    return group.threshold().inWords()
        + ": "
        + group.approvals()
        + " of "
        + group.threshold().approvals()
        + " approved"
        + (group.denials() == 0
            ? ""
            : ", " + group.denials() + " of " + group.threshold().failsAt() + " denied")
        + (group.failed() ? ", cannot agree any more" : "")
        + (group.from() == null ? "" : ", not before " + group.from());
  }

  private static String risk(Risk risk) {
    return risk + " RISK";
  }

  private static Style style(Risk risk) {
    return switch (risk) {
      case LOW, MEDIUM -> Style.PLAIN;
      case HIGH -> Style.DANGER;
    };
  }

  private static String expiry(Requirement asked, Instant now) {
    Instant deadline = asked.deadline();
    if (asked.kind() == RequirementKind.RECONCILIATION || deadline == null) {
      return "does not expire";
    }
    Duration left = Duration.between(now, deadline);
    return (left.isPositive() ? "expires in " + spoken(left) : "expired")
        + " (then: "
        + then(asked.terms().onExpiry())
        + ")";
  }

  private static String then(ApprovalTerms.OnExpiry what) {
    return switch (what) {
      case REJECT -> "rejected";
      case CANCEL_RUN -> "the run is cancelled";
      case KEEP -> "it stays undecided";
      case FALLBACK -> "the declared answer is used";
    };
  }

  /** A duration, rounded up to what a person cares about. */
  static String spoken(Duration left) {
    long seconds = left.plusMillis(999).toSeconds();
    if (seconds < 60) {
      return seconds + " s";
    }
    long minutes = (seconds + 59) / 60;
    if (minutes < 60) {
      return minutes + " min";
    }
    long hours = minutes / 60;
    if (hours < 48) {
      return hours + " h" + (minutes % 60 == 0 ? "" : " " + minutes % 60 + " min");
    }
    return hours / 24 + " d" + (hours % 24 == 0 ? "" : " " + hours % 24 + " h");
  }
}
