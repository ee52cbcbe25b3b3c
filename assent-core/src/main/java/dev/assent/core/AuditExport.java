package dev.assent.core;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes an audit log out: as JSON Lines with the very bytes that are sealed, so that {@link #read}
 * and {@link AuditReport} can verify the file alone, or as CSV for a spreadsheet. Stateless.
 */
public final class AuditExport {
  private static final String COLUMNS =
      "position,at,type,run,seq,requirement,call,principal,details,hash,chain";

  private AuditExport() {}

  /** How a log is written. */
  public enum Format {
    /** One object a line: position, record (as text), hash, chain. */
    JSONL("application/x-ndjson", ".jsonl"),
    /** RFC 4180; what a spreadsheet would take for a formula is made text. */
    CSV("text/csv;charset=UTF-8", ".csv");

    private final String mediaType;
    private final String ending;

    Format(String mediaType, String ending) {
      this.mediaType = mediaType;
      this.ending = ending;
    }

    /** The media type of such a file. */
    public String mediaType() {
      return mediaType;
    }

    /** The ending of such a file's name, with the dot. */
    public String ending() {
      return ending;
    }

    /**
     * The format of this name, in small or large letters.
     *
     * @throws IllegalArgumentException when there is none; the message names those there are
     */
    public static Format of(String name) {
      return Arrays.stream(values())
          .filter(each -> each.name().equalsIgnoreCase(name))
          .findFirst()
          .orElseThrow(
              () -> new IllegalArgumentException("the format is jsonl or csv, not '" + name + "'"));
    }
  }

  /** Writes all records and flushes; does not close. */
  public static void write(Format format, Iterable<SealedAuditRecord> records, OutputStream out)
      throws IOException {
    Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    if (format == Format.CSV) {
      writer.write(COLUMNS + "\r\n");
    }
    for (SealedAuditRecord record : records) {
      writer.write(
          switch (format) {
            case JSONL -> line(record) + "\n";
            case CSV -> row(record);
          });
    }
    writer.flush();
  }

  private static String line(SealedAuditRecord sealed) {
    return CanonicalJson.text(
        new JsonObject(
            Map.of(
                "position", new JsonNumber(Long.toString(sealed.position())),
                "record", new JsonString(new String(sealed.recordBytes(), StandardCharsets.UTF_8)),
                "hash", new JsonString(sealed.hash().hex()),
                "chain", new JsonString(sealed.chain().hex()))));
  }

  /**
   * Reads a line of {@link Format#JSONL}.
   *
   * @throws MalformedJsonException when it is none
   */
  public static SealedAuditRecord read(String line) {
    if (!(Json.parse(line.getBytes(StandardCharsets.UTF_8)) instanceof JsonObject object)) {
      throw new MalformedJsonException("It is no line of an audit export.");
    }
    try {
      return new SealedAuditRecord(
          object.number("position").toLong(),
          object.string("record").getBytes(StandardCharsets.UTF_8),
          Digest.parse(object.string("hash")),
          Digest.parse(object.string("chain")));
    } catch (IllegalArgumentException e) {
      throw new MalformedJsonException("It is no line of an audit export: " + e.getMessage());
    }
  }

  private static String row(SealedAuditRecord sealed) {
    AuditRecord record = AuditRecord.read(sealed.recordBytes());
    String details =
        record.details().entrySet().stream()
            .map(each -> each.getKey() + "=" + each.getValue())
            .collect(Collectors.joining("; "));
    return Csv.row(
        sealed.position(),
        record.at(),
        record.type(),
        record.run(),
        record.run() == null ? null : record.seq(),
        record.requirement(),
        record.call(),
        record.principal(),
        details,
        sealed.hash().hex(),
        sealed.chain().hex());
  }
}
