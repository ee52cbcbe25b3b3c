package dev.assent.examples.finance;

import dev.assent.core.CanonicalJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Holds the journal against the ledger: every call is in exactly one of paid once with exactly the
 * approved bytes, rejected, denied, reconciled; no invoice is paid twice. Immutable once made.
 */
final class Check {
  /** What came of a call. */
  enum Fate {
    ALLOWED("paid once, allowed by policy"),
    APPROVED("paid once, exactly the approved bytes"),
    REJECTED("rejected by a person, not paid"),
    DENIED("denied by a rule, not paid"),
    RECONCILED("reconciled after a kill, paid once");

    private final String words;

    Fate(String words) {
      this.words = words;
    }
  }

  private final List<Transaction> rows;
  private final String run;
  private final Map<String, Payment> approved;
  private final Set<String> reconciled;
  private final List<Ledger.Line> ledger;
  private final JsonNode audit;
  private final int kills;
  private final Map<String, List<Ledger.Line>> linesByKey = new HashMap<>();
  private final Map<Fate, Integer> fates = new EnumMap<>(Fate.class);
  private final List<String> problems = new ArrayList<>();
  private int calls;

  /**
   * @param rows what was asked for
   * @param run the run's view with its calls
   * @param approved what a person was shown when approving, by call
   * @param reconciled doubts that were settled
   * @param ledger all payments
   * @param audit the answer of the audit log's verification
   * @param kills how often the server was killed
   */
  Check(
      List<Transaction> rows,
      JsonNode run,
      Map<String, Payment> approved,
      List<Payment> reconciled,
      List<Ledger.Line> ledger,
      JsonNode audit,
      int kills) {
    this.rows = rows;
    this.run = run.get("id").asString();
    this.approved = approved;
    this.reconciled = reconciled.stream().map(Payment::call).collect(Collectors.toSet());
    this.ledger = ledger;
    this.audit = audit;
    this.kills = kills;
    for (Ledger.Line line : ledger) {
      linesByKey.computeIfAbsent(line.key(), key -> new ArrayList<>()).add(line);
    }
    everyCall(run.get("calls"));
    theLedger();
    theRun(run);
    if (!audit.get("intact").asBoolean()) {
      problems.add("the audit log is broken: " + audit);
    }
  }

  /** What is wrong; empty when all is well. */
  List<String> problems() {
    return List.copyOf(problems);
  }

  int count(Fate fate) {
    return fates.getOrDefault(fate, 0);
  }

  private void everyCall(JsonNode all) {
    for (JsonNode call : all) {
      String id = call.get("toolCallId").asString();
      List<String> wrong = new ArrayList<>();
      Fate fate = fate(call, id, wrong);
      if (fate == null) {
        wrong.add("is " + call.get("status").asString() + ", which is none of the ends");
      } else {
        fates.merge(fate, 1, Integer::sum);
      }
      if (calls < rows.size() && !asAsked(call, rows.get(calls))) {
        wrong.add("is not what row " + (calls + 1) + " asks for");
      }
      calls++;
      wrong.forEach(why -> problems.add("call " + id + " " + why));
    }
    if (calls != rows.size()) {
      problems.add(calls + " calls for " + rows.size() + " rows");
    }
  }

  private @Nullable Fate fate(JsonNode call, String id, List<String> wrong) {
    List<Ledger.Line> lines = linesByKey.getOrDefault(run + "-" + id, List.of());
    return switch (call.get("status").asString()) {
      case "SUCCEEDED" -> {
        paidOnce(call, id, lines, wrong);
        if (reconciled.contains(id)) {
          yield Fate.RECONCILED;
        }
        yield call.get("requirement").isNull() ? Fate.ALLOWED : Fate.APPROVED;
      }
      case "REJECTED" -> notPaid(lines, wrong, Fate.REJECTED);
      case "DENIED" -> notPaid(lines, wrong, Fate.DENIED);
      default -> null;
    };
  }

  private static Fate notPaid(List<Ledger.Line> lines, List<String> wrong, Fate fate) {
    if (!lines.isEmpty()) {
      wrong.add("was paid all the same");
    }
    return fate;
  }

  private void paidOnce(JsonNode call, String id, List<Ledger.Line> lines, List<String> wrong) {
    if (lines.size() != 1) {
      wrong.add("has " + lines.size() + " lines in the ledger");
      return;
    }
    Ledger.Line line = lines.getFirst();
    String canonical = call.get("arguments").get("canonical").asString();
    if (!line.arguments().equals(canonical)
        || !line.sha256().equals(Ledger.sha256(canonical.getBytes(StandardCharsets.UTF_8)))) {
      wrong.add("was paid with other bytes than the journal has");
    }
    if (call.get("requirement").isNull()) {
      return;
    }
    Payment shown = approved.get(id);
    if (shown == null) {
      wrong.add("needed an approval and got none");
    } else if (!shown.arguments().equals(line.arguments())
        || !shown.digest().equals(call.get("digest").asString())) {
      wrong.add("was paid with other bytes than were approved");
    }
  }

  /** A denied call keeps no arguments. */
  private static boolean asAsked(JsonNode call, Transaction row) {
    return call.get("arguments").isNull()
        || call.get("arguments")
            .get("canonical")
            .asString()
            .equals(CanonicalJson.text(row.arguments()));
  }

  private void theLedger() {
    Set<String> invoices = new HashSet<>();
    for (Ledger.Line line : ledger) {
      if (!invoices.add(line.invoice())) {
        problems.add("invoice " + line.invoice() + " was paid twice");
      }
    }
    int paid = count(Fate.ALLOWED) + count(Fate.APPROVED) + count(Fate.RECONCILED);
    if (paid != ledger.size()) {
      problems.add("the ledger has " + ledger.size() + " lines for " + paid + " paid calls");
    }
  }

  private void theRun(JsonNode view) {
    StringBuilder output = new StringBuilder();
    if (!view.get("output").isNull()) {
      view.get("output").forEach(piece -> output.append(piece.path("text").asString("")));
    }
    if (!view.get("status").asString().equals("COMPLETED")
        || !output.toString().contains("You can type exit to finish")) {
      problems.add("the run ended as " + view.get("status").asString() + " without its summary");
    }
  }

  /** The result, line by line. */
  List<String> table() {
    List<String> lines = new ArrayList<>();
    for (Fate fate : Fate.values()) {
      lines.add(line(fate.words, count(fate)));
    }
    lines.add(line("calls in the journal", calls));
    lines.add(line("lines in the ledger", ledger.size()));
    lines.add(line("kills with -9", kills));
    lines.add(line("audit records, chain intact", audit.get("records").asLong()));
    lines.add("");
    problems.forEach(problem -> lines.add("WRONG: " + problem));
    lines.add(
        problems.isEmpty()
            ? "OK: every call has exactly one end, and no invoice was paid twice."
            : problems.size() + " problems.");
    return lines;
  }

  private static String line(String what, long count) {
    return "  %-40s %6d".formatted(what, count);
  }
}
