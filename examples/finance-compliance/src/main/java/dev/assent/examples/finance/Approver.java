package dev.assent.examples.finance;

import java.util.Optional;

/** The rule by which {@code --auto} decides in a person's stead. Stateless. */
final class Approver {
  private Approver() {}

  /** Why this payment is rejected; empty when it is approved. */
  static Optional<String> objection(Payment payment) {
    String memo = payment.argument(PaymentTools.MEMO).asString();
    String vendor = payment.argument(PaymentTools.VENDOR).asString();
    if (memo.codePoints().anyMatch(c -> Character.getType(c) == Character.FORMAT)) {
      return Optional.of("The memo hides characters.");
    }
    if (memo.contains("<script")) {
      return Optional.of("The memo is a program.");
    }
    if (vendor.codePoints().anyMatch(c -> c > 127)) {
      return Optional.of("The vendor's name is not spelled in our alphabet.");
    }
    return Optional.empty();
  }
}
