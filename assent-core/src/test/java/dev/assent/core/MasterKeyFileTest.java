package dev.assent.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MasterKeyFileTest {

  private static final String ONES = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("master.key");
  }

  @Test
  void isMadeOnceAndPrivate() throws Exception {
    Keyring first = MasterKeyFile.openOrCreate(file);
    String text = Files.readString(file);

    Keyring second = MasterKeyFile.openOrCreate(file);

    assertThat(second.keyId()).isEqualTo(first.keyId());
    assertThat(Files.readString(file)).isEqualTo(text).hasSize(45);
    assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
    if (POSIX) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void isTheSameForAllThatMakeItAtOnce() throws Exception {
    Set<String> ids = ConcurrentHashMap.newKeySet();
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      Callable<Boolean> open = () -> ids.add(MasterKeyFile.openOrCreate(file).keyId());
      for (Future<Boolean> result : threads.invokeAll(Collections.nCopies(64, open))) {
        result.get();
      }
    }

    assertThat(ids).hasSize(1);
    assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-rw-rw-"})
  void isRefusedWhenOthersMayReadOrWriteIt(String permissions) throws Exception {
    org.junit.jupiter.api.Assumptions.assumeTrue(POSIX);
    MasterKeyFile.openOrCreate(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));

    assertThatThrownBy(() -> MasterKeyFile.openOrCreate(file))
        .isInstanceOf(AssentException.class)
        .hasFieldOrPropertyWithValue("code", "master-key")
        .hasMessageContaining("chmod 600")
        .hasMessageContaining(permissions);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "secret words", "AQEB", ONES + ONES})
  void isRefusedWhenMalformedWithoutShowingIt(String content) throws Exception {
    MasterKeyFile.openOrCreate(file);
    Files.writeString(file, content);

    assertThatThrownBy(() -> MasterKeyFile.read(file))
        .isInstanceOf(AssentException.class)
        .hasMessageContaining("32 bytes in Base64")
        .message()
        .doesNotContain("secret");
    assertThatThrownBy(() -> MasterKeyFile.fromEnvironment(Map.of("ASSENT_MASTER_KEY", content)))
        .isInstanceOf(AssentException.class)
        .hasMessageContaining("ASSENT_MASTER_KEY");
  }

  @Test
  void saysWhatToDoWhenItIsMissingOrCannotBeMade() {
    assertThatThrownBy(() -> MasterKeyFile.read(file))
        .hasMessageContaining("is missing")
        .hasMessageContaining("backup");
    assertThatThrownBy(() -> MasterKeyFile.openOrCreate(folder.resolve("none/master.key")))
        .isInstanceOf(AssentException.class)
        .hasMessageContaining("folder exists");
  }

  @Test
  void theEnvironmentGoesBeforeTheFile() {
    Keyring fromEnvironment = MasterKeyFile.open(file, Map.of("ASSENT_MASTER_KEY", ONES + "\n"));

    assertThat(file).doesNotExist();
    assertThat(fromEnvironment.keyId())
        .isEqualTo(
            MasterKeyFile.fromEnvironment(Map.of("ASSENT_MASTER_KEY", ONES)).orElseThrow().keyId());
    assertThat(MasterKeyFile.fromEnvironment(Map.of())).isEmpty();
    assertThat(MasterKeyFile.open(file, Map.of()).keyId()).isNotEqualTo(fromEnvironment.keyId());
    assertThat(file).exists();
  }

  @Test
  void itsTextMayBecomeTheEnvironments() throws Exception {
    Keyring keyring = MasterKeyFile.openOrCreate(file);

    assertThat(
            MasterKeyFile.fromEnvironment(Map.of("ASSENT_MASTER_KEY", Files.readString(file)))
                .orElseThrow()
                .keyId())
        .isEqualTo(keyring.keyId());
  }
}
