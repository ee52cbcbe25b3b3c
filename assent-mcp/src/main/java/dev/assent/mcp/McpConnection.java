package dev.assent.mcp;

import dev.assent.runtime.NotExecutedException;
import io.modelcontextprotocol.client.McpAsyncClient;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpClientSession;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * One initialized session with a server. Thread-safe. When it is lost it stays lost: nothing is
 * sent again and no other session takes its place, as the SDK's own client would do.
 */
final class McpConnection {
  private static final Logger LOG = LoggerFactory.getLogger(McpConnection.class);
  private static final McpJsonMapper JSON = new JacksonMcpJsonMapper(JsonValues.MAPPER);
  private static final Duration OPEN_LIMIT = Duration.ofSeconds(30);
  private static final Duration LIST_LIMIT = Duration.ofSeconds(20);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofDays(30);
  private static final int MOST_PAGES = 100;
  private static final TypeRef<McpSchema.InitializeResult> INITIALIZED = new TypeRef<>() {};
  private static final TypeRef<Map<String, Object>> RAW = new TypeRef<>() {};
  private static final McpSchema.Implementation WE =
      McpSchema.Implementation.builder("assent", "0.1").build();

  private final McpClientTransport transport;
  private final McpClientSession session;
  private final CompletableFuture<Object> lost = new CompletableFuture<>();
  private int calls;
  private boolean retired;
  private String protocol;
  private McpSchema.@Nullable Implementation server;

  private McpConnection(String name, McpAddress address, Runnable toolsChanged) {
    this.transport = address.transport(name, JSON);
    List<String> versions = transport.protocolVersions();
    this.protocol = versions.getLast();
    Map<String, McpClientSession.NotificationHandler> notifications = new HashMap<>();
    for (String ignored :
        List.of(
            McpSchema.METHOD_NOTIFICATION_MESSAGE,
            McpSchema.METHOD_NOTIFICATION_PROGRESS,
            McpSchema.METHOD_NOTIFICATION_PROMPTS_LIST_CHANGED,
            McpSchema.METHOD_NOTIFICATION_RESOURCES_LIST_CHANGED)) {
      notifications.put(ignored, params -> Mono.empty());
    }
    notifications.put(
        McpSchema.METHOD_NOTIFICATION_TOOLS_LIST_CHANGED,
        params -> Mono.fromRunnable(toolsChanged));
    // No roots, no sampling, no elicitation: a server asks people and models nothing through us.
    this.session =
        new McpClientSession(
            LONGEST,
            transport,
            Map.of(McpSchema.METHOD_PING, params -> Mono.just(Map.of())),
            notifications,
            connecting ->
                connecting
                    .doOnError(lost::completeExceptionally)
                    .doOnSuccess(connected -> watch(name, address)));
  }

