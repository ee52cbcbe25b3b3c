package dev.assent.core;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the master key is kept: a file that only its owner may read, or an environment variable;
 * both hold 32 bytes in Base64, so that one can become the other.
 *
 * <p>Stateless. Permissions are set and checked where the file system has them (POSIX); elsewhere
 * the folder must protect the file. Errors never contain the key.
 */
public final class MasterKeyFile {

  /** The environment variable that is used instead of a file: 32 bytes in Base64. */
  public static final String ENVIRONMENT_VARIABLE = "ASSENT_MASTER_KEY";

  /** The {@link AssentException#code()} of a key that cannot be had. */
  public static final String CODE = "master-key";

  private static final int LONGEST = 1_024;

  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private static final Set<PosixFilePermission> ALLOWED =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private MasterKeyFile() {}

  /**
   * The keys of the environment if it has one, else of the file, which is made with a new random
   * key if it is absent.
   *
   * @param file the key file; its folder must exist
   * @param environment {@code System.getenv()}
   * @throws AssentException with {@link #CODE} if the key is malformed, cannot be read or made, or
   *     the file may be read by others
   */
  public static Keyring open(Path file, Map<String, String> environment) {
    return fromEnvironment(environment).orElseGet(() -> openOrCreate(file));
  }

  /**
   * The keys of the environment variable; empty when it is not set.
   *
   * @throws AssentException with {@link #CODE} if it is set and malformed
   */
  public static Optional<Keyring> fromEnvironment(Map<String, String> environment) {
    return Optional.ofNullable(environment.get(ENVIRONMENT_VARIABLE))
        .map(text -> parse(text, "The environment variable " + ENVIRONMENT_VARIABLE));
  }

  /**
   * The keys of the file; if it is absent it is made with a new random key, whole or not at all. Of
   * several processes that make it at once one wins, and all use its key.
   *
   * @throws AssentException as {@link #read}, and if it cannot be made
   */
  public static Keyring openOrCreate(Path file) {
    if (Files.notExists(file)) {
      create(file);
    }
    return read(file);
  }

  /**
   * The keys of a file that must exist.
   *
   * @throws AssentException with {@link #CODE} if it is missing, malformed, cannot be read, or may
   *     be read or written by others than its owner
   */
  public static Keyring read(Path file) {
    try {
      requirePrivate(file);
      if (Files.size(file) > LONGEST) {
        throw malformed("The master key file " + file, null);
      }
      return parse(
          Files.readString(file, StandardCharsets.US_ASCII), "The master key file " + file);
    } catch (NoSuchFileException e) {
      throw failure(
          "The master key file "
              + file
              + " is missing. Restore it from your backup: no other key fits.",
          e);
    } catch (IOException e) {
      throw failure(
          "The master key file "
              + file
              + " cannot be read. Check that its owner runs this process.",
          e);
    }
  }

  private static void requirePrivate(Path file) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view == null) {
      return;
    }
    Set<PosixFilePermission> permissions = view.readAttributes().permissions();
    if (!ALLOWED.containsAll(permissions)) {
      throw failure(
          "The master key file %s is open to others (%s). Run: chmod 600 %s. If others could read it, its key is known."
              .formatted(file, PosixFilePermissions.toString(permissions), file),
          null);
    }
  }

  private static Keyring parse(String text, String source) {
    byte[] key = new byte[0];
    try {
      key = Base64.getDecoder().decode(text.strip());
      if (key.length != Keyring.MASTER_KEY_BYTES) {
        throw malformed(source, null);
      }
      return Keyring.of(key);
    } catch (IllegalArgumentException e) {
      throw malformed(source, null);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private static AssentException malformed(String source, @Nullable Throwable cause) {
    return failure(
        source
            + " does not hold 32 bytes in Base64. Restore the key; a new one is made by: openssl"
            + " rand -base64 32",
        cause);
  }

  /**
   * Writes a private file beside the wanted one and links it there, which fails when another
   * process was first.
   */
  private static void create(Path file) {
    Path folder =
        Objects.requireNonNull(file.toAbsolutePath().getParent(), "a folder is no key file");
    Path temporary = null;
    try {
      temporary = Files.createTempFile(folder, ".master-key", ".tmp", ownerOnly(folder));
      write(temporary);
      publish(temporary, file);
    } catch (FileAlreadyExistsException e) {
      return; // another process was first: its key counts
    } catch (IOException e) {
      throw failure(
          "The master key file "
              + file
              + " cannot be made. Check that its folder exists and can be written to.",
          e);
    } finally {
      deleteQuietly(temporary);
    }
  }

  private static void publish(Path temporary, Path file) throws IOException {
    try {
      Files.createLink(file, temporary);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException e) {
      Files.move(temporary, file); // no hard links here
    }
  }

  private static void write(Path file) throws IOException {
    byte[] key = new byte[Keyring.MASTER_KEY_BYTES];
    new SecureRandom().nextBytes(key);
    byte[] text =
        (Base64.getEncoder().encodeToString(key) + "\n").getBytes(StandardCharsets.US_ASCII);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(text);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path folder) throws IOException {
    boolean posix =
        Files.getFileStore(folder).supportsFileAttributeView(PosixFileAttributeView.class);
    return posix
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
        : new FileAttribute<?>[0];
  }

  private static void deleteQuietly(@Nullable Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // A private file with an unused or linked key stays behind; it does no harm.
    }
  }

  private static AssentException failure(String message, @Nullable Throwable cause) {
    return new AssentException(CODE, message, cause);
  }
}
