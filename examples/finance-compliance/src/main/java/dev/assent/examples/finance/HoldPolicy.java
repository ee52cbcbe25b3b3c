package dev.assent.examples.finance;

import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.JsonString;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.spi.Policy;

/**
 * Has no objection, but may take its time: the rules are asked anew just before the intent is
 * written, so a payment that waits here was decided and has not begun. Thread-safe.
 */
final class HoldPolicy implements Policy {
  private final Hold hold;

  HoldPolicy(Hold hold) {
    this.hold = hold;
  }

  @Override
  public PolicyOutcome judge(Question question) {
    if (question.arguments() instanceof JsonObject arguments
        && arguments.find(PaymentTools.INVOICE).orElse(Json.of("")) instanceof JsonString invoice) {
      try {
        hold.at(Hold.Point.BEFORE_INTENT, invoice.value());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return new PolicyOutcome.Allow("the hold file has no objection");
  }
}
