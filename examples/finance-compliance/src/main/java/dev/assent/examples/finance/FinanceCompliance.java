package dev.assent.examples.finance;

import dev.assent.core.AssentException;
import dev.assent.core.RunId;
import dev.assent.core.spi.Model;
import dev.assent.runtime.RunRequest;
import dev.assent.server.AssentServer;
import dev.assent.server.ServerOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The program. */
@Command(
    name = "assent demo",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "finance_bot pays invoices; you approve the unusual ones in the inbox.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it was stopped; with --auto: all is well",
      "1:something broke; with --auto: something is wrong",
      "2:the options are wrong",
      "3:the data or the key cannot be opened, or the port is taken"
    })
public final class FinanceCompliance implements Callable<Integer> {
  private static final int RUNNING = -1;
  private static final int CANNOT_START = 3;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "assent-demo",
      description = "folder of store, key and ledger (default: ${DEFAULT-VALUE})")
  Path data = Path.of("");

  @Option(
      names = "--port",
      defaultValue = "8484",
      description = "port to listen on, 0 for any free one (default: ${DEFAULT-VALUE})")
  int port;

  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "give the bot only the first N rows of transactions.csv")
  int rows = Integer.MAX_VALUE;

  @Option(
      names = "--auto",
      description = "do it all alone, with kills and a check, in a folder of its own")
  boolean auto;

  @Option(names = "--serve", hidden = true, description = "only serve; somebody else starts runs")
  boolean serve;

  /** Runs the program; see {@code --help}. */
  public static void main(String[] args) {
    int code = run(args);
    if (code != RUNNING) {
      System.exit(code);
    }
  }

  static int run(String... args) {
    CommandLine line = new CommandLine(new FinanceCompliance());
    line.setExecutionExceptionHandler((e, command, parsed) -> failed(e));
    return line.execute(args);
  }

  private static int failed(Exception e) {
    if (e instanceof AssentException expected) {
      System.err.println("assent: " + expected.getMessage() + " [" + expected.code() + "]");
      return CANNOT_START;
    }
    if (e instanceof IllegalArgumentException wrong) {
      System.err.println("assent: " + wrong.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
    System.err.println("assent: something broke, please report it: " + e);
    return CommandLine.ExitCode.SOFTWARE;
  }

  @Override
  public Integer call() throws Exception {
    List<Transaction> all = Transactions.standard();
    List<Transaction> wanted = all.subList(0, Math.max(1, Math.min(rows, all.size())));
    if (auto) {
      return AutoDemo.run(System.out, all);
    }
    Model model = FinanceBot.model();
    AssentServer server =
        AssentServer.start(ServerOptions.in(data).onPort(port), FinanceBot.agent(data, model));
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "assent-shutdown"));
    if (!serve) {
      begin(server, model, wanted);
    }
    return RUNNING;
  }

  /** The same folder goes on with the same run. */
  private void begin(AssentServer server, Model model, List<Transaction> wanted) {
    RunId run =
        server
            .assent()
            .submit(
                new RunRequest(
                    FinanceBot.NAME,
                    FinanceBot.message(wanted),
                    null,
                    "demo",
                    Map.of("demo", "finance"),
                    "demo " + wanted.size()));
    System.out.println(
        """
        finance_bot works on %d transactions (run %s); its model is: %s
        Open %s, log in and decide what waits. Payments are in %s.
        Ctrl-C ends the demo; started again, it goes on where it was."""
            .formatted(wanted.size(), run, model.name(), server.url(), new Ledger(data).file()));
    System.out.flush();
  }
}
