package dev.assent.server;

import dev.assent.core.AssentException;
import dev.assent.core.spi.AccountStore;
import dev.assent.store.jdbc.SqliteStore;
import dev.assent.web.Accounts;
import java.io.PrintStream;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Keeps the accounts while the server is stopped: who may write its folder may do so anyway. */
@Command(
    name = "account",
    description = "Lists, adds and resets accounts; the server must be stopped.",
    mixinStandardHelpOptions = true)
final class AccountCommand {
  @ParentCommand ServerCommand server = new ServerCommand(System.out);

  @Command(name = "list", description = "Lists the accounts.", mixinStandardHelpOptions = true)
  int list() {
    try (SqliteStore store = AssentServer.open(server.options())) {
      for (AccountStore.Account account : store.accounts(AssentServer.TENANT)) {
        out()
            .printf(
                "%s  %s%s%n",
                account.name(),
                account.roles().stream().sorted().toList(),
                account.locked() ? "  locked" : "");
      }
    }
    return 0;
  }

  @Command(
      name = "add",
      description = "Adds an account and prints its one-time password.",
      mixinStandardHelpOptions = true)
  int add(
      @Parameters(paramLabel = "NAME") String name,
      @Option(names = "--role", description = "a role, repeatable") Set<String> roles) {
    try (SqliteStore store = AssentServer.open(server.options())) {
      Set<String> given = roles == null ? Set.of() : roles;
      return told(
          new Accounts(store, AssentServer.TENANT).add(name, given),
          "There is an account '" + name + "' already.");
    }
  }

  @Command(
      name = "reset",
      description = "Ends an account's sessions and prints a new one-time password.",
      mixinStandardHelpOptions = true)
  int reset(@Parameters(paramLabel = "NAME") String name) {
    try (SqliteStore store = AssentServer.open(server.options())) {
      return told(
          new Accounts(store, AssentServer.TENANT).reset(name),
          "There is no account '" + name + "'.");
    }
  }

  private int told(Optional<Accounts.OneTimeLogin> login, String otherwise) {
    Accounts.OneTimeLogin given =
        login.orElseThrow(() -> new AssentException("account", otherwise, null));
    out().println("one-time password of " + given.name() + ": " + given.password());
    return 0;
  }

  private PrintStream out() {
    return server.out();
  }
}
