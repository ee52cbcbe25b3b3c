package dev.assent.langchain4j;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A server that speaks chat completions, with scripted answers, on a port of 127.0.0.1 that the OS
 * chose. Plain sockets, so that it can cut a connection anywhere. Thread-safe.
 *
 * <pre>{@code
 * try (LoopbackProvider provider = LoopbackProvider.start()) {
 *   provider.answers(LoopbackReply.call("c1", "pay", "{}"), LoopbackReply.text("Paid."));
 *   Model model = OpenAiModels.fromEnvironment(provider.environment()).orElseThrow();
 *   …
 *   assertThat(provider.requests()).hasSize(2);
 * }
 * }</pre>
 */
public final class LoopbackProvider implements AutoCloseable {
  /** The key that {@link #environment()} gives. */
  public static final String KEY = "sk-loopback-0123456789";

  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Queue<LoopbackReply> script = new ArrayDeque<>();
  private final List<LoopbackRequest> requests = new ArrayList<>();
  private Function<LoopbackRequest, LoopbackReply> otherwise =
      request -> LoopbackReply.status(400, "no answer is scripted for this request");

  private LoopbackProvider(ServerSocket server) {
    this.server = server;
  }

  /** Listens until closed. */
  public static LoopbackProvider start() {
    try {
      LoopbackProvider provider =
          new LoopbackProvider(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")));
      Thread.ofVirtual().name("loopback-provider").start(provider::accept);
      return provider;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Appends answers, used once each, in the order in which requests arrive. */
  public synchronized LoopbackProvider answers(LoopbackReply... replies) {
    script.addAll(List.of(replies));
    return this;
  }

  /** Answers what finds the script empty. */
  public synchronized LoopbackProvider otherwise(Function<LoopbackRequest, LoopbackReply> rule) {
    otherwise = rule;
    return this;
  }

  /** The requests so far, in the order of their arrival. */
  public synchronized List<LoopbackRequest> requests() {
    return List.copyOf(requests);
  }

  /** The latest request. */
  public LoopbackRequest lastRequest() {
    return requests().getLast();
  }

  /** Blocks until so many requests have arrived. */
  public synchronized void awaitRequests(int count) throws InterruptedException {
    while (requests.size() < count) {
      wait();
    }
  }

  /** What OPENAI_BASE_URL should be. */
  public String baseUrl() {
    return "http://127.0.0.1:" + server.getLocalPort() + "/v1";
  }

  /** The variables with which {@link OpenAiModels} finds this server. */
  public Map<String, String> environment() {
    return Map.of(
        OpenAiModels.KEY, KEY, OpenAiModels.BASE_URL, baseUrl(), OpenAiModels.MODEL, "loopback");
  }

  /** Cuts every connection and listens no more. */
  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        Thread.ofVirtual().name("loopback-answer").start(() -> serve(socket));
      } catch (IOException e) {
        // closed; the loop ends
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      LoopbackRequest request = read(socket.getInputStream());
      record(request).write(request, socket);
    } catch (IOException | InterruptedException e) {
      // The client went away, or the server was closed: both are part of tests.
    } finally {
      open.remove(socket);
    }
  }

  private synchronized LoopbackReply record(LoopbackRequest request) {
    requests.add(request);
    notifyAll();
    LoopbackReply scripted = script.poll();
    return scripted != null ? scripted : otherwise.apply(request);
  }

  private static LoopbackRequest read(InputStream in) throws IOException {
    String[] start = line(in).split(" ");
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    return new LoopbackRequest(start[0], start[1], headers, body);
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("the client closed its connection");
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }
}
