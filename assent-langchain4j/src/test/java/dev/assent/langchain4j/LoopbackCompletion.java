package dev.assent.langchain4j;

import dev.assent.core.Json;
import dev.assent.core.JsonArray;
import dev.assent.core.JsonNull;
import dev.assent.core.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * A completion as OpenAI writes it, streamed or whole. Uses {@value #INPUT} and {@value #OUTPUT}
 * tokens.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat">Chat completions</a>
 */
record LoopbackCompletion(List<String> text, List<LoopbackCall> calls) implements LoopbackReply {
  static final long INPUT = 11;
  static final long OUTPUT = 7;

  @Override
  public void write(LoopbackRequest request, Socket socket)
      throws IOException, InterruptedException {
    LoopbackReply reply =
        request.stream()
            ? LoopbackReply.events(events().toArray(String[]::new))
            : LoopbackReply.body("application/json", whole().toString());
    reply.write(request, socket);
  }

  static byte[] bytesOf(LoopbackReply reply, LoopbackRequest request)
      throws IOException, InterruptedException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    reply.write(
        request,
        new Socket() {
          @Override
          public OutputStream getOutputStream() {
            return bytes;
          }
        });
    return bytes.toByteArray();
  }

  static String textEvent(String piece) {
    return delta(JsonObject.of("content", Json.of(piece)));
  }

  private List<String> events() {
    List<String> events = new ArrayList<>();
    events.add(delta(JsonObject.of("role", Json.of("assistant"))));
    text.forEach(piece -> events.add(textEvent(piece)));
    for (int i = 0; i < calls.size(); i++) {
      LoopbackCall call = calls.get(i);
      events.add(callDelta(i, call(call, "").with("index", Json.of(i))));
      for (String piece : call.arguments()) {
        events.add(
            callDelta(i, JsonObject.of("function", JsonObject.of("arguments", Json.of(piece)))));
      }
    }
    events.add(event(JsonArray.of(choice("delta", JsonObject.empty(), reason()))).toString());
    events.add(event(JsonArray.of()).with("usage", usage()).toString());
    events.add("[DONE]");
    return events;
  }

  private JsonObject whole() {
    JsonObject message =
        JsonObject.of("role", Json.of("assistant"))
            .with("content", text.isEmpty() ? JsonNull.NULL : Json.of(String.join("", text)));
    if (!calls.isEmpty()) {
      List<Json> written = new ArrayList<>();
      calls.forEach(call -> written.add(call(call, call.wholeArguments())));
      message = message.with("tool_calls", new JsonArray(written));
    }
    return completion("chat.completion", JsonArray.of(choice("message", message, reason())))
        .with("usage", usage());
  }

  private Json reason() {
    return Json.of(calls.isEmpty() ? "stop" : "tool_calls");
  }

  private static String callDelta(int index, JsonObject call) {
    return delta(JsonObject.of("tool_calls", JsonArray.of(call.with("index", Json.of(index)))));
  }

  private static String delta(JsonObject delta) {
    return event(JsonArray.of(choice("delta", delta, JsonNull.NULL))).toString();
  }

  private static JsonObject event(JsonArray choices) {
    return completion("chat.completion.chunk", choices);
  }

  private static JsonObject completion(String kind, JsonArray choices) {
    return JsonObject.of("id", Json.of("chatcmpl-1"))
        .with("object", Json.of(kind))
        .with("created", Json.of(1))
        .with("model", Json.of("loopback"))
        .with("choices", choices);
  }

  private static JsonObject choice(String name, JsonObject said, Json reason) {
    return JsonObject.of("index", Json.of(0)).with(name, said).with("finish_reason", reason);
  }

  private static JsonObject call(LoopbackCall call, String arguments) {
    JsonObject function =
        JsonObject.of("name", Json.of(call.tool())).with("arguments", Json.of(arguments));
    JsonObject written = JsonObject.of("type", Json.of("function")).with("function", function);
    return call.id().isEmpty() ? written : written.with("id", Json.of(call.id()));
  }

  private static JsonObject usage() {
    return JsonObject.of("prompt_tokens", Json.of(INPUT))
        .with("completion_tokens", Json.of(OUTPUT))
        .with("total_tokens", Json.of(INPUT + OUTPUT));
  }
}
