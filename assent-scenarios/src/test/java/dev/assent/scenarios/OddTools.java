package dev.assent.scenarios;

import dev.assent.core.Effect;
import dev.assent.core.Json;
import dev.assent.core.ToolSpec;
import dev.assent.runtime.ToolBinding;
import java.time.Duration;
import java.util.List;

/** Tools that answer strangely. */
final class OddTools {
  private OddTools() {}

  static ToolBinding tool(String name, String answer) {
    return new ToolBinding(
        new ToolSpec(
            ToolSpec.OWN_CODE,
            name,
            "",
            "",
            Json.parse("{\"type\":\"object\"}"),
            Effect.AT_MOST_ONCE,
            null,
            false,
            Duration.ofMinutes(1),
            List.of()),
        (context, arguments) -> answer);
  }
}
