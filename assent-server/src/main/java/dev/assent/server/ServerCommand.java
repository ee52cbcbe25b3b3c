package dev.assent.server;

import dev.assent.core.AssentException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What is said on the command line. */
@Command(
    name = "assent server",
    mixinStandardHelpOptions = true,
    version = "Assent 0.1.0-SNAPSHOT",
    sortOptions = false,
    subcommands = {
      AccountCommand.class,
      AuditCommand.class,
      KeepCommand.class,
      PolicyCommand.class
    },
    description = "Serves the inbox and the API on this machine.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it was stopped",
      "1:something broke",
      "2:the options are wrong",
      "3:the data or the key cannot be opened, or the port is taken"
    })
final class ServerCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(ServerCommand.class);

  /** The server was started and lives on in its own threads. */
  static final int RUNNING = -1;

  static final int BROKEN = 1;
  static final int CANNOT_START = 3;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      scope = CommandLine.ScopeType.INHERIT,
      defaultValue = "${sys:user.home}/.assent",
      description = "folder of the store and the key (default: ${DEFAULT-VALUE})")
  Path data = Path.of("");

  @Option(
      names = "--port",
      defaultValue = "8484",
      description = "port to listen on, 0 for any free one (default: ${DEFAULT-VALUE})")
  int port;

  @Option(
      names = "--address",
      defaultValue = "127.0.0.1",
      description = "loopback address to listen on (default: ${DEFAULT-VALUE})")
  String address = "";

  @Option(
      names = "--public-url",
      paramLabel = "URL",
      description = "how people reach it through a proxy, for example https://assent.example.org")
  @Nullable URI publicUrl;

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description = "file of rules; read again when it changes. See docs/policy.md")
  @Nullable Path policy;

  @Option(
      names = "--policy-draft",
      paramLabel = "FILE",
      description = "rules tried beside those in force: what they would do is logged, not done")
  @Nullable Path policyDraft;

  @Option(
      names = "--checkpoints",
      paramLabel = "FILE",
      scope = CommandLine.ScopeType.INHERIT,
      description =
          "file that signed ends of the audit log are appended to, best on another machine"
              + " (default: audit-checkpoints.jsonl in the data folder)")
  @Nullable Path checkpoints;

  @Option(
      names = "--retain",
      paramLabel = "DURATION",
      converter = Retention.class,
      description =
          "erases what a session holds so long after it ended, for example 90d or PT12H; the audit"
              + " log stays (default: kept for ever)")
  @Nullable Duration retain;

  private final PrintStream out;

  ServerCommand(PrintStream out) {
    this.out = out;
  }

  static int run(String[] args, PrintStream out, PrintStream err) {
    CommandLine line = new CommandLine(new ServerCommand(out));
    line.setOut(new PrintWriter(out, true, Charset.defaultCharset()));
    line.setErr(new PrintWriter(err, true, Charset.defaultCharset()));
    line.setExecutionExceptionHandler((e, command, parsed) -> failed(e, err));
    return line.execute(args);
  }

  ServerOptions options() {
    return new ServerOptions(
        data,
        address,
        port,
        publicUrl,
        ServerOptions.DEFAULT_ROLES,
        policy,
        policyDraft,
        checkpoints,
        retain);
  }

  Path checkpoints() {
    return options().checkpoints();
  }

  PrintStream out() {
    return out;
  }

  @Override
  public Integer call() {
    AssentServer server = AssentServer.start(options(), out);
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "assent-shutdown"));
    return RUNNING;
  }

  private static int failed(Exception e, PrintStream err) {
    if (e instanceof AssentException expected) {
      err.println("assent: " + expected.getMessage() + " [" + expected.code() + "]");
      return CANNOT_START;
    }
    if (e instanceof IllegalArgumentException wrong) {
      err.println("assent: " + wrong.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
    LOG.error("The start broke", e);
    err.println("assent: something broke, please report it: " + e);
    return BROKEN;
  }
}
