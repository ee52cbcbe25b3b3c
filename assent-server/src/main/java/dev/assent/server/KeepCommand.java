package dev.assent.server;

import dev.assent.core.AssentException;
import dev.assent.core.Principal;
import dev.assent.core.SafeText;
import dev.assent.runtime.Assent;
import dev.assent.store.jdbc.SqliteStore;
import dev.assent.web.AccountDirectory;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Holds and erases what sessions hold while the server is stopped; the audit log says who. */
@Command(
    name = "keep",
    description = {
      "Holds, releases, purges and erases what sessions hold; the server must be stopped.",
      "A running server does the same by POST /api/v1/holds and /api/v1/erasures."
    },
    mixinStandardHelpOptions = true)
final class KeepCommand {
  @ParentCommand ServerCommand server = new ServerCommand(System.out);

  @Option(
      names = "--as",
      paramLabel = "NAME",
      required = true,
      description = "account of the person who orders it; it stands in the audit log")
  String as = "";

  @Command(name = "list", description = "Lists what is held.", mixinStandardHelpOptions = true)
  int list() {
    return with(
        (assent, by) ->
            assent
                .holds()
                .forEach(
                    (hold, why) ->
                        out()
                            .printf(
                                "%s  by %s at %s: %s%n",
                                SafeText.of(hold.session()),
                                hold.by(),
                                hold.at(),
                                SafeText.of(why))));
  }

  @Command(
      name = "hold",
      description = "Keeps a session from being purged or erased.",
      mixinStandardHelpOptions = true)
  int hold(
      @Parameters(paramLabel = "SESSION") String session,
      @Option(names = "--why", required = true) String why) {
    return with(
        (assent, by) -> must(assent.hold(session, by, why), "The session is held already."));
  }

  @Command(name = "release", description = "Ends a hold.", mixinStandardHelpOptions = true)
  int release(
      @Parameters(paramLabel = "SESSION") String session,
      @Option(names = "--why", required = true) String why) {
    return with((assent, by) -> must(assent.release(session, by, why), "It is not held."));
  }

  @Command(
      name = "erase",
      description = "Destroys the key of a session and all that was written in it.",
      mixinStandardHelpOptions = true)
  int erase(@Parameters(paramLabel = "SESSION") String session) {
    return with(
        (assent, by) ->
            assent
                .erase(session, by)
                .ifPresent(
                    why -> {
                      throw new AssentException("not-erasable", why, null);
                    }));
  }

  @Command(
      name = "erase-person",
      description = "Erases every session in which this principal started a run.",
      mixinStandardHelpOptions = true)
  int erasePerson(@Parameters(paramLabel = "ID") String person) {
    return with(
        (assent, by) -> {
          Assent.Erased erased = assent.erasePerson(person, by);
          told("erased", erased.sessions());
          told("kept, being held, under way, pending or in doubt", erased.kept());
        });
  }

  @Command(
      name = "purge",
      description = "Erases all sessions that ended longer ago, but what is held or in doubt.",
      mixinStandardHelpOptions = true)
  int purge(@Parameters(paramLabel = "DURATION", converter = Retention.class) Duration older) {
    return with((assent, by) -> told("erased", assent.purge(older)));
  }

  private int with(BiConsumer<Assent, Principal> order) {
    try (SqliteStore store = AssentServer.open(server.options())) {
      AccountDirectory directory = new AccountDirectory(store, AssentServer.TENANT);
      Principal by =
          store
              .accountNamed(AssentServer.TENANT, as)
              .flatMap(account -> directory.find(account.id()))
              .orElseThrow(
                  () -> new AssentException("account", "There is no account '" + as + "'.", null));
      try (Assent assent =
          Assent.on(store)
              .tenant(AssentServer.TENANT)
              .directory(directory)
              .profile(directory::profile)
              .start()) {
        order.accept(assent, by);
      }
    }
    return 0;
  }

  private static void must(boolean done, String otherwise) {
    if (!done) {
      throw new AssentException("keep", otherwise, null);
    }
  }

  private void told(String what, List<String> sessions) {
    out().println(what + ": " + sessions.size());
    sessions.forEach(session -> out().println("  " + SafeText.of(session)));
  }

  private PrintStream out() {
    return server.out();
  }
}
