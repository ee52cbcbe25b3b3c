package dev.assent.web;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Effect;
import dev.assent.core.Form;
import dev.assent.core.FormField;
import dev.assent.core.Involvement;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.Risk;
import dev.assent.core.Threshold;
import dev.assent.core.ToolSpec;
import dev.assent.runtime.Question;
import dev.assent.runtime.ToolBinding;
import dev.assent.runtime.ToolBody;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Tools in which people do something beside approving. */
final class WaitingTools {
  /** What the bodies got to know. */
  final List<String> heard = new CopyOnWriteArrayList<>();

  private static ApprovalTerms terms(String message, Threshold who) {
    return new ApprovalTerms(
        "by hand",
        List.of(who),
        Risk.LOW,
        message,
        null,
        null,
        null,
        ApprovalTerms.OnExpiry.REJECT);
  }

  private static ToolBinding tool(
      String name, String schema, Effect effect, Involvement involvement, ToolBody body) {
    return new ToolBinding(
        new ToolSpec(
            ToolSpec.OWN_CODE,
            name,
            "1",
            "For tests",
            Json.parse(schema),
            effect,
            null,
            false,
            Duration.ofSeconds(30),
            List.of(),
            involvement),
        body);
  }

  private static ToolBinding asking(String name, ToolBody body) {
    return tool(
        name,
        "{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}",
        Effect.READ_ONLY,
        Involvement.NONE,
        body);
  }

  /** The first question is a text, the others come after it. */
  ToolBinding ask() {
    return asking("ask", (context, arguments) -> "said " + context.ask("What\u202E now?"));
  }

  ToolBinding confirm() {
    return asking(
        "confirm", (context, arguments) -> "said " + context.confirm("Sure?").confirmed());
  }

  ToolBinding choose() {
    return asking(
        "choose",
        (context, arguments) ->
            "chose "
                + context.choose("Which?", List.of("red", "green"))
                + context.chooseSeveral("And?", List.of("a", "b", "c")));
  }

  ToolBinding secret() {
    return asking(
        "secret",
        (context, arguments) -> {
          String password = context.askSecret("Password?");
          heard.add(password);
          return "logged in";
        });
  }

  /** A secret that has to look like something: what is wrong with it must not repeat it. */
  ToolBinding pin() {
    FormField pin =
        new FormField(
            "pin",
            "",
            (JsonObject) Json.parse("{\"type\":\"string\",\"pattern\":\"^[0-9]{4}$\"}"),
            true,
            true);
    return asking(
        "pin",
        (context, arguments) -> {
          heard.add(context.ask(Question.of(Form.fields("Pin?", List.of(pin)))).string("pin"));
          return "unlocked";
        });
  }

  ToolBinding book() {
    return tool(
        "book",
        """
        {"type":"object","additionalProperties":false,"required":["city","seats","mail"],
         "properties":{
          "city":{"type":"string"},
          "seats":{"type":"integer","minimum":1,"maximum":9007199254740993},
          "mail":{"type":"string","format":"email","description":"Where to write to"},
          "day":{"type":["string","null"],"format":"date"},
          "class":{"oneOf":[{"const":1,"title":"First"},{"const":2,"title":"Second"}]},
          "meals":{"type":"array","items":{"enum":["fish","rice"]}},
          "address":{"type":"object","required":["street"],"properties":{
            "street":{"type":"string"},"floor":{"type":"integer"}}},
          "odd":{"allOf":[{"type":"string"}]}}}
        """,
        Effect.AT_MOST_ONCE,
        new Involvement(
            List.of("seats", "mail", "day", "class", "meals", "address", "odd"),
            false,
            false,
            0,
            terms("Who travels?", Threshold.anyone())),
        (context, arguments) -> {
          heard.add(arguments.toString());
          return "booked";
        });
  }

  ToolBinding deploy() {
    return tool(
        "deploy",
        "{\"type\":\"object\",\"properties\":{\"build\":{\"type\":\"integer\"}},"
            + "\"required\":[\"build\"],\"additionalProperties\":false}",
        Effect.AT_MOST_ONCE,
        new Involvement(
            List.of(), true, false, 0, terms("Run the\u202E script", Threshold.role("finance"))),
        (context, arguments) -> {
          throw new AssertionError("never runs here");
        });
  }

  ToolBinding draft() {
    return tool(
        "draft",
        "{\"type\":\"object\",\"properties\":{\"about\":{\"type\":\"string\"}},"
            + "\"required\":[\"about\"],\"additionalProperties\":false}",
        Effect.READ_ONLY,
        new Involvement(List.of(), false, false, 1, terms("Read it", Threshold.anyone())),
        (context, arguments) -> "<script>" + arguments.string("about") + "</script>");
  }

  Object[] all() {
    return new Object[] {ask(), confirm(), choose(), secret(), pin(), book(), deploy(), draft()};
  }
}
