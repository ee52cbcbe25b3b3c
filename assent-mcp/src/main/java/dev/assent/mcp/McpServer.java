package dev.assent.mcp;

import dev.assent.core.Digest;
import dev.assent.runtime.NotExecutedException;
import dev.assent.runtime.ToolSource;
import io.modelcontextprotocol.spec.McpSchema;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An MCP server whose tools agents may use. Thread-safe; close it, or its process and threads stay.
 *
 * <pre>{@code
 * McpServer files = McpServer.stdio("files", List.of("files-server", "/srv/data"), Map.of());
 * Agent.named("clerk").tools(files.tools(McpTools.all().effect("read", Effect.READ_ONLY)));
 * }</pre>
 *
 * <p>A tool is addressed {@code files/read} and goes the way of every other tool: judged, approved,
 * checked and executed by the one executor. What was listed is what is offered, judged and shown.
 * It is listed anew when the server announces a change, after a reconnect, and right before every
 * call; an approval of what the tool was before is stale. When only that last look finds the
 * change, the call is not sent, the model is told so, and its next proposal is judged as the tool
 * is now. Nobody can know what a server does between that look and the call.
 *
 * <p>The server is who it is by its name here, its address (command with arguments, or URI), and
 * the name and version that it says of itself; headers and environment do not count, so that a
 * secret may be replaced. A child process gets the environment that is given here and what every
 * program needs (such as {@code PATH}), nothing else of ours.
 *
 * <p>A lost connection is opened anew, once, before the next call. A call that could not be sent
 * did not happen; one that was sent and not answered has an unknown outcome. It is never sent
 * again.
 *
 * @see <a href="https://modelcontextprotocol.io/specification/2025-11-25/server/tools">MCP,
 *     tools</a>
 */
