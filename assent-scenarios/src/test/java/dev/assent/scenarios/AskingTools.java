package dev.assent.scenarios;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Effect;
import dev.assent.core.Form;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.JsonString;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Requirement;
import dev.assent.core.ToolSpec;
import dev.assent.core.Verdict;
import dev.assent.runtime.ToolBinding;
import dev.assent.runtime.ToolBody;
import java.time.Duration;
import java.util.List;

/** Tools whose bodies ask, as lambdas, and how a person answers them. */
final class AskingTools {
  private static final Json ANYTHING =
      Json.parse("{\"type\":\"object\",\"properties\":{\"x\":{\"type\":\"string\"}}}");

  private AskingTools() {}

  /** A tool that changes something and needs no approval. */
  static ToolBinding tool(String name, ToolBody body) {
    return tool(name, "1", Effect.AT_MOST_ONCE, null, List.of(), body);
  }

  /** A tool with this effect. */
  static ToolBinding tool(String name, Effect effect, ToolBody body) {
    return tool(name, "1", effect, null, List.of(), body);
  }

  /** A tool that a person approves first. */
  static ToolBinding approved(String name, ToolBody body) {
    return tool(name, "1", Effect.AT_MOST_ONCE, null, List.of(require()), body);
  }

  /** A tool that a person approves first; its effect has a name. */
  static ToolBinding keyed(String name, ToolBody body) {
    return tool(name, "1", Effect.AT_MOST_ONCE, "the-effect", List.of(require()), body);
  }

  static PolicyOutcome require() {
    return new PolicyOutcome.Require(ApprovalTerms.simple("a person approves"));
  }

  static ToolBinding tool(
      String name,
      String version,
      Effect effect,
      String effectKey,
      List<PolicyOutcome> rules,
      ToolBody body) {
    return new ToolBinding(
        new ToolSpec(
            ToolSpec.OWN_CODE,
            name,
            version,
            "",
            ANYTHING,
            effect,
            effectKey,
            false,
            Duration.ofMinutes(1),
            rules),
        body);
  }

  /** Answers a question for a text. */
  static void answers(Desk desk, Requirement question, String text) {
    desk.answers(question, Verdict.ANSWER, answer(text));
  }

  static String answer(String text) {
    return JsonObject.of(Form.ANSWER, new JsonString(text)).toString();
  }
}
