package dev.assent.server;

import dev.assent.core.AssentException;
import dev.assent.core.AuditAnchorFile;
import dev.assent.core.Keyring;
import dev.assent.core.MasterKeyFile;
import dev.assent.core.Profile;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.store.jdbc.SqliteStore;
import dev.assent.web.AccountDirectory;
import dev.assent.web.Accounts;
import dev.assent.web.PolicyChanges;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A running server: store, agents, HTTP API and page. Thread-safe. Survives being killed: whatever
 * it told anybody is durable.
 */
public final class AssentServer implements AutoCloseable {
  static final String TENANT = "main";

  /** How long what is written may be without a checkpoint. */
  private static final Duration CHECKPOINTED = Duration.ofSeconds(30);

  private final SqliteStore store;
  private final Assent assent;
  private final ConfigurableApplicationContext web;
  private final @Nullable PolicyWatch watch;
  private final String url;
  private final int port;
  private boolean closed;

  private AssentServer(
      SqliteStore store,
      Assent assent,
      ConfigurableApplicationContext web,
      @Nullable PolicyWatch watch,
      String host,
      int port) {
    this.store = store;
    this.watch = watch;
    this.assent = assent;
    this.web = web;
    this.port = port;
    this.url = "http://" + host + ":" + port;
  }

  /** Runs the program and keeps it running; see {@code --help}. */
  public static void main(String[] args) {
    int code = ServerCommand.run(args, System.out, System.err);
    if (code != ServerCommand.RUNNING) {
      System.exit(code);
    }
  }

  /**
   * Starts a server with these agents and says on standard output where it is, and on the first
   * start with which one-time password to log in.
   *
   * @throws AssentException when the data cannot be opened or the port is taken; the message says
   *     what to do
   */
  public static AssentServer start(ServerOptions options, Agent... agents) {
    return start(options, System.out, agents);
  }

  static AssentServer start(ServerOptions options, PrintStream out, Agent... agents) {
    options.requireLoopback();
    SqliteStore store = open(options);
    Assent assent = null;
    PolicyWatch watch = null;
    try {
      Optional<Accounts.OneTimeLogin> first =
          new Accounts(store, TENANT).first(options.firstRoles());
      first.ifPresent(login -> announce(login, out));
      AccountDirectory directory = new AccountDirectory(store, TENANT);
      watch = PolicyWatch.open(options, store, directory);
      Assent.Builder builder =
          Assent.on(store)
              .tenant(TENANT)
              .directory(directory)
              .profile(directory::profile)
              .register(agents)
              .anchor(new AuditAnchorFile(options.checkpoints()), CHECKPOINTED);
      if (options.retain() != null) {
        builder.retain(options.retain());
      }
      if (watch != null) {
        builder.policy(watch.policy()).register(PolicyChanges.agent(watch.live()));
      }
      assent = builder.start();
      ConfigurableApplicationContext web = WebServer.start(options, assent, store, watch);
      AssentServer server =
          new AssentServer(store, assent, web, watch, options.urlHost(), WebServer.port(web));
      if (watch != null) {
        watch.start();
        out.println("rules " + watch.inWords());
      }
      server.announce(options, directory.profile(), out);
      return server;
    } catch (RuntimeException e) {
      if (watch != null) {
        watch.close();
      }
      if (assent != null) {
        assent.close();
      }
      store.close();
      throw e;
    }
  }

  /** Opens the store in the folder, making both when they are absent. */
  static SqliteStore open(ServerOptions options) {
    DataFolder.make(options.data());
    Keyring keys = MasterKeyFile.open(options.data().resolve("assent.key"), System.getenv());
    return SqliteStore.open(options.data().resolve("assent.db"), keys);
  }

  private static void announce(Accounts.OneTimeLogin login, PrintStream out) {
    out.println(
        """
        First start. Log in once with
          name      %s
          password  %s
        and choose a password of your own. This one is not shown again."""
            .formatted(login.name(), login.password()));
  }

  private void announce(ServerOptions options, Profile profile, PrintStream out) {
    out.println("data in " + options.data().toAbsolutePath().normalize());
    out.println(
        switch (profile) {
          case SOLO -> "profile solo: one person, who may approve what they asked for themselves";
          case SEPARATED -> "profile separated: nobody approves what they asked for themselves";
        });
    options
        .browserHost()
        .ifPresent(
            host ->
                out.println(
                    "in a browser open http://"
                        + host
                        + ":"
                        + port
                        + ", a name whose cookies no other program gets"));
    out.println("ready on " + url);
    out.flush();
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  /** Where it is, without a slash at the end. */
  public String url() {
    return url;
  }

  /** The rules of a file, where there is one. */
  Optional<PolicyWatch> watch() {
    return Optional.ofNullable(watch);
  }

  /** What runs inside. */
  public Assent assent() {
    return assent;
  }

  /** Lets requests that are under way finish, then stops; does nothing the second time. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (watch != null) {
      watch.close();
    }
    web.close();
    assent.close();
    store.close();
  }
}
