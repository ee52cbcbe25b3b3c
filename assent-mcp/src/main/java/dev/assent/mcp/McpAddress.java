package dev.assent.mcp;

import dev.assent.core.Digest;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpClientTransport;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a server is reached. Immutable. */
sealed interface McpAddress {
  Duration CONNECT_LIMIT = Duration.ofSeconds(10);

  /** A new way there, not yet open. */
  McpClientTransport transport(String server, McpJsonMapper json);

  /** Waits until the server is gone; returns at once where that cannot be known. */
  default void awaitEnd(McpClientTransport transport) {}

  /** The same for the same address; secrets in it do not come out again. */
  Digest identity();

  /** A child process that talks on its standard input and output. */
  record Stdio(List<String> command, Map<String, String> environment) implements McpAddress {
    private static final Logger LOG = LoggerFactory.getLogger(Stdio.class);

    public Stdio {
      command = List.copyOf(command);
      environment = Map.copyOf(environment);
      if (command.isEmpty()) {
        throw new IllegalArgumentException("a server over stdio needs a command");
      }
    }

    @Override
    public McpClientTransport transport(String server, McpJsonMapper json) {
      ServerParameters parameters =
          ServerParameters.builder(command.getFirst())
              .args(command.subList(1, command.size()))
              .env(environment)
              .build();
      StdioClientTransport transport = new OwnEnvironment(parameters, json);
      transport.setStdErrorHandler(line -> LOG.debug("MCP server '{}': {}", server, line));
      return transport;
    }

    @Override
    public void awaitEnd(McpClientTransport transport) {
      ((StdioClientTransport) transport).awaitForExit();
    }

    @Override
    public Digest identity() {
      return Digest.over(
          "assent-mcp-stdio-1", command.stream().map(McpAddress::utf8).toArray(byte[][]::new));
    }
  }

  /** Streamable HTTP. */
  record Http(URI uri, Map<String, String> headers) implements McpAddress {
    public Http {
      headers = Map.copyOf(headers);
      if (uri.getHost() == null
          || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
        throw new IllegalArgumentException("'" + uri + "' is no http or https address");
      }
    }

    @Override
    public McpClientTransport transport(String server, McpJsonMapper json) {
      HttpRequest.Builder request = HttpRequest.newBuilder();
      headers.forEach(request::header);
      String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
      return HttpClientStreamableHttpTransport.builder(
              uri.getScheme() + "://" + uri.getRawAuthority())
          .endpoint(uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery())
          .requestBuilder(request)
          .connectTimeout(CONNECT_LIMIT)
          .jsonMapper(json)
          .build();
    }

    @Override
    public Digest identity() {
      return Digest.over("assent-mcp-http-1", utf8(uri.toString()));
    }
  }

  /** Gives the process nothing of our environment but what every program needs. */
  final class OwnEnvironment extends StdioClientTransport {
    private OwnEnvironment(ServerParameters parameters, McpJsonMapper json) {
      super(parameters, json);
    }

    @Override
    protected ProcessBuilder getProcessBuilder() {
      ProcessBuilder process = super.getProcessBuilder();
      process.environment().clear();
      return process;
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
