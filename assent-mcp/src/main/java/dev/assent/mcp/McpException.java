package dev.assent.mcp;

import dev.assent.core.AssentException;
import org.jspecify.annotations.Nullable;

/** An MCP server cannot be used; the code is {@code mcp-server}, the message names the server. */
public final class McpException extends AssentException {
  private static final long serialVersionUID = 1L;

  McpException(String server, String message, @Nullable Throwable cause) {
    super("mcp-server", "MCP server '" + server + "' " + message, cause);
  }
}
