package dev.assent.mcp;

import dev.assent.core.JsonObject;
import dev.assent.core.ToolSpec;
import dev.assent.runtime.NotExecutedException;
import dev.assent.runtime.ToolBody;
import dev.assent.runtime.ToolContext;
import io.modelcontextprotocol.spec.McpSchema;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Looks once more whether the tool is the one that was judged, then calls it. Immutable. */
final class RemoteBody implements ToolBody {
  /** What a server may use to know a repeated attempt by. */
  private static final String IDEMPOTENCY_KEY = "dev.assent/idempotencyKey";

  private final McpServer server;
  private final RemoteTools tools;
  private final String tool;
  private final ToolSpec judged;
  private final boolean errorsDidNothing;

  RemoteBody(
      McpServer server, RemoteTools tools, String tool, ToolSpec judged, boolean errorsDidNothing) {
    this.server = server;
    this.tools = tools;
    this.tool = tool;
    this.judged = judged;
    this.errorsDidNothing = errorsDidNothing;
  }

  @Override
  public String run(ToolContext context, JsonObject arguments) throws Exception {
    McpConnection connection = server.readyToCall();
    ToolSpec now =
        tools
            .find(judged.name())
            .orElseThrow(() -> new NotExecutedException(judged.name() + " is not there any more"));
    if (!now.fingerprint().equals(judged.fingerprint())) {
      throw new NotExecutedException(
          judged.name() + " changed after the call was judged. Propose it again if it still fits.");
    }
    if (Thread.interrupted()) {
      throw new NotExecutedException(judged.name() + " was not called: the time limit passed");
    }
    McpSchema.CallToolRequest request =
        new McpSchema.CallToolRequest(
            tool, JsonValues.plain(arguments), Map.of(IDEMPOTENCY_KEY, context.idempotencyKey()));
    return ToolResult.text(answer(connection, request), errorsDidNothing);
  }

  private @Nullable Map<String, Object> answer(
      McpConnection connection, McpSchema.CallToolRequest request)
      throws InterruptedException, ServerFailure {
    try {
      return connection.call(request, judged.timeLimit());
    } catch (ExecutionException | TimeoutException e) {
      if (neverSent(e)) {
        throw new NotExecutedException(
            "MCP server '" + server.name() + "' could not be reached", e);
      }
      throw new ServerFailure("MCP server '" + server.name() + "': " + McpConnection.message(e), e);
    }
  }

  private static boolean neverSent(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException
          || cause instanceof UnresolvedAddressException
          || cause instanceof HttpConnectTimeoutException) {
        return true;
      }
    }
    return false;
  }
}
