package dev.assent.runtime;

import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Something in the process that answers requirements at once: a console, a lambda, a queue. Asked
 * after the requirement is durable, in order. Thread-safe.
 *
 * <p>It answers as the person it is registered for, and only what that person may answer. What it
 * throws is a failure of the channel, never an answer. An answer that does not fit is asked for
 * again, {@link #tries()} times in all.
 */
@FunctionalInterface
public interface Responder {
  /** What waits while a responder has not answered. */
  enum Manner {
    /** Its thread, and whoever waits for the run. */
    HOLDS_THREAD,
    /** Whoever waits for the run; its thread asks on. */
    HOLDS_RUN,
    /** Nothing: the run is reported as paused. */
    HOLDS_NOTHING
  }

  /**
   * Asks.
   *
   * @param card what is to be decided
   * @param withdrawn true once somebody else has answered; a blocking responder should look at it
   * @return the answer; empty means unanswered, which never is an approval
   */
  Optional<DecisionRequest> ask(RequirementCard card, BooleanSupplier withdrawn);

  /**
   * Begins to ask; the answer comes when it comes.
   *
   * @throws Exception when the person cannot be asked
   */
  default CompletionStage<Reply> begin(Asked asked) throws Exception {
    return CompletableFuture.completedFuture(
        ask(asked.card(), asked.asWithdrawn()).map(Reply::of).orElseGet(Reply::unanswered));
  }

  /** What waits for its answers. */
  default Manner manner() {
    return Manner.HOLDS_THREAD;
  }

  /**
   * True when it shows people only what the card calls {@code shown}, says so by {@link
   * Asked#seen}, and asks for the rest by {@link Asked#reveal}. Of any other it is written down
   * that it was handed what is hidden of a call of the highest risk.
   */
  default boolean hides() {
    return false;
  }

  /** How often an answer that does not fit is asked for in all. */
  default int tries() {
    return 3;
  }

  /** What became of its answer: a late one is told here, as a value. */
  default void heard(Asked asked, DecisionOutcome outcome) {}

  /** This is not asked any more, for whatever reason. */
  default void over(Asked asked) {}

  /** A responder that blocks until it has the answer. */
  static Responder of(Function<Asked, Reply> answering) {
    return new Replying(asked -> CompletableFuture.completedFuture(answering.apply(asked)), true);
  }

  /** A responder that blocks until a person has typed something, see {@link Reply#text}. */
  static Responder typed(Function<Asked, String> typing) {
    return of(asked -> Reply.text(typing.apply(asked)));
  }

  /** A responder whose answer comes by a future; it is asked on while that is open. */
  static Responder later(Function<Asked, CompletionStage<Reply>> answering) {
    return new Replying(answering, false);
  }

  /**
   * A responder that is the one method of this object. Its parameters are injected, {@link Asked}
   * among them; it returns a {@link Reply}, what a person typed, or a future of either.
   *
   * @throws IllegalArgumentException when the object does not have exactly one method, or it cannot
   *     be injected
   */
  static Responder by(Object holder) {
    return new MethodResponder(InjectedMethod.of(holder));
  }

  /**
   * The same, which counts as failed when it takes longer. A thread that it holds is interrupted.
   */
  default Responder within(Duration time) {
    return new TimedResponder(this, time);
  }
}
