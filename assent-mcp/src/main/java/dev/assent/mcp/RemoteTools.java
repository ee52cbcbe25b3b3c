package dev.assent.mcp;

import dev.assent.core.ToolSpec;
import dev.assent.runtime.ToolBinding;
import dev.assent.runtime.ToolSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tools of one server as one agent gets them. Thread-safe. */
final class RemoteTools implements ToolSource {
  private final McpServer server;
  private final McpTools which;
  private volatile @Nullable Bound bound;

  private record Bound(Listing listing, List<ToolBinding> tools) {}

  RemoteTools(McpServer server, McpTools which) {
    this.server = server;
    this.which = which;
  }

  @Override
  public String name() {
    return server.name();
  }

  @Override
  public List<ToolBinding> tools() {
    Listing now = server.listing();
    Bound known = bound;
    if (known == null || known.listing() != now) {
      known = new Bound(now, bind(now));
      bound = known;
    }
    return known.tools();
  }

  /** The tool as it is now. */
  Optional<ToolSpec> find(String name) {
    return tools().stream()
        .map(ToolBinding::spec)
        .filter(spec -> spec.name().equals(name))
        .findFirst();
  }

  private List<ToolBinding> bind(Listing listing) {
    List<ToolBinding> tools = new ArrayList<>();
    for (Map.Entry<String, ToolSpec> each : listing.tools().entrySet()) {
      if (which.includes(each.getKey())) {
        McpTools.Settings said = which.of(each.getKey());
        ToolSpec spec = said.applied(each.getValue());
        tools.add(
            new ToolBinding(
                spec, new RemoteBody(server, this, each.getKey(), spec, said.errorsDidNothing())));
      }
    }
    return List.copyOf(tools);
  }
}
