package dev.assent.scenarios;

import dev.assent.core.Keyring;
import dev.assent.core.spi.Store;
import dev.assent.store.jdbc.SqliteStore;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.io.TempDir;

/** The same store, reading everything from its file. */
class ForgetfulSqliteStoreTest extends StoreContract {
  @TempDir Path folder;

  @Override
  Store open(InstantSource time) {
    return SqliteStore.at(
            folder.resolve("assent.db"), Keyring.of(new byte[Keyring.MASTER_KEY_BYTES]))
        .clock(time)
        .remembering(0)
        .open();
  }
}
