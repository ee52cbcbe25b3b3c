package dev.assent.examples.finance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** What a person does in the inbox, over the HTTP API. For one thread. */
final class Inbox {
  private final ApiClient api;
  private final String run;
  private final Map<String, Payment> approved = new LinkedHashMap<>();

  Inbox(ApiClient api, String run) {
    this.api = api;
    this.run = run;
  }

  /** The latest version of each call that was approved here, by call. */
  Map<String, Payment> approved() {
    return Map.copyOf(approved);
  }

  /** What waits now, as it is shown. */
  List<Payment> pending() {
    return requirements("status=PENDING");
  }

  /** True when something waits. */
  boolean waits() {
    return api.get("requirements?limit=1&status=PENDING&run=" + run).get("total").asLong() > 0;
  }

  /** Every doubt that was settled. */
  List<Payment> reconciled() {
    return requirements("status=RESOLVED&kind=RECONCILIATION");
  }

  private List<Payment> requirements(String filter) {
    List<Payment> found = new ArrayList<>();
    JsonNode page = api.get("requirements?limit=200&run=" + run + "&" + filter);
    for (JsonNode each : page.get("items")) {
      found.add(Payment.of(api.get("requirements/" + each.get("id").asString())));
    }
    return found;
  }

  /** Approves or rejects by the rule; true when it was approved. */
  boolean decide(Payment payment) {
    return Approver.objection(payment)
        .map(
            reason -> {
              resolve(payment, "REJECT", Map.of("reason", reason));
              return false;
            })
        .orElseGet(
            () -> {
              approve(payment);
              return true;
            });
  }

  void approve(Payment payment) {
    resolve(
        payment,
        "APPROVE",
        payment.risk().equals("HIGH") ? Map.of("typed", payment.tool()) : Map.of());
    approved.put(payment.call(), payment);
  }

  /** Says what happened, with the ledger's line as the result. */
  void happened(Payment doubt, Ledger.Line line) {
    resolve(
        doubt,
        "HAPPENED",
        Map.of("result", "Paid " + line.invoice() + ", ledger line " + line.number() + "."));
  }

  void didNotHappen(Payment doubt) {
    resolve(doubt, "DID_NOT_HAPPEN", Map.of("reason", "There is no line in the ledger."));
  }

  private void resolve(Payment shown, String verdict, Map<String, String> more) {
    Map<String, Object> body = new HashMap<>(more);
    body.put("version", shown.version());
    body.put("digest", shown.digest());
    body.put("verdict", verdict);
    api.post("requirements/" + shown.id() + "/resolution", body, UUID.randomUUID().toString());
  }

  /** How this requirement stands. */
  String decided(Payment payment) {
    return api.get("requirements/" + payment.id()).get("status").asString();
  }

  /** The run with its calls. */
  JsonNode run() {
    return api.get("runs/" + run);
  }

  /** How the run stands. */
  String status() {
    return run().get("status").asString();
  }

  /** True when the run has ended. */
  boolean ended() {
    return switch (status()) {
      case "COMPLETED", "FAILED", "CANCELLED" -> true;
      default -> false;
    };
  }

  /** How this call stands. */
  String status(String call) {
    for (JsonNode each : run().get("calls")) {
      if (each.get("toolCallId").asString().equals(call)) {
        return each.get("status").asString();
      }
    }
    throw new IllegalStateException("run " + run + " has no call " + call);
  }
}
