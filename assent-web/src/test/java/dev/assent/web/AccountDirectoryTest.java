package dev.assent.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.Profile;
import dev.assent.core.spi.AccountStore.Account;
import dev.assent.runtime.InMemoryStore;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The profile as docs/adr/0006-profile-of-the-server.md has it. */
class AccountDirectoryTest {
  private final InMemoryStore store = new InMemoryStore();
  private final AccountDirectory directory = new AccountDirectory(store, "main");

  @AfterEach
  void close() {
    store.close();
  }

  private void add(String name, String person, boolean locked, String... roles) {
    store.create("main", new Account(name, name, person, Set.of(roles), "hash", false, locked));
  }

  @Test
  void onePersonIsSoloWhateverTheRolesAndAccounts() {
    assertThat(directory.profile()).isEqualTo(Profile.SOLO);
    add("admin", "ada", false, "admin", "approver", "reconciler");
    assertThat(directory.profile()).isEqualTo(Profile.SOLO);

    add("ada", "ada", false, "finance");
    add("robot", "robot", false, "finance", AccountDirectory.SERVICE);

    assertThat(directory.profile()).isEqualTo(Profile.SOLO);
  }

  @Test
  void secondPersonSeparatesAlsoWhenLocked() {
    add("admin", "admin", false, "admin");
    add("grace", "grace", true);

    assertThat(directory.profile()).isEqualTo(Profile.SEPARATED);
  }
}
