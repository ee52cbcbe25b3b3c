package dev.assent.runtime;

import dev.assent.core.Effect;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.MalformedJsonException;
import dev.assent.core.Message;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.TokenUse;
import dev.assent.core.ToolSpec;
import dev.assent.core.spi.Model;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was said to an agent, as a guardrail lets it through to the model. What a person has to look
 * at is a gated call like any other; it holds the text, and only that text passes by it. Used for
 * one turn.
 */
final class GuardedInput {
  private static final String PREFIX = "guardrail_";
  private static final String TEXT = "text";
  private static final String WHY = "why";
  private static final String PASSED = "A person let it pass.";
  private static final String WITHHELD = "What was said here is withheld.";

  private final Guarded guard;
  private final Guardrail.Place place;
  private final Model.Request request;
  private final Map<String, Boolean> looked = new HashMap<>();

  GuardedInput(Guarded guard, Middleware.Turn turn, Model.Request request) {
    this.guard = guard;
    this.place = Guarded.place(turn);
    this.request = request;
    readLooks();
  }

  /** The tool by which a person lets a text pass; the model is not offered it. */
  static ToolBinding tool(Guarded guard) {
    ToolSpec spec =
        new ToolSpec(
            ToolSpec.OWN_CODE,
            PREFIX + guard.name(),
            "1",
            "Puts what was said to a person before the model reads it",
            Json.parse(
                """
                {"type":"object","properties":{"text":{"type":"string"},"why":{"type":"string"}},
                 "required":["text","why"],"additionalProperties":false}"""),
            Effect.READ_ONLY,
            null,
            false,
            Duration.ofSeconds(10),
            List.of(new PolicyOutcome.Require(guard.terms())));
    return new ToolBinding(spec, (context, arguments) -> PASSED);
  }

  private String toolName() {
    return PREFIX + guard.name();
  }

  /** Which texts people let pass (true) or did not (false), by what the run's history says. */
  private void readLooks() {
    Map<String, String> asked = new HashMap<>();
    for (Message message : request.messages()) {
      if (message instanceof Message.Assistant assistant) {
        assistant.calls().stream()
            .filter(call -> call.tool().equals(toolName()))
            .forEach(call -> text(call).ifPresent(text -> asked.put(call.providerId(), text)));
      } else if (message instanceof Message.ToolResult result
          && asked.get(result.providerId()) instanceof String text) {
        looked.put(text, !result.error() && result.text().startsWith(PASSED));
      }
    }
  }

  private static Optional<String> text(Message.Call call) {
    try {
      return Json.parse(call.arguments()) instanceof JsonObject arguments
          ? Optional.of(arguments.string(TEXT))
          : Optional.empty();
    } catch (MalformedJsonException e) {
      return Optional.empty();
    }
  }

  Model.Reply ask(Middleware.Next<Model.Request, Model.Reply> next) throws Exception {
    List<Message> messages = new ArrayList<>();
    int ofThisRun = afterTheLastAnswer();
    for (Message message : request.messages()) {
      boolean now = messages.size() >= ofThisRun;
      if (!(message instanceof Message.User user) || Boolean.TRUE.equals(looked.get(user.text()))) {
        messages.add(message);
        continue;
      }
      Guardrail.Finding found =
          looked.containsKey(user.text())
              ? new Guardrail.Finding.Deny("What you asked for was not let pass.")
              : guard.input(place, user.text());
      if (now && found instanceof Guardrail.Finding.Deny deny) {
        return said(deny.reason());
      }
      if (now && found instanceof Guardrail.Finding.Ask ask) {
        return look(user.text(), ask.why());
      }
      messages.add(through(user, found));
    }
    return next.proceed(
        new Model.Request(
            request.instructions(),
            messages,
            request.tools().stream().filter(tool -> !tool.name().equals(toolName())).toList()));
  }

  /** What was answered before is not answered again: what did not pass then is left out. */
  private int afterTheLastAnswer() {
    int after = 0;
    for (int i = 0; i < request.messages().size(); i++) {
      if (request.messages().get(i) instanceof Message.Assistant said && said.calls().isEmpty()) {
        after = i + 1;
      }
    }
    return after;
  }

  private static Message through(Message.User user, Guardrail.Finding found) {
    return switch (found) {
      case Guardrail.Finding.Pass pass -> user;
      case Guardrail.Finding.Mask mask -> new Message.User(mask.with());
      case Guardrail.Finding.Deny deny -> new Message.User(WITHHELD);
      case Guardrail.Finding.Ask ask -> new Message.User(WITHHELD);
    };
  }

  private static Model.Reply said(String text) {
    return new Model.Reply(new Message.Assistant(text, List.of()), TokenUse.NONE);
  }

  private Model.Reply look(String text, String why) {
    JsonObject arguments = JsonObject.of(TEXT, Json.of(text)).with(WHY, Json.of(why));
    return new Model.Reply(
        new Message.Assistant(
            "",
            List.of(
                new Message.Call(
                    toolName() + "_" + request.messages().size(),
                    toolName(),
                    arguments.toString()))),
        TokenUse.NONE);
  }
}
