package dev.assent.testkit;

import dev.assent.core.DecisionRequest;
import dev.assent.core.Digest;
import dev.assent.core.Requirement;
import dev.assent.core.Verdict;
import dev.assent.runtime.RequirementCard;
import java.nio.charset.StandardCharsets;
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

  /** This verdict with these words. */
  static Answer of(Verdict verdict, @Nullable String words) {
    return card -> {
      Requirement shown = card.requirement();
      return new DecisionRequest(
          shown.version(),
          shown.digest(),
          verdict,
          words,
          verdict == Verdict.APPROVE ? shown.tool() : null,
          key(shown.id() + " " + shown.version() + " " + verdict + " " + words));
    };
  }

  private static String key(String said) {
    return "kit-" + Digest.sha256(said.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 32);
  }
}
