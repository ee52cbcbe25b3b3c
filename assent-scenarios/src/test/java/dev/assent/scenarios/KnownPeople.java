package dev.assent.scenarios;

import dev.assent.core.MasterKeyFile;
import dev.assent.core.Principal;
import dev.assent.core.spi.AccountStore.Account;
import dev.assent.store.jdbc.SqliteStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/**
 * Accounts that a data folder has before its server first starts. They log in as everybody does;
 * only the hash of their password is one that is quickly compared, where ours takes its time.
 */
final class KnownPeople {
  /** What each of them logs in with. */
  static final String PASSWORD = "a password of my own";

  private static final int QUICKLY = 4;
  private static final String HASH =
      "{bcrypt}" + new BCryptPasswordEncoder(QUICKLY).encode(PASSWORD);

  private KnownPeople() {}

  /** Makes them; who has an account there keeps it. */
  static void in(Path data, Principal... people) {
    try {
      Files.createDirectories(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try (SqliteStore store =
        SqliteStore.open(
            data.resolve("assent.db"),
            MasterKeyFile.open(data.resolve("assent.key"), System.getenv()))) {
      for (Principal person : people) {
        boolean unused =
            store.create(
                World.TENANT,
                new Account(
                    person.id(), person.id(), person.id(), person.roles(), HASH, false, false));
      }
    }
  }
}
