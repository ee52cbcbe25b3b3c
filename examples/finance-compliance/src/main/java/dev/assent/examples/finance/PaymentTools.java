package dev.assent.examples.finance;

import dev.assent.core.Param;
import dev.assent.core.Tool;
import dev.assent.runtime.ToolContext;
import java.io.IOException;

/** What finance_bot can do. Thread-safe. */
final class PaymentTools {
  static final String PAY = "pay_invoice";
  static final String INVOICE = "invoice_id";
  static final String AMOUNT = "amount_cents";
  static final String VENDOR = "vendor";
  static final String MEMO = "memo";

  private final Ledger ledger;
  private final Hold hold;

  PaymentTools(Ledger ledger, Hold hold) {
    this.ledger = ledger;
    this.hold = hold;
  }

  /** Pays one invoice. */
  @Tool(
      name = PAY,
      value = "Pays one invoice. Copy all values exactly as they are given.",
      effectKey = "invoice:{" + INVOICE + "}",
      independent = true,
      timeLimit = "PT8S")
  String payInvoice(
      @Param(name = INVOICE, value = "The invoice's number") String invoice,
      @Param(name = AMOUNT, value = "The amount in cents, a whole number") long cents,
      @Param(name = VENDOR, value = "Who gets the money") String vendor,
      @Param(name = MEMO, value = "The memo, letter by letter") String memo,
      ToolContext context)
      throws IOException, InterruptedException {
    hold.at(Hold.Point.BEFORE_EFFECT, invoice);
    Transaction payment = new Transaction(invoice, cents, vendor, memo);
    int line = ledger.pay(payment, context.idempotencyKey());
    hold.at(Hold.Point.AFTER_EFFECT, invoice);
    return "Paid " + invoice + ": " + cents + " cents to " + vendor + ", ledger line " + line + ".";
  }
}
