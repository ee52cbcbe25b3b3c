package dev.assent.examples.finance;

import dev.assent.core.CanonicalJson;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The outside world: a file of payments, one JSON line each, on the disk when {@link #pay} returns.
 * Thread-safe. It is as dumb as a bank's paper roll: it would pay twice if it were asked twice.
 */
final class Ledger {
  private static final int NEWLINE = '\n';

  private final Path file;

  /** The ledger in this folder. */
  Ledger(Path folder) {
    this.file = folder.resolve("ledger.jsonl");
  }

  /**
   * A payment that was made.
   *
   * @param number of the line, from 1
   * @param invoice which was paid
   * @param key names the call that paid, the same for each of its attempts
   * @param arguments canonical JSON of what was paid
   * @param sha256 of the arguments' bytes, in hex
   */
  record Line(int number, String invoice, String key, String arguments, String sha256) {}

  Path file() {
    return file;
  }

  /** Pays; the number of the line. */
  synchronized int pay(Transaction payment, String key) throws IOException {
    byte[] arguments = CanonicalJson.of(payment.arguments());
    JsonObject line =
        JsonObject.of("invoice", Json.of(payment.invoice()))
            .with("key", Json.of(key))
            .with("arguments", Json.of(new String(arguments, StandardCharsets.UTF_8)))
            .with("sha256", Json.of(sha256(arguments)));
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      channel.position(wholeLines(channel));
      ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    return lines().size();
  }

  /** Where the last whole line ends; a torn one, of a process that was killed, is cut off. */
  private static long wholeLines(FileChannel channel) throws IOException {
    long end = channel.size();
    ByteBuffer one = ByteBuffer.allocate(1);
    while (end > 0) {
      channel.read(one.clear(), end - 1);
      if (one.get(0) == NEWLINE) {
        break;
      }
      end--;
    }
    channel.truncate(end);
    return end;
  }

  /** All payments, oldest first; a torn last line is none. */
  List<Line> lines() throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    String text = Files.readString(file);
    List<Line> lines = new ArrayList<>();
    for (String each : text.substring(0, text.lastIndexOf(NEWLINE) + 1).lines().toList()) {
      JsonObject line = (JsonObject) Json.parse(each);
      lines.add(
          new Line(
              lines.size() + 1,
              line.string("invoice"),
              line.string("key"),
              line.string("arguments"),
              line.string("sha256")));
    }
    return lines;
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
