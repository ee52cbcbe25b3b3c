package dev.assent.scenarios;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Effect;
import dev.assent.core.Involvement;
import dev.assent.core.Json;
import dev.assent.core.Risk;
import dev.assent.core.Threshold;
import dev.assent.core.ToolSpec;
import dev.assent.runtime.ToolBinding;
import dev.assent.runtime.ToolBody;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Tools in which people do something beside approving. */
final class PeoplesTools {
  static final String OUTPUT = "<img src=x onerror=alert(1)>\u202Eall is well";

  /** What the bodies were given. */
  final List<String> heard = new CopyOnWriteArrayList<>();

  private static ToolBinding tool(
      String name, String properties, Effect effect, Involvement involvement, ToolBody body) {
    return new ToolBinding(
        new ToolSpec(
            ToolSpec.OWN_CODE,
            name,
            "1",
            "",
            Json.parse(
                "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":"
                    + properties
                    + "}"),
            effect,
            null,
            false,
            Duration.ofMinutes(1),
            List.of(),
            involvement),
        body);
  }

  private static ApprovalTerms saying(String message) {
    return new ApprovalTerms(
        "by hand",
        List.of(Threshold.anyone()),
        Risk.LOW,
        message,
        null,
        null,
        null,
        ApprovalTerms.OnExpiry.REJECT);
  }

  Object[] all() {
    return new Object[] {
      tool(
          "book",
          "{\"city\":{\"type\":\"string\"},\"seats\":{\"type\":\"integer\",\"minimum\":1},"
              + "\"class\":{\"enum\":[\"first\",\"second\"]},\"mail\":{\"type\":\"string\","
              + "\"format\":\"email\"}}",
          Effect.AT_MOST_ONCE,
          new Involvement(
              List.of("seats", "class", "mail"), false, false, 0, saying("Who travels?")),
          (context, arguments) -> {
            heard.add(arguments.toString());
            return "booked";
          }),
      tool(
          "login",
          "{}",
          Effect.READ_ONLY,
          Involvement.NONE,
          (context, arguments) -> {
            heard.add(context.askSecret("The PIN\u200B, please"));
            return "logged in";
          }),
      tool(
          "deploy",
          "{\"build\":{\"type\":\"integer\"}}",
          Effect.AT_MOST_ONCE,
          new Involvement(List.of(), true, false, 0, saying("Run deploy.sh")),
          (context, arguments) -> {
            throw new AssertionError("it never runs here");
          }),
      tool(
          "report",
          "{}",
          Effect.READ_ONLY,
          new Involvement(List.of(), false, false, 1, saying("Read it")),
          (context, arguments) -> OUTPUT)
    };
  }
}
