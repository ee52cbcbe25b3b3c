package dev.assent.mcp;

import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import java.nio.file.Path;
import java.util.List;

/** A server in a process of its own. */
final class TestingServer {
  /** Names the variable that says which version it is, when the command does not. */
  static final String VERSION = "TESTING_VERSION";

  private TestingServer() {}

  public static void main(String[] arguments) {
    new TestingTools(Path.of(arguments[0]))
        .build(
            McpServer.sync(new StdioServerTransportProvider(TestingTools.JSON))
                .serverInfo("testing", version(arguments)),
            true);
  }

  private static String version(String... arguments) {
    String given = System.getenv(VERSION);
    return given != null ? given : arguments.length > 1 ? arguments[1] : "1";
  }

  static List<String> command(Path ledger, String... more) {
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                TestingServer.class.getName(),
                ledger.toString()));
    command.addAll(List.of(more));
    return command;
  }
}