  /**
   * Opens one and shakes hands.
   *
   * @throws McpException when that fails
   */
  static McpConnection open(String name, McpAddress address, Runnable toolsChanged)
      throws InterruptedException {
    McpConnection connection = new McpConnection(name, address, toolsChanged);
    try {
      connection.initialize();
      return connection;
    } catch (ExecutionException | TimeoutException e) {
      connection.close();
      throw new McpException(name, "cannot be reached: " + message(e), e);
    } catch (InterruptedException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private void initialize() throws InterruptedException, ExecutionException, TimeoutException {
    McpSchema.InitializeResult result =
        await(
            session.sendRequest(
                McpSchema.METHOD_INITIALIZE,
                McpSchema.InitializeRequest.builder(
                        protocol, McpSchema.ClientCapabilities.builder().build(), WE)
                    .build(),
                INITIALIZED),
            OPEN_LIMIT);
    if (result == null || !transport.protocolVersions().contains(result.protocolVersion())) {
      throw new ExecutionException(
          new IllegalStateException(
              "it speaks none of the protocol's versions " + transport.protocolVersions()));
    }
    protocol = result.protocolVersion();
    server = result.serverInfo();
    await(session.sendNotification(McpSchema.METHOD_NOTIFICATION_INITIALIZED, null), OPEN_LIMIT);
  }

  /** A process that ends answers nothing any more; the SDK does not tell those who wait. */
  private void watch(String name, McpAddress address) {
    if (!(address instanceof McpAddress.Stdio)) {
      return;
    }
    // Not a virtual thread: waiting for a process holds its carrier before JDK 24.
    Thread.ofPlatform()
        .daemon()
        .name("assent-mcp-" + name)
        .start(
            () -> {
              address.awaitEnd(transport);
              lost.completeExceptionally(new IllegalStateException("the server's process ended"));
            });
  }

  /** What the server said of itself. */
  McpSchema.@Nullable Implementation server() {
    return server;
  }

  boolean alive() {
    return !lost.isDone();
  }

  /** Every tool that the server lists now, as it wrote them. */
  List<Object> list() throws InterruptedException, ExecutionException, TimeoutException {
    List<Object> tools = new ArrayList<>();
    Object cursor = null;
    for (int page = 0; page < MOST_PAGES; page++) {
      Map<String, Object> answer =
          await(
              session.sendRequest(
                  McpSchema.METHOD_TOOLS_LIST,
                  cursor == null ? Map.of() : Map.of("cursor", cursor),
                  RAW),
              LIST_LIMIT);
      if (answer == null || !(answer.get("tools") instanceof List<?> some)) {
        throw new ExecutionException(new IllegalStateException("it answered without tools"));
      }
      tools.addAll(some);
      cursor = answer.get("nextCursor");
      if (cursor == null || cursor.equals("")) {
        return tools;
      }
    }
    throw new ExecutionException(
        new IllegalStateException("its list of tools has more than " + MOST_PAGES + " pages"));
  }

  /**
   * Calls a tool, once, and gives back what the server answered.
   *
   * @throws NotExecutedException when the connection was lost before
   */
  @Nullable Map<String, Object> call(McpSchema.CallToolRequest request, Duration limit)
      throws InterruptedException, ExecutionException, TimeoutException {
    begin();
    try {
      return await(session.sendRequest(McpSchema.METHOD_TOOLS_CALL, request, RAW), limit);
    } finally {
      ended(1);
    }
  }

  private <T> @Nullable T await(Mono<T> answer, Duration limit)
      throws InterruptedException, ExecutionException, TimeoutException {
    CompletableFuture<@Nullable T> reply =
        answer
            .contextWrite(c -> c.put(McpAsyncClient.NEGOTIATED_PROTOCOL_VERSION, protocol))
            .toFuture();
    try {
      CompletableFuture.anyOf(reply, lost).get(limit.toNanos(), TimeUnit.NANOSECONDS);
      return reply.get(0, TimeUnit.NANOSECONDS);
    } finally {
      reply.cancel(true);
    }
  }

  /** Closes it once nothing runs on it any more. */
  void retire() {
    synchronized (this) {
      retired = true;
    }
    ended(0);
  }

  private synchronized void begin() {
    if (retired || !alive()) {
      throw new NotExecutedException("the connection was lost before the call was sent");
    }
    calls++;
  }

  private void ended(int fewer) {
    boolean last;
    synchronized (this) {
      calls -= fewer;
      last = retired && calls == 0;
    }
    if (last) {
      disconnect().subscribe(done -> {}, e -> LOG.debug("An MCP session did not close", e));
    }
  }

  /** Closes it now; whoever waits for an answer gets none. */
  void close() {
    try {
      disconnect().toFuture().get(CLOSE_LIMIT.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("An MCP session did not close", e);
    }
  }

  private Mono<Void> disconnect() {
    lost.completeExceptionally(new IllegalStateException("the connection was closed"));
    session.close();
    return transport.closeGracefully();
  }

  /** What went wrong, in the words of whoever found it. */
  static String message(Throwable e) {
    Throwable found = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
    if (found instanceof TimeoutException) {
      return "it did not answer in time";
    }
    return found.getMessage() == null ? found.getClass().getSimpleName() : found.getMessage();
  }
}
