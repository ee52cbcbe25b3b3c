package dev.assent.orchestration;

import dev.assent.core.Effect;
import dev.assent.core.Json;
import dev.assent.core.JsonArray;
import dev.assent.core.JsonObject;
import dev.assent.core.Message;
import dev.assent.core.ToolSpec;
import dev.assent.runtime.ToolBinding;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * The calls by which a conversation steers its own run, and keeps who said what. Stateless; the
 * names and arguments are a stored format. No model is offered them.
 */
final class BuiltIn {
  /** A participant replied by itself: who, to whom, with which calls of its own. */
  static final String TURN = "conversation_turn";

  /** A person is asked for a line. */
  static final String INPUT = "human_input";

  /** The conversation ends. */
  static final String END = "conversation_end";

  private static final Duration LIMIT = Duration.ofMinutes(1);

  private BuiltIn() {}

  /**
   * An automatic reply. Immutable.
   *
   * @param quiet its participant is never asked, so that nobody is told
   * @param executes it lets the calls of the other run, and says nothing
   * @param calls of its own, which wait for the other's turn
   */
  record Turn(String from, String to, boolean quiet, boolean executes, List<Message.Call> calls) {
    Message.Call call() {
      JsonArray written =
          new JsonArray(
              calls.stream()
                  .<Json>map(
                      call ->
                          text("id", call.providerId())
                              .with("tool", string(call.tool()))
                              .with("arguments", string(call.arguments())))
                  .toList());
      return new Message.Call(
          "turn",
          TURN,
          text("from", from)
              .with("to", string(to))
              .with("quiet", Json.of(quiet))
              .with("executes", Json.of(executes))
              .with("calls", written)
              .toString());
    }

    static Turn of(JsonObject given) {
      return new Turn(
          given.string("from"),
          given.string("to"),
          given.bool("quiet"),
          given.bool("executes"),
          given.array("calls").elements().stream().map(Turn::written).toList());
    }

    private static Message.Call written(Json call) {
      JsonObject object = (JsonObject) call;
      return new Message.Call(
          object.string("id"), object.string("tool"), object.string("arguments"));
    }
  }

  /** A question to the person at a seat. Immutable. */
  record Input(String participant, String to, String prompt) {
    Message.Call call() {
      return new Message.Call(
          "input",
          INPUT,
          text("participant", participant)
              .with("to", string(to))
              .with("prompt", string(prompt))
              .toString());
    }

    static Input of(JsonObject given) {
      return new Input(given.string("participant"), given.string("to"), given.string("prompt"));
    }
  }

  /** The end, and why. Immutable. */
  record End(String participant, String reason) {
    Message.Call call() {
      return new Message.Call(
          "end", END, text("participant", participant).with("reason", string(reason)).toString());
    }

    static End of(JsonObject given) {
      return new End(given.string("participant"), given.string("reason"));
    }
  }

  /** The tools of every conversation. Only one of them does anything: it asks. */
  static List<ToolBinding> tools() {
    return List.of(
        new ToolBinding(
            spec(
                TURN,
                "Keeps who replied.",
                """
                {"type": "object", "additionalProperties": false, "properties": {
                 "from": {"type": "string"}, "to": {"type": "string"},
                 "quiet": {"type": "boolean"}, "executes": {"type": "boolean"},
                 "calls": {"type": "array", "items": {"type": "object"}}},
                 "required": ["from", "to", "quiet", "executes", "calls"]}"""),
            (context, given) -> "noted"),
        new ToolBinding(
            spec(
                INPUT,
                "Asks the person at a seat of the conversation.",
                """
                {"type": "object", "additionalProperties": false, "properties": {
                 "participant": {"type": "string"}, "to": {"type": "string"},
                 "prompt": {"type": "string"}},
                 "required": ["participant", "to", "prompt"]}"""),
            (context, given) -> context.ask(Input.of(given).prompt())),
        new ToolBinding(
            spec(
                END,
                "Ends the conversation.",
                """
                {"type": "object", "additionalProperties": false, "properties": {
                 "participant": {"type": "string"}, "reason": {"type": "string"}},
                 "required": ["participant", "reason"]}"""),
            (context, given) -> "noted"));
  }

  private static ToolSpec spec(String name, String description, String schema) {
    return new ToolSpec(
        ToolSpec.OWN_CODE,
        name,
        "",
        description,
        Json.parse(schema),
        Effect.READ_ONLY,
        null,
        false,
        LIMIT,
        List.of());
  }

  private static JsonObject text(String name, String value) {
    return JsonObject.of(name, string(value));
  }

  /** What a model says may hold halves of characters, which JSON cannot. */
  private static Json string(String value) {
    return Json.of(new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
  }
}
