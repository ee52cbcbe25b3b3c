package dev.assent.examples.finance;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Transactions as CSV (RFC 4180, UTF-8, lines end with LF). Stateless. */
final class Transactions {
  /** The first line. */
  static final String HEADER = "invoice_id,amount_cents,vendor,memo";

  private static final String RESOURCE = "transactions.csv";
  private static final int FIELDS = 4;

  private Transactions() {}

  /** The example's own list. */
  static List<Transaction> standard() {
    return parse(new String(standardBytes(), StandardCharsets.UTF_8));
  }

  static byte[] standardBytes() {
    try (InputStream in = Transactions.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing from the program; build it again");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The list that follows a header line somewhere in a message; empty when there is none. */
  static Optional<List<Transaction>> within(String message) {
    int start = message.indexOf(HEADER + "\n");
    return start < 0 ? Optional.empty() : Optional.of(parse(message.substring(start)));
  }

  /**
   * Reads a list with its header.
   *
   * @throws IllegalArgumentException naming the line that is not a transaction
   */
  static List<Transaction> parse(String csv) {
    if (!csv.startsWith(HEADER + "\n")) {
      throw new IllegalArgumentException("the first line must be " + HEADER);
    }
    List<Transaction> rows = new ArrayList<>();
    try (var reader = CsvReader.builder().ofCsvRecord(csv.substring(HEADER.length() + 1))) {
      for (CsvRecord line : reader) {
        rows.add(transaction(line));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (CsvParseException e) {
      throw new IllegalArgumentException("the list is no CSV: " + e.getMessage(), e);
    }
    return rows;
  }

  private static Transaction transaction(CsvRecord line) {
    long number = line.getStartingLineNumber() + 1;
    if (line.getFieldCount() != FIELDS) {
      throw new IllegalArgumentException(
          "line " + number + " has " + line.getFieldCount() + " fields, not " + FIELDS);
    }
    try {
      return new Transaction(
          line.getField(0), Long.parseLong(line.getField(1)), line.getField(2), line.getField(3));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "line " + number + ": the amount must be a whole number of cents", e);
    }
  }

  /** The list with its header. */
  static String csv(List<Transaction> rows) {
    StringWriter text = new StringWriter().append(HEADER).append('\n');
    try (CsvWriter writer = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
      for (Transaction row : rows) {
        writer.writeRecord(row.invoice(), Long.toString(row.cents()), row.vendor(), row.memo());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
