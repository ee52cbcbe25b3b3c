package dev.assent.mcp;

import dev.assent.core.CanonicalJson;
import dev.assent.core.Digest;
import dev.assent.core.Effect;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.SafeText;
import dev.assent.core.ToolSpec;
import dev.assent.runtime.ToolBinding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tools of a server as it listed them at one moment. Immutable.
 *
 * @param owner who the server is: its name, its address, what it says of itself
 * @param raw the tools as the server wrote them, to see whether a later list says the same
 * @param tools those that can be used, by the server's own name for them
 * @param unusable the others
 */
record Listing(
    String owner,
    List<Object> raw,
    Map<String, ToolSpec> tools,
    List<McpServer.Unusable> unusable) {
  /** What else the server says of a tool that people may have relied on. */
  private static final List<String> OTHER_WORDS = List.of("title", "annotations", "outputSchema");

  static Listing of(String server, String owner, List<Object> raw) {
    Map<String, ToolSpec> tools = new LinkedHashMap<>();
    List<McpServer.Unusable> unusable = new ArrayList<>();
    Set<String> twice = twice(raw);
    for (Object each : raw) {
      String name = name(each);
      try {
        if (twice.contains(name)) {
          throw new IllegalArgumentException("the server lists two tools of this name");
        }
        ToolSpec spec = spec(server, owner, each);
        new ToolBinding(spec, (context, arguments) -> "");
        tools.put(name, spec);
      } catch (RuntimeException e) {
        unusable.add(
            new McpServer.Unusable(
                server + "/" + SafeText.of(name),
                SafeText.of(McpConnection.message(e)).toString()));
      }
    }
    return new Listing(owner, raw, tools, List.copyOf(unusable));
  }

  private static ToolSpec spec(String server, String owner, Object raw) {
    if (!(raw instanceof Map<?, ?> tool) || name(raw).isEmpty()) {
      throw new IllegalArgumentException("the server lists a tool without a name");
    }
    if (!(tool.get("inputSchema") instanceof Map<?, ?> schema) || schema.isEmpty()) {
      throw new IllegalArgumentException("the server gives no schema of its arguments");
    }
    return new ToolSpec(
        owner,
        server + "/" + name(raw),
        otherWords(tool),
        description(tool),
        JsonValues.exact(schema),
        Effect.AT_MOST_ONCE,
        null,
        false,
        Duration.ofMinutes(1),
        List.of());
  }

  private static String description(Map<?, ?> tool) {
    return tool.get("description") instanceof String text && !text.isBlank()
        ? text
        : tool.get("title") instanceof String title ? title : "";
  }

  /** In the place of a version, so that a change of any of it is a change of the tool. */
  private static String otherWords(Map<?, ?> tool) {
    JsonObject said = JsonObject.empty();
    for (String word : OTHER_WORDS) {
      Object value = tool.get(word);
      if (value != null) {
        said = said.with(word, JsonValues.exact(value));
      }
    }
    return said.equals(JsonObject.empty())
        ? ""
        : Digest.over("assent-mcp-words-1", CanonicalJson.of((Json) said)).hex();
  }

  private static String name(@Nullable Object raw) {
    return raw instanceof Map<?, ?> tool && tool.get("name") instanceof String name ? name : "";
  }

  private static Set<String> twice(List<Object> raw) {
    Set<String> seen = new HashSet<>();
    Set<String> twice = new HashSet<>();
    for (Object each : raw) {
      if (!seen.add(name(each))) {
        twice.add(name(each));
      }
    }
    return twice;
  }
}