public final class McpServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(McpServer.class);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,32}");

  private final String name;
  private final McpAddress address;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable McpConnection connection;
  private volatile Listing listing;
  private volatile boolean closed;

  /**
   * A tool that the server lists and that cannot be used here.
   *
   * @param tool how it would be addressed
   * @param why what is wrong with it
   */
  public record Unusable(String tool, String why) {}

  private McpServer(String name, McpAddress address) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "an MCP server is named by 1 to 32 letters, digits, '_' and '-', not '" + name + "'");
    }
    this.name = name;
    this.address = address;
    this.listing = new Listing("", List.of(), Map.of(), List.of());
  }

  /**
   * Starts a program as a child process and talks to it on its standard input and output.
   *
   * @param name what the names of its tools begin with
   * @param command the program and its arguments
   * @param environment variables for it; empty means none but the usual
   * @throws McpException when it cannot be started or does not answer
   */
  public static McpServer stdio(
      String name, List<String> command, Map<String, String> environment) {
    return new McpServer(name, new McpAddress.Stdio(command, environment)).started();
  }

  /**
   * Connects over streamable HTTP.
   *
   * @param name what the names of its tools begin with
   * @param uri its MCP endpoint, such as {@code https://tools.example.com/mcp}
   * @param headers sent with every request, such as {@code Authorization}; empty means none
   * @throws McpException when it cannot be reached
   */
  public static McpServer http(String name, URI uri, Map<String, String> headers) {
    return new McpServer(name, new McpAddress.Http(uri, headers)).started();
  }

  private McpServer started() {
    try {
      refresh();
      return this;
    } catch (McpException e) {
      close();
      throw e;
    }
  }

  /** What the names of its tools begin with. */
  public String name() {
    return name;
  }

  /**
   * Tools of this server for an agent.
   *
   * @throws IllegalArgumentException when a tool is named that the server does not list, or lists
   *     in a way that cannot be used
   */
  public ToolSource tools(McpTools which) {
    Listing now = listing;
    Set<String> unknown = which.named();
    unknown.removeAll(now.tools().keySet());
    if (!unknown.isEmpty()) {
      String tool = unknown.iterator().next();
      String why =
          now.unusable().stream()
              .filter(each -> each.tool().equals(name + "/" + tool))
              .map(Unusable::why)
              .findFirst()
              .orElse("it lists " + String.join(", ", now.tools().keySet()));
      throw new IllegalArgumentException(
          "MCP server '" + name + "' has no usable tool '" + tool + "': " + why);
    }
    return new RemoteTools(this, which);
  }

  /** Tools that the server lists and that cannot be used here; empty when all can. */
  public List<Unusable> unusable() {
    return listing.unusable();
  }

  /**
   * Lists its tools anew, over a new connection when the old one is lost.
   *
   * @throws McpException when it cannot be reached
   */
  public void refresh() {
    try {
      ready();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new McpException(name, "was not asked: interrupted", e);
    }
  }

  Listing listing() {
    return listing;
  }

  /** A connection over which the tools have just been listed. */
  McpConnection ready() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      McpConnection known = connection;
      if (known != null && known.alive()) {
        try {
          list(known);
          return known;
        } catch (ExecutionException | TimeoutException e) {
          LOG.info("MCP server '{}': {}; connecting anew", name, McpConnection.message(e));
        }
      }
      return reconnect(known);
    } finally {
      lock.unlock();
    }
  }

  private McpConnection reconnect(@Nullable McpConnection known) throws InterruptedException {
    connection = null;
    if (known != null) {
      known.retire();
    }
    if (closed) {
      throw new McpException(name, "was closed", null);
    }
    McpConnection fresh = McpConnection.open(name, address, this::toolsChanged);
    try {
      list(fresh);
    } catch (ExecutionException | TimeoutException e) {
      fresh.close();
      throw new McpException(name, "does not list its tools: " + McpConnection.message(e), e);
    }
    connection = fresh;
    if (closed) {
      fresh.close();
    }
    return fresh;
  }

  private void list(McpConnection from)
      throws InterruptedException, ExecutionException, TimeoutException {
    List<Object> raw = from.list();
    String owner = owner(from.server());
    Listing before = listing;
    if (before.owner().equals(owner) && before.raw().equals(raw)) {
      return;
    }
    listing = Listing.of(name, owner, raw);
    if (!before.owner().isEmpty()) {
      LOG.info("MCP server '{}' lists other tools than before, or says that it is another", name);
    }
    for (Unusable each : listing.unusable()) {
      if (before.unusable().contains(each)) {
        continue;
      }
      LOG.warn("MCP server '{}': {} cannot be used: {}", name, each.tool(), each.why());
    }
  }

  private String owner(McpSchema.@Nullable Implementation said) {
    List<String> parts = new ArrayList<>();
    parts.add(name);
    parts.add(address.identity().hex());
    parts.add(said == null ? "" : Objects.requireNonNullElse(said.name(), ""));
    parts.add(said == null ? "" : Objects.requireNonNullElse(said.version(), ""));
    byte[][] bytes =
        parts.stream().map(part -> part.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    return "mcp:" + name + ":" + Digest.over("assent-mcp-server-1", bytes).hex();
  }

  /** Called by the SDK's threads: listing must not make them wait. */
  private void toolsChanged() {
    Thread.ofVirtual()
        .name("assent-mcp-list-" + name)
        .start(
            () -> {
              try {
                refresh();
              } catch (McpException e) {
                LOG.warn("{}", e.getMessage());
              }
            });
  }

  /** A connection for a call, or the certainty that nothing was sent. */
  McpConnection readyToCall() {
    try {
      return ready();
    } catch (McpException e) {
      throw new NotExecutedException(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      throw new NotExecutedException(
          "MCP server '" + name + "' was not called: the time limit passed before", e);
    }
  }

  /** Ends the connection, and the process when it is one. A call that waits for it is in doubt. */
  @Override
  public void close() {
    closed = true;
    McpConnection open = connection;
    if (open != null) {
      open.close();
    }
  }
}
