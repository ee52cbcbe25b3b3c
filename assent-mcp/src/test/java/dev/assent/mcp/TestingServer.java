package dev.assent.mcp;

import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import java.nio.file.Path;
import java.util.List;

/** A server in a process of its own. */
final class TestingServer {
  private TestingServer() {}

  public static void main(String[] arguments) {
    new TestingTools(Path.of(arguments[0]))
        .build(
            McpServer.sync(new StdioServerTransportProvider(TestingTools.JSON))
                .serverInfo("testing", arguments.length > 1 ? arguments[1] : "1"),
            true);
  }

  static List<String> command(Path ledger, String... more) {
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                TestingServer.class.getName(),
                ledger.toString()));
    command.addAll(List.of(more));
    return command;
  }
}
