package dev.assent.examples.finance;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A requirement as a person is shown it, as far as a decision needs it. Immutable.
 *
 * @param id of the requirement
 * @param kind {@code APPROVAL} or {@code RECONCILIATION}
 * @param call which tool call it is about
 * @param tool name of the tool, typed back for a high risk
 * @param version that was shown
 * @param digest that was shown
 * @param risk how carefully a yes is taken
 * @param arguments the canonical bytes as text
 */
record Payment(
    String id,
    String kind,
    String call,
    String tool,
    int version,
    String digest,
    String risk,
    String arguments) {

  /** From the requirement view of the API. */
  static Payment of(JsonNode view) {
    return new Payment(
        view.get("id").asString(),
        view.get("kind").asString(),
        view.get("toolCallId").asString(),
        view.get("tool").asString(),
        view.get("version").asInt(),
        view.get("digest").asString(),
        view.get("risk").asString(),
        view.get("arguments").get("canonical").asString());
  }

  boolean approval() {
    return kind.equals("APPROVAL");
  }

  String invoice() {
    return argument(PaymentTools.INVOICE).asString();
  }

  JsonNode argument(String name) {
    return JsonMapper.shared().readTree(arguments).get(name);
  }
}
