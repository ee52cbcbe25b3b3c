package dev.assent.web;

import dev.assent.core.RequirementKind;
import dev.assent.runtime.RequirementCard;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What people asked the agent back about a call that they decide, and what it said. Immutable.
 *
 * @param may true when the viewer can ask it something now
 * @param whyNot why nobody can; absent when somebody can
 */
record AskBackView(List<Round> rounds, boolean may, @Nullable String whyNot) {

  /**
   * A question; its answer is absent while the agent has not answered. Immutable.
   *
   * @param version the version that who asked was shown
   */
  record Round(
      List<Shown.Piece> question,
      PersonView by,
      Instant at,
      int version,
      @Nullable Answer answer) {}

  /**
   * What the agent said. Immutable.
   *
   * @param words its own words, untrusted; empty when it said nothing
   * @param note what became of it, in our words
   * @param version what is decided since then
   * @param changes of the arguments; absent when it changed none
   */
  record Answer(
      List<Shown.Piece> words,
      @Nullable List<Shown.Piece> note,
      Instant at,
      int version,
      @Nullable List<EditView.Change> changes) {}

  /** Absent for what is no approval. */
  static @Nullable AskBackView of(RequirementCard card, boolean mayDecide, People people) {
    if (card.requirement().kind() != RequirementKind.APPROVAL) {
      return null;
    }
    String why = card.requirement().open() ? card.noAskingBack() : null;
    return new AskBackView(
        card.rounds().stream().map(round -> round(card, round, people)).toList(),
        mayDecide && card.noAskingBack() == null,
        why == null ? null : Shown.name(why));
  }

  private static Round round(RequirementCard card, RequirementCard.CardRound round, People people) {
    RequirementCard.CardAnswer answer = round.answer();
    return new Round(
        Shown.of(card.shown(round.question())),
        people.person(round.by()),
        round.at(),
        round.version(),
        answer == null ? null : answer(card, answer));
  }

  private static Answer answer(RequirementCard card, RequirementCard.CardAnswer answer) {
    String note = answer.note();
    String before = answer.before();
    String after = answer.after();
    return new Answer(
        Shown.of(card.shown(answer.words())),
        note == null ? null : Shown.of(card.shown(note)),
        answer.at(),
        answer.version(),
        before == null || after == null ? null : EditView.changes(before, after, card.redaction()));
  }
}
