package dev.assent.store.jdbc;

import dev.assent.core.spi.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The operating system's lock on {@code <file>.lock}, or {@code <file>.<prefix>.lock} of a store
 * with a prefix of its own: one store, one process. It ends with the process, however that ends;
 * the file stays and means nothing by itself.
 */
final class StoreLock implements AutoCloseable {
  /**
   * Held in this process. Asked before the file is opened: on POSIX, closing any channel on a file
   * gives up all locks that the process has on it.
   */
  private static final Set<Path> HELD = new HashSet<>();

  private final Path file;
  private final FileChannel channel;

  private StoreLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes the lock of this store.
   *
   * @param store its real path
   * @throws StoreException {@code store-held} when somebody has it
   */
  static StoreLock take(Path store, String tablePrefix) {
    String own = tablePrefix.equals(SqliteStore.TABLE_PREFIX) ? "" : "." + tablePrefix;
    Path file = store.resolveSibling(store.getFileName() + own + ".lock");
    synchronized (HELD) {
      if (!HELD.add(file)) {
        throw held(
            store, "is open in this process already; use that store, or close it first", null);
      }
    }
    boolean taken = false;
    try {
      StoreLock lock = new StoreLock(file, lock(store, file));
      taken = true;
      return lock;
    } catch (IOException e) {
      throw new StoreException(
          "store-broken",
          "The lock file "
              + file
              + " cannot be used ("
              + e.getMessage()
              + "); make its folder"
              + " writable for this process.",
          e);
    } finally {
      if (!taken) {
        forget(file);
      }
    }
  }

  private static FileChannel lock(Path store, Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PrivateFiles.attributes(file));
    FileLock lock = null;
    try {
      lock = channel.tryLock();
      if (lock == null) {
        throw held(store, "is held by another process" + holder(file), null);
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
      return channel;
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
  }

  private static String holder(Path file) {
    try {
      String pid = Files.readString(file).strip();
      return pid.matches("\\d{1,12}") ? " (pid " + pid + "); stop that one" : "; stop that one";
    } catch (IOException e) {
      return "; stop that one"; // Windows does not let others read a locked file.
    }
  }

  private static StoreException held(Path store, String why, @Nullable Throwable cause) {
    return new StoreException(
        "store-held", "The store " + store + " " + why + ", or use another file.", cause);
  }

  private static void forget(Path file) {
    synchronized (HELD) {
      HELD.remove(file);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // The lock ends with the process then; nothing else is lost.
    } finally {
      forget(file);
    }
  }
}
