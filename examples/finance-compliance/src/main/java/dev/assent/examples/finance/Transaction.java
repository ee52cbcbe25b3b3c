package dev.assent.examples.finance;

import dev.assent.core.Json;
import dev.assent.core.JsonObject;

/**
 * One payment that is asked for. Immutable; vendor and memo are whatever somebody typed.
 *
 * @param invoice names it
 * @param cents the amount
 * @param vendor who gets the money
 * @param memo why
 */
record Transaction(String invoice, long cents, String vendor, String memo) {

  /** The arguments of {@code pay_invoice}. */
  JsonObject arguments() {
    return JsonObject.of(PaymentTools.INVOICE, Json.of(invoice))
        .with(PaymentTools.AMOUNT, Json.of(cents))
        .with(PaymentTools.VENDOR, Json.of(vendor))
        .with(PaymentTools.MEMO, Json.of(memo));
  }
}
