package dev.assent.runtime;

import dev.assent.core.DecisionRequest;
import java.util.Optional;

/**
 * Something in the process that answers requirements at once: a console, a lambda, a queue. Asked
 * after the requirement is durable, on a thread of its own, in order. Thread-safe.
 *
 * <p>It answers approvals only as the person it is registered for.
 */
@FunctionalInterface
public interface Responder {
  /**
   * Asks.
   *
   * @param card what is to be decided
   * @param withdrawn true once somebody else has answered; a blocking responder should look at it
   * @return the answer; empty means unanswered, which never is an approval
   */
  Optional<DecisionRequest> ask(RequirementCard card, java.util.function.BooleanSupplier withdrawn);
}
