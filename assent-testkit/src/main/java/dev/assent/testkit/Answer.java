package dev.assent.testkit;

import dev.assent.core.DecisionRequest;
import dev.assent.core.Digest;
import dev.assent.core.Form;
import dev.assent.core.Requirement;
import dev.assent.core.Verdict;
import dev.assent.runtime.RequirementCard;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a person says to a card. A lambda may say anything; these are the usual words.
 *
 * <p>The usual words are about the version and digest that the card shows and have a key that
 * depends on nothing else: saying them again, for example after a crash, is the same vote.
 */
@FunctionalInterface
public interface Answer {
  /** What is sent. */
  DecisionRequest to(RequirementCard card);

  /**
   * The same for one of the reasons that the card names, see {@link dev.assent.core.Reasons}; with
   * a key of its own.
   */
  default Answer because(String reasonCode) {
    return card -> {
      DecisionRequest plain = to(card);
      return new DecisionRequest(
              plain.version(),
              plain.digest(),
              plain.verdict(),
              plain.words(),
              plain.typed(),
              key(plain.idempotencyKey() + " " + reasonCode),
              plain.value(),
              plain.always())
          .withReason(reasonCode);
    };
  }

  /** Yes, for this reason; of a call of high risk the tool's name is typed too. */
  static Answer approve(String reason) {
    return of(Verdict.APPROVE, reason);
  }

  /** Yes; of a call of high risk the tool's name is typed too. */
  static Answer approve() {
    return of(Verdict.APPROVE, null);
  }

  /** No, and the model is told why. */
  static Answer reject(String reason) {
    return of(Verdict.REJECT, reason);
  }

  /** The call in doubt happened, with this result. */
  static Answer happened(String result) {
    return of(Verdict.HAPPENED, result);
  }

  /** The call in doubt did not happen. */
  static Answer didNotHappen() {
    return of(Verdict.DID_NOT_HAPPEN, null);
  }

  /** Nobody finds out what became of the call in doubt. */
  static Answer giveUp() {
    return of(Verdict.GIVE_UP, null);
  }

  /** Yes, but with these arguments instead. */
  static Answer edit(Map<String, ?> arguments) {
    return of(Verdict.EDIT, null, JsonValues.of(arguments).toString());
  }

  /** The call is not executed; the model is told this instead. */
  static Answer respond(String told) {
    return of(Verdict.RESPOND, null, told);
  }

  /** A question for a text or a choice is answered by this. */
  static Answer text(String answer) {
    return fields(Map.of(Form.ANSWER, answer));
  }

  /** A question for fields is answered by these. */
  static Answer fields(Map<String, ?> values) {
    return of(Verdict.ANSWER, null, JsonValues.of(values).toString());
  }

  /** Nobody will answer the question, for this reason. */
  static Answer decline(String reason) {
    return of(Verdict.DECLINE, reason);
  }

  /** The call was executed outside, with this result. */
  static Answer result(String result) {
    return of(Verdict.RESULT, null, result);
  }

  /** The call failed outside, for this reason. */
  static Answer failure(String reason) {
    return of(Verdict.FAILURE, reason);
  }

  /** The output counts as it is. */
  static Answer accept() {
    return of(Verdict.ACCEPT, null);
  }

  /** This counts instead of the output. */
  static Answer replace(String output) {
    return of(Verdict.REPLACE, null, output);
  }

  /** The agent is asked this first, or asked to change the call; nothing is decided by it. */
  static Answer askBack(String words) {
    return of(Verdict.ASK_BACK, words);
  }

  /** The output has to be made anew, with this feedback. */
  static Answer changes(String feedback) {
    return of(Verdict.CHANGES, feedback);
  }

  /** This verdict with these words. */
  static Answer of(Verdict verdict, @Nullable String words) {
    return of(verdict, words, null);
  }

  /** This verdict with these words and this value, as {@link DecisionRequest} has them. */
  static Answer of(Verdict verdict, @Nullable String words, @Nullable String value) {
    return card -> {
      Requirement shown = card.requirement();
      return new DecisionRequest(
          shown.version(),
          shown.digest(),
          verdict,
          words,
          verdict == Verdict.APPROVE ? shown.tool() : null,
          key(shown.id() + " " + shown.version() + " " + verdict + " " + words + " " + value),
          value);
    };
  }

  private static String key(String said) {
    return "kit-" + Digest.sha256(said.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 32);
  }
}
