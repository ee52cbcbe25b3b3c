package dev.assent.langchain4j;

import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** One scripted answer: as a stream to whoever asks for one, else in one piece. */
@FunctionalInterface
public interface LoopbackReply {
  /** Answers on the connection, which is closed afterwards. */
  void write(LoopbackRequest request, Socket socket) throws IOException, InterruptedException;

  /** A text, in pieces when streamed. */
  static LoopbackReply text(String... pieces) {
    return new LoopbackCompletion(List.of(pieces), List.of());
  }

  /** One tool call; its arguments come in these pieces when streamed. */
  static LoopbackReply call(String id, String tool, String... arguments) {
    return calls(new LoopbackCall(id, tool, arguments));
  }

  /** Several tool calls in one message. */
  static LoopbackReply calls(LoopbackCall... calls) {
    return new LoopbackCompletion(List.of(), List.of(calls));
  }

  /** A refusal with OpenAI's form of a problem; headers as name, value, name, value. */
  static LoopbackReply status(int status, String message, String... headers) {
    String problem = JsonObject.of("error", JsonObject.of("message", Json.of(message))).toString();
    StringBuilder more = new StringBuilder();
    for (int i = 0; i < headers.length; i += 2) {
      more.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
    }
    return (request, socket) ->
        send(socket, head(status, "application/json", more + length(problem)) + problem);
  }

  /** Success with this body, whatever was asked for. */
  static LoopbackReply body(String contentType, String body) {
    return (request, socket) -> send(socket, head(200, contentType, length(body)) + body);
  }

  /** A stream of exactly these events, ended properly as far as HTTP is concerned. */
  static LoopbackReply events(String... data) {
    return (request, socket) -> {
      send(socket, head(200, "text/event-stream", "Transfer-Encoding: chunked\r\n"));
      for (String event : data) {
        send(socket, chunk("data: " + event + "\n\n"));
      }
      send(socket, "0\r\n\r\n");
    };
  }

  /** No choices at all. */
  static LoopbackReply noChoices() {
    String body = "{\"id\":\"x\",\"object\":\"chat.completion\",\"choices\":[]}";
    return (request, socket) ->
        (request.stream() ? events(body, "[DONE]") : body("application/json", body))
            .write(request, socket);
  }

  /** Closes the connection without a word. */
  static LoopbackReply cut() {
    return (request, socket) -> reset(socket);
  }

  /** The first half of what another answer would send, then a closed connection. */
  static LoopbackReply cutInTheMiddle(LoopbackReply whole) {
    return (request, socket) -> {
      byte[] all = LoopbackCompletion.bytesOf(whole, request);
      socket.getOutputStream().write(all, 0, all.length / 2);
      socket.getOutputStream().flush();
    };
  }

  /** Sends nothing until the latch is down. */
  static LoopbackReply after(CountDownLatch latch, LoopbackReply reply) {
    return (request, socket) -> {
      latch.await();
      reply.write(request, socket);
    };
  }

  /** Sends the head and the first events, then nothing until the latch is down. */
  static LoopbackReply stalled(CountDownLatch latch, String... data) {
    return (request, socket) -> {
      send(socket, head(200, "text/event-stream", "Transfer-Encoding: chunked\r\n"));
      for (String event : data) {
        send(socket, chunk("data: " + event + "\n\n"));
      }
      latch.await();
    };
  }

  /** An event with a piece of text. */
  static String textEvent(String piece) {
    return LoopbackCompletion.textEvent(piece);
  }

  private static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  private static void send(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static String head(int status, String contentType, String headers) {
    return "HTTP/1.1 "
        + status
        + " "
        + Map.of(200, "OK").getOrDefault(status, "Refused")
        + "\r\nContent-Type: "
        + contentType
        + "\r\nConnection: close\r\n"
        + headers
        + "\r\n";
  }

  private static String length(String body) {
    return "Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length + "\r\n";
  }

  private static String chunk(String text) {
    return Integer.toHexString(text.getBytes(StandardCharsets.UTF_8).length)
        + "\r\n"
        + text
        + "\r\n";
  }
}
