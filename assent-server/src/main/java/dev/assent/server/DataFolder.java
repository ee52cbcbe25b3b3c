package dev.assent.server;

import dev.assent.core.AssentException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Makes the folder of the data, for its owner only where the file system can say so. Stateless. */
final class DataFolder {
  private DataFolder() {}

  static void make(Path folder) {
    if (Files.isDirectory(folder)) {
      return;
    }
    try {
      Files.createDirectories(folder, ownerOnly());
    } catch (IOException e) {
      throw new AssentException(
          "data-folder",
          "The folder "
              + folder
              + " cannot be made; make it, or name another by --data. ("
              + e
              + ")",
          e);
    }
  }

  private static FileAttribute<?>[] ownerOnly() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }
}
