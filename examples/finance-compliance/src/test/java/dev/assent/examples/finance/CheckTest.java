package dev.assent.examples.finance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The check finds what it is there to find. */
class CheckTest {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  private final List<Transaction> rows = new ArrayList<>();
  private final List<Ledger.Line> ledger = new ArrayList<>();
  private final Map<String, Payment> approved = new HashMap<>();
  private final List<Payment> reconciled = new ArrayList<>();
  private final ArrayNode calls = MAPPER.createArrayNode();
  private final ObjectNode audit = MAPPER.createObjectNode().put("intact", true).put("records", 9);
  private String status = "COMPLETED";

  @BeforeEach
  void oneOfEachKind() {
    call("c1", "SUCCEEDED", false);
    pay("c1", 0);
    call("c2", "SUCCEEDED", true);
    pay("c2", 1);
    call("c3", "REJECTED", true);
    call("c4", "DENIED", false);
    call("c5", "SUCCEEDED", true);
    pay("c5", 4);
    reconciled.add(approved.get("c5"));
  }

  private ObjectNode call(String id, String ended, boolean asked) {
    Transaction row = new Transaction("INV-" + id, 100, "Acme Corp", "Supplies");
    rows.add(row);
    String canonical = CanonicalJson.text(row.arguments());
    ObjectNode call = calls.addObject();
    call.put("toolCallId", id).put("status", ended).put("digest", "d-" + id);
    call.put("requirement", asked ? "req-" + id : null);
    call.putObject("arguments").put("canonical", canonical);
    if (asked) {
      approved.put(
          id,
          new Payment("req-" + id, "APPROVAL", id, "pay_invoice", 1, "d-" + id, "LOW", canonical));
    }
    return call;
  }

  private void pay(String id, int row) {
    String arguments = CanonicalJson.text(rows.get(row).arguments());
    ledger.add(
        new Ledger.Line(
            ledger.size() + 1,
            rows.get(row).invoice(),
            "run-" + id,
            arguments,
            Ledger.sha256(arguments.getBytes(StandardCharsets.UTF_8))));
  }

  private ObjectNode call(int index) {
    return (ObjectNode) calls.get(index);
  }

  private List<String> problems() {
    return check().problems();
  }

  private Check check() {
    ObjectNode run = MAPPER.createObjectNode().put("id", "run").put("status", status);
    run.putArray("output").addObject().put("text", "You can type exit to finish.");
    run.set("calls", calls);
    return new Check(rows, run, approved, reconciled, ledger, audit, 4);
  }

  @Test
  void oneOfEachKindIsFine() {
    Check check = check();

    assertThat(check.problems()).isEmpty();
    for (Check.Fate fate : Check.Fate.values()) {
      assertThat(check.count(fate)).isEqualTo(1);
    }
    assertThat(check.table()).last().asString().startsWith("OK");
  }

  @Test
  void aPaymentMadeTwiceIsFound() {
    pay("c2", 1);

    assertThat(problems())
        .contains("call c2 has 2 lines in the ledger", "invoice INV-c2 was paid twice");
  }

  @Test
  void anInvoicePaidByTwoCallsIsFound() {
    rows.set(1, rows.getFirst());
    ledger.set(1, new Ledger.Line(2, "INV-c1", "run-c2", ledger.get(1).arguments(), "x"));

    assertThat(problems()).contains("invoice INV-c1 was paid twice");
  }

  @Test
  void aMissingPaymentIsFound() {
    ledger.removeFirst();

    assertThat(problems()).contains("call c1 has 0 lines in the ledger");
  }

  @Test
  void otherBytesThanTheJournalsAreFound() {
    Ledger.Line line = ledger.getFirst();
    ledger.set(
        0, new Ledger.Line(1, line.invoice(), line.key(), line.arguments() + " ", line.sha256()));

    assertThat(problems())
        .containsExactly("call c1 was paid with other bytes than the journal has");
  }

  @Test
  void otherBytesThanTheApprovedOnesAreFound() {
    call(1).put("digest", "another");

    assertThat(problems()).containsExactly("call c2 was paid with other bytes than were approved");
  }

  @Test
  void aPaymentWithoutItsApprovalIsFound() {
    approved.remove("c2");

    assertThat(problems()).containsExactly("call c2 needed an approval and got none");
  }

  @Test
  void aRejectedOrDeniedPaymentThatWasMadeIsFound() {
    pay("c3", 2);
    pay("c4", 3);

    assertThat(problems())
        .contains("call c3 was paid all the same", "call c4 was paid all the same");
  }

  @Test
  void aPaymentOfNoCallIsFound() {
    rows.add(new Transaction("INV-x", 1, "a", "b"));
    pay("cx", 5);
    rows.removeLast();

    assertThat(problems()).containsExactly("the ledger has 4 lines for 3 paid calls");
  }

  @Test
  void aCallThatHasNotEndedIsFound() {
    call(0).put("status", "IN_DOUBT");

    assertThat(problems()).contains("call c1 is IN_DOUBT, which is none of the ends");
  }

  @Test
  void aRowThatNobodyProposedAndAnotherThanAskedForAreFound() {
    rows.set(2, new Transaction("INV-c3", 101, "Acme Corp", "Supplies"));
    rows.add(rows.getFirst());

    assertThat(problems())
        .containsExactly("call c3 is not what row 3 asks for", "5 calls for 6 rows");
  }

  @Test
  void aBrokenAuditLogAndAFailedRunAreFound() {
    audit.put("intact", false);
    status = "FAILED";

    assertThat(problems()).hasSize(2);
    assertThat(check().table()).last().isEqualTo("2 problems.");
  }
}
