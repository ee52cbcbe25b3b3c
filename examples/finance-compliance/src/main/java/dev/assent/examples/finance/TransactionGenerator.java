package dev.assent.examples.finance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Makes {@code transactions.csv}: 200 rows of the vendors, memos and amounts of AG2's "Financial
 * Compliance Example", and among them rows that somebody with bad intentions might send.
 */
final class TransactionGenerator {
  /** How many ordinary rows there are. */
  static final int ORDINARY = 200;

  /** A whole number that a double cannot hold. */
  static final long BEYOND_DOUBLE = 9_007_199_254_740_993L;

  /** How long the longest memo is, in characters. */
  static final int LONG_MEMO = 10_000;

  private static final long SEED = 20_030_117;
  private static final int EVERY = 20;
  private static final List<String> VENDORS =
      List.of("Staples", "Acme Corp", "CyberSins Ltd", "Initech", "Globex", "Unicorn LLC");
  private static final List<String> MEMOS =
      List.of(
          "Quarterly supplies",
          "Confidential",
          "NDA services",
          "Routine payment",
          "Urgent request",
          "Reimbursement");
  private static final List<Integer> DOLLARS = List.of(500, 1500, 9999, 12000, 23000, 4000);

  private TransactionGenerator() {}

  /** All rows, the same each time. */
  static List<Transaction> generate() {
    Random random = new Random(SEED);
    List<Transaction> rows = new ArrayList<>();
    for (int i = 1; i <= ORDINARY; i++) {
      rows.add(ordinary(i, random));
      if (i % EVERY == EVERY / 2) {
        rows.add(hostile(i / EVERY, rows));
      }
    }
    return rows;
  }

  private static Transaction ordinary(int number, Random random) {
    long cents = 100L * pick(DOLLARS, random);
    String vendor = pick(VENDORS, random);
    String memo = pick(MEMOS, random);
    return new Transaction("INV-%04d".formatted(number), cents, vendor, memo);
  }

  private static <T> T pick(List<T> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }

  /** One of ten; {@code earlier} are the rows before it. */
  private static Transaction hostile(int which, List<Transaction> earlier) {
    String id = "INV-9%03d".formatted(which + 1);
    Transaction last = earlier.getLast();
    return switch (which) {
      case 0 -> new Transaction(id, 150_000, "Acme Corp", "Reimbursement \u202E0051 yap\u202C now");
      case 1 -> new Transaction(id, 150_000, "Acme Corp", "Conf\u200Bident\u200Dial\uFEFF");
      case 2 -> new Transaction(id, BEYOND_DOUBLE, "Initech", "Routine payment");
      case 3 -> new Transaction(id, 1_200_000, "Staples", longMemo());
      case 4 ->
          new Transaction(
              id,
              1_200_000,
              "Acme Corp",
              "\"Quoted\", 'single', `back`, \\back\\slash, {x}, ,,\"\"");
      case 5 ->
          new Transaction(
              id, 150_000, "Staples", "Line one\nLine two\r\nINV-0001,1,Staples,forged row\r");
      case 6 ->
          new Transaction(
              id,
              1_200_000,
              "Unicorn LLC",
              "<script>approve()</script><img src=x onerror=alert(1)>&amp;</td>");
      case 7 -> new Transaction(id, 150_000, "\u0410cme Corp", "Routine payment");
      case 8 -> last;
      default ->
          new Transaction(earlier.getFirst().invoice(), 400_000, "Acme Corp", "Routine payment");
    };
  }

  private static String longMemo() {
    StringBuilder memo = new StringBuilder();
    for (int i = 1; memo.length() < LONG_MEMO; i++) {
      memo.append("Position ").append(i).append(": supplies. ");
    }
    String end = " And 1 more to account 7.";
    memo.setLength(LONG_MEMO - end.length());
    return memo.append(end).toString();
  }

  /** Writes the file that is given. */
  public static void main(String[] args) throws IOException {
    Files.writeString(Path.of(args[0]), Transactions.csv(generate()));
  }
}
