package dev.assent.core;

import dev.assent.core.spi.AuditAnchor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps checkpoints in a file, one line of JSON each, flushed to the disk. Thread-safe within one
 * process. A line that a crash cut short is taken for what it is: the last one only.
 */
public final class AuditAnchorFile implements AuditAnchor {
  /** The {@link AssentException#code()} of a file that cannot be used. */
  public static final String CODE = "audit-checkpoints";

  private final Path file;

  /** A file that is made with the first checkpoint; its folder must exist. */
  public AuditAnchorFile(Path file) {
    this.file = file;
  }

  @Override
  public synchronized void keep(AuditCheckpoint checkpoint) {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long end = channel.size();
      String line = checkpoint.line() + "\n";
      if (end > 0 && !endsLine(channel, end)) {
        line = "\n" + line;
      }
      ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        end += channel.write(bytes, end);
      }
      channel.force(true);
    } catch (IOException e) {
      throw failure("cannot be written; make room, or let this process write it", e);
    }
  }

  private static boolean endsLine(FileChannel channel, long end) throws IOException {
    ByteBuffer last = ByteBuffer.allocate(1);
    channel.read(last, end - 1);
    return last.get(0) == '\n';
  }

  @Override
  public synchronized List<AuditCheckpoint> kept() {
    List<AuditCheckpoint> kept = new ArrayList<>();
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      return kept;
    } catch (IOException e) {
      throw failure("cannot be read", e);
    }
    List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
    for (int i = 0; i < lines.size(); i++) {
      try {
        kept.add(AuditCheckpoint.read(lines.get(i)));
      } catch (MalformedJsonException e) {
        boolean cutShort = i == lines.size() - 1 && !text.endsWith("\n");
        // A half line that was ended by the next one stands alone before a whole one.
        boolean mended = !lines.get(i).endsWith("}");
        if (!cutShort && !mended) {
          throw failure("was changed in line " + (i + 1), e);
        }
      }
    }
    return kept;
  }

  private AssentException failure(String what, Exception cause) {
    return new AssentException(
        CODE, "The file of audit checkpoints " + file + " " + what + ".", cause);
  }
}
